/**
 * The builders of TypeBox that we use, written out: a schema is a plain JSON Schema object with two marks that are not
 * enumerable, and making one takes a line. TypeBox itself is 370 modules, a third of all that a start had to do (130 of
 * 350 ms of CPU); its compiler is loaded with the first body. What is built and its TypeScript types are TypeBox's own:
 * schema-values.test.ts holds each builder against the original.
 */
import type { Type as TypeBox } from 'typebox';

type Options = Readonly<Record<string, unknown>>;
type Schema = Readonly<Record<string, unknown>>;

const kind = '~kind';
const optional = '~optional';

export const Type = {
  String: simple('String', { type: 'string' }),
  Integer: simple('Integer', { type: 'integer' }),
  Number: simple('Number', { type: 'number' }),
  Boolean: simple('Boolean', { type: 'boolean' }),
  BigInt: simple('BigInt', { type: 'bigint' }),
  Null: simple('Null', { type: 'null' }),
  Any: simple('Any', {}),
  Literal: (value: unknown, options?: Options) =>
    marked({ type: typeof value, const: value, ...options }, kind, 'Literal'),
  Enum: (values: readonly unknown[], options?: Options) =>
    marked({ enum: [...values], ...options }, kind, 'Enum'),
  Array: (items: Schema, options?: Options) => marked({ type: 'array', items, ...options }, kind, 'Array'),
  Union: (anyOf: readonly Schema[], options?: Options) => marked({ anyOf, ...options }, kind, 'Union'),
  Intersect: (allOf: readonly Schema[], options?: Options) =>
    marked({ allOf, ...options }, kind, 'Intersect'),
  Record: (key: Schema, value: Schema, options?: Options) => {
    const patternProperties = { [String(key.pattern ?? '^.*$')]: value };
    return marked({ type: 'object', patternProperties, ...options }, kind, 'Record');
  },
  Object: (properties: Readonly<Record<string, Schema>>, options?: Options) => {
    const required = Object.keys(properties).filter((name) => properties[name]![optional] !== true);
    const needs = required.length > 0 ? { required } : {};
    return marked({ type: 'object', ...needs, properties, ...options }, kind, 'Object');
  },
  Unsafe: (schema: Schema) => marked({ ...schema }, '~unsafe', null),
  Optional: (schema: Schema) => {
    const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema));
    return marked(copy, optional, true);
  },
} as unknown as Pick<
  typeof TypeBox,
  | 'String'
  | 'Integer'
  | 'Number'
  | 'Boolean'
  | 'BigInt'
  | 'Null'
  | 'Any'
  | 'Literal'
  | 'Enum'
  | 'Array'
  | 'Union'
  | 'Intersect'
  | 'Record'
  | 'Object'
  | 'Unsafe'
  | 'Optional'
>;

function simple(name: string, schema: Schema): (options?: Options) => Schema {
  return (options) => marked({ ...schema, ...options }, kind, name);
}

/** A mark that JSON does not show. */
function marked(schema: object, name: string, value: unknown): Schema {
  return Object.defineProperty(schema, name, { value, writable: true, configurable: true }) as Schema;
}

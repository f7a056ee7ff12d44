/**
 * The one home of the schema library (TypeBox): a schema is a JSON Schema value and a type at once, so validation,
 * OpenAPI 3.1 and TypeScript never disagree.
 */
export type { Static, TSchema } from 'typebox';
export { Type } from './schema-values.ts';

import { createRequire } from 'node:module';
import type { TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { invalid } from './errors.ts';

/** Characters of a field's path that an error repeats: names of fields come from outside too. */
const shownLimit = 300;

const compiled = new WeakMap<TSchema, Validator>();

/** The compiler and what it needs are 670 files: the first body waits for them, not every start. */
const load = createRequire(import.meta.url);
function compile(schema: TSchema): Validator {
  return (load('typebox/compile') as typeof import('typebox/compile')).Compile(schema);
}

/** The value, known to fit the schema; otherwise `invalid_argument` naming the first offending field. */
export function parseWith(schema: TSchema, value: unknown, root: string): void {
  let validator = compiled.get(schema);
  if (validator === undefined) {
    validator = compile(schema);
    compiled.set(schema, validator);
  }
  if (validator.Check(value)) return;
  const [first] = validator.Errors(value) as unknown as readonly SchemaError[];
  const { path, why } = first === undefined ? { path: '', why: 'is not acceptable' } : complaint(first);
  const whole = [root, path].filter(Boolean).join(path.startsWith('[') ? '' : '.') || 'body';
  const field = whole.length > shownLimit ? `${whole.slice(0, shownLimit).toWellFormed()}…` : whole;
  throw invalid(field, `${field} ${why}`);
}

/** What TypeBox says of a value that does not fit: one of these per broken keyword. */
interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: {
    readonly requiredProperties?: readonly string[];
    readonly allowedValues?: readonly string[];
  };
}

/** Names the field itself, also one that is not there or that nobody asked for. */
function complaint({ keyword, instancePath, message, params }: SchemaError): { path: string; why: string } {
  const path = fieldPath(instancePath);
  const [missing] = params.requiredProperties ?? [];
  if (missing !== undefined)
    return { path: path === '' ? missing : `${path}.${missing}`, why: 'is required' };
  if (keyword === 'boolean') return { path, why: 'is not a field of this request' };
  if (params.allowedValues !== undefined)
    return { path, why: `must be one of ${params.allowedValues.join(', ')}` };
  return { path, why: message };
}

/** `/tags/3/key` → `tags[3].key`. */
function fieldPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    );
}

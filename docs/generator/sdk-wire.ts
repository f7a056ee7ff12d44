/** sdk/src/wire.ts: the operations of the native API as TypeScript, from the same schemas that the server checks by. */
import type { Operation } from '../../src/kernel/operation.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
}

export function sdkWire(operations: readonly Operation[]): string {
  return [
    '// Written by docs/generate.ts from the list of operations; do not edit.',
    '',
    '/** Of every operation of the native API its method, its path, and whether it is about one project. */',
    'export const routes = {',
    ...operations.map(
      ({ id, method, path, query }) => `  '${id}': ['${method}', '${path}', ${inProject(query)}],`,
    ),
    '} as const;',
    '',
    '/** What each operation takes and answers. */',
    'export interface Operations {',
    ...operations.flatMap(typesOf),
    '}',
    '',
  ].join('\n');
}

const inProject = (query: unknown): boolean =>
  (query as Schema | undefined)?.properties?.project !== undefined;

function typesOf(operation: Operation): string[] {
  const { id, summary, params, query, body, output, answersBytes } = operation;
  const hasBytes = operation.takesBytes || operation.contentType !== undefined;
  return [
    `  /** ${summary} */`,
    `  '${id}': {`,
    ...(params === undefined ? [] : [`    params: ${typeOf(params, 2, true)};`]),
    ...(query === undefined ? [] : [`    query: ${typeOf(query, 2, true)};`]),
    ...(body === undefined ? [] : [`    body: ${typeOf(body, 2, true)};`]),
    ...(hasBytes ? ['    bytes: true;'] : []),
    `    output: ${answersBytes ? 'ReadableStream<Uint8Array>' : typeOf(output, 2, false)};`,
    '  };',
  ];
}

/** `isSent`: a value that the caller may leave out, or give as undefined; what has a default may be left out. */
function typeOf(value: unknown, depth: number, isSent: boolean): string {
  const schema = value as Schema;
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const inner = (part: Schema) => typeOf(part, depth, isSent);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(inner))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map(inner).join(' & ');
  switch (schema.type) {
    case 'array': {
      const item = inner(schema.items ?? {});
      return `readonly ${/[|&]|^readonly /.test(item) ? `(${item})` : item}[]`;
    }
    case 'integer':
    case 'number':
    case 'bigint':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'object':
      return objectOf(schema, depth, isSent);
    default:
      return 'unknown';
  }
}

function objectOf(schema: Schema, depth: number, isSent: boolean): string {
  const indent = '  '.repeat(depth);
  if (schema.properties === undefined) {
    const [values = {}] = Object.values(schema.patternProperties ?? {});
    return `{ readonly [key: string]: ${typeOf(values, depth, isSent)} }`;
  }
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const isOptional = !schema.required?.includes(name) || (isSent && property.default !== undefined);
    const type = typeOf(property, depth + 1, isSent);
    const words = property.description === undefined ? '' : `${indent}  /** ${property.description} */\n`;
    return `${words}${indent}  readonly ${name}${isOptional ? '?' : ''}: ${type}${isOptional && isSent ? ' | undefined' : ''};`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value);

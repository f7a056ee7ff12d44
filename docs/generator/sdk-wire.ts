/** sdk/src/wire.ts: the operations of the native API as TypeScript, from the same schemas that the server checks by. */
import type { Operation } from '../../src/kernel/operation.ts';

interface Schema {
  readonly title?: string;
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
  const types = new WrittenTypes();
  const written = operations.flatMap((operation) => typesOf(operation, types));
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
    ...[...types.named.values()].flatMap((type) => [type, '']),
    '/** What each operation takes and answers. */',
    'export interface Operations {',
    ...written,
    '}',
    '',
  ].join('\n');
}

const inProject = (query: unknown): boolean =>
  (query as Schema | undefined)?.properties?.project !== undefined;

function typesOf(operation: Operation, types: WrittenTypes): string[] {
  const { id, summary, params, query, body, output, answersBytes } = operation;
  const hasBytes = operation.takesBytes || operation.contentType !== undefined;
  const written = (schema: unknown, isSent: boolean) => types.of(schema as Schema, 2, isSent);
  return [
    `  /** ${summary} */`,
    `  '${id}': {`,
    ...(params === undefined ? [] : [`    params: ${written(params, true)};`]),
    ...(query === undefined ? [] : [`    query: ${written(query, true)};`]),
    ...(body === undefined ? [] : [`    body: ${written(body, true)};`]),
    ...(hasBytes ? ['    bytes: true;'] : []),
    `    output: ${answersBytes ? 'ReadableStream<Uint8Array>' : written(output, false)};`,
    '  };',
  ];
}

/** Schemas as types. One with a title is written once, as an exported type of that name, the same in what is sent and answered. */
class WrittenTypes {
  /** By name. */
  readonly named = new Map<string, string>();

  /** `isSent`: a value that the caller may leave out, or give as undefined; what has a default may be left out. */
  of(schema: Schema, depth: number, isSent: boolean): string {
    if (schema.title === undefined) return this.#inline(schema, depth, isSent);
    const { title, description } = schema;
    const words = description === undefined ? '' : `/** ${description} */\n`;
    const type = `${words}export type ${title} = ${this.#inline(schema, 0, false)};`;
    if ((this.named.get(title) ?? type) !== type) throw new Error(`two types are called ${title}`);
    this.named.set(title, type);
    return title;
  }

  #inline(schema: Schema, depth: number, isSent: boolean): string {
    if (schema.const !== undefined) return literal(schema.const);
    if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
    const inner = (part: Schema) => this.of(part, depth, isSent);
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
        return this.#object(schema, depth, isSent);
      default:
        return 'unknown';
    }
  }

  #object(schema: Schema, depth: number, isSent: boolean): string {
    if (schema.properties === undefined) {
      const [values = {}] = Object.values(schema.patternProperties ?? {});
      return `{ readonly [key: string]: ${this.of(values, depth, isSent)} }`;
    }
    const indent = '  '.repeat(depth);
    const properties = Object.entries(schema.properties).map(([name, property]) => {
      const isOptional = !schema.required?.includes(name) || (isSent && property.default !== undefined);
      const type = this.of(property, depth + 1, isSent);
      const words = property.title === undefined ? property.description : undefined;
      return {
        words: words === undefined ? [] : [`/** ${words} */`],
        text: `readonly ${name}${isOptional ? '?' : ''}: ${type}${isOptional && isSent ? ' | undefined' : ''}`,
      };
    });
    const [first, ...others] = properties;
    if (first === undefined) return '{}';
    if (others.length === 0 && !/\n/.test(first.text)) return `{ ${[...first.words, first.text].join(' ')} }`;
    const lines = properties.flatMap(({ words, text }) =>
      [...words, `${text};`].map((line) => `${indent}  ${line}\n`),
    );
    return `{\n${lines.join('')}${indent}}`;
  }
}

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value);

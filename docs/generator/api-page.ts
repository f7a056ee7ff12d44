/** docs/reference/api.md: every route of the server. */
import { httpStatuses } from '../../src/faces/http/index.ts';
import { mlflowRelease } from '../../src/faces/mlflow/index.ts';
import { type HttpOperation, type Operation, permissions } from '../../src/kernel/operation.ts';
import { code, header, page, table } from './markdown.ts';
import type { ServerOperations } from './server-operations.ts';

export function apiPage({ native, routes }: ServerOperations): string {
  const nativeIds = new Set(native.map(({ id }) => id));
  const others = routes.filter(({ id }) => !nativeIds.has(id));
  const isMlflow = ({ id }: HttpOperation) => id.startsWith('mlflow.');
  const isGap = ({ id }: HttpOperation) => id.startsWith('mlflow.gap.');
  return page([
    header('the list of operations'),
    '# Routes',
    '',
    'Every route needs the permission beside it; `public` needs none. The same list as OpenAPI 3.1: [openapi.json](openapi.json),',
    'served at `/api/openapi.json`. What every operation may answer: `invalid_argument` 400, `unauthenticated` 401,',
    '`permission_denied` 403, `unavailable` 503 ([errors](errors.md)). An operation marked *idempotent* takes an',
    '`Idempotency-Key` header: a retry gets the first answer, another body under the same key is refused.',
    '',
    ...table(
      ['permission', 'what it allows'],
      Object.entries(permissions).map(([name, words]) => [code(name), words]),
    ),
    '',
    '## Native API',
    '',
    ...table(['route', 'what it does', 'permission'], native.map(nativeRow)),
    ...native.flatMap(section),
    '',
    '## Probes and figures',
    '',
    ...table(
      ['route', 'what it does', 'permission'],
      others.filter((route) => !isMlflow(route)).map(routeRow),
    ),
    '',
    `## MLflow ${mlflowRelease}`,
    '',
    'The protocol of `mlflow server`, for its unmodified clients: see the REST reference of MLflow for shapes. Routes of that',
    'release that are not built stand in [gaps.md](../../src/faces/mlflow/gaps.md) and answer 501.',
    '',
    ...table(
      ['route', 'what it does', 'permission'],
      others.filter((route) => isMlflow(route) && !isGap(route)).map(routeRow),
    ),
  ]);
}

const nativeRow = ({ method, path, id, summary, permission }: Operation): string[] => [
  `[${code(`${method} ${path}`)}](#${anchorOf(id)})`,
  summary,
  code(permission),
];

const routeRow = ({ method, path, aliases, summary, permission }: HttpOperation): string[] => [
  [code(`${method} ${path}`), ...(aliases ?? []).map(code)].join('<br>'),
  summary,
  code(permission),
];

const anchorOf = (id: string): string => id.replaceAll('.', '').toLowerCase();

function section(operation: Operation): string[] {
  const { id, method, path, summary, status = 200, errors, idempotent } = operation;
  const answers = errors.map((error) => `${code(error)} ${httpStatuses[error]}`).join(', ');
  const inputs = [
    ...fieldsOf('path', operation.params),
    ...fieldsOf('query', operation.query),
    ...(operation.takesBytes ? [['body', '', code('bytes'), 'Of any content type.']] : []),
    ...(operation.contentType === undefined
      ? []
      : [['body', '', code('bytes'), `Of type ${code(operation.contentType)}.`]]),
    ...fieldsOf('body', operation.body),
  ];
  return [
    '',
    `### ${id}`,
    '',
    `${code(`${method} ${path}`)} ${summary}`,
    '',
    `Answers ${status}${answers === '' ? '' : `; also ${answers}`}.${idempotent ? ' *Idempotent.*' : ''}`,
    ...(inputs.length === 0 ? [] : ['', ...table(['in', 'name', 'shape', 'what it is'], inputs)]),
    ...(status === 204 ? [] : ['', `Answer: ${code(shapeOf(operation.output))}`]),
  ];
}

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly format?: string;
  readonly [limit: string]: unknown;
}

function fieldsOf(place: string, schema: unknown): string[][] {
  const { properties = {}, required = [] } = (schema ?? {}) as Schema;
  return Object.entries(properties).map(([name, property]) => {
    const isOptional = !required.includes(name) || property.default !== undefined;
    return [
      place,
      `${code(name)}${isOptional ? '' : ' (required)'}`,
      [code(shapeOf(property)), ...limitsOf(property)].join(', '),
      property.description ?? '',
    ];
  });
}

const limitWords: Readonly<Record<string, string>> = {
  minimum: 'at least',
  maximum: 'at most',
  minLength: 'length at least',
  maxLength: 'length at most',
  minItems: 'items at least',
  maxItems: 'items at most',
  default: 'default',
};

function limitsOf(schema: Schema): string[] {
  return Object.entries(limitWords).flatMap(([key, words]) =>
    schema[key] === undefined ? [] : [`${words} ${schema[key]}`],
  );
}

/** A schema in the words of TypeScript: `{key: string, value?: number}[]`. */
function shapeOf(value: unknown): string {
  const schema = value as Schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (schema.format === 'binary') return 'bytes';
  if (schema.anyOf !== undefined) return schema.anyOf.map(shapeOf).join(' | ');
  if (schema.type === 'array') {
    const item = shapeOf(schema.items ?? {});
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type !== 'object') return schema.type ?? 'any';
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(
      ([name, property]) => `${name}${schema.required?.includes(name) ? '' : '?'}: ${shapeOf(property)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  const values = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties;
  return typeof values === 'object' ? `{[key]: ${shapeOf(values)}}` : 'object';
}

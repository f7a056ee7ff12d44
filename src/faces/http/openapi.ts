/** OpenAPI 3.1 from the list of operations: their schemas are JSON Schema already. */
import { type ErrorCode, errorCodes } from '../../kernel/errors.ts';
import type { Operation } from '../../kernel/operation.ts';
import type { TSchema } from '../../kernel/schema.ts';
import { httpStatuses } from './statuses.ts';

/** What any operation may answer, beside the codes it lists. */
const everywhere: readonly ErrorCode[] = [
  'invalid_argument',
  'unauthenticated',
  'permission_denied',
  'unavailable',
];

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(errorCodes) },
    field: { type: 'string', description: 'The offending value, as the client wrote its path.' },
    at: {
      type: 'object',
      description: 'Position in the text of the field.',
      properties: { start: { type: 'integer' }, end: { type: 'integer' } },
    },
    requestId: { type: 'string' },
  },
};

export function openApi(operations: readonly Operation[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    paths[operation.path]![operation.method.toLowerCase()] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cairn',
      version,
      description: 'A metadata store for machine learning: the native API.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic' },
      },
    },
    security: [{}, { bearer: [] }, { basic: [] }],
  };
}

function describe(operation: Operation): Record<string, unknown> {
  const status = operation.status ?? 200;
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.id.split('.')[0]],
    'x-permission': operation.permission,
    parameters: [
      ...parametersOf(operation.params, 'path'),
      ...parametersOf(operation.query, 'query'),
      ...headersOf(operation),
    ],
    ...requestBody(operation),
    responses: {
      [status]: {
        description: 'Success.',
        ...(status !== 204 && {
          content: {
            ...Object.fromEntries(
              contentTypesOf(operation).map((type) => [type, { schema: published(operation.output) }]),
            ),
            ...(operation.stream !== undefined && { 'text/event-stream': { schema: { type: 'string' } } }),
          },
        }),
      },
      ...errorResponses(operation),
    },
  };
}

function contentTypesOf(operation: Operation): readonly string[] {
  if (operation.answersFlow !== undefined) return operation.answersFlow;
  return [operation.answersBytes ? 'application/octet-stream' : 'application/json'];
}

function requestBody(operation: Operation): Record<string, unknown> {
  if (operation.takesBytes || operation.contentType !== undefined) {
    const schema = { type: 'string', format: 'binary' };
    return { requestBody: { required: true, content: { [operation.contentType ?? '*/*']: { schema } } } };
  }
  if (operation.body === undefined) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: published(operation.body) } } },
  };
}

/** JSON has one kind of number: that a large one is read as a bigint is a matter of the server's. */
function published(schema: TSchema): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value) =>
      key === 'anyOf' ? value.filter((part: { type?: string }) => part.type !== 'bigint') : value,
    ),
  );
}

function parametersOf(schema: unknown, place: 'path' | 'query'): Record<string, unknown>[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, { description?: string; default?: unknown }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (required.includes(name) && property.default === undefined),
    ...(property.description !== undefined && { description: property.description }),
    schema: property,
  }));
}

function headersOf(operation: Operation): Record<string, unknown>[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return [
    ...(operation.idempotent
      ? [header('Idempotency-Key', 'A retry with the same key gets the first answer.')]
      : []),
    ...(operation.stream === undefined ? [] : [header('Last-Event-ID', 'Position a stream goes on after.')]),
  ];
}

function errorResponses(operation: Operation): Record<string, unknown> {
  const codes = [
    ...everywhere,
    ...operation.errors,
    ...(operation.idempotent ? (['idempotency_mismatch'] as const) : []),
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => httpStatuses[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      {
        description: of.map((code) => `\`${code}\`: ${errorCodes[code]}`).join(' '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

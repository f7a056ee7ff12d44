/** What the server says of itself: probes, figures, its API, its version. */
import type { HttpOperation, HttpReply, Operation } from '../../kernel/operation.ts';
import { operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import type { RequestFigures } from './request-figures.ts';

export interface ServerFacts {
  readonly version: string;
  readonly store: 'sqlite' | 'postgres';
  /** Whether a token is asked for. */
  readonly authentication: boolean;
  /** Why the server cannot serve now; undefined when it can. */
  readiness(): Promise<string | undefined>;
}

export function serverOperations(facts: ServerFacts): Operation[] {
  return [
    operation({
      id: 'server.get',
      method: 'GET',
      path: '/api/v1/server',
      permission: 'metadata:read',
      summary: 'Name and version of the server, and whether it asks for a token.',
      output: Type.Object({
        name: Type.Literal('Cairn'),
        version: Type.String(),
        store: Type.Enum(['sqlite', 'postgres']),
        authentication: Type.Boolean(),
      }),
      errors: [],
      async run() {
        const { version, store, authentication } = facts;
        return { name: 'Cairn' as const, version, store, authentication };
      },
    }),
  ];
}

export function probeOperations(
  facts: ServerFacts,
  figures: RequestFigures,
  apiText: () => string,
): HttpOperation[] {
  const text = (status: number, body: string): HttpReply => ({
    status,
    contentType: 'text/plain; charset=utf-8',
    body,
  });
  const probe = { method: 'GET', bodyLimit: 0 } as const;
  return [
    {
      ...probe,
      id: 'server.live',
      path: '/healthz',
      permission: 'public',
      summary: 'Whether the process answers.',
      handle: async () => text(200, 'ok'),
    },
    {
      ...probe,
      id: 'server.ready',
      path: '/readyz',
      permission: 'public',
      summary: 'Whether the store takes reads and writes.',
      async handle() {
        const reason = await facts.readiness();
        return reason === undefined ? text(200, 'ready') : text(503, reason);
      },
    },
    {
      ...probe,
      id: 'server.figures',
      path: '/metrics',
      permission: 'server:observe',
      summary: 'Figures of the server in the text format of Prometheus.',
      async handle() {
        const page = await figures.page();
        return { status: 200, contentType: page.contentType, body: await page.render() };
      },
    },
    {
      ...probe,
      id: 'server.openapi',
      path: '/api/openapi.json',
      permission: 'metadata:read',
      summary: 'The native API as OpenAPI 3.1.',
      handle: async () => ({ status: 200, contentType: 'application/json; charset=utf-8', body: apiText() }),
    },
  ];
}

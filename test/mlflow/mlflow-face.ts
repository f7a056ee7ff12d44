/** The MLflow face on a real store, without HTTP: requests go straight to the operation of their route. */
import { type Domain, openDomain } from '../../src/app.ts';
import type { Db } from '../../src/db/db.ts';
import { mlflowFace } from '../../src/faces/mlflow/index.ts';
import type { HttpMethod, HttpOperation } from '../../src/kernel/operation.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { localContext } from '../fixtures/opened-slices.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';

export interface FaceReply {
  readonly status: number;
  readonly text: string;
  /** The text as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape
  readonly json: any;
}

export interface ServedFace {
  readonly operations: readonly HttpOperation[];
  /** `path` may be short (`runs/create`) or whole, with a query. A body that is not text or bytes is sent as JSON. */
  call(
    method: HttpMethod,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<FaceReply>;
  /** Actions of the events recorded since the last call, in order. */
  newEvents(): Promise<string[]>;
}

export async function serveMlflowFace(
  db: Db,
): Promise<ServedFace & { readonly domain: Domain; close(): Promise<void> }> {
  const { blobs, remove } = temporaryBlobs();
  const domain = await openDomain(db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs });
  return { ...(await serveDomain(domain)), domain, close: () => domain.close().finally(remove) };
}

/** A face of its own, which has kept nothing of what others were answered. */
export async function serveDomain(domain: Domain): Promise<ServedFace> {
  const { db } = domain;
  const face = mlflowFace({ ...domain, project: { id: domain.defaultProject, name: 'default' } });
  const routes = new Map(
    face.operations.flatMap((operation) =>
      [operation.path, ...(operation.aliases ?? [])].map(
        (path) => [`${operation.method} ${path}`, operation] as const,
      ),
    ),
  );
  const matched = (method: HttpMethod, route: string) => {
    const exact = routes.get(`${method} ${route}`);
    if (exact !== undefined) return { operation: exact, params: {} };
    for (const [pattern, operation] of routes) {
      const params = paramsOf(pattern, `${method} ${route}`);
      if (params !== undefined) return { operation, params };
    }
    return { operation: undefined, params: {} };
  };
  let seen = 0;
  const newEvents = async () => {
    const rows = await db.read((queries) =>
      queries.many<{ id: number; action: string }>(
        sql`SELECT id, action FROM event WHERE id > ${seen} ORDER BY id`,
      ),
    );
    seen = rows.at(-1)?.id ?? seen;
    return rows.map((row) => row.action);
  };
  await newEvents();
  return {
    operations: face.operations,
    newEvents,
    async call(method, path, body, headers) {
      const [route = '', question = ''] = (path.startsWith('/') ? path : `/api/2.0/mlflow/${path}`).split(
        '?',
      );
      const { operation, params } = matched(method, route);
      const context = newContext();
      const raw =
        body === undefined
          ? ''
          : typeof body === 'string' || Buffer.isBuffer(body)
            ? body
            : JSON.stringify(body);
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const reply = operation
        ? await operation
            .handle(context, {
              method,
              path: route,
              params,
              query: new URLSearchParams(question),
              headers: headers ?? json,
              body: Buffer.from(raw),
            })
            .catch((error: unknown) => face.renderError(error, context))
        : { status: 404, body: '' };
      const text =
        typeof reply.body === 'string' ? reply.body : Buffer.from(reply.body as Uint8Array).toString();
      return { status: reply.status, text, json: parsed(text) };
    },
  };
}

/** What stands in the braces of a pattern, or for the `*` at its end, decoded; undefined where the route is another. */
function paramsOf(pattern: string, route: string): Record<string, string> | undefined {
  if (pattern.endsWith('/*')) {
    const start = pattern.slice(0, -1);
    return route.startsWith(start) ? { '*': decodeURIComponent(route.slice(start.length)) } : undefined;
  }
  const [wanted, given] = [pattern.split('/'), route.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) params[name] = decodeURIComponent(given[index]!);
    else if (part !== given[index]) return undefined;
  }
  return params;
}

/** Of one request that may do everything. */
export function newContext() {
  return localContext(systemClock, 'mlflow');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

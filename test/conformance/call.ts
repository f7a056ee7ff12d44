/**
 * One HTTP call of the comparison and its answer, on the wire level: the body is the text that was sent, so that a test can
 * send what no JSON library would write.
 */
import { Agent, request } from 'node:http';

export interface Call {
  readonly method: string;
  /** Below the server's root, with its query, e.g. `/api/2.0/mlflow/runs/get?run_id={{run.1}}`. */
  readonly path: string;
  readonly body?: string;
  /** Default `application/json` when there is a body; null sends none. */
  readonly contentType?: string | null;
}

export interface Answer {
  readonly status: number;
  /** Without parameters; empty when the server names none. */
  readonly contentType: string;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** The path of a route of MLflow's tracking API. */
export const v2 = (route: string) => `/api/2.0/mlflow/${route}`;
export const ajax = (route: string) => `/ajax-api/2.0/mlflow/${route}`;

export function post(route: string, body: unknown): Call {
  return { method: 'POST', path: v2(route), body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

export function get(path: string, query: Query = {}): Call {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${encode(name)}=${encode(String(one))}`),
  );
  const full = path.startsWith('/') ? path : v2(path);
  return { method: 'GET', path: parts.length === 0 ? full : `${full}?${parts.join('&')}` };
}

export function send(server: string, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = call.body === undefined ? undefined : Buffer.from(call.body, 'utf8');
    const type = call.contentType === undefined && body !== undefined ? 'application/json' : call.contentType;
    const headers: Record<string, string | number> = {};
    if (typeof type === 'string') headers['content-type'] = type;
    if (body !== undefined) headers['content-length'] = body.length;
    // The path as it stands: a URL would be brought into shape first, and `..` taken out of it.
    const { hostname, port } = new URL(server);
    // A transfer has a connection of its own: MLflow's server may reset it after a refusal, on whatever call comes next.
    const connection = call.path.includes('artifact') ? false : agent;
    const target = { hostname, port, path: call.path, method: call.method, headers, agent: connection };
    const outgoing = request(target, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          contentType: incoming.headers['content-type']?.split(';')[0]?.trim() ?? '',
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', (error) => reject(new Error(`${call.method} ${call.path}: ${error.message}`)));
    outgoing.end(body);
  });
}

/** The route a call is about, as the table of allowed differences names it: `POST runs/create`. */
export function routeOf(call: Call): string {
  const path = call.path.split('?')[0] ?? '';
  const route = path
    .replace(/^\/(ajax-)?api\/2\.0\/mlflow\//, '')
    .replace(/^\/(ajax-)?api\/2\.0\/(mlflow-artifacts\/)/, '$2')
    .replace(/^logged-models\/(?!search$)[^/]+/, 'logged-models/{}')
    .replace(/^webhooks\/[^/]+/, 'webhooks/{}')
    .replace(/\/tags\/.+/, '/tags/{}')
    .replace(/^(mlflow-artifacts\/(?:artifacts|presigned|versions|mpu\/[a-z]+)\/).*/, '$1*');
  return `${call.method} ${route}`;
}

export function closeConnections(): void {
  agent.destroy();
}

/** Percent-encodes a query part, but not the `{{symbol}}` in it: its value is put in later (and needs no encoding). */
function encode(text: string): string {
  return text
    .split(/(\{\{[^}]*\}\})/)
    .map((part) => (part.startsWith('{{') ? part : encodeURIComponent(part)))
    .join('');
}

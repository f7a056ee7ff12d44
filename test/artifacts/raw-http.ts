/** Requests exactly as written: nothing normalises the path or adds a header, bodies may break off. */
import http from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
}

export interface RawRequest {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export function send(url: string, { method, path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers: { ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends `sent`, promises more, and goes away; resolves when the connection is closed. */
export function breakOff(
  url: string,
  path: string,
  sent: Uint8Array,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const headers = { 'content-length': String(sent.length + 1_000_000), ...more };
    const request = http.request({ hostname, port, method: 'PUT', path, headers });
    request.on('error', () => {});
    request.on('close', resolve);
    request.write(sent, () => request.destroy());
  });
}

/** Resolves when the condition holds, which something under way will bring about; fails after a minute. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const patience = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > patience) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Requests as a hostile client sends them: nothing normalised, nothing added that was not asked for. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

export interface WireRequest {
  readonly method: string;
  /** Sent as it is, query included. */
  readonly path: string;
  /** `undefined` takes a header away that would be sent otherwise. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array | undefined;
  /** Says that the body has this many bytes and sends none of them. */
  readonly declaredLength?: number;
  /** Sends the body in chunks, without saying how long it is. */
  readonly isChunked?: boolean;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export class Wire {
  readonly server: URL;
  readonly #agent = new Agent({ keepAlive: true });
  /** Requests wait this long for an answer: a server that keeps one hanging has failed. */
  readonly #patienceMs = 30_000;

  constructor(server: string) {
    this.server = new URL(server);
  }

  close(): void {
    this.#agent.destroy();
  }

  send({ method, path, headers = {}, body, declaredLength, isChunked }: WireRequest): Promise<WireAnswer> {
    const { hostname, port, host } = this.server;
    const length = declaredLength ?? (body === undefined ? undefined : Buffer.byteLength(body));
    const given: Record<string, string | undefined> = {
      host,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(length !== undefined && !isChunked && { 'content-length': String(length) }),
      ...(isChunked && { 'transfer-encoding': 'chunked' }),
      ...headers,
    };
    const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          hostname,
          port,
          method,
          path,
          headers: sent as Record<string, string>,
          setHost: false,
          agent: declaredLength === undefined ? this.#agent : false,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => {
            resolve({
              status: incoming.statusCode!,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString(),
            });
            if (declaredLength !== undefined) outgoing.destroy();
          });
          incoming.on('error', reject);
        },
      );
      outgoing.setTimeout(this.#patienceMs, () =>
        outgoing.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)}`)),
      );
      outgoing.on('error', reject);
      if (declaredLength !== undefined) outgoing.flushHeaders();
      else if (isChunked && body !== undefined) {
        const bytes = Buffer.from(body as string);
        for (let start = 0; start < bytes.length; start += 65_536)
          outgoing.write(bytes.subarray(start, start + 65_536));
        outgoing.end();
      } else outgoing.end(body);
    });
  }

  /** Bytes that are perhaps no HTTP at all; resolves to what came back until the server closed, or was silent for a moment. */
  raw(bytes: string | Uint8Array): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect(Number(this.server.port), this.server.hostname);
      const end = () => {
        socket.destroy();
        resolve(answer);
      };
      socket.setTimeout(500, end);
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
      });
      socket.on('error', end);
      socket.on('close', end);
      socket.write(bytes);
    });
  }
}

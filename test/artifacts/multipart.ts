/** An upload in parts as clients do it: create, each part to the address that came back, complete. */
import type { Answer, Served } from '../fixtures/served-domain.ts';
import { type RawAnswer, send } from './raw-http.ts';

export const mpu = '/api/2.0/mlflow-artifacts/mpu';

export interface Credential {
  readonly url: string;
  readonly part_number: number;
  readonly headers: Record<string, string>;
}

export interface Multipart {
  readonly id: string;
  readonly credentials: readonly Credential[];
  /** Sends one part, counted from 1, and keeps its tag for `complete`. */
  part(number: number, bytes: string | Uint8Array): Promise<RawAnswer>;
  parts(): { part_number: number; etag: string; url: string }[];
  complete(parts?: readonly unknown[]): Promise<Answer>;
  abort(): Promise<Answer>;
}

/** Sends the part to its address, with what was handed out and nothing else. */
export function sendPart({ url, headers }: Credential, body: string | Uint8Array): Promise<RawAnswer> {
  const { origin, pathname } = new URL(url);
  return send(origin, { method: 'PUT', path: pathname, headers, body });
}

/** Begins an upload of the file `<folder>/<name>`. */
export async function beginMultipart(
  { call }: Pick<Served, 'call'>,
  folder: string,
  name: string,
  count: number,
): Promise<Multipart> {
  const at = (step: string) => `${mpu}/${step}/${folder}`;
  const path = `/mnt/files/${name}`;
  const { status, body } = await call('POST', at('create'), { path, num_parts: count });
  if (status !== 200) throw new Error(`create: ${status} ${JSON.stringify(body)}`);
  const { upload_id: id, credentials } = body as { upload_id: string; credentials: Credential[] };
  const tags = new Map<number, string>();
  const parts = () =>
    [...tags]
      .sort(([a], [b]) => a - b)
      .map(([part_number, etag]) => ({ part_number, etag, url: credentials[part_number - 1]!.url }));
  return {
    id,
    credentials,
    parts,
    async part(number, bytes) {
      const answer = await sendPart(credentials[number - 1]!, bytes);
      if (answer.status === 200) tags.set(number, answer.headers.etag!);
      return answer;
    },
    complete: (given = parts()) => call('POST', at('complete'), { path, upload_id: id, parts: given }),
    abort: () => call('POST', at('abort'), { path, upload_id: id }),
  };
}

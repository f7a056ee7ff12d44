/** Files of a run on their way up: one stream, or parts of a large one, of which each is tried again by itself. */
import { RequestError } from './request-error.ts';
import type { Transport } from './transport.ts';

export interface FileToSend {
  /** Below the artifacts of the run. */
  readonly path: string;
  /** What to send, or the path of a file on this machine, which is read when its turn comes. */
  readonly source: Blob | string;
  /** Bytes that it holds in memory while it waits. */
  readonly bytes: number;
}

/** From here on a file goes up in parts: one that fails costs a part, not the whole. */
const partsFrom = 128 * 2 ** 20;
const partSize = 64 * 2 ** 20;
const triesOfPart = 5;
/** ms that a part, or a small file, may take. */
const patience = 10 * 60_000;
const root = 'mlflow-artifacts:/';

export async function upload(
  transport: Transport,
  run: string,
  artifactUri: string,
  { path, source }: FileToSend,
  signal: AbortSignal,
): Promise<void> {
  const blob = typeof source === 'string' ? await blobOf(source) : source;
  if (blob.size >= partsFrom && artifactUri.startsWith(root)) {
    return uploadParts(transport, `${artifactUri.slice(root.length)}/${path}`, blob, signal);
  }
  const input = { params: { run }, query: { path }, bytes: blob, signal };
  const response = await transport.open('artifact.put', input, patience);
  await response.body?.cancel();
}

/** A file that is read as it is sent; never whole in memory. */
async function blobOf(path: string): Promise<Blob> {
  const { openAsBlob } = await import('node:fs');
  return openAsBlob(path);
}

interface Created {
  readonly upload_id: string;
  readonly credentials: readonly {
    readonly url: string;
    readonly part_number: number;
    readonly headers?: Readonly<Record<string, string>>;
  }[];
}

async function uploadParts(
  transport: Transport,
  whole: string,
  blob: Blob,
  signal: AbortSignal,
): Promise<void> {
  const slash = whole.lastIndexOf('/');
  const folder = whole.slice(0, slash).split('/').map(encodeURIComponent).join('/');
  const path = whole.slice(slash + 1);
  const ask = async (step: string, body: unknown) =>
    transport.send('POST', `/api/2.0/mlflow-artifacts/mpu/${step}/${folder}`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      timeout: patience,
      signal,
    });
  const num_parts = Math.ceil(blob.size / partSize);
  const created = await ask('create', { path, num_parts });
  const { upload_id, credentials } = (await created.json()) as Created;
  const parts: { part_number: number; etag: string; url: string }[] = [];
  for (const { url, part_number, headers = {} } of credentials) {
    const start = (part_number - 1) * partSize;
    const bytes = blob.slice(start, Math.min(blob.size, start + partSize));
    parts.push({ part_number, url, etag: await sendPart(url, headers, bytes, signal) });
  }
  const completed = await ask('complete', { path, upload_id, parts });
  await completed.body?.cancel();
}

/** A part goes to the address it was handed, with what came with it and nothing else. */
async function sendPart(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Blob,
  signal: AbortSignal,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      const response = await fetch(url, { method: 'PUT', headers: { ...headers }, body, signal: limited });
      await response.body?.cancel();
      const etag = response.headers.get('etag');
      if (response.ok && etag !== null) return etag;
      throw new RequestError(`a part was answered ${response.status}`, {
        status: response.status,
        code: 'part',
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const known = error instanceof RequestError ? error : undefined;
      if (attempt === triesOfPart || known?.isTemporary === false) throw error;
    }
  }
}

/** Bodies compressed with gzip, as some clients send them without saying so: inflated within bounds, or refused. */
import { gunzip, gunzipSync } from 'node:zlib';
import { CairnError } from '../../kernel/errors.ts';

/** Up to this many bytes a body is inflated at once, off which handing it to a thread would cost more (0.1 ms). */
const smallBody = 64 * 1024;

export const isGzip = (body: Uint8Array): boolean => body.length > 2 && body[0] === 0x1f && body[1] === 0x8b;

/** `limit`: bytes of what comes out; `takeBytes` is told of them before they are kept. */
export async function inflate(
  body: Buffer,
  { limit, takeBytes }: { readonly limit: number; readonly takeBytes: (bytes: number) => void },
): Promise<Buffer> {
  // The last four bytes say how large it becomes. Who lies there is found out, and may be larger by several members.
  const told = body.length < 18 ? 0 : body.readUInt32LE(body.length - 4);
  if (told > limit) throw tooLarge(limit);
  takeBytes(told);
  const inflated = told <= smallBody ? (small(body) ?? (await large(body, limit))) : await large(body, limit);
  if (inflated.length > told) takeBytes(inflated.length - told);
  return inflated;
}

/** Undefined where it is not as small as it says. */
function small(body: Buffer): Buffer | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: smallBody });
  } catch (error) {
    if (isTooLarge(error)) return undefined;
    throw broken(error);
  }
}

function large(body: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: limit }, (error, inflated) => {
      if (error === null) resolve(inflated);
      else reject(isTooLarge(error) ? tooLarge(limit) : broken(error));
    });
  });
}

const isTooLarge = (error: unknown): boolean => (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';

const tooLarge = (limit: number): CairnError =>
  new CairnError('payload_too_large', `The body is larger than ${limit} bytes once it is inflated.`, {
    field: 'body',
  });

const broken = (cause: unknown): CairnError =>
  new CairnError('invalid_argument', 'The body begins as gzip, and cannot be inflated.', {
    field: 'body',
    cause,
  });

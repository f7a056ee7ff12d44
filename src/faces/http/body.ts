import type { IncomingMessage } from 'node:http';
import { CairnError } from '../../kernel/errors.ts';

const empty = Buffer.alloc(0);

/** The whole body, or `payload_too_large` as soon as it is known to be larger than `limit` bytes. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = message.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new CairnError('unsupported_media_type', `Content-Encoding ${encoding} is not accepted here.`, {
      field: 'Content-Encoding',
    });
  }
  const declared = message.headers['content-length'];
  if (declared === undefined && message.headers['transfer-encoding'] === undefined) return empty;
  const tooLarge = () =>
    new CairnError('payload_too_large', `The body is larger than ${limit} bytes.`, { field: 'body' });
  if (declared !== undefined && Number(declared) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

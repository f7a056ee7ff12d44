/**
 * Sends a Download: exact length, one range, conditions by its tag, and headers under which no browser runs anything in
 * it. The content type is told by the end of the name from the table below and by nothing else, least of all by what a
 * client once sent.
 */
import { CairnError } from '../../kernel/errors.ts';
import type { Download, HttpReply } from '../../kernel/operation.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const plainText = 'text/plain; charset=utf-8';

/** What a browser may show in place: it cannot script. Markup, SVG, PDF and the rest are saved. */
const harmless: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
  webm: 'video/webm',
  json: 'application/json',
  ...Object.fromEntries(
    'txt log md markdown csv tsv yaml yml toml ini cfg conf py r sql sh ipynb jsonl ndjson mlmodel mlproject'
      .split(' ')
      .map((ending) => [ending, plainText]),
  ),
};

/** Shown by their whole name. */
const textNames: ReadonlySet<string> = new Set(['mlmodel', 'mlproject', 'license', 'readme', 'dockerfile']);

export function isDownload(body: HttpReply['body']): body is Download {
  return typeof body === 'object' && 'tag' in body;
}

/** The reply that carries the bytes asked for: 200, 206, 304 or 416. */
export async function sendDownload(
  download: Download,
  request: Headers,
  signal: AbortSignal,
): Promise<HttpReply> {
  const etag = `"${download.tag}"`;
  const headers = { etag, 'cache-control': 'private, no-cache', 'accept-ranges': 'bytes' };
  if (matches(request['if-none-match'], etag)) return { status: 304, headers, body: '' };
  const range = rangeOf(request, etag, download.size);
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${download.size}` },
      body: '',
    };
  }
  const [start, end] = range ?? [0, download.size];
  const safeType = harmlessType(download.name);
  const inline = download.inline && safeType !== undefined;
  return {
    status: range === undefined ? 200 : 206,
    contentType: safeType ?? 'application/octet-stream',
    headers: {
      ...headers,
      'content-length': String(end - start),
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${download.size}` }),
      'content-disposition': disposition(inline ? 'inline' : 'attachment', download.name),
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    },
    body: start === end ? '' : await opened(download, start, end, signal),
  };
}

async function opened(download: Download, start: number, end: number, signal: AbortSignal) {
  try {
    return await download.read(start, end, signal);
  } catch (error) {
    if (error instanceof CairnError) throw error;
    throw new CairnError('internal', `the bytes of ${download.tag} cannot be read`, { cause: error });
  }
}

function harmlessType(name: string): string | undefined {
  const lower = name.toLowerCase();
  const ending = lower.slice(lower.lastIndexOf('.') + 1);
  if (textNames.has(lower)) return plainText;
  return Object.hasOwn(harmless, ending) && lower.includes('.') ? harmless[ending] : undefined;
}

/** `If-None-Match` compares weakly: a proxy may have marked our tag. */
function matches(condition: string | undefined, etag: string): boolean {
  if (condition === undefined) return false;
  return condition
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');
}

/** First byte and byte after the last, of the one range asked for; anything but one well-formed range is ignored. */
function rangeOf(
  request: Headers,
  etag: string,
  size: number,
): readonly [number, number] | 'unsatisfiable' | undefined {
  const condition = request['if-range'];
  if (condition !== undefined && condition !== etag) return undefined;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(request.range?.trim() ?? '');
  if (match === null) return undefined;
  const [first = '', last = ''] = match.slice(1);
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : [size - length, size];
  }
  if (last !== '' && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return 'unsatisfiable';
  return [Number(first), last === '' ? size : Math.min(Number(last) + 1, size)];
}

/** RFC 6266: a plain name for old clients, the exact one percent-encoded. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._ -]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(
    /['()*!]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/**
 * The files of the UI, read once at start: a request is answered from a map of known paths, so no path of a client ever
 * reaches the file system. Paths of pages (no file ending) get index.html; the UI's router does the rest.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { HttpReply } from '../../kernel/operation.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

const pageHeaders = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * The pages in which an artifact's own scripts may run when a person asks for it (web/public/isolated.html): an origin
 * of their own by `sandbox`, no way to talk to anybody, and only our pages may hold them. The second, the same file, also
 * loads the libraries that figures are drawn with from where their makers publish them (plotly's `include_plotlyjs="cdn"`).
 */
const isolatedPolicy = (scripts: string) =>
  `sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'${scripts}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; frame-ancestors 'self'`;

const policies: Readonly<Record<string, string>> = {
  '/isolated.html': isolatedPolicy(''),
  '/isolated-online.html': isolatedPolicy(
    ' https://cdn.plot.ly https://cdn.jsdelivr.net https://cdn.bokeh.org https://cdnjs.cloudflare.com',
  ),
};

interface UiFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Uint8Array;
  /** Compressed at the first request that takes it: start-up must not wait for it. */
  readonly compressed: Map<'br' | 'gzip', Uint8Array>;
  /** Names that carry a hash of the content never change. */
  readonly immutable: boolean;
}

export class UiFiles {
  readonly #files = new Map<string, UiFile>();

  /** `folder` is the built UI; undefined when it has not been built. */
  static load(folder: string): UiFiles | undefined {
    const files = new UiFiles();
    try {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name.startsWith('.')) continue;
        const path = join(entry.parentPath, entry.name);
        files.#add(`/${relative(folder, path).split(sep).join('/')}`, readFileSync(path));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return files.#files.has('/index.html') ? files : undefined;
  }

  find(
    path: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): HttpReply | undefined {
    const isPage = extname(path) === '' && !isOddPath(path);
    const file =
      this.#files.get(path === '/isolated-online.html' ? '/isolated.html' : path) ??
      (isPage ? this.#files.get('/index.html') : undefined);
    if (file === undefined) return undefined;
    const common = {
      etag: file.etag,
      vary: 'accept-encoding',
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(file.type.startsWith('text/html') && pageHeaders),
      ...(policies[path] !== undefined && { 'content-security-policy': policies[path] }),
    };
    if (headers['if-none-match'] === file.etag) return { status: 304, headers: common, body: '' };
    const encoding = chosenEncoding(String(headers['accept-encoding'] ?? ''), file.type);
    if (encoding === undefined)
      return { status: 200, contentType: file.type, headers: common, body: file.plain };
    const body = compressed(file, encoding);
    return {
      status: 200,
      contentType: file.type,
      headers: { ...common, 'content-encoding': encoding },
      body,
    };
  }

  #add(path: string, plain: Buffer): void {
    this.#files.set(path, {
      type: contentTypes[extname(path)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
      plain,
      compressed: new Map(),
      immutable: path.startsWith('/assets/'),
    });
  }
}

/** Other spellings of a path of the API, and what no link of the UI looks like: an answer in HTML would only mislead. */
function isOddPath(path: string): boolean {
  return /\/\/|\/\.|\\|%2[ef]|%5c|^\/(ajax-)?api(\/|$)/i.test(path);
}

function chosenEncoding(accepted: string, type: string): 'br' | 'gzip' | undefined {
  if (!/^(text|application\/json|image\/svg)/.test(type)) return undefined;
  if (/\bbr\b/.test(accepted)) return 'br';
  return /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
}

function compressed(file: UiFile, encoding: 'br' | 'gzip'): Uint8Array {
  let bytes = file.compressed.get(encoding);
  if (bytes === undefined) {
    bytes =
      encoding === 'gzip'
        ? gzipSync(file.plain)
        : brotliCompressSync(file.plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
    file.compressed.set(encoding, bytes);
  }
  return bytes;
}

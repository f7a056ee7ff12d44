/**
 * What a request must be before anything looks inside: it speaks to this server (Host: DNS rebinding), a page of another
 * site did not send it (Origin: drive-by posts), and it says who it is. The same for every face and prefix.
 */
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { HttpMethod } from '../../kernel/operation.ts';

export interface GuardOptions {
  /** Names this server answers to, without port; `*` for any. */
  readonly allowedHosts: readonly string[];
}

const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Two Host headers are two answers to the question which server is meant; the client and a proxy may each see another. */
export function checkSingleHost(rawHeaders: readonly string[]): void {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts > 1) throw invalid('Host', 'The request carries more than one Host header.');
}

export function checkHost(host: string | undefined, options: GuardOptions): void {
  if (options.allowedHosts.includes('*')) return;
  const name = hostName(host);
  if (name !== undefined && (loopbackNames.includes(name) || options.allowedHosts.includes(name))) return;
  throw new CairnError(
    'misdirected',
    'Invalid Host header: add the name with --allowed-hosts if it is yours.',
    { field: 'Host' },
  );
}

/** A change sent by a page must come from a page of this very server. Clients that are no browsers send no Origin. */
export function checkOrigin(method: HttpMethod, origin: string | undefined, host: string | undefined): void {
  if (method === 'GET' || origin === undefined) return;
  let originHost: string | undefined;
  try {
    originHost = new URL(origin).host;
  } catch {
    // `null` and other opaque origins
  }
  if (originHost !== undefined && originHost !== '' && originHost === host?.toLowerCase()) return;
  throw new CairnError('misdirected', 'Cross-origin request refused.', { field: 'Origin' });
}

/** `Example.org:5000` → `example.org`; undefined for what is no plain host. */
function hostName(host: string | undefined): string | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/.exec(host ?? '');
  return match?.[1]?.toLowerCase();
}

/** The token carried by `Authorization`: Bearer, or the password of Basic. */
export function credentialOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const match = /^(bearer|basic) +([^ ]+) *$/i.exec(authorization);
  if (match === null) return undefined;
  const [, scheme, value] = match;
  if (scheme!.toLowerCase() === 'bearer') return value;
  const decoded = Buffer.from(value!, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : decoded.slice(colon + 1);
}

/** One POST to an address that someone typed in; see README.md for what it promises. */
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../../kernel/time.ts';
import type { AddressRules } from './address-rules.ts';

/** ms for all of it, from the name to the end of the answer; bytes of an answer that are read. */
export const outboundLimits = { time: 20_000, resolveTime: 5_000, answer: 4_096 } as const;

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const systemResolve: Resolve = async (name) =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);

export interface OutboundAnswer {
  readonly status: number;
  /** Its beginning. */
  readonly text: string;
  /** The header Retry-After, as it was sent. */
  readonly retryAfter: string | undefined;
}

/** The address may not be reached, or is none; `message` says why, without saying what an inner name resolves to. */
export class OutboundRefusal extends Error {
  override readonly name = 'OutboundRefusal';
}

export interface OutboundOptions {
  readonly rules: AddressRules;
  readonly clock: Clock;
  readonly resolve?: Resolve;
  /** ms */
  readonly time?: number;
}

export class Outbound {
  readonly #rules: AddressRules;
  readonly #clock: Clock;
  readonly #resolve: Resolve;
  readonly #time: number;

  constructor({ rules, clock, resolve = systemResolve, time = outboundLimits.time }: OutboundOptions) {
    this.#rules = rules;
    this.#clock = clock;
    this.#resolve = resolve;
    this.#time = time;
  }

  /** Resolves when the URL may be posted to as names resolve now; OutboundRefusal otherwise. Posting checks again. */
  async check(url: string): Promise<void> {
    await this.#place(parsed(url, this.#rules));
  }

  /** Any answer is an answer, redirects too. Rejects when there is none: refused, unreachable, late, `signal` aborted. */
  async post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<OutboundAnswer> {
    const target = parsed(url, this.#rules);
    const late = new AbortController();
    const abort = () => late.abort(signal.reason ?? new Error('the server stops'));
    const cancel = this.#clock.after(this.#time, () =>
      late.abort(new Error(`no answer within ${this.#time} ms`)),
    );
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      const address = await this.#place(target);
      return await send(target, address, headers, body, late.signal);
    } finally {
      cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  /** The address to connect to. One forbidden address forbids the name: which of them is used is nobody's choice. */
  async #place(url: URL): Promise<string> {
    const name = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(name) ? [name] : await this.#addressesOf(name);
    for (const address of addresses) {
      if (!this.#rules.isAllowed(address)) {
        throw new OutboundRefusal(`it must not resolve to a non-public IP address, and ${name} does`);
      }
      if (url.protocol === 'http:' && !this.#rules.isNamed(address)) {
        throw new OutboundRefusal('plain http reaches only addresses that the operator allows');
      }
    }
    return addresses[0]!;
  }

  async #addressesOf(name: string): Promise<readonly string[]> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = this.#clock.after(outboundLimits.resolveTime, () =>
      reject(new OutboundRefusal(`the name ${name} was not resolved in time`)),
    );
    try {
      const found = await Promise.race([this.#resolve(name), late]);
      if (found.length > 0 && found.every((address) => isIP(address) !== 0)) return found;
    } catch (error) {
      if (error instanceof OutboundRefusal) throw error;
    } finally {
      cancel();
    }
    throw new OutboundRefusal(`the name ${name} cannot be resolved`);
  }
}

function parsed(text: string, rules: AddressRules): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '') throw new OutboundRefusal('it is no URL');
  const schemes = rules.namesRanges ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) {
    const listed = schemes.map((scheme) => `'${scheme.slice(0, -1)}'`).join(', ');
    throw new OutboundRefusal(`its scheme is '${url.protocol.slice(0, -1)}'; allowed are ${listed}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundRefusal('it must not include embedded credentials');
  }
  return url;
}

function send(
  url: URL,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  const options = {
    method: 'POST',
    // The checked address, never the name: it is not resolved again.
    host: address,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body), connection: 'close' },
    agent: false as const,
    signal,
    ...(secure && { servername: isIP(name) ? '' : name }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<OutboundAnswer>();
  const why = (error: Error) =>
    reject(signal.aborted && signal.reason instanceof Error ? signal.reason : error);
  const request = (secure ? requestHttps : requestHttp)(options, (response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = () => {
      resolve({
        status: response.statusCode ?? 0,
        text: Buffer.concat(chunks).subarray(0, outboundLimits.answer).toString('utf8'),
        retryAfter: response.headers['retry-after'],
      });
      request.destroy();
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= outboundLimits.answer) finish();
    });
    response.on('end', finish);
    response.on('error', why);
  });
  request.on('error', why);
  request.end(body);
  return promise;
}

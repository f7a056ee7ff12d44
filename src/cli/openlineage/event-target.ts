/** Where events go: to the terminal, into a file, or to a server that takes them. */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../config.ts';
import type { Terminal } from '../command.ts';

/** One JSON text a line. */
export interface EventTarget {
  put(lines: readonly string[]): Promise<void>;
  /** All is there: where, in words. */
  finish(): Promise<string | undefined>;
  /** Nothing is left behind. */
  abandon(): Promise<void>;
}

/** What a server answered to events. */
export class EventsRefused extends Error {}

export async function openTarget(to: string | undefined, terminal: Terminal): Promise<EventTarget> {
  if (to === undefined) return new Lines(terminal);
  if (/^https?:\/\//i.test(to)) return new Server(to, terminal.env.OPENLINEAGE_API_KEY);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(to))
    throw new UsageError(`--to is a file or an http address, not ${to}`);
  return File.open(path.resolve(terminal.cwd, to));
}

class Lines implements EventTarget {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async put(lines: readonly string[]): Promise<void> {
    for (const line of lines) this.#terminal.out(line);
  }

  async finish(): Promise<undefined> {}
  async abandon(): Promise<void> {}
}

/** Whole or not at all: it has its name when all of it is there. */
class File implements EventTarget {
  readonly #file: string;
  readonly #handle: Awaited<ReturnType<typeof open>>;

  private constructor(file: string, handle: Awaited<ReturnType<typeof open>>) {
    this.#file = file;
    this.#handle = handle;
  }

  static async open(file: string): Promise<File> {
    try {
      return new File(file, await open(`${file}.partial`, 'w'));
    } catch (error) {
      throw new UsageError(`--to cannot be written: ${(error as Error).message}`);
    }
  }

  async put(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#handle.appendFile(`${lines.join('\n')}\n`);
  }

  async finish(): Promise<string> {
    await this.#handle.sync();
    await this.#handle.close();
    await rename(`${this.#file}.partial`, this.#file);
    return `in ${this.#file}`;
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(`${this.#file}.partial`, { force: true });
  }
}

/** Events of one request, and bytes: beside what servers take, little. */
const batch = { events: 200, bytes: 4 * 1024 * 1024 } as const;
/** ms that an answer may take. */
const patience = 60_000;

/** In batches where the server takes these, else one by one. */
class Server implements EventTarget {
  readonly #url: string;
  readonly #key: string | undefined;
  #waiting: string[] = [];
  #bytes = 0;
  #takesBatches = true;

  constructor(to: string, key: string | undefined) {
    const url = URL.parse(to);
    if (url === null) throw new UsageError(`--to is no address: ${to}`);
    // An address alone, as OpenLineage's clients take it.
    if (/^\/*$/.test(url.pathname)) url.pathname = '/api/v1/lineage';
    this.#url = url.href.replace(/\/$/, '');
    this.#key = key;
  }

  async put(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#waiting.push(line);
      this.#bytes += line.length;
      if (this.#waiting.length >= batch.events || this.#bytes >= batch.bytes) await this.#send();
    }
  }

  async finish(): Promise<string> {
    await this.#send();
    return `at ${this.#url}`;
  }

  async abandon(): Promise<void> {}

  async #send(): Promise<void> {
    const events = this.#waiting;
    if (events.length === 0) return;
    [this.#waiting, this.#bytes] = [[], 0];
    if (this.#takesBatches) {
      const answer = await this.#post(`${this.#url}/batch`, `[${events.join(',')}]`);
      if (answer.status !== 404 && answer.status !== 405) return checkBatch(answer, await answer.text());
      await answer.body?.cancel();
      this.#takesBatches = false;
    }
    for (const event of events) {
      const answer = await this.#post(this.#url, event);
      const text = await answer.text();
      if (!answer.ok) throw refused(answer, text);
    }
  }

  async #post(url: string, body: string): Promise<Response> {
    try {
      return await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          ...(this.#key !== undefined && { authorization: `Bearer ${this.#key}` }),
        },
        signal: AbortSignal.timeout(patience),
      });
    } catch (error) {
      const { cause, message } = error as Error;
      throw new EventsRefused(
        `nobody takes events at ${url} (${cause instanceof Error ? cause.message : message})`,
      );
    }
  }
}

/** A batch of which some were refused is answered 200, too. */
function checkBatch(answer: Response, text: string): void {
  if (!answer.ok) throw refused(answer, text);
  let failed: unknown;
  try {
    failed = (JSON.parse(text) as { readonly failed_events?: unknown }).failed_events;
  } catch {
    return;
  }
  if (!Array.isArray(failed) || failed.length === 0) return;
  const { index, reason } = failed[0] as { readonly index?: unknown; readonly reason?: unknown };
  throw new EventsRefused(`${failed.length} events were refused; event ${String(index)}: ${String(reason)}`);
}

function refused({ status, url }: Response, text: string): EventsRefused {
  const key = status === 401 ? ' (its key goes into OPENLINEAGE_API_KEY)' : '';
  return new EventsRefused(`${url} answered ${status}${key}: ${text.slice(0, 300)}`);
}

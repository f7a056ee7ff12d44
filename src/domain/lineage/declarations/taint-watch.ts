/**
 * Looks through the log for what comes to derive from something that is tainted. Beside all requests: no writer waits for it. Where
 * nothing is tainted it reads one row now and then. What it finds it writes with the event that tells of it, under a key of taint and model version: each
 * is told once, whoever dies when, and however many servers look.
 */
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Events } from '../../events/index.ts';

/** ms without a change after which it looks again, for what other servers wrote. */
const quiet = 500;
/** ms between two looks while much is written: what is told of here nobody waits for. */
const pause = 250;

export interface TaintWatchOptions {
  readonly events: Events;
  /** Acts for the server itself; the only source of time and chance. */
  readonly context: () => RequestContext;
  /** One look at the log; resolves to whether anything is watched at all. */
  readonly look: (signal: AbortSignal) => Promise<boolean>;
}

export class TaintWatch {
  readonly #options: TaintWatchOptions;
  readonly #stop = new AbortController();
  readonly #stopped = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(options: TaintWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('the server stops'));
    this.#stopped.resolve();
    await this.#running;
  }

  /** Looks through the log to its end. */
  async pass(): Promise<void> {
    await this.#options.look(this.#stop.signal);
  }

  async #run(): Promise<void> {
    const { events, context, look } = this.#options;
    const { clock } = context();
    const { signal } = this.#stop;
    const after = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
    while (!signal.aborted) {
      let isWatched = false;
      const turn = new AbortController();
      const changed = events.changed(quiet, turn.signal);
      try {
        isWatched = await look(signal);
      } catch {
        // The store is away; it is there the next time, and nothing is lost.
      }
      await Promise.race([isWatched ? changed : after(quiet), this.#stopped.promise]);
      turn.abort();
      await Promise.race([after(pause), this.#stopped.promise]);
    }
  }
}

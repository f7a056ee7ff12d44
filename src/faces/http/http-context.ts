import type { ServerResponse } from 'node:http';
import { newUid, type Random, type Uid } from '../../kernel/ids.ts';
import type { Face, Principal, RequestContext, Scope } from '../../kernel/request-context.ts';
import type { Clock } from '../../kernel/time.ts';

export interface HttpContextParts {
  readonly actor: Principal;
  readonly scope: Scope;
  readonly face: Face;
  readonly requestId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly response: ServerResponse;
  readonly stopping: AbortSignal;
}

/** The context of one HTTP request. Its signal is made when first asked for: most requests never do. */
export class HttpContext implements RequestContext {
  readonly actor: Principal;
  readonly scope: Scope;
  readonly face: Face;
  readonly requestId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly #response: ServerResponse;
  readonly #stopping: AbortSignal;
  #signal: AbortSignal | undefined;

  constructor(parts: HttpContextParts) {
    this.actor = parts.actor;
    this.scope = parts.scope;
    this.face = parts.face;
    this.requestId = parts.requestId;
    this.clock = parts.clock;
    this.random = parts.random;
    this.#response = parts.response;
    this.#stopping = parts.stopping;
  }

  /** Aborted when the client is gone before its answer was sent, or the server stops. */
  get signal(): AbortSignal {
    this.#signal ??= this.#watch();
    return this.#signal;
  }

  newUid(): Uid {
    return newUid(this.clock.now(), this.random);
  }

  #watch(): AbortSignal {
    const controller = new AbortController();
    const abort = () => controller.abort();
    if (this.#stopping.aborted) abort();
    this.#stopping.addEventListener('abort', abort);
    this.#response.once('close', () => {
      this.#stopping.removeEventListener('abort', abort);
      // It closes after every answer; the error of an abort, with its stack, costs more than most of a small read.
      if (!this.#response.writableFinished) abort();
    });
    return controller.signal;
  }
}

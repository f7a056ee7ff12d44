import { newUid, type ProjectId, type Random, type Uid } from './ids.ts';
import type { Clock } from './time.ts';

/** Who acts. `local`: the machine's own user on a server without a token; `token`: whoever holds the token. */
export type PrincipalKind = 'local' | 'token' | 'system' | 'nobody';
export interface Principal {
  readonly kind: PrincipalKind;
  /** Stable public name, recorded in events: `local`, `token`, `system`. */
  readonly name: string;
}

/** What a principal may see; every list query takes one. */
export interface Scope {
  readonly projects: 'all' | readonly ProjectId[];
}

/** First argument of every use case: who asks, what they may see, and the only sources of time and chance. */
export interface RequestContext {
  readonly actor: Principal;
  readonly scope: Scope;
  /** The face through which the request came: property and edge writes are its claims. */
  readonly face: Face;
  readonly requestId: string;
  /** Aborted when the client is gone or the server stops. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  /** Set when the request carried an `Idempotency-Key`: its answer is stored with the change and given again to a retry. */
  readonly idempotency?: { readonly key: string; readonly digest: Uint8Array } | undefined;
  newUid(): Uid;
}

/** A context from its parts. */
export function newRequestContext(parts: Omit<RequestContext, 'newUid'>): RequestContext {
  return { ...parts, newUid: () => newUid(parts.clock.now(), parts.random) };
}

/** Which wire a claim came in by. Stored as a small number (graph/vocabulary.ts). */
export type Face = 'native' | 'mlflow' | 'mlmd' | 'openlineage' | 'import' | 'system';

/** The same request, bound to its idempotency key. */
export function withIdempotencyKey(
  context: RequestContext,
  idempotency: { readonly key: string; readonly digest: Uint8Array },
): RequestContext {
  const { actor, scope, face, requestId, clock, random } = context;
  const bound = { actor, scope, face, requestId, clock, random, idempotency };
  return {
    ...bound,
    get signal() {
      return context.signal;
    },
    newUid: () => context.newUid(),
  };
}

/** The same request, what it claims being another face's: a store that moves in brings the claims of the face it came by. */
export function claimingAs(context: RequestContext, face: Face): RequestContext {
  const { actor, scope, requestId, clock, random } = context;
  return {
    ...{ actor, scope, face, requestId, clock, random },
    get signal() {
      return context.signal;
    },
    newUid: () => context.newUid(),
  };
}

/** The same request, what it does being somebody else's doing: of the server itself, where it makes what any request needs. */
export function actingAs(context: RequestContext, actor: Principal): RequestContext {
  const { scope, face, requestId, clock, random } = context;
  return {
    ...{ actor, scope, face, requestId, clock, random },
    get signal() {
      return context.signal;
    },
    newUid: () => context.newUid(),
  };
}

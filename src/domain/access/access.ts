/**
 * Who someone is and what they may do. One choke point: the host of a wire (faces/http) calls `authenticate`, then
 * `authorise` with the permission that the operation names, before any handler runs; what a list may show is the scope.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { CairnError } from '../../kernel/errors.ts';
import { type ProjectId, systemRandom } from '../../kernel/ids.ts';
import type { Permission } from '../../kernel/operation.ts';
import {
  newRequestContext,
  type Principal,
  type PrincipalKind,
  type RequestContext,
  type Scope,
} from '../../kernel/request-context.ts';
import { anyOf, type Sql, sql } from '../../kernel/sql.ts';
import type { Clock } from '../../kernel/time.ts';

export const principals = {
  local: { kind: 'local', name: 'local' },
  token: { kind: 'token', name: 'token' },
  system: { kind: 'system', name: 'system' },
  nobody: { kind: 'nobody', name: 'nobody' },
} as const satisfies Readonly<Record<PrincipalKind, Principal>>;

/** Permission → the kinds of principal that hold it. A permission that is not listed for a kind is denied. */
const grants: Readonly<Record<Permission, readonly PrincipalKind[]>> = {
  public: ['local', 'token', 'system', 'nobody'],
  ticket: ['local', 'token', 'system', 'nobody'],
  'metadata:read': ['local', 'token', 'system'],
  'metadata:write': ['local', 'token', 'system'],
  'metadata:delete': ['local', 'token', 'system'],
  'metadata:purge': ['local', 'token', 'system'],
  'metadata:transfer': ['local', 'token', 'system'],
  'server:observe': ['local', 'token', 'system'],
};

export class Access {
  readonly #tokenDigest: Buffer | undefined;

  /** Without a token the server trusts its own machine (it then listens on loopback only): everyone is `local`. */
  constructor(options: { readonly token?: string | undefined }) {
    this.#tokenDigest = options.token === undefined ? undefined : digest(options.token);
  }

  get requiresToken(): boolean {
    return this.#tokenDigest !== undefined;
  }

  /** The principal behind a credential (the token itself, however it was carried). */
  authenticate(credential: string | undefined): Principal {
    if (this.#tokenDigest === undefined) return principals.local;
    if (credential === undefined) return principals.nobody;
    return timingSafeEqual(digest(credential), this.#tokenDigest) ? principals.token : principals.nobody;
  }

  /** Returns when the principal holds the permission; otherwise `unauthenticated` or `permission_denied`. */
  authorise(principal: Principal, permission: Permission): void {
    if (grants[permission].includes(principal.kind)) return;
    if (principal.kind === 'nobody') {
      throw new CairnError(
        'unauthenticated',
        'This server asks for its token: send it as Bearer or as the password of Basic.',
      );
    }
    throw new CairnError('permission_denied', `This needs the permission ${permission}.`);
  }

  /** What lists may show to the principal. */
  scopeOf(principal: Principal): Scope {
    return { projects: principal.kind === 'nobody' ? [] : 'all' };
  }
}

/**
 * Whether records of a project may be shown. Whoever reads across projects asks this, or puts `seenIn` into its statement: what is not
 * seen is counted and neither named nor digested.
 */
export function sees({ projects }: Scope, project: ProjectId): boolean {
  return projects === 'all' || projects.includes(project);
}

/** The same as a condition on a column of projects. */
export function seenIn({ projects }: Scope, column: Sql): Sql {
  return projects === 'all' ? sql`1 = 1` : sql`${column} ${anyOf(projects)}`;
}

/** Acts for the server itself, which may see all. */
export function systemContext(
  clock: Clock,
  requestId: string,
  signal = new AbortController().signal,
): RequestContext {
  return newRequestContext({
    ...{ actor: principals.system, scope: { projects: 'all' }, face: 'system', requestId, signal },
    ...{ clock, random: systemRandom },
  });
}

/** Equal length whatever the input, so that the comparison tells nothing about the secret. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

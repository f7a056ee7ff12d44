import { invalid } from '../../kernel/errors.ts';
import type { HttpMethod, HttpRequest, Permission } from '../../kernel/operation.ts';
import { answering, bodyLimits } from './endpoint.ts';
import type { WorkspaceOperation } from './services.ts';

/** A route that is no message in and out: bytes, or a path in the URL. */
export interface Route {
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: string;
  /** The twin below `/ajax-api` unless given. */
  readonly aliases?: readonly string[];
  readonly permission: Permission;
  readonly summary: string;
  readonly bodyLimit?: number;
  readonly streamsBody?: boolean;
  readonly handle: WorkspaceOperation['handle'];
}

export function route(value: Route): WorkspaceOperation {
  return {
    bodyLimit: bodyLimits.plain,
    aliases: [value.path.replace(/^\/api\//, '/ajax-api/')],
    ...value,
    id: `mlflow.${value.id}`,
    handle: answering(value.handle),
  };
}

/** Decoded once, by the router. What a URL says after `#` never belongs to a path; that it was sent is a mistake or a trick. */
export function pathInUrl(request: HttpRequest): string {
  if (request.path.includes('#'))
    throw invalid('path', 'Invalid path: it holds a #, which clients cannot send.');
  return request.params['*'] ?? '';
}

/**
 * Every way in which Cairn answers otherwise than the real server, one row each. A difference that no row allows fails the
 * differential test, and so does a row that no call shows any more.
 */
import type { Call } from './call.ts';

export interface AllowedDifference {
  /** `POST runs/create`, or `*` for every route. */
  readonly route: string;
  /** `status`, `contentType`, or the place in the body: `body.message`. */
  readonly field: string;
  /** What the real server gives there; a text as it is, else as JSON. */
  readonly real?: RegExp;
  readonly cairn?: RegExp;
  /** What of the request (`path?query body`) shows that it is this case. */
  readonly request?: RegExp;
  /** Only for calls that were generated to be wrong in this way. */
  readonly input?: NonNullable<Call['input']>;
  readonly reason: string;
}

export const allowedDifferences: readonly AllowedDifference[] = [];

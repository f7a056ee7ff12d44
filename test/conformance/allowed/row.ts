/** One row of the table of allowed differences. */
import type { Difference } from '../compare.ts';

export interface AllowedDifference {
  /** `POST runs/create`, or `*` for every route. */
  readonly route: string;
  /** `status`, `contentType`, or the place in the body: `body.message`. */
  readonly field: string | RegExp;
  /** What the real server gives there; a text as it is, else as JSON. */
  readonly real?: RegExp;
  readonly cairn?: RegExp;
  /** What of the request (`path?query body`) shows that it is this case. */
  readonly request?: RegExp;
  /** A condition that no pattern can say. */
  readonly when?: (difference: Difference) => boolean;
  readonly reason: string;
}

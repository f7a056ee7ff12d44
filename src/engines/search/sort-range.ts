/** Sort keys of an order by one number, as a range: which of them have numbers that pass a comparison. */
import type { RangeSign } from './layout.ts';
import type { SortColumn } from './order.ts';
import { sortKey } from './sort-key.ts';

/** From `from` on, and before `before`. */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly before: Uint8Array;
}

/** Undefined when the order does not begin with a rank, of which 0 is a number, and that number. */
export function rangeOfNumbers(
  columns: readonly SortColumn[],
  sign: RangeSign,
  value: number,
): KeyRange | undefined {
  const [rank, number] = columns;
  if (rank?.narrow !== true || number?.type !== 'double') return undefined;
  const [least, past] = [sortKey([rank], [0]), sortKey([rank], [1])];
  const at = sortKey([rank, number], [0, value]);
  const beyond = successor(at);
  const isUp = (sign === '>' || sign === '>=') !== number.descending;
  if (sign === '=') return { from: at, before: beyond };
  const isStrict = sign === '>' || sign === '<';
  if (isUp) return { from: isStrict ? beyond : at, before: past };
  return { from: least, before: isStrict ? at : beyond };
}

/** The least key after all that begin with this one. */
function successor(key: Uint8Array): Uint8Array {
  const next = Buffer.from(key);
  for (let index = next.length - 1; index >= 0; index--) {
    next[index] = (next[index]! + 1) & 0xff;
    if (next[index] !== 0) return next;
  }
  return Buffer.concat([key, Buffer.of(0xff)]);
}

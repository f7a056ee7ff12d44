/**
 * Columns of int64. Nearly every step and time is a safe integer, so a column is a Float64Array while every one of its
 * values is, and a BigInt64Array (of all its values) as soon as one is not. This form is canonical: equal columns have equal types.
 * Reading them in generic code is fine: `<` and `>` compare number with bigint exactly.
 */
import { assert } from '../../kernel/assert.ts';

/** An int64: a number while that is exact, else a bigint. */
export type Int64 = number | bigint;
export type Int64Column = Float64Array | BigInt64Array;

const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

/** The canonical form: a number if that is exact. */
export function toInt64(value: Int64): Int64 {
  if (typeof value === 'number') return value;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

export function compareInt64(a: Int64, b: Int64): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function int64At(column: Int64Column, index: number): Int64 {
  return toInt64(column[index]!);
}

/** A column with these values; refuses (as a bug of the caller) what is not an int64. */
export function int64Column(values: Iterable<Int64>): Int64Column {
  const builder = new Int64ColumnBuilder(8);
  for (const value of values) builder.push(value);
  return builder.finish();
}

/** The same values in canonical form; the argument itself when it already is. */
export function canonicalColumn(column: Int64Column): Int64Column {
  if (column instanceof Float64Array) return column;
  for (const value of column) if (typeof toInt64(value) === 'bigint') return column;
  const numbers = new Float64Array(column.length);
  for (let i = 0; i < column.length; i++) numbers[i] = Number(column[i]);
  return numbers;
}

export function asBigInts(column: Int64Column): BigInt64Array {
  if (column instanceof BigInt64Array) return column;
  const wide = new BigInt64Array(column.length);
  for (let i = 0; i < column.length; i++) wide[i] = BigInt(column[i]!);
  return wide;
}

/** The values of `parts`, one after the other. */
export function concatColumns(parts: readonly Int64Column[], length: number): Int64Column {
  if (parts.every((part) => part instanceof Float64Array)) {
    const column = new Float64Array(length);
    let at = 0;
    for (const part of parts) {
      column.set(part, at);
      at += part.length;
    }
    return column;
  }
  const column = new BigInt64Array(length);
  let at = 0;
  for (const part of parts) {
    column.set(asBigInts(part), at);
    at += part.length;
  }
  return canonicalColumn(column);
}

/** `column[index[0]], column[index[1]], …` */
export function gatherColumn(column: Int64Column, index: Uint32Array): Int64Column {
  if (column instanceof Float64Array) {
    const gathered = new Float64Array(index.length);
    for (let i = 0; i < index.length; i++) gathered[i] = column[index[i]!]!;
    return gathered;
  }
  const gathered = new BigInt64Array(index.length);
  for (let i = 0; i < index.length; i++) gathered[i] = column[index[i]!]!;
  return canonicalColumn(gathered);
}

/** Grows while values come; numbers until the first value that no number holds exactly. */
export class Int64ColumnBuilder {
  length = 0;
  #numbers: Float64Array;
  #wide: BigInt64Array | undefined;

  constructor(capacity: number) {
    this.#numbers = new Float64Array(capacity);
  }

  push(value: Int64): void {
    if (this.#wide === undefined && typeof value === 'number' && Number.isSafeInteger(value)) {
      if (this.length === this.#numbers.length) this.#numbers = grown(this.#numbers);
      this.#numbers[this.length++] = value + 0; // −0 + 0 = 0
    } else {
      this.#pushWide(value);
    }
  }

  #pushWide(value: Int64): void {
    assert(typeof value === 'bigint' || Number.isInteger(value), `${value} is not an integer`);
    const exact = BigInt(value);
    assert(exact >= smallest && exact <= largest, `${value} is beyond int64`);
    this.#wide ??= asBigInts(this.#numbers);
    if (this.length === this.#wide.length) {
      const wider = new BigInt64Array(Math.max(8, this.length * 2));
      wider.set(this.#wide);
      this.#wide = wider;
    }
    this.#wide[this.length++] = exact;
  }

  /** The column; a view of the builder's memory, which must not be pushed to again. */
  finish(): Int64Column {
    if (this.#wide === undefined) return this.#numbers.subarray(0, this.length);
    return canonicalColumn(this.#wide.subarray(0, this.length));
  }
}

/** Twice as long, same beginning. */
export function grown(column: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(8, column.length * 2));
  longer.set(column);
  return longer;
}

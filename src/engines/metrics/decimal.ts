/**
 * Values with few digits as integers: `value = integer / 10^exponent`, exact in double arithmetic. A correctly rounded
 * literal of up to 14 digits always is (10^22 is the largest exact power, and any two integers differ by less than 2^50, which
 * plane-column asks for); hardly any other double is.
 */
export const largestExponent = 22;
const largestInteger = 5e14;
const powers = Float64Array.from({ length: largestExponent + 1 }, (_, exponent) => Number(`1e${exponent}`));

export interface Decimals {
  readonly exponent: number;
  /** An exception repeats the integer before it, 0 at the start. */
  readonly integers: Float64Array;
  /** Indexes of values that are not decimals of this exponent. */
  readonly exceptions: readonly number[];
}

/** The values as decimals of one exponent, or undefined when more than `allowed` of them are not. */
export function toDecimals(values: Float64Array, allowed: number): Decimals | undefined {
  if (allowed > 0 && !looksDecimal(values)) return undefined;
  const exponent = commonExponent(values, allowed);
  if (exponent === undefined) return undefined;
  const scale = powers[exponent]!;
  const integers = new Float64Array(values.length);
  const exceptions: number[] = [];
  let integer = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (isDecimal(value, scale)) {
      integer = Math.round(value * scale);
    } else {
      if (exceptions.length === allowed) return undefined;
      exceptions.push(i);
    }
    integers[i] = integer;
  }
  return { exponent, integers, exceptions };
}

export function fromDecimals(integers: Float64Array, exponent: number): Float64Array<ArrayBuffer> {
  const scale = powers[exponent]!;
  const values = new Float64Array(integers.length);
  for (let i = 0; i < integers.length; i++) values[i] = integers[i]! / scale;
  return values;
}

/** The smallest exponent at which all values but `allowed` are decimals, as far as one pass can tell. */
function commonExponent(values: Float64Array, allowed: number): number | undefined {
  let exponent = 0;
  let failures = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (isDecimal(value, powers[exponent]!)) continue;
    const larger = exponentOf(value, exponent + 1);
    if (larger !== undefined) exponent = larger;
    else if (++failures > allowed) return undefined;
  }
  return exponent;
}

/** A look at 64 values spread over the column spares the full search (60 µs a chunk) where it would fail late. */
function looksDecimal(values: Float64Array): boolean {
  const samples = Math.min(64, values.length);
  let failures = 0;
  for (let i = 0; i < samples; i++) {
    if (exponentOf(values[Math.floor((i * values.length) / samples)]!, 0) === undefined) failures++;
  }
  return failures * 2 <= samples;
}

function exponentOf(value: number, from: number): number | undefined {
  for (let exponent = from; exponent <= largestExponent; exponent++) {
    const scale = powers[exponent]!;
    if (isDecimal(value, scale)) return exponent;
    if (!(Math.abs(value * scale) < largestInteger)) return undefined;
  }
  return undefined;
}

function isDecimal(value: number, scale: number): boolean {
  const integer = Math.round(value * scale);
  return integer / scale === value && Math.abs(integer) <= largestInteger && (value !== 0 || 1 / value > 0);
}

/** Numbers that JSON has no spelling for travel as text: "NaN", "Infinity", "-Infinity", "-0", and int64 beyond 2^53 in decimal. */
import { Type } from './schema.ts';

/** A double may be written as a whole number beyond 2^53, which parseJson keeps exact: 1e17 is 100000000000000000 in JavaScript. */
export const JsonDouble = Type.Union(
  [Type.Number(), Type.BigInt(), Type.Enum(['NaN', 'Infinity', '-Infinity', '-0'])],
  { title: 'Double', description: 'A double; NaN, the infinities and negative zero as text.' },
);
export const JsonInt64 = Type.Union([Type.Integer(), Type.String({ pattern: '^-?[0-9]{1,19}$' })], {
  title: 'Int64',
  description: 'An int64; as decimal text where it is beyond 2^53.',
});

export function toJsonDouble(value: number): number | 'NaN' | 'Infinity' | '-Infinity' | '-0' {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

export function fromJsonDouble(value: number | bigint | string): number {
  return Number(value);
}

export function toJsonInt64(value: number | bigint): number | string {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Undefined when the text is no int64. */
export function fromJsonInt64(value: number | bigint | string): number | bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  const exact = BigInt(value);
  if (BigInt.asIntN(64, exact) !== exact) return undefined;
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

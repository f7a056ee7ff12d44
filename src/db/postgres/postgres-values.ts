/**
 * Wire text to the values the port promises. What has no counterpart in SQLite is brought to it: booleans are 1 and 0,
 * and `numeric` (the sum of bigints) is an integer where it is whole.
 */
import pg from 'pg';

// Type numbers of pg_type.
const bool = 16;
const int8 = 20;
const int2 = 21;
const int4 = 23;
const oid = 26;
const float4 = 700;
const float8 = 701;
const numeric = 1700;

const parsers = new Map<number, (text: string) => unknown>([
  [bool, (text) => (text === 't' ? 1 : 0)],
  [int8, integer],
  [int2, Number],
  [int4, Number],
  [oid, Number],
  [float4, Number],
  // 'Infinity' and '-Infinity' are numbers to JavaScript, too.
  [float8, Number],
  [numeric, (text) => (/^-?\d+$/.test(text) ? integer(text) : Number(text))],
]);

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((type: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(type)) ||
    pg.types.getTypeParser(type, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/**
 * Sort values of a row as they travel in a cursor, and back. A cursor comes from outside: each value must be one that its
 * column can hold. A long text travels as its digest; its row is then read again.
 */
import { hash } from 'node:crypto';
import type { SortColumn } from '../../../engines/search/order.ts';
import { type CairnError, invalid } from '../../../kernel/errors.ts';
import type { CursorValue } from '../../../kernel/page.ts';
import type { SqlValue } from '../../../kernel/sql.ts';
import { isStorable } from '../fields/layouts.ts';

/** Bytes of a text's JSON that still travel whole: 16 of them and their Base64 stay within a cursor's limit. */
const longestText = 256;

export interface TextDigest {
  readonly sha256: string;
}
export type SortValue = SqlValue | TextDigest;

export function isDigest(value: SortValue): value is TextDigest {
  return typeof value === 'object' && value !== null && 'sha256' in value;
}

export function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

export function toCursorValue(value: unknown): CursorValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  const text = String(value);
  return Buffer.byteLength(JSON.stringify(text)) <= longestText ? `=${text}` : `#${digestOf(text)}`;
}

export function fromCursorValue(column: SortColumn, value: CursorValue | undefined): SortValue {
  if (value === null && column.nullable) return null;
  if (column.type === 'text') {
    if (typeof value !== 'string' || !isStorable(value)) throw forged();
    if (value.startsWith('=')) return value.slice(1);
    if (value.startsWith('#')) return { sha256: value.slice(1) };
    throw forged();
  }
  if (column.type === 'double') {
    if (typeof value === 'number') return value;
    if (value === 'Infinity' || value === '-Infinity') return Number(value);
    throw forged();
  }
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) {
    const exact = BigInt(value);
    if (BigInt.asIntN(64, exact) === exact) return exact;
  }
  throw forged();
}

function forged(): CairnError {
  return invalid('cursor', 'Invalid page token: not one of this server');
}

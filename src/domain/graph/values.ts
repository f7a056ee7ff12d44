/** Values of properties, and how each is laid into the columns int, real, text and bytes (DESIGN: values and order). */
import { wordOf } from '../../kernel/codes.ts';
import type { SqlValue } from '../../kernel/sql.ts';
import { type ValueKind, valueKinds } from './vocabulary.ts';

export type PropertyValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'int64'; readonly value: number | bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  /** JSON text, as written. */
  | { readonly kind: 'struct'; readonly value: string };

export interface ValueColumns {
  readonly kind: number;
  readonly int: SqlValue;
  readonly real: SqlValue;
  readonly text: SqlValue;
  readonly bytes: SqlValue;
}

const none = { int: null, real: null, text: null, bytes: null };

export function toColumns(value: PropertyValue): ValueColumns {
  const of = (kind: ValueKind, columns: Partial<ValueColumns>) => ({
    ...none,
    kind: valueKinds[kind],
    ...columns,
  });
  switch (value.kind) {
    case 'text':
      if (value.value.includes('\0')) return of('text-with-nul', { bytes: Buffer.from(value.value, 'utf8') });
      return of('text', { text: value.value, real: numberOfText(value.value) ?? null });
    case 'int64':
      return of('int64', { int: value.value, real: Number(value.value) });
    case 'double':
      if (Number.isNaN(value.value)) return of('nan', {});
      if (Object.is(value.value, -0)) return of('negative-zero', { real: 0 });
      return of('double', { real: value.value });
    case 'bool':
      return of('bool', { int: value.value ? 1 : 0 });
    case 'bytes':
      return of('bytes', { bytes: value.value });
    case 'struct':
      return of('struct', { text: value.value });
  }
}

export interface StoredValue {
  readonly kind: number;
  readonly int: number | bigint | null;
  readonly real: number | null;
  readonly text: string | null;
  readonly bytes: Uint8Array | null;
}

export function fromColumns(row: StoredValue): PropertyValue {
  const kind = wordOf(valueKinds, row.kind);
  switch (kind) {
    case 'text':
      return { kind, value: row.text ?? '' };
    case 'text-with-nul':
      return { kind: 'text', value: Buffer.from(row.bytes ?? []).toString('utf8') };
    case 'int64':
      return { kind, value: row.int ?? 0 };
    case 'double':
      return { kind, value: row.real ?? 0 };
    case 'nan':
      return { kind: 'double', value: Number.NaN };
    case 'negative-zero':
      return { kind: 'double', value: -0 };
    case 'bool':
      return { kind, value: row.int === 1 };
    case 'bytes':
      return { kind, value: row.bytes ?? new Uint8Array() };
    case 'struct':
    case 'any':
      return { kind: 'struct', value: row.text ?? '' };
  }
}

/** The text of a text property; other kinds in their JSON spelling. */
export function textOf(row: StoredValue): string {
  const { kind, value } = fromColumns(row);
  if (kind === 'text' || kind === 'struct') return value;
  return kind === 'bytes' ? Buffer.from(value).toString('base64') : String(value);
}

const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The finite double a text wholly spells, else undefined: `1e-3` yes, `12 px`, `0x10`, `` and `NaN` no. */
function numberOfText(text: string): number | undefined {
  if (text.length === 0 || text.length > 40 || !numeric.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** SQL values as SQLite reads them: `?` for a hole, and its spelling of the few pieces that differ. */
import type { SQLInputValue } from 'node:sqlite';
import { assert } from '../../kernel/assert.ts';
import { type Sql, type SqlValue, sql, textHeadLength } from '../../kernel/sql.ts';
import type { Dialect } from '../db.ts';

export interface SqliteStatement {
  readonly text: string;
  readonly values: SQLInputValue[];
}

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  forUpdate: sql``,
  // SQLITE_MAX_VARIABLE_NUMBER of the SQLite inside Node.
  maxParameters: 32_766,
  positionsInTransaction: true,
};

/**
 * Texts of literals by their identity. Built anew each time, a text is also hashed anew to find its statement: together a
 * tenth of a small write.
 */
const literals = new WeakMap<TemplateStringsArray, string>();

export function renderSqlite(query: Sql): SqliteStatement {
  const { template } = query;
  if (template === undefined) return renderPieces(query);
  let text = literals.get(template.strings);
  if (text === undefined) {
    text = renderPieces(query).text;
    literals.set(template.strings, text);
  }
  return { text, values: template.values.map(sqliteValue) };
}

function renderPieces(query: Sql): SqliteStatement {
  let text = '';
  const values: SQLInputValue[] = [];
  for (const piece of query.pieces) {
    switch (piece.kind) {
      case 'text':
        text += piece.text;
        break;
      case 'value':
        text += '?';
        values.push(sqliteValue(piece.value));
        break;
      case 'rows':
        text += rowsText(piece.columns, piece.values.length / piece.columns);
        for (const value of piece.values) values.push(columnValue(value));
        break;
      case 'any-of':
        text += anyOfText(piece.values, values);
        break;
      case 'text-head':
        text += `substr(${piece.expression}, 1, ${textHeadLength})`;
        break;
    }
  }
  return { text, values };
}

function rowsText(columns: number, rows: number): string {
  const row = `(${'?, '.repeat(columns - 1)}?)`;
  return `${row}, `.repeat(rows - 1) + row;
}

/** Lists up to this long are written out; opening json_each costs more (10 µs) than the rest of such a lookup. */
const longestList = 16;

/** Written out, a list is filled up with its last value to a power of two, so that few texts are ever prepared. */
function anyOfText(list: readonly (number | string)[], values: SQLInputValue[]): string {
  if (list.length === 0 || list.length > longestList) {
    values.push(JSON.stringify(list));
    return 'IN (SELECT value FROM json_each(?))';
  }
  for (const value of list) values.push(sqliteValue(value));
  if (list.length === 1) return '= ?';
  let places = 2;
  while (places < list.length) places *= 2;
  const last = values.at(-1)!;
  for (let place = list.length; place < places; place++) values.push(last);
  return `IN (${'?, '.repeat(places - 1)}?)`;
}

/** node:sqlite binds every number as REAL: whole ones go as bigint, so that `?` in an expression is an integer as on PostgreSQL. */
function sqliteValue(value: SqlValue): SQLInputValue {
  if (typeof value !== 'number') return value;
  if (Number.isSafeInteger(value)) return BigInt(value);
  assert(!Number.isNaN(value), 'NaN is stored as NULL with a mark, never bound');
  return value;
}

/** Of a value that goes straight into a column: the column's type makes a whole REAL an integer again, without a bigint. */
function columnValue(value: SqlValue): SQLInputValue {
  assert(typeof value !== 'number' || !Number.isNaN(value), 'NaN is stored as NULL with a mark, never bound');
  return value;
}

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

export function renderSqlite(query: Sql): SqliteStatement {
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
      case 'any-of':
        text += 'IN (SELECT value FROM json_each(?))';
        values.push(JSON.stringify(piece.values));
        break;
      case 'text-head':
        text += `substr(${piece.expression}, 1, ${textHeadLength})`;
        break;
    }
  }
  return { text, values };
}

/** node:sqlite binds every number as REAL: whole ones go as bigint, so that `?` in an expression is an integer as on PostgreSQL. */
function sqliteValue(value: SqlValue): SQLInputValue {
  if (typeof value !== 'number') return value;
  if (Number.isSafeInteger(value)) return BigInt(value);
  assert(!Number.isNaN(value), 'NaN is stored as NULL with a mark, never bound');
  return value;
}

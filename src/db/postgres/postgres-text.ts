/** SQL values as PostgreSQL reads them: `$1` for a hole, and its spelling of the few pieces that differ. */
import { assert } from '../../kernel/assert.ts';
import { type Sql, type SqlValue, sql, textHeadLength } from '../../kernel/sql.ts';
import type { Dialect } from '../db.ts';

export interface PostgresStatement {
  readonly text: string;
  readonly values: unknown[];
}

export const postgresDialect: Dialect = {
  name: 'postgres',
  forUpdate: sql` FOR UPDATE`,
  // The wire would allow 65,535; statements that large gain nothing, and one size for both stores keeps callers simple.
  maxParameters: 32_766,
  preparesTexts: false,
  positionsInTransaction: false,
};

export function renderPostgres(query: Sql): PostgresStatement {
  let text = '';
  const values: unknown[] = [];
  for (const piece of query.pieces) {
    switch (piece.kind) {
      case 'text':
        text += piece.text;
        break;
      case 'value':
        values.push(postgresValue(piece.value));
        text += `$${values.length}`;
        break;
      case 'rows':
        for (const [index, value] of piece.values.entries()) {
          const column = index % piece.columns;
          text += column > 0 ? ', ' : index === 0 ? '(' : '), (';
          values.push(postgresValue(value));
          text += `$${values.length}`;
        }
        text += ')';
        break;
      case 'any-of':
        // The server gives the array the type of the expression on the left, for an empty list as well.
        values.push(piece.values);
        text += `= ANY($${values.length})`;
        break;
      case 'look-up': {
        const { table, alias, column } = piece;
        values.push(piece.values);
        text += `unnest($${values.length}::bigint[]) AS listed(value) CROSS JOIN LATERAL
          (SELECT * FROM ${table} ${alias} WHERE ${alias}.${column} = listed.value`;
        break;
      }
      case 'look-up-end':
        // A sub-query with an OFFSET is not merged into the query around it: it is asked for each value.
        text += ` OFFSET 0) ${piece.alias}`;
        break;
      case 'text-head':
        text += `left(${piece.expression}, ${textHeadLength})`;
        break;
    }
  }
  return { text, values };
}

function postgresValue(value: SqlValue): unknown {
  if (typeof value === 'number')
    assert(!Number.isNaN(value), 'NaN is stored as NULL with a mark, never bound');
  if (value instanceof Uint8Array && !Buffer.isBuffer(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return value;
}

/** SQL values as SQLite reads them: `?` for a hole, and its spelling of the few pieces that differ. */
import type { SQLInputValue } from 'node:sqlite';
import { assert } from '../../kernel/assert.ts';
import {
  Sql,
  type SqlPiece,
  type SqlTemplate,
  type SqlValue,
  sql,
  textHeadLength,
} from '../../kernel/sql.ts';
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
  preparesTexts: true,
  positionsInTransaction: true,
};

/**
 * Texts by what they are composed of, found step by step: the literal, then for each hole that is SQL what stands in it.
 * Built anew each time, a text is also hashed and compared anew to find its prepared statement: together an eighth of the
 * CPU of a small write. Bounded, since a client's filter decides how some are composed.
 */
interface Composition {
  text: string | undefined;
  readonly next: Map<string | number | TemplateStringsArray, Composition>;
}

class KnownTexts {
  readonly #roots = new WeakMap<TemplateStringsArray, Composition>();
  /** Compositions that may still be added. */
  #room = 10_000;

  /** The composition of a query, its values put into the list; undefined where its text is to be built. */
  find(template: SqlTemplate, values: SQLInputValue[]): Composition | undefined {
    let root = this.#roots.get(template.strings);
    if (root === undefined) {
      root = { text: undefined, next: new Map() };
      this.#roots.set(template.strings, root);
    }
    return this.#holes(root, template, values);
  }

  #holes(start: Composition, { holes }: SqlTemplate, values: SQLInputValue[]): Composition | undefined {
    let at: Composition | undefined = start;
    for (let index = 0; index < holes.length; index++) {
      const hole = holes[index]!;
      if (!(hole instanceof Sql)) {
        values.push(sqliteValue(hole));
        continue;
      }
      // Negative: which hole it is, and that what stood in the one before has ended.
      at = this.#step(at, -index - 1);
      at = at && (hole.template ? this.#nested(at, hole.template, values) : this.#pieces(at, hole, values));
      if (at === undefined) return undefined;
    }
    return at;
  }

  #nested(at: Composition, template: SqlTemplate, values: SQLInputValue[]): Composition | undefined {
    let inner = this.#step(at, template.strings);
    inner = inner && this.#holes(inner, template, values);
    return inner && this.#step(inner, endOfNested);
  }

  #pieces(start: Composition, { pieces }: Sql, values: SQLInputValue[]): Composition | undefined {
    if (pieces.length > longestPieces) return undefined;
    let at: Composition | undefined = start;
    for (const piece of pieces) {
      switch (piece.kind) {
        case 'text':
          at = this.#step(at, piece.text);
          break;
        case 'value':
          at = this.#step(at, '?');
          values.push(sqliteValue(piece.value));
          break;
        case 'rows': {
          const rows = piece.values.length / piece.columns;
          if (rows > mostRows) return undefined;
          at = this.#step(at, piece.columns * (mostRows + 1) + rows);
          for (const value of piece.values) values.push(columnValue(value));
          break;
        }
        case 'any-of':
          at = this.#step(at, anyOfText(piece.values, values));
          break;
        case 'look-up':
          at = this.#step(at, lookUpText(piece, values));
          break;
        case 'look-up-end':
          break;
        case 'text-head':
          at = this.#step(at, headText(piece.expression));
          break;
      }
      if (at === undefined) return undefined;
    }
    return at;
  }

  #step(at: Composition, key: string | number | TemplateStringsArray): Composition | undefined {
    const known = at.next.get(key);
    if (known !== undefined || this.#room === 0) return known;
    this.#room -= 1;
    const added = { text: undefined, next: new Map() };
    at.next.set(key, added);
    return added;
  }
}

const endOfNested = -1_000_000;
/** Lists of conditions are longer; their texts hardly ever come twice. */
const longestPieces = 8;
/** Rows of a VALUES whose text is kept; of more, building it weighs little beside them. */
const mostRows = 64;

const knownTexts = new KnownTexts();

export function renderSqlite(query: Sql): SqliteStatement {
  if (query.template === undefined) return renderPieces(query);
  const values: SQLInputValue[] = [];
  const composition = knownTexts.find(query.template, values);
  if (composition === undefined) return renderPieces(query);
  composition.text ??= renderPieces(query).text;
  return { text: composition.text, values };
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
      case 'look-up':
        text += lookUpText(piece, values);
        break;
      case 'look-up-end':
        break;
      case 'text-head':
        text += headText(piece.expression);
        break;
    }
  }
  return { text, values };
}

const headText = (expression: string): string => `substr(${expression}, 1, ${textHeadLength})`;

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

/** SQLite looks each value of a list up in the index of itself. */
function lookUpText(
  { table, alias, column, values: list }: Extract<SqlPiece, { readonly kind: 'look-up' }>,
  values: SQLInputValue[],
): string {
  return `${table} ${alias} WHERE ${alias}.${column} ${anyOfText(list, values)}`;
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

/**
 * Order and its pages. Each key of an order becomes columns that are compared one after another: a *rank* that parts real
 * values, NaN and missing ones (ascending whatever the direction), then the value in its direction. A page begins after
 * the values of the last row of the page before it.
 */
import { unreachable } from '../../kernel/assert.ts';
import { emptySql, joinSql, rawSql, type Sql, type SqlValue, sql } from '../../kernel/sql.ts';
import type { Order } from './ast.ts';
import type { SearchLayout, Source } from './layout.ts';

export interface SortColumn {
  readonly value: Sql;
  readonly type: 'integer' | 'double' | 'text';
  readonly descending: boolean;
  /** Whether it may be NULL; rows that have the same values before it then are all NULL or all not. */
  readonly nullable: boolean;
  /** An integer from 0 to 255: a rank. */
  readonly narrow?: true;
}

export interface CompiledOrder {
  /** LEFT JOINs of the tables that hold the values, each with at most one row per record. */
  readonly joins: Sql;
  readonly columns: readonly SortColumn[];
}

/** `tiebreak` makes the order total; those of its columns that the order already has change nothing. */
export function compileOrder(
  orders: readonly Order[],
  layout: SearchLayout,
  tiebreak: readonly SortColumn[],
): CompiledOrder {
  const joins: Sql[] = [];
  const columns: SortColumn[] = [];
  for (const [index, order] of orders.entries()) {
    const found = layout.source(order.field);
    const source = found.kind === 'numbers' ? found.latest : found;
    if (source.kind === 'property' || source.kind === 'number') {
      const alias = `o${index}`;
      const { name, ofRecord } = source.table;
      joins.push(sql` LEFT JOIN ${rawSql(`${name} ${alias}`)} ON ${ofRecord.call(source.table, alias)}`);
    }
    columns.push(...sortColumns(source, order, `o${index}`));
  }
  return { joins: joinSql(joins, ''), columns: [...columns, ...tiebreak] };
}

function sortColumns(source: Source, order: Order, alias: string): SortColumn[] {
  const { descending } = order;
  const column = (value: Sql, type: SortColumn['type'], nullable: boolean): SortColumn => ({
    value,
    type,
    descending,
    nullable,
  });
  const rank = (value: Sql): SortColumn => ({
    value,
    type: 'integer',
    descending: false,
    nullable: false,
    narrow: true,
  });
  switch (source.kind) {
    case 'none':
    // Grammars refuse an order by these: a record has many.
    case 'texts':
    case 'numbers':
      return [];
    case 'integer': {
      const value = column(source.value, 'integer', source.nullable);
      return source.nullable ? [rank(missing(source.value)), value] : [value];
    }
    case 'word':
      return [rank(wordRank(source, descending))];
    case 'column': {
      const value = column(source.text, 'text', source.nullable);
      return source.nullable ? [rank(missing(source.text)), value] : [value];
    }
    case 'property': {
      const text = source.table.text(alias);
      const owner = source.table.owner(alias);
      if (source.absent !== undefined) {
        return [column(sql`COALESCE(${text}, ${source.absent})`, 'text', false)];
      }
      if (!order.natural) {
        return [
          rank(sql`CASE WHEN ${text} IS NOT NULL THEN 0 WHEN ${owner} IS NOT NULL THEN 1 ELSE 2 END`),
          column(text, 'text', true),
        ];
      }
      const real = source.real(alias);
      return [
        rank(
          sql`CASE WHEN ${real} IS NOT NULL THEN 0 WHEN ${text} IS NOT NULL THEN 1 WHEN ${owner} IS NOT NULL THEN 2 ELSE 3 END`,
        ),
        column(real, 'double', true),
        column(sql`COALESCE(${text}, '')`, 'text', false),
      ];
    }
    case 'number': {
      const value = source.value(alias);
      const owner = source.table.owner(alias);
      const nan = source.nan?.(alias);
      return [
        rank(
          nan === undefined
            ? missing(owner)
            : sql`CASE WHEN ${owner} IS NULL THEN 2 WHEN ${nan} THEN 1 ELSE 0 END`,
        ),
        column(value, source.whole ? 'integer' : 'double', true),
      ];
    }
    default:
      return unreachable(source);
  }
}

function missing(value: Sql): Sql {
  return sql`CASE WHEN ${value} IS NULL THEN 1 ELSE 0 END`;
}

/** Words in the order of their bytes; those without one last. */
function wordRank(source: Source & { kind: 'word' }, descending: boolean): Sql {
  const words = Object.entries(source.words).sort(([a], [b]) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  if (descending) words.reverse();
  const cases = words.map(([, code], index) => rawSql(`WHEN ${code} THEN ${index}`));
  return sql`CASE ${source.value} ${joinSql(cases, ' ')} ELSE ${rawSql(String(words.length))} END`;
}

export function orderBy(columns: readonly SortColumn[]): Sql {
  return joinSql(
    columns.map((column) => (column.descending ? sql`${column.value} DESC` : column.value)),
    ', ',
  );
}

/**
 * The condition that a row stands after these values: greater in the first column, or equal there and greater in the
 * next, and so on. A NULL has nothing after it among its equals: the rank before it has told them apart. The first
 * column's bound stands once more in front, alone, for an index to seek.
 */
export function after(columns: readonly SortColumn[], values: readonly SqlValue[]): Sql {
  let condition: Sql | undefined;
  for (const [index, column] of [...columns.entries()].reverse()) {
    const value = values[index] ?? null;
    if (value === null) continue;
    const sign = column.descending ? '<' : '>';
    const beyond = sql`${column.value} ${rawSql(sign)} ${value}`;
    if (condition === undefined) condition = beyond;
    else {
      const bound = index === 0 ? sql`${column.value} ${rawSql(`${sign}=`)} ${value} AND ` : emptySql;
      condition = sql`${bound}(${beyond} OR (${column.value} = ${value} AND ${condition}))`;
    }
  }
  return condition ?? rawSql('1 = 0');
}

/** The sort values of records as columns of a statement, and back. */
import type { CompiledOrder } from '../../../engines/search/order.ts';
import { joinSql, rawSql, type Sql, type SqlValue, sql } from '../../../kernel/sql.ts';

/** `… AS v0, … AS v1`: the sort values of a record. */
export function selectedValues({ columns }: CompiledOrder): Sql {
  return joinSql(
    columns.map(({ value }, index) => sql`${value} AS v${rawSql(String(index))}`),
    ', ',
  );
}

export function valuesOf({ columns }: CompiledOrder, row: Record<string, SqlValue>): SqlValue[] {
  return columns.map((_, index) => row[`v${index}`] ?? null);
}

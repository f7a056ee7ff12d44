/** Rows of numbers that a statement of ours joins. */
import { joinSql, type Sql, sql, valueRows } from '../../../kernel/sql.ts';

/** Rows of one statement: few columns each, far below every store's limit of bound values. */
export const rowsPerStatement = 2_000;

/**
 * `VALUES (…), (…)` of whole numbers. The first row tells PostgreSQL what they are, which takes them for texts otherwise. Filled up to
 * a power of two with rows of nothing, which match nothing: so few texts are ever prepared.
 */
export function numberRows(rows: readonly (readonly (number | null)[])[]): Sql {
  const [first = [], ...rest] = rows;
  const nothing = first.map(() => null);
  let places = 1;
  while (places < rows.length) places *= 2;
  while (rest.length < places - 1) rest.push(nothing);
  const head = joinSql(
    first.map((value) => sql`CAST(${value} AS BIGINT)`),
    ', ',
  );
  return rest.length === 0 ? sql`VALUES (${head})` : sql`VALUES (${head}), ${valueRows(rest)}`;
}

export function* chunksOf<T>(items: readonly T[], size = rowsPerStatement): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

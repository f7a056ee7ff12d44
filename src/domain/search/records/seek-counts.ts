/** How many records the seeks of a filter find, counted up to a bound, before one of them leads. */
import type { Queries } from '../../../db/db.ts';
import type { Seek } from '../../../engines/search/compile.ts';
import { joinSql, rawSql, sql } from '../../../kernel/sql.ts';

/** Seeks that are counted: beyond, a filter's first ones have narrowed it enough. */
export const mostSeeks = 4;

/** The seeks that find at most `limit` records: one statement counts them all, each no further than that. */
export async function fewOf(
  queries: Queries,
  seeks: readonly Seek[],
  limit: number,
): Promise<ReadonlySet<Seek>> {
  return new Set((await countsOf(queries, seeks, limit)).keys());
}

/** How many records each seek finds, of those that find at most `limit`. */
export async function countsOf(
  queries: Queries,
  seeks: readonly Seek[],
  limit: number,
): Promise<ReadonlyMap<Seek, number>> {
  if (seeks.length === 0) return new Map();
  const counts = seeks.map(
    (seek, index) =>
      sql`(SELECT count(*) FROM (${seek.owners} LIMIT ${limit + 1}) c${rawSql(String(index))}) AS count${rawSql(String(index))}`,
  );
  const row = await queries.one<Record<string, number>>(sql`SELECT ${joinSql(counts, ', ')}`);
  const counted = seeks.map((seek, index) => [seek, row?.[`count${index}`] ?? 0] as const);
  return new Map(counted.filter(([, count]) => count <= limit));
}

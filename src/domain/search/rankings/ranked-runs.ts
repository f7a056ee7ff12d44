/** Runs as a ranking has them: read with their sort values, in the order in which a ranking is made. */
import type { Queries } from '../../../db/db.ts';
import type { CompiledOrder } from '../../../engines/search/order.ts';
import { sortKey } from '../../../engines/search/sort-key.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { emptySql, type Sql, type SqlValue, sql } from '../../../kernel/sql.ts';
import { nodeKinds } from '../../graph/index.ts';
import { selectedValues, valuesOf } from '../records/sort-columns.ts';
import type { RankingName } from './ranking.ts';
import type { RankedRow, RankingRow } from './ranking-store.ts';

/** Reads the sort values of an order; given once a search has looked up the keys that it names. */
export interface RankingOrder {
  readonly name: RankingName;
  readonly compiled: CompiledOrder;
}

export interface ReadRun {
  readonly started: number;
  readonly uid: string;
  /** Undefined for a node that is no run. */
  readonly row: RankedRow | undefined;
}

/** The next runs of a ranking that is made: of an experiment by start, of a project by uid. */
export async function nextRuns(
  queries: Queries,
  order: RankingOrder,
  { built_started, built_uid }: Pick<RankingRow, 'built_started' | 'built_uid'>,
  limit: number,
): Promise<ReadRun[]> {
  const { project, context } = order.name;
  if (context === 0) {
    const after = built_uid === null ? emptySql : sql` AND n.uid > ${built_uid}`;
    return rankedRows(
      queries,
      order,
      sql`n.project = ${project}${after}`,
      sql` ORDER BY n.uid LIMIT ${limit}`,
    );
  }
  const after =
    built_uid === null ? emptySql : sql` AND (n.started, n.uid) > (${built_started}, ${built_uid})`;
  const where = sql`n.context = ${context} AND n.kind = ${nodeKinds.execution}${after}`;
  return rankedRows(queries, order, where, sql` ORDER BY n.started, n.uid LIMIT ${limit}`);
}

export async function rankedRows(
  queries: Queries,
  { compiled }: RankingOrder,
  where: Sql,
  page: Sql,
): Promise<ReadRun[]> {
  const rows = await queries.many<
    Record<string, SqlValue> & { run: NodeId; started: number; uid: string; kind: number }
  >(
    sql`SELECT n.id AS run, n.started, n.uid, n.kind, ${selectedValues(compiled)} FROM node n${compiled.joins} WHERE ${where}${page}`,
  );
  return rows.map((row) => ({
    started: row.started,
    uid: row.uid,
    row:
      row.kind === nodeKinds.execution
        ? { node: row.run, sort: sortKey(compiled.columns, valuesOf(compiled, row)) }
        : undefined,
  }));
}

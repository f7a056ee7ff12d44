/** Of each run the metrics that come first by name: what an answer carries of runs that may have very many. */
import type { Queries } from '../../db/db.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { encodeCursor, queryFingerprint } from '../../kernel/page.ts';
import { anyOf, type Sql, sql } from '../../kernel/sql.ts';
import { type SeriesRow, seriesColumns, seriesOfRuns } from './series-store.ts';

/** What cursors of the metrics of a run are bound to. */
export function metricsFingerprint(project: ProjectId, runId: string, prefix = '', contains = ''): string {
  return queryFingerprint(['metrics', project, runId, prefix, contains]);
}

/** Where a list of the metrics of a run goes on behind this name. */
export function metricsCursor(project: ProjectId, runId: string, after: string): string {
  return encodeCursor(metricsFingerprint(project, runId), [after]);
}

export interface FirstSeries {
  /** In no order. */
  readonly rows: readonly SeriesRow[];
  /** Runs that have more than `limit`. */
  readonly cut: ReadonlySet<NodeId>;
}

/** At most `limit` series of each run are read, and as many entries of the index of its names. */
export async function firstSeriesOfRuns(
  queries: Queries,
  runs: readonly NodeId[],
  limit: number,
): Promise<FirstSeries> {
  const edge = edgeOf(limit);
  const wide = await queries.many<{ node: NodeId }>(
    sql`SELECT n.id AS node FROM node n WHERE n.id ${anyOf(runs)} AND ${edge} IS NOT NULL`,
  );
  const cut = new Set(wide.map((row) => row.node));
  const rest = cut.size === 0 ? runs : runs.filter((run) => !cut.has(run));
  const rows = rest.length === 0 ? [] : await seriesOfRuns(queries, rest);
  if (cut.size === 0) return { rows, cut };
  // CROSS: SQLite keeps the order, so that each run's names are sought from its first to its edge.
  const first = await queries.many<SeriesRow>(sql`WITH edge AS MATERIALIZED
      (SELECT n.id AS node, ${edge} AS name FROM node n WHERE n.id ${anyOf([...cut])})
    SELECT ${seriesColumns} FROM edge e CROSS JOIN metric_name m CROSS JOIN series s
    WHERE m.node = e.node AND m.name < e.name AND s.id = m.series`);
  return { rows: [...rows, ...first], cut };
}

/** The first name of the run `n` behind its first `limit`; NULL where there is none. */
function edgeOf(limit: number): Sql {
  return sql`(SELECT m.name FROM metric_name m WHERE m.node = n.id ORDER BY m.name LIMIT 1 OFFSET ${limit})`;
}

import type { Queries, Tx } from '../../db/db.ts';
import type { Int64 } from '../../engines/metrics/index.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';

/** That a run went back to a step, and what it left behind. */
export interface Rewind {
  readonly id: number;
  /** Points of this step and of greater ones were superseded. */
  readonly step: Int64;
  /** ms since 1970 */
  readonly recorded: number;
  readonly actor: string;
  readonly series: number;
  readonly points: number;
}

/** The `by_key` of series that a rewind superseded. */
export function rewindKey(id: number): string {
  return `rewind:${id}`;
}

export function isRewindKey(by: string): boolean {
  return by.startsWith('rewind:');
}

export async function insertRewind(
  tx: Tx,
  run: { readonly id: NodeId; readonly project: ProjectId },
  rewind: Rewind,
): Promise<void> {
  const { id, step, recorded, actor, series, points } = rewind;
  await tx.run(sql`INSERT INTO run_rewind (node, id, project, step, recorded, actor, series, points)
    VALUES (${run.id}, ${id}, ${run.project}, ${step}, ${recorded}, ${actor}, ${series}, ${points})`);
}

/** Latest first: those before `before`, if it is given. */
export async function rewindsOf(
  queries: Queries,
  run: NodeId,
  limit: number,
  before?: number,
): Promise<Rewind[]> {
  const earlier = before === undefined ? sql`` : sql`AND id < ${before}`;
  return queries.many(sql`SELECT id, step, recorded, actor, series, points FROM run_rewind
    WHERE node = ${run} ${earlier} ORDER BY id DESC LIMIT ${limit}`);
}

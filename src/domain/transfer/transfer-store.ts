/** How far moves have come. */
import type { Queries, Tx } from '../../db/db.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';

export interface Progress {
  readonly source: string;
  /** Where its reader goes on; null when all of it was read. */
  readonly cursor: string | null;
  /** ms */
  readonly started: number;
  /** ms */
  readonly updated: number;
  readonly actor: string;
}

export async function findProgress(
  queries: Queries,
  project: ProjectId,
  source: string,
): Promise<Progress | undefined> {
  return queries.one(sql`SELECT source, cursor, started, updated, actor FROM transfer
    WHERE project = ${project} AND source = ${source}`);
}

export async function putProgress(tx: Tx, project: ProjectId, progress: Progress): Promise<void> {
  const { source, cursor, started, updated, actor } = progress;
  await tx.run(sql`INSERT INTO transfer (project, source, cursor, started, updated, actor)
    VALUES (${project}, ${source}, ${cursor}, ${started}, ${updated}, ${actor})
    ON CONFLICT (project, source) DO UPDATE SET cursor = excluded.cursor, updated = excluded.updated,
      actor = excluded.actor`);
}

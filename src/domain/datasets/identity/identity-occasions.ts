/**
 * What is seldom asked of identity, loaded when it is: stores that are older than what identity is kept in get it when a server
 * first opens them, before it serves; `cairn doctor` and `cairn rebuild`.
 */
import type { Db, Dialect, Finding, Queries } from '../../../db/db.ts';
import type { ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { sql } from '../../../kernel/sql.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Journal } from '../../events/index.ts';
import { type Graph, wholeServer } from '../../graph/index.ts';
import type { LoadFollowBindings } from './claims.ts';

/** Two servers may do so at once: what one has said, the other finds said. One that is cut off begins again. */
export async function derivePendingIdentity(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  follow: LoadFollowBindings,
): Promise<void> {
  const pending = await graph.db.read((queries) =>
    queries.many<{ project: ProjectId }>(sql`SELECT project FROM identity_pending ORDER BY project`),
  );
  if (pending.length === 0) return;
  const { IdentityReplay } = await import('./identity-replay.ts');
  const replay = new IdentityReplay(graph, journal, context, await follow());
  for (const { project } of pending) {
    if (project === wholeServer) await replay.sharedPlaces();
    else {
      await replay.endOldEdges(project);
      await replay.project(project);
    }
    await graph.db.write((tx) => tx.run(sql`DELETE FROM identity_pending WHERE project = ${project}`));
  }
}

/** Holds what follows from claims against the claims. Shallow: the first classes of each project. */
export async function checkIdentity(queries: Queries, deep: boolean, dialect: Dialect): Promise<Finding[]> {
  const { auditIdentity } = await import('./identity-upkeep.ts');
  return auditIdentity(queries, deep, dialect);
}

/** Makes what follows from claims again where it differs; resolves to how many projects were read, and how many faults were mended. */
export async function rebuildIdentity(db: Db, clock: Clock): Promise<{ projects: number; mended: number }> {
  const { mendIdentity } = await import('./identity-upkeep.ts');
  return mendIdentity(db, clock);
}

/**
 * Models that events name and that no registry of the project has: each is a node, so that what serves one can be asked about, and whatever
 * is said to be that model is the same as it. Where it is registered later, the node is the same as the version.
 */
import type { Queries, Tx } from '../../db/db.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql, valueRows } from '../../kernel/sql.ts';
import type { EventTx } from '../events/index.ts';
import { claimKeys, findByKeys, type Graph, insertNodes, lockNodes } from '../graph/index.ts';
import { joinClaimedModels, referenceHash } from './model-arrivals.ts';
import { foreignModelUid } from './names.ts';

/** By reference: `churn/3`, `m-…`. */
export function findForeignModels(
  queries: Queries,
  project: ProjectId,
  references: readonly string[],
): Promise<ReadonlyMap<string, NodeId>> {
  return findByKeys(queries, project, 'foreign-model', references);
}

/** Whoever says that something is a model that is not registered, and whoever makes a node for it, come one after the other. */
export async function holdForeignModels(tx: Tx, project: ProjectId): Promise<void> {
  await tx.many(sql`SELECT n.id FROM node n WHERE n.id = ${project as number} ${lockNodes(tx.dialect)}`);
}

/** Makes those that are not there, and joins what was said to be them. */
export async function ensureForeignModels(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  references: readonly string[],
): Promise<ReadonlyMap<string, NodeId>> {
  if (references.length === 0) return new Map();
  await holdForeignModels(tx, project);
  const first = await graph.db.nextIds(references.length);
  const proposed = new Map(references.map((reference, index) => [reference, (first + index) as NodeId]));
  const held = await claimKeys(tx, project, 'foreign-model', proposed);
  const fresh = references.filter((reference) => held.get(reference) === proposed.get(reference));
  if (fresh.length === 0) return held;
  const now = context.clock.now();
  await insertNodes(
    tx,
    fresh.map((reference) => ({
      ...{ id: held.get(reference)!, uid: foreignModelUid('openlineage', reference), project },
      ...{ context: project as number as NodeId, kind: 'artifact', type: graph.types['foreign-model'] },
      ...{ name: `models:/${reference}`, state: null, created: now, started: null, ended: null, mark: 0 },
    })),
  );
  await joinClaimedModels(
    tx,
    graph,
    context,
    project,
    new Map(fresh.map((reference) => [reference, held.get(reference)!])),
  );
  // It waits for its registration as what anybody says to be that model does.
  await tx.run(sql`INSERT INTO model_claim (owner, project, hash, reference, edge)
    VALUES ${valueRows(fresh.map((reference) => [held.get(reference)!, project, referenceHash(reference), reference, null]))}`);
  return held;
}

/** Which of these nodes stand for models that no registry has. */
export async function foreignAmong(
  queries: Queries,
  graph: Pick<Graph, 'types'>,
  nodes: readonly NodeId[],
): Promise<ReadonlySet<NodeId>> {
  if (nodes.length === 0) return new Set();
  const rows = await queries.many<{ id: NodeId }>(
    sql`SELECT id FROM node WHERE id ${anyOf(nodes)} AND type = ${graph.types['foreign-model']}`,
  );
  return new Set(rows.map(({ id }) => id));
}

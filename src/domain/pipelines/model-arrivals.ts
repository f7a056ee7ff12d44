/** Models that events spoke of before they were registered: what follows is told when they are, in the same transaction. */
import { hash } from 'node:crypto';
import type { EdgeId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { claimingAs, type RequestContext } from '../../kernel/request-context.ts';
import { joinSql, sql } from '../../kernel/sql.ts';
import type { EventTx } from '../events/index.ts';
import { type Graph, insertEdges, type NewEdge, nodeKinds } from '../graph/index.ts';

export interface ModelClaim {
  readonly owner: NodeId;
  /** Of the owner's node. */
  readonly kind: number;
  readonly model: NodeId;
}

const claimsPerStatement = 500;

export const referenceHash = (reference: string): Uint8Array => hash('sha256', reference, 'buffer');

/** Joins what waits for models that are new, registered or not: `models`, by their references as `modelReferenceOf` spells them. */
export async function joinClaimedModels(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  models: ReadonlyMap<string, NodeId>,
): Promise<void> {
  const references = [...models.keys()];
  const waiting: ModelClaim[] = [];
  for (let start = 0; start < references.length; start += claimsPerStatement) {
    const hashes = references
      .slice(start, start + claimsPerStatement)
      .map((reference) => sql`${referenceHash(reference)}`);
    const rows = await tx.many<{
      owner: NodeId;
      kind: number;
      reference: string;
    }>(sql`SELECT c.owner, n.kind, c.reference
      FROM model_claim c JOIN node n ON n.id = c.owner
      WHERE c.project = ${project} AND c.hash IN (${joinSql(hashes, ', ')}) AND c.edge IS NULL ORDER BY c.owner`);
    for (const { owner, kind, reference } of rows)
      waiting.push({ owner, kind, model: models.get(reference)! });
  }
  await joinModels(tx, graph, context, project, waiting);
}

/** A version that is a model is the same as it; a run generated it. */
export async function joinModels(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  claims: readonly ModelClaim[],
): Promise<void> {
  // Whoever registers the model, it is the facet that says so.
  const asserter = claimingAs(context, 'openlineage');
  for (let start = 0; start < claims.length; start += claimsPerStatement) {
    const part = claims.slice(start, start + claimsPerStatement);
    const first = await graph.db.nextIds(part.length);
    const edges = part.map(({ owner, kind, model }, index): NewEdge => {
      const isRun = kind === nodeKinds.execution;
      return {
        ...{ id: (first + index) as EdgeId, project, source: owner, target: model },
        ...{ kind: isRun ? 'generated' : 'same', known: 'declared', rule: 'model facet' },
        ...{ validFrom: null, event: tx.eventId },
      };
    });
    await insertEdges(tx, asserter, edges);
    const rows = part.map(({ owner }, index) => {
      return sql`(CAST(${owner} AS BIGINT), CAST(${first + index} AS BIGINT))`;
    });
    await tx.run(sql`WITH joined (owner, edge) AS (VALUES ${joinSql(rows, ', ')}) UPDATE model_claim SET edge = joined.edge
      FROM joined WHERE model_claim.owner = joined.owner`);
  }
}

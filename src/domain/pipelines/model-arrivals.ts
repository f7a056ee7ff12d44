/** Models that events spoke of before they were registered: what follows is told when they are, in the same transaction. */
import { hash } from 'node:crypto';
import type { EdgeId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { claimingAs, type RequestContext } from '../../kernel/request-context.ts';
import { joinSql, sql } from '../../kernel/sql.ts';
import type { ChangeTx } from '../events/index.ts';
import { type Graph, insertEdges, type NewEdge, nodeKinds } from '../graph/index.ts';

export interface ModelClaim {
  readonly owner: NodeId;
  /** Of the owner's node. */
  readonly kind: number;
  readonly model: NodeId;
}

const claimsPerStatement = 500;

export const referenceHash = (reference: string): Uint8Array => hash('sha256', reference, 'buffer');

/** `reference`: as `modelReferenceOf` spells it. */
export async function joinClaimedModel(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  model: NodeId,
  reference: string,
): Promise<void> {
  const waiting = await tx.many<{ owner: NodeId; kind: number }>(sql`SELECT c.owner, n.kind
    FROM model_claim c JOIN node n ON n.id = c.owner
    WHERE c.project = ${project} AND c.hash = ${referenceHash(reference)} AND c.edge IS NULL ORDER BY c.owner`);
  await joinModels(
    tx,
    graph,
    context,
    project,
    waiting.map((claim) => ({ ...claim, model })),
  );
}

/** A version that is a model is the same as it; a run generated it. */
export async function joinModels(
  tx: ChangeTx,
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

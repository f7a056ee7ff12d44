/** Models that runs of jobs serve and that are new here: registered, or moved in. */
import type { Queries } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { claimingAs, type RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { EventTx } from '../events/index.ts';
import { edgeKinds, findByKeys, type Graph, lockNodes } from '../graph/index.ts';
import { type JoinClaimedModels, joinClaimedModels } from '../pipelines/index.ts';
import { applyPlan, sharesOf } from './deployment-store.ts';
import { resolveModel } from './model-reference.ts';
import { putFacts } from './recording.ts';
import { tellingFace } from './run-deployment.ts';

/** Joins models that are new to what was said of them: what runs serve by their names is these from now on. */
export async function modelArrivals(): Promise<JoinClaimedModels> {
  const join = await joinClaimedModels();
  return async (tx, graph, context, project, models) => {
    await join(tx, graph, context, project, models);
    await serveArrived(tx, graph, claimingAs(context, tellingFace), project, models);
  };
}

async function serveArrived(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  models: ReadonlyMap<string, NodeId>,
): Promise<void> {
  const foreign = await findByKeys(tx, project, 'foreign-model', [...models.keys()]);
  if (foreign.size === 0) return;
  const arrived = new Map([...foreign].map(([reference, node]) => [node, models.get(reference)!]));
  const waiting = await tx.many<{
    deployment: NodeId;
    endpoint: NodeId;
  }>(sql`SELECT n.id AS deployment, m.target AS endpoint
    FROM edge s JOIN node n ON n.id = s.target JOIN edge m ON m.source = n.id AND m.kind = ${edgeKinds['member-of']}
    WHERE s.source ${anyOf([...arrived.keys()])} AND s.kind = ${edgeKinds.serves} AND s.known_to IS NULL
    ORDER BY n.id ${lockNodes(tx.dialect)}`);
  for (const { deployment, endpoint } of waiting) {
    const closed = (await sharesOf(tx, graph, [deployment], undefined)).filter(({ version }) =>
      arrived.has(version),
    );
    const opened = closed.map((share) => ({ ...share, version: arrived.get(share.version)! }));
    await applyPlan(tx, graph, context, { id: endpoint, project }, { closed, opened });
    const run = closed[0]?.model == null ? undefined : await runOfModel(tx, graph, project, closed[0].model);
    await putFacts(tx, graph, context, { node: deployment, project }, { run });
  }
}

/** Where the model comes from; undefined of one that is not here, or not any more. */
export async function runOfModel(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  model: string,
): Promise<string | undefined> {
  try {
    return (await resolveModel(queries, graph, project, model, 'model')).run;
  } catch (error) {
    if (error instanceof CairnError) return undefined;
    throw error;
  }
}

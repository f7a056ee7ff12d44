/** Endpoints after they were made: described, deleted with what serves there, restored. */
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import { type Graph, putProperties, updateNode } from '../graph/index.ts';
import { checkNote, deploymentLimits } from './deployment.ts';
import { applyPlan, slotShares } from './deployment-store.ts';
import { endpointByUid, mustBeActive } from './endpoint-store.ts';

export async function describeEndpoint(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  uid: string,
  description: string,
): Promise<void> {
  checkNote('description', description, deploymentLimits.description);
  await journal.write(context, project, 'endpoint.update', async (tx) => {
    const { id, name, ...row } = await endpointByUid(tx, graph, project, uid, true);
    mustBeActive({ id, name, ...row });
    const key = (await graph.keys.resolve(tx, ['description'])).get('description')!;
    const values = new Map([[key, { kind: 'text', value: description } as const]]);
    await putProperties(tx, ownerOf(id, project), 'declared', context.face, values);
    await updateNode(tx, id, context.clock.now(), {});
    tx.record({ node: id, body: { endpoint: name, description } });
  });
}

const ownerOf = (id: NodeId, project: ProjectId) => ({ id, project, context: project as number as NodeId });

/** Nothing serves there any more. Its record, and what served when, stay; so does its name. */
export async function deleteEndpoint(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  uid: string,
): Promise<void> {
  await journal.write(context, project, 'endpoint.delete', async (tx) => {
    const { id, name, deleted } = await endpointByUid(tx, graph, project, uid, true);
    if (deleted !== 0) return;
    const now = context.clock.now();
    const serving = (await slotShares(tx, graph, id, undefined, now - 1)).filter(({ to }) => to === null);
    const opened = serving.map((share) => ({
      ...share,
      to: Math.max(now, share.from + 1),
      ending: 'retired' as const,
    }));
    await applyPlan(tx, graph, context, { id, project }, { closed: serving, opened });
    await updateNode(tx, id, now, { deleted: 1 });
    tx.record({
      node: id,
      touched: serving.flatMap(({ deployment, version }) => [deployment, version]),
      body: { endpoint: name, ended: serving.length },
    });
  });
}

/** What served there when it was deleted does not serve again by that: that is recorded. */
export async function restoreEndpoint(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  uid: string,
): Promise<void> {
  await journal.write(context, project, 'endpoint.restore', async (tx) => {
    const { id, name, deleted } = await endpointByUid(tx, graph, project, uid, true);
    if (deleted === 0) return;
    await updateNode(tx, id, context.clock.now(), { deleted: 0 });
    tx.record({ node: id, body: { endpoint: name } });
  });
}

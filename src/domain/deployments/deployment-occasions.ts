/** What is seldom asked of deployments by other slices, loaded when it is. */
import type { Graph } from '../graph/index.ts';
import type { FollowServing, JoinClaimedModels } from '../pipelines/index.ts';

/** What records that runs of jobs serve models. */
export async function followServing(graph: Graph): Promise<FollowServing> {
  return (await import('./run-deployments.ts')).followServing(graph);
}

/** What joins models that are new to what jobs say of them, within a transaction, which can wait for no file. */
export async function modelArrivals(): Promise<JoinClaimedModels> {
  return (await import('./arrived-models.ts')).modelArrivals();
}

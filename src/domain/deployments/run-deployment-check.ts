/** Holds what is believed of runs of jobs that are deployments against what they say: `cairn doctor` and `cairn rebuild`. */
import type { Queries } from '../../db/db.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { ServingClaims, ServingRun } from '../pipelines/index.ts';
import { type ShareKeys, sharesOf } from './deployment-store.ts';
import { deploymentsOf, heldBy, isAt, recordsAmong, says, wantedOf } from './run-deployment.ts';

/** Runs of which something else is believed than follows from what they say. */
export async function wrongRuns(
  queries: Queries,
  graph: ShareKeys,
  claims: ServingClaims,
  runs: readonly NodeId[],
): Promise<ServingRun[]> {
  const wrong: ServingRun[] = [];
  for (const [project, own] of Map.groupBy(
    await claims.loadServingRuns(queries, runs),
    (run) => run.project,
  )) {
    const held = own.flatMap((run) => heldBy(run) ?? []);
    const records = await recordsAmong(queries, graph, project, held);
    const deployments = await deploymentsOf(
      queries,
      graph,
      project,
      own.map(({ uid }) => uid),
    );
    const nodes = deployments.map(({ node }) => node);
    const shares = await sharesOf(queries, graph, nodes, undefined);
    const rows =
      deployments.length === 0
        ? []
        : await queries.many<{ id: NodeId; name: string }>(
            sql`SELECT id, name FROM node WHERE id ${anyOf(deployments.map(({ endpoint }) => endpoint))}`,
          );
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    const arrived = await claims.modelsOf(
      queries,
      graph,
      project,
      held.map(({ reference }) => reference),
    );
    const foreign = await claims.foreignAmong(
      queries,
      graph,
      shares.map(({ version }) => version),
    );
    for (const run of own) {
      const wanted = wantedOf(run, records);
      const of = deployments.filter((one) => one.run === run.uid);
      const here = wanted && of.find((one) => isAt(one, wanted, names));
      const believed = shares.filter(({ deployment }) => of.some(({ node }) => node === deployment));
      const [only] = believed;
      const isRight =
        wanted === undefined
          ? believed.length === 0
          : believed.length === 1 &&
            only!.deployment === here?.node &&
            says(only!, wanted) &&
            !(foreign.has(only!.version) && arrived.has(wanted.told.reference));
      if (!isRight) wrong.push(run);
    }
  }
  return wrong;
}

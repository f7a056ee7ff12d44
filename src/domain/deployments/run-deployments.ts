/**
 * Runs of jobs that are deployments (facet `cairn_deployment` of OpenLineage, docs/decisions/0087). What is believed of one is a function
 * of the facet that holds and of when its run began and ended; nothing else ends it, and it ends nothing else. The same code settles it
 * at each event, when its model is registered, and for a rebuild.
 */
import type { EdgeId, EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { Change, EventTx } from '../events/index.ts';
import { type Graph, insertEdge, insertNode, propertyScopes } from '../graph/index.ts';
import {
  type FollowServing,
  type ServingClaims,
  type ServingNews,
  type ServingRun,
  servingClaims,
} from '../pipelines/index.ts';
import { runOfModel } from './arrived-models.ts';
import type { Share } from './deployment.ts';
import { applyPlan, type Fact, facts, factsOf, factsOfModel, sharesOf } from './deployment-store.ts';
import { type EndpointRow, endpointColumns, ensureToldEndpoints } from './endpoint-store.ts';
import { platformText } from './platform.ts';
import { putFacts } from './recording.ts';
import {
  deploymentsOf,
  heldBy,
  isAt,
  type RunDeployment,
  recordsAmong,
  says,
  tellingFace,
  type Wanted,
  wantedOf,
} from './run-deployment.ts';
import { type ToldDeployment, toldDeployment } from './told-deployment.ts';

interface Scope {
  readonly tx: EventTx;
  readonly graph: Graph;
  readonly context: RequestContext;
  readonly project: ProjectId;
  readonly claims: ServingClaims;
}

export async function followServing(graph: Graph): Promise<FollowServing> {
  const claims = await servingClaims();
  return (tx, context, project, news) => settle({ tx, graph, context, project, claims }, news);
}

async function settle(scope: Scope, { told, runs }: ServingNews): Promise<readonly Change[]> {
  const { tx, graph, project, claims } = scope;
  const loaded = await claims.loadServingRuns(tx, [...new Set([...told.map(({ run }) => run), ...runs])]);
  const runOf = new Map(loaded.map((row) => [row.run, row]));
  const named = told.flatMap(({ run, value }) => {
    const one = toldDeployment(value);
    return one === undefined ? [] : { run: runOf.get(run)!, told: one };
  });
  const own = await recordsAmong(tx, graph, project, [
    ...named.map((one) => one.told),
    ...loaded.flatMap((run) => heldBy(run) ?? []),
  ]);
  const meant = named.filter(({ told: { record } }) => record === undefined || !own.has(record));
  const endpoints = await ensureToldEndpoints(
    tx,
    graph,
    scope.context,
    project,
    new Map(meant.map(({ told: { endpoint } }) => [endpoint, claims.endpointUid(tellingFace, endpoint)])),
  );
  for (const { run, told: one } of meant)
    await ensureDeployment(scope, run, one, endpoints.get(one.endpoint)!);
  const held = runs.flatMap((run) => heldBy(runOf.get(run)!) ?? []);
  const models = await modelsFor(
    scope,
    [...meant.map((one) => one.told), ...held].map(({ reference }) => reference),
  );
  const changes: Change[] = [];
  for (const run of runs) changes.push(...(await settleRun(scope, runOf.get(run)!, own, models)));
  return changes;
}

/** Registered versions and logged models by their references; a node of its own for each that no registry here has. */
async function modelsFor(
  { tx, graph, context, project, claims }: Scope,
  references: readonly string[],
): Promise<ReadonlyMap<string, NodeId>> {
  const wanted = [...new Set(references)].sort();
  const registered = await claims.modelsOf(tx, graph, project, wanted, tx);
  const unknown = wanted.filter((reference) => !registered.has(reference));
  const foreign = await claims.ensureForeignModels(tx, graph, context, project, unknown);
  return new Map([...foreign, ...registered]);
}

/** Makes the node of what a run is said to be: until that holds it is one that never was. */
async function ensureDeployment(
  { tx, graph, context, project, claims }: Scope,
  run: ServingRun,
  { slot }: ToldDeployment,
  endpoint: EndpointRow,
): Promise<void> {
  const uid = claims.deploymentUid(tellingFace, run.uid, endpoint.name, slot);
  const found = await tx.one(sql`SELECT id FROM node WHERE project = ${project} AND uid = ${uid}`);
  if (found !== undefined) return;
  const first = await graph.db.nextIds(2);
  const node = first as NodeId;
  await insertNode(tx, {
    ...{ id: node, uid, project, context: project as number as NodeId, kind: 'execution' },
    ...{ type: graph.types.deployment, name: endpoint.name, state: null, created: context.clock.now() },
    ...{ started: null, ended: null, mark: 0, deleted: 1 },
  });
  await insertEdge(tx, context, {
    ...{ id: (first + 1) as EdgeId, project, source: node, target: endpoint.id, kind: 'member-of' },
    ...{ sourceSlot: slot, known: 'declared', validFrom: null, event: tx.eventId },
  });
  await putFacts(tx, graph, context, { node, project }, { jobRun: run.uid });
}

async function settleRun(
  scope: Scope,
  run: ServingRun,
  own: ReadonlySet<string>,
  models: ReadonlyMap<string, NodeId>,
): Promise<Change[]> {
  const { tx, graph, project } = scope;
  const deployments = await deploymentsOf(tx, graph, project, [run.uid]);
  if (deployments.length === 0) return [];
  await tx.many(sql`SELECT n.id FROM node n WHERE n.id ${anyOf(deployments.map(({ node }) => node))}
    ORDER BY n.id ${tx.dialect.forUpdate}`);
  const endpoints = await tx.many<EndpointRow>(
    sql`SELECT ${endpointColumns} FROM node n WHERE n.id ${anyOf(deployments.map(({ endpoint }) => endpoint))}`,
  );
  const names = new Map(endpoints.map(({ id, name }) => [id, name]));
  const believed = Map.groupBy(
    await sharesOf(
      tx,
      graph,
      deployments.map(({ node }) => node),
      undefined,
    ),
    ({ deployment }) => deployment,
  );
  const wanted = wantedOf(run, own);
  const changes: Change[] = [];
  for (const deployment of deployments) {
    const endpoint = endpoints.find(({ id }) => id === deployment.endpoint)!;
    const isWanted = wanted !== undefined && isAt(deployment, wanted, names);
    const before = believed.get(deployment.node) ?? [];
    const change = isWanted
      ? await believe(scope, deployment, endpoint, before, wanted, models)
      : await disbelieve(scope, deployment, endpoint, before);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

/** It never was, as far as is known now. */
async function disbelieve(
  { tx, graph, context }: Scope,
  { node, uid, slot }: RunDeployment,
  endpoint: EndpointRow,
  before: readonly Share[],
): Promise<Change | undefined> {
  if (before.length === 0) return undefined;
  await applyPlan(tx, graph, context, endpoint, { closed: before, opened: [] });
  await tx.run(sql`UPDATE node SET deleted = 1, started = NULL, ended = NULL, state = NULL, updated = ${context.clock.now()}
    WHERE id = ${node}`);
  return change(graph, 'deployment.retract', node, [endpoint.id, ...before.map(({ version }) => version)], {
    ...{ endpoint: endpoint.name, slot, deployment: uid },
  });
}

async function believe(
  scope: Scope,
  { node, uid }: RunDeployment,
  endpoint: EndpointRow,
  before: readonly Share[],
  wanted: Wanted,
  models: ReadonlyMap<string, NodeId>,
): Promise<Change | undefined> {
  const { tx, graph, context, project } = scope;
  const { told, ...share } = wanted;
  const [only] = before;
  // A model that was found once is the one that was meant, whatever has its name now.
  const isFound =
    only?.model === wanted.model &&
    !(await scope.claims.foreignAmong(tx, graph, [only.version])).has(only.version);
  const version = isFound ? only.version : models.get(told.reference)!;
  await tell(scope, node, wanted, only?.model === wanted.model && version === only.version);
  if (before.length === 1 && version === only!.version && says(only!, wanted)) return undefined;
  await tx.run(sql`UPDATE node SET deleted = 0 WHERE id = ${node}`);
  await applyPlan(
    tx,
    graph,
    context,
    { id: endpoint.id, project },
    {
      closed: before,
      opened: [{ ...share, deployment: node, version }],
    },
  );
  const { slot, from, to, ending, percent, model } = wanted;
  const touched = [...new Set([endpoint.id, version, ...before.map((each) => each.version)])];
  const body = { deployment: uid, endpoint: endpoint.name, slot, model };
  if (only === undefined) {
    return change(graph, 'deployment.record', node, touched, {
      ...{
        ...body,
        asked: told.asked,
        at: from,
        traffic: percent,
        platform: told.platform?.kind,
        note: told.note,
      },
      ...(to !== null && { ended: to, outcome: ending }),
    });
  }
  const isEnd = only.to === null && to !== null && says({ ...only, to, ending }, wanted);
  if (isEnd)
    return change(graph, 'deployment.end', node, touched, {
      ...{ endpoint: endpoint.name, slot, at: to, outcome: ending, deployments: [uid], models: [model] },
    });
  return change(graph, 'deployment.correct', node, touched, {
    ...{ ...body, started: from, ended: to, traffic: percent, note: told.note },
    ...(ending !== null && { outcome: ending }),
  });
}

async function change(
  graph: Graph,
  action: string,
  node: NodeId,
  touched: readonly NodeId[],
  body: object,
): Promise<Change> {
  return { own: { id: (await graph.db.nextIds(1)) as EventId, action }, node, touched, body };
}

/** Writes what else the facet says to the deployment; what an earlier one said is not so any more. */
async function tell(
  { tx, graph, context, project }: Scope,
  node: NodeId,
  { told, model }: Wanted,
  isSameModel: boolean,
): Promise<void> {
  const stored = (await factsOf(tx, graph, [node])).get(node) ?? new Map<Fact, string>();
  const platform = told.platform && platformText(told.platform);
  const run = isSameModel ? stored.get('run') : await runOfModel(tx, graph, project, model);
  const texts: Partial<Record<Fact, string | undefined>> = {
    ...Object.fromEntries(factsOfModel(model)),
    ...{ asked: told.asked, note: told.note, platform, run, jobRun: stored.get('jobRun') },
  };
  const stale = [...stored.keys()].filter((fact) => texts[fact] === undefined);
  if (stale.length > 0) {
    const keys = await graph.keys.resolve(
      tx,
      stale.map((fact) => facts[fact]),
    );
    await tx.run(sql`DELETE FROM property WHERE owner = ${node} AND scope = ${propertyScopes.declared}
      AND key ${anyOf([...keys.values()])}`);
  }
  const fresh = Object.entries(texts).filter(([fact, text]) => text !== stored.get(fact as Fact));
  await putFacts(tx, graph, context, { node, project }, Object.fromEntries(fresh));
}

/** Settles such runs again, from what they say alone. */
export async function settleAgain(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  claims: ServingClaims,
  runs: readonly ServingRun[],
): Promise<void> {
  const told = runs.flatMap(({ run, facet }) => (facet === undefined ? [] : { run, value: facet }));
  await settle({ tx, graph, context, project, claims }, { told, runs: runs.map(({ run }) => run) });
}

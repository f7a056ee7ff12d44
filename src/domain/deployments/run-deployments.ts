/**
 * Runs of jobs that are deployments (facet `cairn_deployment` of OpenLineage, docs/decisions/0087). What is believed of one is a function
 * of the facet that holds and of when its run began and ended; nothing else ends it, and it ends nothing else. The same code settles it
 * at each event, when its model is registered, and for a rebuild.
 */
import type { Queries } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { EdgeId, EventId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { claimingAs, type RequestContext } from '../../kernel/request-context.ts';
import { anyOf, joinSql, sql, textHead } from '../../kernel/sql.ts';
import { type Change, type EventTx, faceCodes } from '../events/index.ts';
import {
  edgeKinds,
  executionStates,
  findByKeys,
  type Graph,
  insertEdge,
  insertNode,
  propertyScopes,
} from '../graph/index.ts';
import {
  type FollowServing,
  type JoinClaimedModels,
  joinClaimedModels,
  type ServingClaims,
  type ServingNews,
  type ServingRun,
  servingClaims,
} from '../pipelines/index.ts';
import type { Ending, Share } from './deployment.ts';
import {
  applyPlan,
  type Fact,
  facts,
  factsOf,
  factsOfModel,
  type NewShare,
  type ShareKeys,
  sharesOf,
} from './deployment-store.ts';
import { type EndpointRow, endpointColumns, ensureToldEndpoints } from './endpoint-store.ts';
import { resolveModel } from './model-reference.ts';
import { platformText } from './platform.ts';
import { putFacts } from './recording.ts';
import { type ToldDeployment, toldDeployment } from './told-deployment.ts';

const face = 'openlineage';

interface Scope {
  readonly tx: EventTx;
  readonly graph: Graph;
  readonly context: RequestContext;
  readonly project: ProjectId;
  readonly claims: ServingClaims;
}

/** One that a run was ever said to be, whether or not that holds. */
interface RunDeployment {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly run: Uid;
  readonly endpoint: NodeId;
  readonly slot: string;
}

/** What should be believed of one. */
interface Wanted extends Omit<NewShare, 'deployment' | 'version'> {
  readonly told: ToldDeployment;
  readonly model: string;
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
    new Map(meant.map(({ told: { endpoint } }) => [endpoint, claims.endpointUid(face, endpoint)])),
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

const heldBy = ({ facet }: ServingRun): ToldDeployment | undefined => facet && toldDeployment(facet);

/** Which of the records that tell of themselves are recorded here, by hand. */
async function recordsAmong(
  queries: Queries,
  graph: Pick<Graph, 'types'>,
  project: ProjectId,
  told: readonly ToldDeployment[],
): Promise<ReadonlySet<string>> {
  const uids = told.flatMap(({ record }) => record ?? []);
  if (uids.length === 0) return new Set();
  const rows = await queries.many<{ uid: string }>(sql`SELECT n.uid FROM node n
    JOIN edge m ON m.source = n.id AND m.kind = ${edgeKinds['member-of']} AND m.face <> ${faceCodes[face]}
    WHERE n.project = ${project} AND n.uid ${anyOf(uids)} AND n.type = ${graph.types.deployment}`);
  return new Set(rows.map(({ uid }) => uid));
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
  const uid = claims.deploymentUid(face, run.uid, endpoint.name, slot);
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

/** All that runs were ever said to be. */
async function deploymentsOf(
  queries: Queries,
  graph: ShareKeys,
  project: ProjectId,
  runs: readonly Uid[],
): Promise<RunDeployment[]> {
  const key = (await graph.keys.find(queries, [facts.jobRun])).get(facts.jobRun);
  if (key === undefined || runs.length === 0) return [];
  // A uid is shorter than the head of a text that the index holds.
  return queries.many(sql`SELECT d.id AS node, d.uid, p.text AS run, m.target AS endpoint, m.source_slot AS slot
    FROM property p JOIN node d ON d.id = p.owner AND d.type = ${graph.types.deployment}
    JOIN edge m ON m.source = d.id AND m.kind = ${edgeKinds['member-of']}
    WHERE p.project = ${project} AND p.context = ${project as number} AND p.scope = ${propertyScopes.declared} AND p.key = ${key}
      AND ${textHead('p.text')} IN (${joinSql(
        runs.map((uid) => sql`${uid}`),
        ', ',
      )}) ORDER BY d.id`);
}

/** What follows from the run: pure. Undefined: it serves nothing, or nobody knows when it began. */
function wantedOf(run: ServingRun, own: ReadonlySet<string>): Wanted | undefined {
  const told = heldBy(run);
  if (told === undefined || run.began === null) return undefined;
  if (told.record !== undefined && own.has(told.record)) return undefined;
  const { slot, percent, reference } = told;
  // An end that is told to have been before the beginning is one at once.
  const to = run.ended === null ? null : Math.max(run.ended, run.began);
  const ending = to === null ? null : endingOf(told, run.state);
  return { told, slot, percent, model: `models:/${reference}`, from: run.began, to, ending };
}

function endingOf({ ending }: ToldDeployment, state: number | null): Ending {
  return ending ?? (state === executionStates.failed ? 'failed' : 'retired');
}

const isAt = (deployment: RunDeployment, { told }: Wanted, names: ReadonlyMap<NodeId, string>): boolean =>
  names.get(deployment.endpoint) === told.endpoint && deployment.slot === told.slot;

const says = (share: Share, { slot, percent, from, to, ending, model }: Wanted): boolean =>
  share.slot === slot &&
  share.percent === percent &&
  share.from === from &&
  share.to === to &&
  share.ending === ending &&
  share.model === model;

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
  if (isEnd) return change(graph, 'deployment.end', node, touched, { ...body, at: to, outcome: ending });
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

/** Where the model comes from; undefined of one that is not here, or not any more. */
async function runOfModel(
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

/** Joins models that are new to what was said of them: what runs serve by their names is these from now on. */
export async function modelArrivals(): Promise<JoinClaimedModels> {
  const join = await joinClaimedModels();
  return async (tx, graph, context, project, models) => {
    await join(tx, graph, context, project, models);
    await serveArrived({ tx, graph, context: claimingAs(context, face), project }, models);
  };
}

async function serveArrived(
  { tx, graph, context, project }: Omit<Scope, 'claims'>,
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
    ORDER BY n.id ${tx.dialect.forUpdate}${tx.dialect.forUpdate.pieces.length === 0 ? sql`` : sql` OF n`}`);
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

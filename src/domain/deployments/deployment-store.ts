/** Deployments in the graph: shares are edges of kind `serves`, the slot their target slot, the share of traffic their property. */
import type { Queries } from '../../db/db.ts';
import type { EdgeId, KeyId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, emptySql, type Sql, sql } from '../../kernel/sql.ts';
import { type EventTx, faceCodes } from '../events/index.ts';
import {
  edgeKinds,
  executionStates,
  type Graph,
  insertEdges,
  modelIdOf,
  nodeKinds,
  type PropertyValue,
  propertiesOf,
  propertyScopes,
  putPropertiesOfMany,
  textOf,
  updateNode,
} from '../graph/index.ts';
import {
  type AsOf,
  covers,
  type DeployedModel,
  type DeployingRun,
  type Deployment,
  type Ending,
  type Share,
} from './deployment.ts';
import type { Platform } from './platform.ts';

const trafficKey = 'traffic';
const servedKey = 'served_model';

/** What a deployment keeps of itself, as texts in the scope `declared`. */
export const facts = {
  asked: 'asked',
  model: 'model',
  name: 'model_name',
  version: 'model_version',
  loggedModel: 'logged_model',
  run: 'run_id',
  platform: 'platform',
  note: 'note',
  rolledBack: 'rolled_back',
  /** uid of the run of a job that it is. */
  jobRun: 'job_run',
} as const;
export type Fact = keyof typeof facts;

/** A condition on the edge `s`: what is believed now, or was at an instant. */
export function believed(knownAt: number | undefined): Sql {
  return knownAt === undefined
    ? sql`s.known_to IS NULL`
    : sql`s.known_from <= ${knownAt} AND (s.known_to IS NULL OR s.known_to > ${knownAt})`;
}

/** … and true at an instant. Now is what has no end: it does not depend on whose clock is right. */
export function holding(asOf: number | undefined): Sql {
  return asOf === undefined
    ? sql`s.valid_to IS NULL`
    : sql`s.valid_from <= ${asOf} AND (s.valid_to IS NULL OR s.valid_to > ${asOf})`;
}

/** As much of the graph as shares are read by. */
export type ShareKeys = Pick<Graph, 'types'> & { readonly keys: Pick<Graph['keys'], 'find'> };

async function shares(queries: Queries, graph: ShareKeys, where: Sql): Promise<Share[]> {
  const keys = await graph.keys.find(queries, [trafficKey, servedKey]);
  const key = keys.get(trafficKey) ?? -1;
  return queries.many(sql`SELECT s.id, s.target AS deployment, s.source AS version, s.target_slot AS slot,
      coalesce(p.real, 0) AS percent, q.text AS model, s.valid_from AS "from", s.valid_to AS "to", s.subtype AS ending,
      s.known_from AS "knownFrom", s.known_to AS "knownTo", s.face, s.known, s.principal AS "by",
      s.asserted_by AS asserted, s.retracted_by AS retracted
    FROM edge s LEFT JOIN property p ON p.owner = s.id AND p.scope = ${propertyScopes.declared} AND p.key = ${key}
    LEFT JOIN property q ON q.owner = s.id AND q.scope = ${propertyScopes.declared} AND q.key = ${keys.get(servedKey) ?? -1}
    WHERE s.kind = ${edgeKinds.serves} AND ${where} ORDER BY s.valid_from, s.id`);
}

/** The stretches of deployments as they are believed, the earliest first; `all`: also what is believed no more. */
export async function sharesOf(
  queries: Queries,
  graph: ShareKeys,
  deployments: readonly NodeId[],
  knownAt: number | undefined | 'all',
): Promise<Share[]> {
  if (deployments.length === 0) return [];
  const when = knownAt === 'all' ? emptySql : sql` AND ${believed(knownAt)}`;
  return shares(queries, graph, sql`s.target ${anyOf(deployments)}${when}`);
}

/**
 * What was recorded by hand of a slot of an endpoint from an instant on; of all time when that is undefined. What runs of jobs serve
 * there neither ends by it nor ends it.
 */
export async function slotShares(
  queries: Queries,
  graph: Graph,
  endpoint: NodeId,
  slot: string | undefined,
  from: number | undefined,
): Promise<Share[]> {
  const inSlot = slot === undefined ? emptySql : sql` AND s.target_slot = ${slot}`;
  const later = from === undefined ? emptySql : sql` AND (s.valid_to IS NULL OR s.valid_to > ${from})`;
  return shares(
    queries,
    graph,
    sql`s.target IN (${membersOf([endpoint])}) AND ${believed(undefined)}${inSlot}${later} AND s.face <> ${faceCodes.openlineage}`,
  );
}

/** A sub-query: the deployments of endpoints, retracted ones too. */
export function membersOf(endpoints: readonly NodeId[]): Sql {
  return sql`SELECT m.source FROM edge m WHERE m.target ${anyOf(endpoints)} AND m.kind = ${edgeKinds['member-of']}`;
}

export type NewShare = Pick<Share, 'deployment' | 'version' | 'slot' | 'percent' | 'from' | 'to' | 'ending'> &
  Partial<Pick<Share, 'model'>>;

/** What a change makes of the rows: some are believed no more, others are from now on. */
export interface Plan {
  readonly closed: readonly Share[];
  readonly opened: readonly NewShare[];
}

/** Also writes to the touched deployments what is believed of them now: when they began and ended, and how. */
export async function applyPlan(
  tx: EventTx,
  graph: Graph,
  context: RequestContext,
  { id: endpoint, project }: { readonly id: NodeId; readonly project: ProjectId },
  { closed, opened }: Plan,
): Promise<void> {
  const now = context.clock.now();
  if (closed.length > 0 || opened.length > 0) await updateNode(tx, endpoint, now, {});
  // A clock that was set back must not end a belief before it began.
  const known = Math.max(now, ...closed.map(({ knownFrom }) => knownFrom));
  if (closed.length > 0) {
    await tx.run(sql`UPDATE edge SET known_to = ${known}, retracted_by = ${tx.eventId}
      WHERE id ${anyOf(closed.map(({ id }) => id))}`);
  }
  if (opened.length > 0) {
    const first = await graph.db.nextIds(opened.length);
    const ids = opened.map((_, index) => (first + index) as EdgeId);
    await insertEdges(
      tx,
      context,
      opened.map((share, index) => ({
        id: ids[index]!,
        project,
        source: share.version,
        target: share.deployment,
        kind: 'serves',
        ...(share.ending !== null && { subtype: share.ending }),
        targetSlot: share.slot,
        known: 'declared',
        validFrom: share.from,
        validTo: share.to,
        knownFrom: known,
        event: tx.eventId,
      })),
    );
    const keys = await graph.keys.resolve(tx, [trafficKey, servedKey]);
    const [traffic, served] = [keys.get(trafficKey)!, keys.get(servedKey)!];
    await putPropertiesOfMany(
      tx,
      context.face,
      opened.map((share, index) => ({
        owner: { id: ids[index]!, project, context: project as number as NodeId },
        scope: 'declared',
        values: new Map<KeyId, PropertyValue>([
          [traffic, { kind: 'double', value: share.percent }],
          ...(share.model == null ? [] : [[served, { kind: 'text', value: share.model }] as const]),
        ]),
      })),
    );
  }
  const touched = [...new Set([...closed, ...opened].map(({ deployment }) => deployment))];
  const stretches = Map.groupBy(
    await sharesOf(tx, graph, touched, undefined),
    ({ deployment }) => deployment,
  );
  for (const deployment of touched) {
    const own = stretches.get(deployment) ?? [];
    const last = own.at(-1);
    if (last === undefined) continue;
    await tx.run(sql`UPDATE node SET started = ${own[0]!.from} WHERE id = ${deployment}`);
    await updateNode(tx, deployment, now, { ended: last.to, state: stateOf(last) });
  }
}

function stateOf({ to, ending }: Share): number {
  if (to === null) return executionStates.running;
  const words = { failed: 'failed', 'rolled-back': 'killed' } as const;
  return executionStates[words[ending as keyof typeof words] ?? 'finished'];
}

interface DeploymentRow {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly deleted: number;
  readonly by: string;
  readonly recorded: number;
  readonly slot: string | null;
  readonly endpoint: string;
  readonly name: string;
  readonly gone: number;
}

/** Whole deployments by their nodes, as they are believed (at an instant). Those that nobody knew of then are absent. */
export async function loadDeployments(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
  { asOf, knownAt }: AsOf,
): Promise<Map<NodeId, Deployment>> {
  if (nodes.length === 0) return new Map();
  const rows =
    await queries.many<DeploymentRow>(sql`SELECT n.id, n.uid, n.project, n.deleted, m.principal AS "by",
      m.known_from AS recorded, m.source_slot AS slot, e.uid AS endpoint, e.name, e.deleted AS gone
    FROM node n
    JOIN edge m ON m.source = n.id AND m.kind = ${edgeKinds['member-of']}
    JOIN node e ON e.id = m.target
    WHERE n.id ${anyOf(nodes)} AND n.type = ${graph.types.deployment}`);
  const stretches = Map.groupBy(await sharesOf(queries, graph, nodes, knownAt), (share) => share.deployment);
  const told = await factsOf(queries, graph, nodes);
  const models = await modelsOf(queries, graph, nodes);
  const runs = await jobRunsOf(
    queries,
    rows.map(({ project }) => project),
    [...told.values()].flatMap((facts) => facts.get('jobRun') ?? []),
  );
  return new Map(
    rows.flatMap((row): [NodeId, Deployment][] => {
      const own = stretches.get(row.id) ?? [];
      const [first, last] = [own[0], own.at(-1)];
      const retracted = row.deleted === 1 && knownAt === undefined;
      if (first === undefined && !retracted) return [];
      const at = own.find((share) => (asOf === undefined ? share.to === null : covers(share, asOf))) ?? last;
      const facts = told.get(row.id) ?? new Map();
      return [
        [
          row.id,
          {
            ...{ node: row.id, uid: row.uid, project: row.project, by: row.by, recorded: row.recorded },
            endpoint: { uid: row.endpoint, name: row.name, deleted: row.gone === 1 },
            slot: row.slot ?? '',
            model: modelOf(
              at?.model == null ? facts : new Map([...facts, ...factsOfModel(at.model)]),
              models.find(
                ({ deployment, id }) => deployment === row.id && (at === undefined || id === at.version),
              ),
            ),
            jobRun: runs.get(`${row.project} ${facts.get('jobRun')}`),
            started: first?.from ?? row.recorded,
            ended: last?.to ?? undefined,
            ending: last?.to == null ? undefined : ((last.ending ?? undefined) as Ending | undefined),
            percent: at?.percent ?? 0,
            shares: own,
            platform: facts.has('platform') ? (JSON.parse(facts.get('platform')!) as Platform) : undefined,
            note: facts.get('note'),
            endedBy: last?.to == null ? undefined : last.by,
            rolledBack: facts.get('rolledBack'),
            retracted,
          },
        ],
      ];
    }),
  );
}

export async function uidOf(queries: Queries, node: NodeId): Promise<Uid> {
  return (await queries.one<{ uid: Uid }>(sql`SELECT n.uid FROM node n WHERE n.id = ${node}`))!.uid;
}

/** What deployments keep of themselves. */
export async function factsOf(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<Map<NodeId, Map<Fact, string>>> {
  const keys = await graph.keys.find(queries, Object.values(facts));
  const factOf = new Map(
    Object.entries(facts).flatMap(([fact, key]) => {
      const id = keys.get(key);
      return id === undefined ? [] : [[id, fact as Fact] as const];
    }),
  );
  const found = new Map<NodeId, Map<Fact, string>>();
  if (factOf.size === 0) return found;
  const only = { scope: 'declared', keys: [...factOf.keys()] } as const;
  for (const row of await propertiesOf(queries, nodes, only)) {
    const own = found.get(row.owner) ?? new Map<Fact, string>();
    found.set(row.owner, own.set(factOf.get(row.key)!, textOf(row)));
  }
  return found;
}

/** Facts that a reference to a model holds. */
export function factsOfModel(uri: string): ReadonlyMap<Fact, string> {
  const [, name, version] = /^models:\/(.*)\/(\d+)$/su.exec(uri) ?? [];
  const id = uri.slice('models:/'.length);
  return new Map<Fact, string>([
    ['model', uri],
    ...(name === undefined || version === undefined
      ? [['loggedModel', id] as const]
      : [['name', name] as const, ['version', version] as const]),
  ]);
}

async function jobRunsOf(
  queries: Queries,
  projects: readonly ProjectId[],
  uids: readonly string[],
): Promise<ReadonlyMap<string, DeployingRun>> {
  if (uids.length === 0) return new Map();
  const rows = await queries.many<
    DeployingRun & { readonly project: ProjectId }
  >(sql`SELECT n.project, n.uid, r.run_id AS "runId", j.namespace, j.name AS job
    FROM node n JOIN job_run r ON r.node = n.id
    JOIN edge m ON m.source = n.id AND m.kind = ${edgeKinds['member-of']} AND m.known_to IS NULL JOIN job j ON j.node = m.target
    WHERE n.project ${anyOf([...new Set(projects)])} AND n.uid ${anyOf(uids)} ORDER BY j.namespace DESC, j.name DESC`);
  return new Map(rows.map(({ project, ...row }) => [`${project} ${row.uid}`, row]));
}

interface ModelNode {
  readonly deployment: NodeId;
  readonly id: NodeId;
  readonly uid: Uid;
  readonly name: string | null;
  readonly kind: number;
  readonly type: number;
  readonly deleted: number;
  readonly foreign: boolean;
}

/** What became of the models that were deployed, whichever belief named them. */
async function modelsOf(
  queries: Queries,
  graph: Graph,
  deployments: readonly NodeId[],
): Promise<readonly ModelNode[]> {
  const rows = await queries.many<
    Omit<ModelNode, 'foreign'>
  >(sql`SELECT DISTINCT s.target AS deployment, n.id, n.uid, n.name, n.kind,
      n.type, n.deleted
    FROM edge s JOIN node n ON n.id = s.source
    WHERE s.target ${anyOf(deployments)} AND s.kind = ${edgeKinds.serves} ORDER BY n.id`);
  return rows.map((row) => ({ ...row, foreign: row.type === graph.types['foreign-model'] }));
}

function modelOf(told: ReadonlyMap<Fact, string>, node: ModelNode | undefined): DeployedModel {
  const loggedModel = told.get('loggedModel');
  const version = told.has('version') ? Number(told.get('version')) : undefined;
  const foreign = node?.foreign === true;
  const deleted = node === undefined || node.deleted !== 0 || node.kind !== nodeKinds.artifact;
  const called = deleted || foreign ? null : node.name;
  // A model that was given another name since is found under that one.
  const name = version === undefined ? undefined : (called ?? told.get('name') ?? '');
  return {
    ...{ name, version, deleted, foreign },
    asked: told.get('asked') ?? '',
    uri: name === undefined ? (told.get('model') ?? '') : `models:/${name}/${version}`,
    uid: node?.uid ?? '',
    loggedModel: version === undefined && node !== undefined && !foreign ? modelIdOf(node.uid) : loggedModel,
    run: told.get('run'),
  };
}

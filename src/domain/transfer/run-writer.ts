/**
 * Runs of a batch, with the ids and times they have elsewhere. A run that is new comes whole; to one that is here already only
 * what is missing is added, and one that contradicts what is here is refused: nothing is ever overwritten.
 */
import { wordOf } from '../../kernel/codes.ts';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql, textHead, textHeadLength } from '../../kernel/sql.ts';
import { type ExperimentRow, lifecycleOf } from '../contexts/index.ts';
import { addDatasetInputs, type FollowBindings } from '../datasets/index.ts';
import type { ChangeTx } from '../events/index.ts';
import {
  executionStates,
  type Graph,
  insertEdges,
  insertNodes,
  type NewEdge,
  type NewProperties,
  nodeKinds,
  propertyScopes,
  putPropertiesOfMany,
} from '../graph/index.ts';
import { putWholeSeries } from '../metrics/index.ts';
import { loadRunData, parentRunTag, type RunData, type RunRow, runColumns } from '../runs/index.ts';
import { fromWire } from './columns.ts';
import type { Written } from './experiment-writer.ts';
import { asPairs, type Refusal, type RunRecord } from './records.ts';
import { differingPair, fitting, textsOf, unfitKey, unfitPairs } from './values.ts';

/** A run of the batch, and its node. */
interface Placed {
  readonly record: RunRecord;
  readonly row: RunRow;
}

export interface WrittenRuns extends Written {
  /** Nodes that got points, with how many. */
  readonly heads: readonly { readonly node: NodeId; readonly points: number; readonly sha256: string }[];
}

/** The tag that says what a run uses a dataset for. */
const contextTag = 'mlflow.data.context';

export async function writeRuns(
  tx: ChangeTx,
  graph: Graph,
  follow: FollowBindings,
  context: RequestContext,
  experiment: ExperimentRow,
  records: readonly RunRecord[],
): Promise<WrittenRuns> {
  const refused: Refusal[] = [];
  const refuse = (id: string, why: string) => refused.push({ kind: 'run', id, why });
  const fit = fitting(records, unfit, refuse);
  const { project } = experiment;
  const stored = await nodesAt(tx, graph, project, fit);
  const fresh: Placed[] = [];
  const known: Placed[] = [];
  const first = await graph.db.nextIds(fit.length);
  for (const [index, record] of fit.entries()) {
    const row = stored.get(record.id);
    if (row === undefined) fresh.push({ record, row: newRow(experiment, record, (first + index) as NodeId) });
    else if (row === 'not a run')
      refuse(record.id, 'here the id is that of something else, or of a run that was purged');
    else known.push({ record, row });
  }
  await insert(tx, graph, context, experiment, fresh);
  const agreeing = await compare(tx, graph, experiment, known, refuse);
  const completed = await complete(tx, graph, context, agreeing);
  const changed = new Set([...fresh.map(({ row }) => row.id), ...completed]);
  const heads: { node: NodeId; points: number; sha256: string }[] = [];
  for (const { record, row } of [...fresh, ...agreeing.map(({ placed }) => placed)]) {
    const inputs = record.inputs.map(({ tags, ...input }) => ({
      record: input,
      context: tags.find(([key]) => key === contextTag)?.[1],
      tags: asPairs(tags).map(([key, value]) => ({ key, value })),
    }));
    const added = await addDatasetInputs(tx, graph, context, row, inputs, follow);
    if (added.length > 0) changed.add(row.id);
    const series = record.series.flatMap(({ key, points }, index) =>
      points === undefined ? [] : { key, points: fromWire(points, `series[${index}] of run ${record.id}`) },
    );
    const head = await putWholeSeries(tx, graph, row, series);
    if (head === undefined) continue;
    changed.add(row.id);
    heads.push({ node: row.id, points: head.points, sha256: head.sha256 });
  }
  return { nodes: [...changed], refused, heads };
}

/** Why no store can hold it. */
function unfit(record: RunRecord): string | undefined {
  if (record.name.includes('\0') || record.user.includes('\0')) return 'its name holds U+0000';
  const pairs =
    unfitPairs('parameter', asPairs(record.params)) ??
    unfitPairs('tag', asPairs(record.tags)) ??
    record.inputs.map((input) => unfitInput(input)).find((why) => why !== undefined);
  if (pairs !== undefined) return pairs;
  const series = record.series.find(({ key }) => unfitKey(key) !== undefined);
  return series && `the metric '${series.key.slice(0, 100)}' ${unfitKey(series.key)}`;
}

function unfitInput({ name, digest, sourceType, tags }: RunRecord['inputs'][number]): string | undefined {
  if ([name, digest, sourceType].some((text) => text.includes('\0')))
    return 'the name or digest of a data set holds U+0000';
  const of = tags.find(([key]) => key === contextTag)?.[1];
  if (of?.includes('\0')) return 'what a data set is for holds U+0000';
  return unfitPairs('tag of a data set', asPairs(tags));
}

async function nodesAt(
  tx: ChangeTx,
  graph: Graph,
  project: ProjectId,
  records: readonly RunRecord[],
): Promise<ReadonlyMap<string, RunRow | 'not a run'>> {
  if (records.length === 0) return new Map();
  const rows = await tx.many<RunRow & { kind: number; type: number }>(sql`SELECT ${runColumns}, n.kind, n.type
    FROM node n JOIN node c ON c.id = n.context
    WHERE n.project = ${project} AND n.uid ${anyOf(records.map(({ id }) => id))}`);
  const isRun = ({ kind, type }: { kind: number; type: number }) =>
    type === graph.types.run && kind === nodeKinds.execution;
  return new Map(rows.map((row) => [row.uid, isRun(row) ? row : ('not a run' as const)]));
}

function newRow(experiment: ExperimentRow, record: RunRecord, id: NodeId): RunRow {
  return {
    id,
    uid: record.id as Uid,
    project: experiment.project,
    context: experiment.node,
    name: record.name,
    state: executionStates[record.state],
    started: record.started,
    ended: record.ended,
    revision: 0,
    // Decided at the same time as what is said of its experiment: both count as they are told.
    mark: experiment.mark,
    deleted: record.lifecycle === 'deleted' ? 1 : 0,
    context_mark: experiment.mark,
    context_deleted: experiment.deleted,
  };
}

async function insert(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  { project, node: experiment }: ExperimentRow,
  fresh: readonly Placed[],
): Promise<void> {
  if (fresh.length === 0) return;
  await insertNodes(
    tx,
    fresh.map(({ record, row }) => ({
      id: row.id,
      uid: row.uid,
      project,
      context: experiment,
      kind: 'execution',
      type: graph.types.run,
      name: row.name,
      state: row.state,
      created: record.started,
      updated: record.deleted ?? record.ended ?? record.started,
      started: record.started,
      ended: record.ended,
      mark: row.mark,
      deleted: row.deleted === 0 ? 0 : 1,
    })),
  );
  const properties: NewProperties[] = [];
  for (const { record, row } of fresh) {
    const owner = { id: row.id, project, context: experiment };
    if (record.user !== '') {
      const user = new Map([[graph.systemKeys.user, { kind: 'text', value: record.user } as const]]);
      properties.push({ owner, scope: 'system', values: user });
    }
    properties.push({ owner, scope: 'param', values: await textsOf(tx, graph, asPairs(record.params)) });
    properties.push({ owner, scope: 'tag', values: await textsOf(tx, graph, asPairs(record.tags)) });
  }
  await putPropertiesOfMany(tx, context.face, properties);
  await insertEdges(tx, context, await edgesOf(tx, graph, fresh, project, experiment));
}

/** Members of the experiment; parents, whether they or their children come first. */
async function edgesOf(
  tx: ChangeTx,
  graph: Graph,
  fresh: readonly Placed[],
  project: ProjectId,
  experiment: NodeId,
): Promise<NewEdge[]> {
  const nested: { parent: NodeId; child: NodeId; started: number }[] = [];
  const parents = fresh.flatMap(({ record }) => record.tags.find(([key]) => key === parentRunTag)?.[1] ?? []);
  const wanted = [...new Set(parents)].filter((id) => /^[0-9a-f]{32}$/.test(id));
  const parentRows = await tx.many<{ id: NodeId; uid: Uid }>(sql`SELECT n.id, n.uid FROM node n
    WHERE n.project = ${project} AND n.uid ${anyOf(wanted)} AND n.type = ${graph.types.run}`);
  const byUid = new Map<string, NodeId>(parentRows.map(({ id, uid }) => [uid, id]));
  for (const { record, row } of fresh) {
    const parent = byUid.get(record.tags.find(([key]) => key === parentRunTag)?.[1] ?? '');
    if (parent !== undefined) nested.push({ parent, child: row.id, started: record.started });
  }
  const fromHere = new Map<string, NodeId>(fresh.map(({ row }) => [row.uid, row.id]));
  for (const child of await waitingChildren(tx, graph, project, experiment, [...fromHere.keys()])) {
    const parent = fromHere.get(child.parent)!;
    if (!nested.some((pair) => pair.child === child.id))
      nested.push({ parent, child: child.id, started: child.started });
  }
  const first = await graph.db.nextIds(fresh.length + nested.length);
  const assertion = { project, known: 'observed', event: tx.eventId } as const;
  return [
    ...fresh.map(({ record, row }, index) => ({
      ...assertion,
      id: (first + index) as EdgeId,
      source: row.id,
      target: experiment,
      kind: 'member-of' as const,
      validFrom: record.started,
    })),
    ...nested.map(({ parent, child, started }, index) => ({
      ...assertion,
      id: (first + fresh.length + index) as EdgeId,
      source: parent,
      target: child,
      kind: 'parent-of' as const,
      validFrom: started,
    })),
  ];
}

/** Runs of the experiment that name one of these as their parent: those of the batch too. */
async function waitingChildren(
  tx: ChangeTx,
  graph: Graph,
  project: ProjectId,
  experiment: NodeId,
  parents: readonly string[],
): Promise<{ id: NodeId; parent: string; started: number }[]> {
  const key = (await graph.keys.find(tx, [parentRunTag])).get(parentRunTag);
  if (key === undefined) return [];
  const heads = parents.map((id) => id.slice(0, textHeadLength));
  return tx.many(sql`SELECT n.id, p.text AS parent, n.started FROM property p JOIN node n ON n.id = p.owner
    WHERE p.project = ${project} AND p.context = ${experiment} AND p.scope = ${propertyScopes.tag} AND p.key = ${key}
      AND ${textHead('p.text')} ${anyOf(heads)} AND p.text ${anyOf(parents)}`);
}

interface Agreeing {
  readonly placed: Placed;
  readonly data: RunData;
}

/** Those of the runs that are here which say nothing else than the batch. */
async function compare(
  tx: ChangeTx,
  graph: Graph,
  experiment: ExperimentRow,
  known: readonly Placed[],
  refuse: (id: string, why: string) => void,
): Promise<Agreeing[]> {
  const data = await loadRunData(
    tx,
    graph,
    known.map(({ row }) => row.id),
  );
  return known.flatMap((placed) => {
    const here = data.get(placed.row.id) ?? { params: [], tags: [], user: '' };
    const why = contradiction(placed, here, experiment);
    if (why === undefined) return { placed, data: here };
    refuse(placed.record.id, why);
    return [];
  });
}

function contradiction(
  { record, row }: Placed,
  here: RunData & { readonly user: string },
  experiment: ExperimentRow,
): string | undefined {
  const ended = row.ended ?? null;
  if (row.context !== experiment.node) return 'here it is in another experiment';
  if (row.name !== record.name) return `here its name is '${row.name}'`;
  if (here.user !== record.user) return `here its user is '${here.user}'`;
  if (row.state !== executionStates[record.state])
    return `here its state is ${wordOf(executionStates, row.state)}`;
  if (row.started !== record.started || ended !== record.ended)
    return 'here it began or ended at another time';
  const lifecycle = lifecycleOf(row);
  if (lifecycle !== record.lifecycle) return `here it is ${lifecycle}`;
  const param = differingPair(
    asPairs(record.params),
    new Map(here.params.map(({ key, value }) => [key, value])),
  );
  if (param !== undefined) return `here its parameter '${param}' has another value`;
  const tag = differingPair(asPairs(record.tags), new Map(here.tags.map(({ key, value }) => [key, value])));
  return tag && `here its tag '${tag}' has another value`;
}

/** Adds the parameters and tags that are missing; the runs that had some missing. */
async function complete(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  agreeing: readonly Agreeing[],
): Promise<NodeId[]> {
  const properties: NewProperties[] = [];
  for (const { placed, data } of agreeing) {
    for (const scope of ['param', 'tag'] as const) {
      const here = new Set((scope === 'param' ? data.params : data.tags).map(({ key }) => key));
      const told = scope === 'param' ? placed.record.params : placed.record.tags;
      const missing = asPairs(told).filter(([key]) => !here.has(key));
      if (missing.length === 0) continue;
      properties.push({ owner: placed.row, scope, values: await textsOf(tx, graph, missing) });
    }
  }
  await putPropertiesOfMany(tx, context.face, properties);
  return properties.map(({ owner }) => owner.id as NodeId);
}

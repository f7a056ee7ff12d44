/** Logged models of a batch, and the links between them and runs, with the ids and times they have elsewhere. */
import type { EdgeId, KeyId, NodeId, Uid } from '../../kernel/ids.ts';
import { fromJsonInt64 } from '../../kernel/json-number.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { ExperimentRow } from '../contexts/index.ts';
import type { ChangeTx } from '../events/index.ts';
import {
  artifactStates,
  edgesAt,
  type Graph,
  insertEdges,
  insertNodes,
  type NewEdge,
  type NewProperties,
  type PropertyValue,
  putPropertiesOfMany,
  uidOfModel,
} from '../graph/index.ts';
import { putWholeTiedSeries } from '../metrics/index.ts';
import { findModels, type LoggedModel, loadModels, ownLifecycle } from '../models/index.ts';
import type { JoinClaimedModels } from '../pipelines/index.ts';
import { fromWire } from './columns.ts';
import type { Written } from './experiment-writer.ts';
import { asPairs, type LinkRecord, type ModelRecord, type Refusal } from './records.ts';
import type { WrittenRuns } from './run-writer.ts';
import { differingPair, findRuns, fitting, textsOf, unfitKey, unfitPairs } from './values.ts';

export async function writeModels(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  experiment: ExperimentRow,
  records: readonly ModelRecord[],
  join: JoinClaimedModels,
): Promise<WrittenRuns> {
  const refused: Refusal[] = [];
  const refuse = (id: string, why: string) => refused.push({ kind: 'model', id, why });
  const fit = fitting(records, unfit, refuse);
  const { project } = experiment;
  const uids = fit.map(({ id }) => uidOfModel(id)!);
  const taken = await nodesOf(tx, experiment, uids);
  const rows = await findModels(
    tx,
    graph,
    project,
    fit.map(({ id }) => id),
  );
  const here = await loadModels(
    tx,
    graph,
    [...rows.values()].map(({ id }) => id),
  );
  const runs = await runsOf(tx, experiment, fit);
  const first = await graph.db.nextIds(fit.length * 3);
  const nodes = new Map<string, NodeId>();
  const fresh: { record: ModelRecord; node: NodeId; edge: EdgeId }[] = [];
  for (const [index, record] of fit.entries()) {
    const row = rows.get(record.id);
    if (row !== undefined) {
      const why = contradiction(record, here.get(row.id)!, row.deleted !== 0, experiment);
      if (why === undefined) nodes.set(record.id, row.id);
      else refuse(record.id, why);
    } else if (taken.has(uidOfModel(record.id)!)) {
      refuse(record.id, 'here the id is that of something else, or of a model that was purged');
    } else {
      const node = (first + index * 3) as NodeId;
      nodes.set(record.id, node);
      fresh.push({ record, node, edge: (node + 1) as EdgeId });
    }
  }
  await insert(tx, graph, context, experiment, fresh, runs);
  const made = fresh.map(({ record, node }) => [record.id, node] as const);
  await join(tx, graph, context, project, new Map(made));
  const changed = new Set(fresh.map(({ node }) => node));
  const heads: { node: NodeId; points: number; sha256: string }[] = [];
  for (const record of fit) {
    const node = nodes.get(record.id);
    if (node === undefined) continue;
    const series = record.series.flatMap(({ key, run, dataset, points }, index) => {
      const id = runs.get(run);
      const [name = '', digest = ''] = dataset ?? [];
      if (id === undefined) return [];
      return {
        key,
        run: { id, uid: run as Uid },
        dataset: dataset && { name, digest },
        points: fromWire(points, `series[${index}] of model ${record.id}`),
      };
    });
    if (series.length < record.series.length) refuse(record.id, 'points of it are of a run that is not here');
    const head = await putWholeTiedSeries(tx, graph, { id: node, project }, series);
    if (head === undefined) continue;
    changed.add(node);
    heads.push({ node, points: head.points, sha256: head.sha256 });
  }
  return { nodes: [...changed], refused, heads };
}

function unfit(record: ModelRecord): string | undefined {
  const texts = [record.name, record.type, record.sourceRun];
  if (texts.some((text) => text.includes('\0'))) return 'its name, type or run holds U+0000';
  const pairs = unfitPairs('parameter', asPairs(record.params)) ?? unfitPairs('tag', asPairs(record.tags));
  if (pairs !== undefined) return pairs;
  const dataset = record.series.find(({ dataset: named }) => named?.some((text) => text.includes('\0')));
  if (dataset !== undefined) return 'the name of a data set holds U+0000';
  const series = record.series.find(({ key }) => unfitKey(key) !== undefined);
  return series && `the metric '${series.key.slice(0, 100)}' ${unfitKey(series.key)}`;
}

function contradiction(
  record: ModelRecord,
  here: LoggedModel,
  deleted: boolean,
  experiment: ExperimentRow,
): string | undefined {
  if (here.experiment !== experiment.id) return 'here it is in another experiment';
  if (here.name !== record.name) return `here its name is '${here.name}'`;
  if (here.type !== record.type || here.sourceRun !== record.sourceRun)
    return 'here it is of another type or run';
  if (here.status !== record.state) return `here it is ${here.status}`;
  if (here.created !== record.created) return 'here it was made at another time';
  if (deleted !== (record.lifecycle === 'deleted')) return `here it is ${deleted ? 'deleted' : 'active'}`;
  const asMap = (pairs: LoggedModel['tags']) => new Map(pairs.map(({ key, value }) => [key, value]));
  const param = differingPair(asPairs(record.params), asMap(here.params));
  if (param !== undefined) return `here its parameter '${param}' has another value`;
  const tag = differingPair(asPairs(record.tags), asMap(here.tags));
  return tag && `here its tag '${tag}' has another value`;
}

async function nodesOf(
  tx: ChangeTx,
  { project }: ExperimentRow,
  uids: readonly Uid[],
): Promise<ReadonlyMap<Uid, NodeId>> {
  const rows = await tx.many<{ id: NodeId; uid: Uid }>(
    sql`SELECT n.id, n.uid FROM node n WHERE n.project = ${project} AND n.uid ${anyOf(uids)}`,
  );
  return new Map(rows.map(({ id, uid }) => [uid, id]));
}

/** The runs that the models name, as their source or as what measured them. */
async function runsOf(
  tx: ChangeTx,
  { project }: ExperimentRow,
  records: readonly ModelRecord[],
): Promise<ReadonlyMap<string, NodeId>> {
  const ids = records.flatMap(({ sourceRun, series }) => [sourceRun, ...series.map(({ run }) => run)]);
  return findRuns(tx, project, ids);
}

async function insert(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  experiment: ExperimentRow,
  fresh: readonly { readonly record: ModelRecord; readonly node: NodeId; readonly edge: EdgeId }[],
  runs: ReadonlyMap<string, NodeId>,
): Promise<void> {
  const { project, node: parent } = experiment;
  await insertNodes(
    tx,
    fresh.map(({ record, node }) => ({
      id: node,
      uid: uidOfModel(record.id)!,
      project,
      context: parent,
      kind: 'artifact',
      type: graph.types['logged-model'],
      name: record.name,
      state: artifactStates[record.state],
      created: record.created,
      updated: record.updated,
      started: record.created,
      ended: null,
      mark: ownLifecycle,
      deleted: record.lifecycle === 'deleted' ? 1 : 0,
    })),
  );
  const location = experiment.artifact_location.replace(/\/+$/, '');
  const properties: NewProperties[] = [];
  const edges: NewEdge[] = [];
  for (const { record, node, edge } of fresh) {
    const owner = { id: node, project, context: parent };
    const declared = [
      ['model_type', record.type],
      ['source_run_id', record.sourceRun],
      ['status_message', record.message],
    ] as const;
    const uri = [['artifact_uri', `${location}/models/${record.id}/artifacts`]] as const;
    properties.push(
      { owner, scope: 'system', values: await textsOf(tx, graph, uri) },
      {
        owner,
        scope: 'declared',
        values: await textsOf(
          tx,
          graph,
          declared.filter(([, text]) => text !== ''),
        ),
      },
      { owner, scope: 'model-param', values: await textsOf(tx, graph, asPairs(record.params)) },
      { owner, scope: 'model-tag', values: await textsOf(tx, graph, asPairs(record.tags)) },
    );
    const assertion = { project, known: 'observed', validFrom: record.created, event: tx.eventId } as const;
    edges.push({ ...assertion, id: edge, source: node, target: parent, kind: 'member-of' });
    const run = runs.get(record.sourceRun);
    if (run === undefined) continue;
    const id = (edge + 1) as EdgeId;
    edges.push({ ...assertion, id, source: run, target: node, kind: 'generated', subtype: 'source' });
  }
  await putPropertiesOfMany(tx, context.face, properties);
  await insertEdges(tx, context, edges);
}

/** Links that are missing; one whose run or model is not here is refused. */
export async function writeLinks(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ExperimentRow['project'],
  records: readonly LinkRecord[],
): Promise<Written> {
  const refused: Refusal[] = [];
  const runs = await findRuns(
    tx,
    project,
    records.map(({ run }) => run),
  );
  const models = await findModels(
    tx,
    graph,
    project,
    records.map(({ model }) => model),
  );
  const nodes = [...new Set(runs.values())];
  const known = new Set([
    ...(await edgesAt(tx, 'target', nodes, 'used')).map(({ source, target }) => `input ${target} ${source}`),
    ...(await edgesAt(tx, 'source', nodes, 'generated'))
      .filter(({ subtype }) => subtype === 'output')
      .map(({ source, target }) => `output ${source} ${target}`),
  ]);
  const edges: NewEdge[] = [];
  const steps: NewProperties[] = [];
  const changed = new Set<NodeId>();
  const stepKey = (await graph.keys.resolve(tx, ['step'])).get('step')!;
  const first = await graph.db.nextIds(Math.max(1, records.length));
  for (const [index, { run, model, role, step }] of records.entries()) {
    const runNode = runs.get(run);
    const modelNode = models.get(model)?.id;
    if (runNode === undefined || modelNode === undefined) {
      const missing = runNode === undefined ? 'run' : 'model';
      refused.push({ kind: 'link', id: `${run} ${role} ${model}`, why: `the ${missing} is not here` });
      continue;
    }
    const name = `${role} ${runNode} ${modelNode}`;
    if (known.has(name)) continue;
    known.add(name);
    changed.add(runNode).add(modelNode);
    const id = (first + index) as EdgeId;
    const assertion = { id, project, known: 'observed', validFrom: null, event: tx.eventId } as const;
    if (role === 'input') edges.push({ ...assertion, source: modelNode, target: runNode, kind: 'used' });
    else {
      edges.push({ ...assertion, source: runNode, target: modelNode, kind: 'generated', subtype: 'output' });
      const value: PropertyValue = { kind: 'int64', value: fromJsonInt64(step) ?? 0 };
      const values = new Map<KeyId, PropertyValue>([[stepKey, value]]);
      steps.push({ owner: { id, project, context: 0 }, scope: 'declared', values });
    }
  }
  await insertEdges(tx, context, edges);
  await putPropertiesOfMany(tx, context.face, steps);
  return { nodes: [...changed], refused };
}

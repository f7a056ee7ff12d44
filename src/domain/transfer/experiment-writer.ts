/** Experiments of a batch, with the ids and times they have elsewhere. */
import type { EdgeId, KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { type ExperimentRow, experimentRows, tagsOf } from '../contexts/index.ts';
import type { ChangeTx } from '../events/index.ts';
import {
  claimKeys,
  type Graph,
  insertEdges,
  insertNodes,
  type NewProperties,
  nodeKinds,
  type PropertyValue,
  putPropertiesOfMany,
} from '../graph/index.ts';
import { asPairs, type ExperimentRecord, type Refusal } from './records.ts';
import { differingPair, textsOf } from './values.ts';

export interface Written {
  /** Nodes that are new or that something was added to. */
  readonly nodes: readonly NodeId[];
  readonly refused: readonly Refusal[];
}

/** The experiment that every project has from the start; the one of a store that moves in is the same. */
const defaultExperiment = '0';

export async function writeExperiments(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  records: readonly ExperimentRecord[],
): Promise<Written> {
  const first = await graph.db.nextIds(records.length * 2);
  const idOf = (index: number) => (first + index * 2) as NodeId;
  const byId = await claimKeys(
    tx,
    project,
    'experiment-id',
    new Map(records.map(({ id }, index) => [id, idOf(index)])),
  );
  const stored = await experimentsAt(tx, graph, [...byId.values()]);
  const refused: Refusal[] = [];
  const fresh: { record: ExperimentRecord; node: NodeId; edge: EdgeId }[] = [];
  const known: { record: ExperimentRecord; row: ExperimentRow }[] = [];
  for (const [index, record] of records.entries()) {
    const row = stored.get(byId.get(record.id)!);
    if (row !== undefined) known.push({ record, row });
    else fresh.push({ record, node: idOf(index), edge: (idOf(index) + 1) as EdgeId });
  }
  const names = await claimKeys(
    tx,
    project,
    'experiment-name',
    new Map(fresh.map(({ record, node }) => [record.name, node])),
  );
  const made = fresh.filter(({ record, node }) => names.get(record.name) === node);
  for (const { record, node } of fresh) {
    if (names.get(record.name) === node) continue;
    await tx.run(sql`DELETE FROM node_key WHERE node = ${node}`);
    refused.push(refusal(record, `the name '${record.name}' belongs to another experiment here`));
  }
  await insert(tx, graph, context, project, made);
  const taken = await takeOverDefault(tx, graph, context, project, known);
  const rest = known.filter(({ record }) => !taken.includes(record));
  const added = await compare(tx, graph, context, project, rest, refused);
  const takenNodes = known.filter(({ record }) => taken.includes(record)).map(({ row }) => row.node);
  return { nodes: [...made.map(({ node }) => node), ...takenNodes, ...added], refused };
}

const refusal = ({ id }: ExperimentRecord, why: string): Refusal => ({ kind: 'experiment', id, why });

async function experimentsAt(
  tx: ChangeTx,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, ExperimentRow>> {
  return new Map((await experimentRows(tx, graph, nodes)).map((row) => [row.node, row]));
}

async function insert(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  made: readonly { readonly record: ExperimentRecord; readonly node: NodeId; readonly edge: EdgeId }[],
): Promise<void> {
  const parent = project as number as NodeId;
  await insertNodes(
    tx,
    made.map(({ record, node }) => ({
      id: node,
      uid: context.newUid(),
      project,
      context: parent,
      kind: 'context',
      type: graph.types.experiment,
      name: record.name,
      state: null,
      created: record.created,
      updated: record.updated,
      started: null,
      ended: null,
      mark: 0,
      deleted: record.lifecycle === 'deleted' ? 1 : 0,
    })),
  );
  const properties: NewProperties[] = [];
  for (const { record, node } of made) {
    const owner = { id: node, project, context: parent };
    properties.push({ owner, scope: 'system', values: locationOf(graph, record) });
    properties.push({ owner, scope: 'tag', values: await textsOf(tx, graph, asPairs(record.tags)) });
  }
  await putPropertiesOfMany(tx, context.face, properties);
  await insertEdges(
    tx,
    context,
    made.map(({ record, node, edge }) => ({
      id: edge,
      project,
      source: node,
      target: parent,
      kind: 'member-of',
      known: 'observed',
      validFrom: record.created,
      event: tx.eventId,
    })),
  );
}

function locationOf(graph: Graph, { location }: ExperimentRecord): Map<KeyId, PropertyValue> {
  return new Map([[graph.systemKeys.artifact_location, { kind: 'text', value: location }]]);
}

/**
 * Default as it was made, without a run, a model or a tag, becomes what the other store calls it: everything but its id. Else it
 * is an experiment that is here like any other.
 */
async function takeOverDefault(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  known: readonly { readonly record: ExperimentRecord; readonly row: ExperimentRow }[],
): Promise<readonly ExperimentRecord[]> {
  const found = known.find(({ record }) => record.id === defaultExperiment);
  if (found === undefined) return [];
  const { record, row } = found;
  const untouched = row.name === 'Default' && row.created === row.updated && row.mark === 0;
  const member = await tx.one(sql`SELECT 1 AS one FROM node
    WHERE context = ${row.node} AND kind ${anyOf([nodeKinds.execution, nodeKinds.artifact])} LIMIT 1`);
  if (!untouched || member !== undefined) return [];
  const tagged = (await tagsOf(tx, graph, [row.node])).get(row.node) ?? [];
  if (tagged.length > 0) return [];
  if (record.name !== row.name) {
    const names = await claimKeys(tx, project, 'experiment-name', new Map([[record.name, row.node]]));
    if (names.get(record.name) !== row.node) return [];
    await tx.run(
      sql`DELETE FROM node_key WHERE node = ${row.node} AND value = ${row.name} AND project = ${project}`,
    );
  }
  await tx.run(sql`UPDATE node SET name = ${record.name}, created = ${record.created}, updated = ${record.updated},
    deleted = ${record.lifecycle === 'deleted' ? 1 : 0} WHERE id = ${row.node}`);
  const owner = { id: row.node, project, context: project as number as NodeId };
  await putPropertiesOfMany(tx, context.face, [
    { owner, scope: 'system', values: locationOf(graph, record) },
    { owner, scope: 'tag', values: await textsOf(tx, graph, asPairs(record.tags)) },
  ]);
  return [record];
}

/** What is here already must not contradict; tags that are missing are added. */
async function compare(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  known: readonly { readonly record: ExperimentRecord; readonly row: ExperimentRow }[],
  refused: Refusal[],
): Promise<NodeId[]> {
  const tags = await tagsOf(
    tx,
    graph,
    known.map(({ row }) => row.node),
  );
  const added: NewProperties[] = [];
  for (const { record, row } of known) {
    const here = new Map((tags.get(row.node) ?? []).map(({ key, value }) => [key, value]));
    const tag = differingPair(asPairs(record.tags), here);
    const lifecycle = row.deleted === 0 ? 'active' : 'deleted';
    // The times of Default are those of each store's making.
    const why =
      record.name !== row.name
        ? `here it is called '${row.name}'`
        : record.location !== row.artifact_location
          ? `here its artifacts lie at ${row.artifact_location}`
          : record.lifecycle !== lifecycle
            ? `here it is ${lifecycle}`
            : tag === undefined
              ? undefined
              : `here its tag '${tag}' has another value`;
    if (why !== undefined) {
      refused.push(refusal(record, why));
      continue;
    }
    const missing = asPairs(record.tags).filter(([key]) => !here.has(key));
    if (missing.length === 0) continue;
    const owner = { id: row.node, project, context: project as number as NodeId };
    added.push({ owner, scope: 'tag', values: await textsOf(tx, graph, missing) });
  }
  await putPropertiesOfMany(tx, context.face, added);
  return added.map(({ owner }) => owner.id as NodeId);
}

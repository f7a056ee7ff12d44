import type { Queries, Tx } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import { notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import type { Tag } from '../contexts/index.ts';
import {
  artifactStates,
  type Graph,
  keySpaces,
  lockNodes,
  modelIdOf,
  nodeKinds,
  type PropertyRow,
  propertiesOf,
  propertyScopes,
  textOf,
  uidOfModel,
} from '../graph/index.ts';
import type { Param } from '../runs/index.ts';
import type { LoggedModel } from './logged-model.ts';

export interface ModelRow {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly context: NodeId;
  readonly state: number;
  readonly deleted: number;
}

/** Models by their ids, deleted ones too; with `lock` they are held until the transaction ends. */
export async function findModels(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  ids: readonly string[],
  lock = false,
): Promise<Map<string, ModelRow>> {
  const uids = ids.flatMap((id) => uidOfModel(id) ?? []);
  if (uids.length === 0) return new Map();
  const rows =
    await queries.many<ModelRow>(sql`SELECT n.id, n.uid, n.project, n.context, n.state, n.deleted FROM node n
    WHERE n.project = ${project} AND n.uid ${anyOf(uids)} AND n.type = ${graph.types['logged-model']}
      AND n.kind = ${nodeKinds.artifact} ORDER BY n.id ${lock ? lockNodes(graph.db.dialect) : emptySql}`);
  return new Map(rows.map((row) => [modelIdOf(row.uid), row]));
}

export function noSuchModel(id: string, field = 'model') {
  return notFound(`Logged model with ID '${id}' not found.`, field);
}

/** The models that are there and not deleted; `not_found` names the first that is not. */
export async function requireModels(
  tx: Tx,
  graph: Graph,
  project: ProjectId,
  ids: readonly string[],
): Promise<Map<string, ModelRow>> {
  const rows = await findModels(tx, graph, project, ids);
  for (const [index, id] of ids.entries()) {
    if (rows.get(id)?.deleted !== 0) throw noSuchModel(id, `models[${index}].model_id`);
  }
  return rows;
}

/** One model that is not deleted, held until the transaction ends. */
export async function holdModel(tx: Tx, graph: Graph, project: ProjectId, id: string): Promise<ModelRow> {
  const row = (await findModels(tx, graph, project, [id], true)).get(id);
  if (row === undefined || row.deleted !== 0) throw noSuchModel(id);
  return row;
}

interface WholeRow extends ModelRow {
  readonly name: string;
  readonly created: number;
  readonly updated: number;
  readonly experiment: string;
}

/** Whole models by their nodes: three statements, whatever their number. */
export async function loadModels(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<Map<NodeId, LoggedModel>> {
  if (nodes.length === 0) return new Map();
  const rows =
    await queries.many<WholeRow>(sql`SELECT n.id, n.uid, n.project, n.context, n.state, n.deleted, n.name,
      n.created, n.updated, k.value AS experiment
    FROM node n JOIN node_key k ON k.node = n.context AND k.space = ${keySpaces['experiment-id']}
    WHERE n.id ${anyOf(nodes)}`);
  const properties = await propertiesOf(queries, nodes);
  const names = await graph.keys.names(
    queries,
    properties.map((row) => row.key),
  );
  const byOwner = Map.groupBy(properties, (row) => row.owner);
  return new Map(
    rows.map((row) => [
      row.id,
      modelFromRow(row, byOwner.get(row.id) ?? [], (property) => names.get(property.key) ?? ''),
    ]),
  );
}

function modelFromRow(
  row: WholeRow,
  properties: readonly PropertyRow[],
  nameOf: (property: PropertyRow) => string,
): LoggedModel {
  const params: Param[] = [];
  const tags: Tag[] = [];
  const facts: Record<string, string> = {};
  for (const property of properties) {
    const pair = { key: nameOf(property), value: textOf(property) };
    if (property.scope === propertyScopes['model-param']) params.push(pair);
    else if (property.scope === propertyScopes['model-tag']) tags.push(pair);
    else facts[pair.key] = pair.value;
  }
  const { id: node, uid, project, name, created, updated, experiment } = row;
  return {
    ...{ node, uid, project, name, created, updated, experiment },
    id: modelIdOf(uid),
    type: facts.model_type ?? '',
    status: wordOf(artifactStates, row.state),
    sourceRun: facts.source_run_id ?? '',
    artifactUri: facts.artifact_uri ?? '',
    params: params.sort(byKey),
    tags: tags.sort(byKey),
  };
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}

/** The experiments that exist of those named, in no order. */
export async function experimentNodes(
  queries: Queries,
  project: ProjectId,
  ids: readonly string[],
): Promise<NodeId[]> {
  const rows = await queries.many<{ node: NodeId }>(sql`SELECT node FROM node_key
    WHERE project = ${project} AND space = ${keySpaces['experiment-id']} AND value ${anyOf(ids)}`);
  return rows.map((row) => row.node);
}

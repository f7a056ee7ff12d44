import type { Queries } from '../../db/db.ts';
import { CairnError, notFound } from '../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, emptySql, type Sql, sql } from '../../kernel/sql.ts';
import {
  findByKey,
  type Graph,
  keyHolders,
  keySpaces,
  lockNodes,
  propertiesOf,
  propertyScopes,
  textOf,
} from '../graph/index.ts';
import type { Experiment, Tag } from './experiment.ts';

/** What a run needs to know of its experiment. */
export interface ExperimentRow {
  readonly node: NodeId;
  readonly project: ProjectId;
  readonly id: string;
  readonly name: string;
  readonly artifact_location: string;
  readonly created: number;
  readonly updated: number;
  readonly mark: number;
  readonly deleted: number;
}

function selectExperiments(graph: Graph): Sql {
  return sql`SELECT n.id AS node, n.project, k.value AS id, n.name, p.text AS artifact_location, n.created, n.updated,
      n.mark, n.deleted
    FROM node n
    JOIN node_key k ON k.node = n.id AND k.space = ${keySpaces['experiment-id']}
    JOIN property p ON p.owner = n.id AND p.scope = ${propertyScopes.system} AND p.key = ${graph.systemKeys.artifact_location}`;
}

/** Experiments by their nodes, in no order. */
export async function experimentRows(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<ExperimentRow[]> {
  if (nodes.length === 0) return [];
  return queries.many(sql`${selectExperiments(graph)} WHERE n.id ${anyOf(nodes)}`);
}

/** The experiments that exist of those with these decimal ids. */
export async function experimentsById(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  ids: readonly string[],
): Promise<ExperimentRow[]> {
  // No stored text holds U+0000, and PostgreSQL refuses to be asked for one.
  const holders = keyHolders(
    project,
    'experiment-id',
    ids.filter((id) => !id.includes('\0')),
  );
  return queries.many(sql`${selectExperiments(graph)} WHERE n.id IN (${holders})`);
}

/** One experiment; with `lock` it is held until the transaction ends. */
export async function experimentRow(
  queries: Queries,
  graph: Graph,
  node: NodeId,
  lock = false,
): Promise<ExperimentRow | undefined> {
  const suffix = lock ? lockNodes(graph.db.dialect) : emptySql;
  return queries.one(sql`${selectExperiments(graph)} WHERE n.id = ${node} ${suffix}`);
}

/** The experiment of that id, with `lock` held until the transaction ends; `not_found` otherwise. */
export async function requireExperiment(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  id: string,
  lock = false,
): Promise<ExperimentRow> {
  const node = id.includes('\0') ? undefined : await findByKey(queries, project, 'experiment-id', id);
  const row = node && (await experimentRow(queries, graph, node, lock));
  if (row === undefined) throw notFound(`No Experiment with id=${id} exists`, 'experiment');
  return row;
}

/** Deleted experiments can be read, not written. */
export function requireActiveExperiment(row: ExperimentRow): void {
  if (row.deleted === 0) return;
  throw new CairnError(
    'failed_precondition',
    `The experiment ${row.id} must be in the 'active' state. Current state is deleted.`,
    { field: 'experiment' },
  );
}

/** Tags of the owners by owner, keys in the order of their text. */
export async function tagsOf(
  queries: Queries,
  graph: Graph,
  owners: readonly NodeId[],
): Promise<Map<NodeId, Tag[]>> {
  const rows = await propertiesOf(queries, owners, { scope: 'tag' });
  const names = await graph.keys.names(
    queries,
    rows.map((row) => row.key),
  );
  const tags = new Map<NodeId, Tag[]>(owners.map((owner) => [owner, []]));
  for (const row of rows) tags.get(row.owner)?.push({ key: names.get(row.key) ?? '', value: textOf(row) });
  for (const list of tags.values()) list.sort((a, b) => (a.key < b.key ? -1 : 1));
  return tags;
}

export function experimentFromRow(row: ExperimentRow, tags: readonly Tag[]): Experiment {
  return {
    node: row.node,
    project: row.project,
    id: row.id,
    name: row.name,
    artifactLocation: row.artifact_location,
    lifecycle: row.deleted === 0 ? 'active' : 'deleted',
    created: row.created,
    updated: row.updated,
    tags,
  };
}

/** Key of a tag, if anything was ever stored under it. */
export async function keyOf(queries: Queries, graph: Graph, name: string): Promise<KeyId | undefined> {
  return (await graph.keys.find(queries, [name])).get(name);
}

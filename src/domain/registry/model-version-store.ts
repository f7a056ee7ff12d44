import type { Queries } from '../../db/db.ts';
import { notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { Tag } from '../contexts/index.ts';
import {
  edgeKinds,
  findByKey,
  findByKeys,
  type Graph,
  type PropertyRow,
  propertiesOf,
  propertyScopes,
  textOf,
} from '../graph/index.ts';
import { type NamingRow, namedNow } from './naming-store.ts';
import type { ModelVersion, Stage } from './registered-model.ts';

export interface VersionRow {
  readonly id: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly name: string;
  readonly source: string;
  readonly created: number;
  readonly updated: number;
  readonly number: number;
  readonly model: NodeId;
  readonly creator: string;
}

export const versionKey = (model: NodeId, number: number): string => `${model}/${number}`;

export function noSuchVersion(name: string, number: number | string) {
  return notFound(`Model Version (name=${name}, version=${number}) not found`, 'version');
}

/** Rows of versions that are not deleted, in no order. */
export async function versionRows(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<VersionRow[]> {
  if (nodes.length === 0) return [];
  return queries.many(sql`SELECT n.id, n.uid, n.project, n.name, n.uri AS source, n.created, n.updated, v.int AS number,
      e.target AS model, e.principal AS creator
    FROM node n
    JOIN property v ON v.owner = n.id AND v.scope = ${propertyScopes.system} AND v.key = ${graph.systemKeys.version_number}
    JOIN edge e ON e.source = n.id AND e.kind = ${edgeKinds['version-of']}
    WHERE n.id ${anyOf(nodes)} AND n.deleted = 0`);
}

/** The version with this number; `not_found` for a deleted one. */
export async function requireVersion(
  queries: Queries,
  graph: Graph,
  model: { readonly id: NodeId; readonly project: ProjectId; readonly name: string },
  number: number,
): Promise<VersionRow> {
  const node = await findByKey(queries, model.project, 'model-version', versionKey(model.id, number));
  const [row] = node === undefined ? [] : await versionRows(queries, graph, [node]);
  if (row === undefined) throw noSuchVersion(model.name, number);
  return row;
}

/** Whole versions by their nodes: four statements, whatever their number. */
export async function loadVersions(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<Map<NodeId, ModelVersion>> {
  const rows = await versionRows(queries, graph, nodes);
  const ids = rows.map(({ id }) => id);
  const properties = await propertiesOf(queries, ids);
  const names = await graph.keys.names(
    queries,
    properties.map(({ key }) => key),
  );
  const named = Map.groupBy(await namedNow(queries, 'version', ids), ({ version }) => version);
  const owned = Map.groupBy(properties, ({ owner }) => owner);
  return new Map(
    rows.map((row) => [
      row.id,
      versionFromRow(
        row,
        owned.get(row.id) ?? [],
        named.get(row.id) ?? [],
        (property) =>
          // A key stands before the value that names it.
          names.get(property.key)!,
      ),
    ]),
  );
}

function versionFromRow(
  row: VersionRow,
  properties: readonly PropertyRow[],
  namings: readonly NamingRow[],
  nameOf: (property: PropertyRow) => string,
): ModelVersion {
  const tags: Tag[] = [];
  const facts = new Map<string, string>();
  for (const property of properties) {
    const [key, value] = [nameOf(property), textOf(property)];
    if (property.scope === propertyScopes['model-version-tag']) tags.push({ key, value });
    else if (property.scope === propertyScopes.declared) facts.set(key, value);
  }
  const words = (kind: 'alias/' | 'stage/') =>
    namings.flatMap(({ naming }) => (naming.startsWith(kind) ? naming.slice(kind.length) : []));
  const { id: node, uid, project, created, updated, creator, source } = row;
  return {
    ...{ node, uid, project, created, updated, creator, source },
    model: row.name,
    modelNode: row.model,
    version: row.number,
    description: facts.get('description'),
    stage: (words('stage/')[0] ?? 'None') as Stage,
    aliases: words('alias/'),
    location: facts.get('storage_location') ?? source,
    run: facts.get('run_id') ?? '',
    runLink: facts.get('run_link') ?? '',
    loggedModel: facts.get('logged_model') ?? '',
    tags: sortedByKey(tags),
  };
}

/** In the order of their keys' UTF-8 bytes. */
export function sortedByKey(tags: readonly Tag[]): Tag[] {
  return [...tags].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

export interface LatestRow {
  readonly model: NodeId;
  readonly stage: string | null;
  readonly number: number;
  readonly first: number;
  readonly versions: number;
}

/** The greatest and the least number of each stage, and how many versions are in it; the least first. */
export async function latestByStage(
  queries: Queries,
  graph: Graph,
  models: readonly NodeId[],
): Promise<LatestRow[]> {
  if (models.length === 0) return [];
  return queries.many(sql`SELECT e.target AS model, s.subtype AS stage, max(v.int) AS number, min(v.int) AS first,
      count(*) AS versions
    FROM edge e
    JOIN node n ON n.id = e.source AND n.deleted = 0
    JOIN property v ON v.owner = n.id AND v.scope = ${propertyScopes.system} AND v.key = ${graph.systemKeys.version_number}
    LEFT JOIN edge s ON s.target = n.id AND s.kind = ${edgeKinds.named} AND s.known_to IS NULL AND s.valid_to IS NULL
      AND s.subtype >= 'stage/' AND s.subtype < 'stage0'
    WHERE e.target ${anyOf(models)} AND e.kind = ${edgeKinds['version-of']}
    GROUP BY e.target, s.subtype ORDER BY e.target, min(v.int)`);
}

/** The nodes of versions by registered model and number. */
export async function versionNodes(
  queries: Queries,
  project: ProjectId,
  numbered: readonly { readonly model: NodeId; readonly number: number }[],
): Promise<ReadonlyMap<string, NodeId>> {
  return findByKeys(
    queries,
    project,
    'model-version',
    numbered.map(({ model, number }) => versionKey(model, number)),
  );
}

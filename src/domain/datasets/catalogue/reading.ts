/** What other slices read of datasets in a scan of their own: by which words they are found, what they are called, what is told of them. */
import type { Queries } from '../../../db/db.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { Scope } from '../../../kernel/request-context.ts';
import { anyOf, emptySql, sql, textHead, textHeadLength } from '../../../kernel/sql.ts';
import { seenIn } from '../../access/index.ts';
import { edgeKinds, type Graph, nodeKinds, propertyScopes } from '../../graph/index.ts';
import { assetScope, digestOf as hashOf, placeMark } from '../identity/marks.ts';
import {
  assetsOfVersions,
  listVersionClasses,
  type RecordRow,
  recordsOfClasses,
  type Sight,
} from './class-store.ts';
import { type Description, descriptionsOf } from './descriptions.ts';
import type { FacetSource } from './facet-source.ts';
import { makersOf } from './uses.ts';
import { factsOfRecords, type VersionFacts } from './version-facts.ts';

export { versionNames, versionWords } from './version-words.ts';

/** Datasets that lie at a place in its one spelling, whichever project knows it: of each the first record, of the one asked in if it has any. */
export async function datasetsAt(
  queries: Queries,
  { scope, project }: Sight,
  canonicalUri: string,
): Promise<NodeId[]> {
  const { kind, value } = placeMark(canonicalUri);
  const rows = await queries.many<Representative>(sql`SELECT n.id, n.class, n.project FROM identity_mark m
    JOIN node n ON n.id = m.node WHERE m.scope = ${assetScope} AND m.kind = ${kind} AND m.value = ${value}
      AND ${seenIn(scope, sql`m.project`)} ORDER BY n.id`);
  return representatives(rows, project);
}

type Representative = Pick<RecordRow, 'id' | 'class' | 'project'>;

/** Of each class one record: the first of the project, or else the first. `rows` in the order of their ids. */
function representatives(rows: readonly Representative[], project: ProjectId | undefined): NodeId[] {
  const found = new Map<NodeId, NodeId>();
  for (const row of [...rows.filter((one) => one.project === project), ...rows]) {
    if (!found.has(row.class)) found.set(row.class, row.id);
  }
  return [...found.values()].sort((a, b) => a - b);
}

/** Datasets that any of their records in the project calls so: the first that does. */
export async function datasetsNamed(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  name: string,
  limit: number,
): Promise<NodeId[]> {
  const head = [...name].slice(0, textHeadLength).join('');
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT min(n.id) AS id FROM node n
    WHERE n.project = ${project} AND n.kind = ${nodeKinds.asset} AND ${textHead('n.name')} = ${head}
      AND n.name = ${name} AND n.type = ${graph.types.dataset} GROUP BY n.class ORDER BY 1 LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}

/** All records of these datasets, each given by one. */
export async function recordsOfDatasets(
  queries: Queries,
  datasets: readonly NodeId[],
  sight: Sight,
): Promise<NodeId[]> {
  const rows = await queries.many<{ class: NodeId }>(
    sql`SELECT DISTINCT n.class FROM node n WHERE n.id ${anyOf(datasets)}`,
  );
  const classes = rows.map((row) => row.class);
  return (await recordsOfClasses(queries, classes, sight)).map(({ id }) => id);
}

/** Versions of assets that their source calls so, or that have such a digest (eight of its hexadecimal digits will do); each class once. */
export async function versionsCalled(
  queries: Queries,
  graph: Graph,
  { project }: Sight,
  assets: readonly NodeId[],
  version: string,
): Promise<NodeId[]> {
  const keys = await graph.keys.find(queries, ['version', 'digest', 'digests']);
  const [named, digest, digests] = ['version', 'digest', 'digests'].map((key) => keys.get(key) ?? -1);
  const marks = [version, `sha256:${version.toLowerCase()}`].map((text) => sql`${hashOf(text)}`);
  const hex = /^(?:[a-z][a-z0-9]*:)?([0-9a-f]{8,128})$/i.exec(version)?.[1];
  const among = hex
    ? sql` OR (p.key = ${digests!} AND p.scope = ${propertyScopes.declared} AND p.text LIKE ${`%"value":"${hex.toLowerCase()}%`})`
    : emptySql;
  const rows =
    await queries.many<Representative>(sql`SELECT DISTINCT v.id, v.class, v.project FROM edge e JOIN node v ON v.id = e.source
    WHERE e.target ${anyOf(assets)} AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL AND (
      EXISTS (SELECT 1 FROM identity_mark m WHERE m.node = v.id AND m.scope <> ${assetScope} AND m.value IN (${marks[0]!}, ${marks[1]!}))
      OR EXISTS (SELECT 1 FROM property p WHERE p.owner = v.id AND (
        (p.key IN (${named!}, ${digest!}) AND p.scope IN (${propertyScopes.system}, ${propertyScopes.declared}) AND p.text = ${version})${among})))
    ORDER BY v.id`);
  return representatives(rows, project);
}

/** Versions of assets, the latest first, each once: of those that were there at an instant, if one is told. */
export async function latestVersions(
  queries: Queries,
  { project }: Sight,
  assets: readonly NodeId[],
  asOf: number | undefined,
  limit: number,
): Promise<NodeId[]> {
  const rows = await listVersionClasses(
    queries,
    assets,
    asOf === undefined ? undefined : [asOf + 1, 0],
    limit,
    project,
  );
  return rows.map(({ record }) => record);
}

export interface ToldData {
  /** Equal for records of one thing: of a version, or of a dataset of which no version is told. */
  readonly class: NodeId;
  /** All records of it that may be seen: it is known by the first. */
  readonly records: readonly NodeId[];
  /** First record of the dataset. */
  readonly dataset: NodeId;
  /** Absent of a dataset of which no version is told. */
  readonly facts: VersionFacts | undefined;
  readonly description: Description;
}

/** What is known of dataset versions and said of their datasets, each with all that is the same as it. Nodes of other types are absent. */
export async function toldOfData(
  queries: Queries,
  graph: Graph,
  facets: FacetSource,
  scope: Scope,
  asked: readonly NodeId[],
): Promise<Map<NodeId, ToldData>> {
  const { dataset: datasetType, 'dataset-version': versionType } = graph.types;
  const rows = await queries.many<{ id: NodeId; class: NodeId; type: number }>(
    sql`SELECT n.id, n.class, n.type FROM node n WHERE n.id ${anyOf(asked)} AND n.type ${anyOf([datasetType, versionType])} AND ${seenIn(scope, sql`n.project`)}`,
  );
  if (rows.length === 0) return new Map();
  const versions = rows.filter(({ type }) => type === versionType);
  const records = await recordsOfClasses(queries, [...new Set(versions.map((row) => row.class))], { scope });
  const nodes = records.map(({ id }) => id);
  const byClass = Map.groupBy(records, (record) => record.class);
  const facts = await factsOfRecords(queries, graph, facets, nodes, await makersOf(queries, nodes));
  const assets = await assetsOfVersions(queries, nodes);
  const classes = await queries.many<{ id: NodeId; class: NodeId }>(
    sql`SELECT n.id, n.class FROM node n WHERE n.id ${anyOf([...new Set(assets.values())])}`,
  );
  const classOf = new Map(classes.map((row) => [row.id, row.class]));
  const whole = rows.flatMap((row) => (row.type === datasetType ? row.class : []));
  const datasets = [...new Set([...classOf.values(), ...whole])];
  const members = Map.groupBy(await recordsOfClasses(queries, datasets, { scope }), (record) => record.class);
  const idsOf = (dataset: NodeId) => (members.get(dataset) ?? []).map(({ id }) => id);
  const said = await descriptionsOf(queries, graph, facets, datasets.map(idsOf));
  const descriptions = new Map(datasets.map((id, index) => [id, said[index]!]));
  return new Map(
    rows.flatMap(({ id, class: of, type }): [NodeId, ToldData][] => {
      const own = type === datasetType ? idsOf(of) : byClass.get(of)!.map((record) => record.id);
      const asset = own.map((record) => assets.get(record)).find((found) => found !== undefined);
      const dataset = type === datasetType ? of : asset && classOf.get(asset);
      const description = dataset && descriptions.get(dataset);
      if (dataset === undefined || description === undefined) return [];
      const told = type === datasetType ? undefined : facts(own);
      return [[id, { class: of, records: own, dataset: idsOf(dataset)[0]!, facts: told, description }]];
    }),
  );
}

/** Where datasets lie, in one spelling; absent where they have no place. */
export async function placesOf(queries: Queries, assets: readonly NodeId[]): Promise<Map<NodeId, string>> {
  const rows = await queries.many<{
    id: NodeId;
    uri: string | null;
  }>(sql`SELECT n.id, n.uri_canonical AS uri FROM node n
    WHERE n.id ${anyOf(assets)}`);
  return new Map(rows.flatMap(({ id, uri }) => (uri === null ? [] : [[id, uri]])));
}

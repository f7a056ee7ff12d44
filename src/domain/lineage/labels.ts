/** What people call nodes: as short as tells them apart, and where there is such a form as they may be asked for by (references.ts). */
import type { Queries } from '../../db/db.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { datasetReading, type FacetSource } from '../datasets/index.ts';
import { edgeKinds, type Graph, propertyScopes } from '../graph/index.ts';
import type { NodeName } from './node-store.ts';

/** What answers are worded from. */
export interface World {
  readonly graph: Graph;
  /** What producers say of datasets. */
  readonly facets: FacetSource;
}

/** Digits of a uid that stand for it where nothing else does. */
const shortUid = 8;

export async function labelsOf(
  queries: Queries,
  { graph, facets }: World,
  names: ReadonlyMap<number, NodeName>,
): Promise<ReadonlyMap<number, string>> {
  const ofType = (wanted: string) =>
    [...names.values()].flatMap(({ id, type }) => (type === wanted ? id : []));
  const versions = ofType('dataset-version');
  const words =
    versions.length === 0
      ? new Map<NodeId, string>()
      : await (await datasetReading()).versionWords(queries, graph, facets, versions);
  const models = await modelVersions(queries, graph, ofType('model-version'));
  const endpoints = await endpointsOf(queries, ofType('deployment'));
  return new Map(
    [...names.values()].map(({ id, uid, type, kind, name }) => {
      const short = `${type} ${uid.slice(0, shortUid)}`;
      if (kind === 'tombstone') return [id, `${short} (purged)`];
      if (type === 'dataset-version') return [id, `${name ?? ''}@${words.get(id) ?? uid.slice(0, shortUid)}`];
      if (type === 'model-version') return [id, models.get(id) ?? name ?? short];
      if (type === 'registered-model') return [id, `models:/${name ?? ''}`];
      if (type === 'deployment') return [id, endpoints.get(id) ?? short];
      return [id, name ?? short];
    }),
  );
}

/** `models:/churn/3` */
async function modelVersions(
  queries: Queries,
  graph: Graph,
  nodes: readonly NodeId[],
): Promise<Map<number, string>> {
  if (nodes.length === 0) return new Map();
  const rows = await queries.many<{ id: NodeId; number: number; name: string | null }>(
    sql`SELECT p.owner AS id, p.int AS number, m.name FROM property p
      JOIN edge e ON e.source = p.owner AND e.kind = ${edgeKinds['version-of']} JOIN node m ON m.id = e.target
      WHERE p.owner ${anyOf(nodes)} AND p.scope = ${propertyScopes.system} AND p.key = ${graph.systemKeys.version_number}`,
  );
  return new Map(rows.map(({ id, number, name }) => [id, `models:/${name ?? ''}/${number}`]));
}

/** The endpoint that each deployment is at. */
async function endpointsOf(queries: Queries, nodes: readonly NodeId[]): Promise<Map<number, string>> {
  if (nodes.length === 0) return new Map();
  const rows = await queries.many<{ id: NodeId; name: string | null }>(
    sql`SELECT e.source AS id, p.name FROM edge e JOIN node p ON p.id = e.target
      WHERE e.source ${anyOf(nodes)} AND e.kind = ${edgeKinds['member-of']}`,
  );
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name]])));
}

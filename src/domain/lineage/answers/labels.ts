/** What people call nodes: as short as tells them apart, and where there is such a form as they may be asked for by (references.ts). */
import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Scope } from '../../../kernel/request-context.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { datasetReading, type FacetSource } from '../../datasets/index.ts';
import { edgeKinds, type Graph, propertyScopes } from '../../graph/index.ts';
import type { NodeName } from '../nodes/node-store.ts';

/** What answers are worded from. */
export interface World {
  readonly graph: Graph;
  /** What producers say of datasets. */
  readonly facets: FacetSource;
  /** Of whoever asks: of what lies outside nothing is told but that it is there. */
  readonly scope: Scope;
}

/** Digits of a uid that stand for it where nothing else does: the last ones, for the first are a clock. */
const shortUid = 8;
const endOf = (id: string): string => id.slice(-shortUid);

export async function labelsOf(
  queries: Queries,
  { graph, facets, scope }: World,
  names: ReadonlyMap<number, NodeName>,
): Promise<ReadonlyMap<number, string>> {
  const ofType = (wanted: string) =>
    [...names.values()].flatMap(({ id, type }) => (type === wanted ? id : []));
  const versions = ofType('dataset-version');
  const words =
    versions.length === 0
      ? new Map<NodeId, string>()
      : await (await datasetReading()).versionWords(queries, graph, facets, scope, versions);
  const models = await modelVersions(queries, graph, ofType('model-version'));
  const groups = await groupsOf(queries, [...ofType('deployment'), ...ofType('job-run')]);
  return new Map(
    [...names.values()].map(({ id, uid, type, kind, name }) => {
      const short = `${type} ${endOf(uid)}`;
      if (kind === 'tombstone') return [id, `${short} (purged)`];
      if (type === 'dataset-version') return [id, `${name ?? ''}@${words.get(id) ?? endOf(uid)}`];
      if (type === 'model-version') return [id, models.get(id) ?? name ?? short];
      if (type === 'registered-model') return [id, `models:/${name ?? ''}`];
      if (type === 'deployment') return [id, groups.get(id) ?? short];
      // The id of a run alone says nothing to anybody.
      if (type === 'job-run') return [id, `${groups.get(id) ?? 'job'} …${endOf(name ?? uid)}`];
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

/** The endpoint that each deployment is at, the job that each run is of. */
async function groupsOf(queries: Queries, nodes: readonly NodeId[]): Promise<Map<number, string>> {
  if (nodes.length === 0) return new Map();
  const rows = await queries.many<{ id: NodeId; name: string | null }>(
    sql`SELECT e.source AS id, p.name FROM edge e JOIN node p ON p.id = e.target JOIN type t ON t.id = p.type
      WHERE e.source ${anyOf(nodes)} AND e.kind = ${edgeKinds['member-of']} AND e.known_to IS NULL
        AND t.name IN ('endpoint', 'job') ORDER BY e.id DESC`,
  );
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name]])));
}

/** Claims that the records of runs' inputs hold by themselves: what follows from them can be derived from the graph at any time. */
import type { Queries } from '../../../db/db.ts';
import { canonicalUri } from '../../../engines/identity/index.ts';
import type { NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import { anyOf, emptySql, sql } from '../../../kernel/sql.ts';
import { edgeKinds, type Graph, nodeKinds, propertyScopes } from '../../graph/index.ts';
import { type DatasetUseClaim, markKinds, type VersionClaim } from './claims.ts';
import { assetScope, type MarkGroup, type NewMark, placeMark } from './marks.ts';

/** By this tag of an input a client says which version of the dataset it read, where the record cannot. */
export const versionTag = 'cairn.dataset.version';

export interface PlacedVersion {
  readonly version: NodeId;
  readonly asset: NodeId;
  /** 1 where the record says by itself which version it is. */
  readonly names_version: number;
}

/** Versions of assets that have a place: of others no face but their own can speak. */
export async function placedVersions(
  queries: Queries,
  versions: readonly NodeId[],
): Promise<PlacedVersion[]> {
  return queries.many(sql`SELECT e.source AS version, e.target AS asset,
      CASE WHEN m.kind = ${markKinds.explicit} THEN 1 ELSE 0 END AS names_version
    FROM edge e JOIN node a ON a.id = e.target LEFT JOIN identity_mark m ON m.node = e.source
    WHERE e.source ${anyOf(versions)} AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL
      AND a.uri_canonical IS NOT NULL`);
}

/** A part of the records, in the order of their ids, and the last id that was looked at; undefined at the end. */
export interface RecordedPage<T> {
  readonly items: readonly T[];
  readonly next: number | undefined;
}

function pageOf<Row extends { readonly id: number }, T>(
  rows: readonly Row[],
  limit: number,
  items: readonly T[],
): RecordedPage<T> {
  return { items, next: rows.length < limit ? undefined : rows.at(-1)?.id };
}

export interface RecordedPlace {
  readonly mark: NewMark;
  /** What it was spelt like, where an earlier version spelt it otherwise. */
  readonly respelt: string | undefined;
}

/** Where assets lie. */
export async function recordedPlaces(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  after: number,
  limit: number,
): Promise<RecordedPage<RecordedPlace>> {
  const rows = await queries.many<{
    id: NodeId;
    uid: Uid;
    uri: string;
  }>(sql`SELECT n.id, n.uid, n.uri_canonical AS uri
    FROM node n WHERE n.id > ${after} AND n.project = ${project} AND n.kind = ${nodeKinds.asset}
      AND n.type = ${graph.types.dataset} AND n.uri_canonical IS NOT NULL ORDER BY n.id LIMIT ${limit}`);
  const items = rows.map(({ id, uid, uri }) => {
    const spelt = canonicalUri(uri) ?? uri;
    const mark = { ...placeMark(spelt), node: id, project, asset: id, uid };
    return { mark, respelt: spelt === uri ? undefined : spelt };
  });
  return pageOf(rows, limit, items);
}

/** Places that several projects have, in the order of their digests, after one of them. */
export async function sharedPlaces(
  queries: Queries,
  after: MarkGroup | undefined,
  limit: number,
): Promise<(MarkGroup & { readonly project: ProjectId })[]> {
  const beyond = after === undefined ? emptySql : sql` AND value > ${after.value}`;
  return queries.many(sql`SELECT scope, kind, value, min(project) AS project FROM identity_mark
    WHERE scope = ${assetScope} AND kind = ${markKinds.place}${beyond}
    GROUP BY scope, kind, value HAVING min(project) < max(project) ORDER BY value LIMIT ${limit}`);
}

export interface RecordedVersion {
  readonly node: NodeId;
  readonly asset: NodeId;
  readonly uid: Uid;
  readonly claim: VersionClaim;
}

/** What is known of the versions that runs' inputs brought, where they have a place. */
export async function recordedVersions(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  after: number,
  limit: number,
): Promise<RecordedPage<RecordedVersion>> {
  const keys = await graph.keys.find(queries, ['digest', 'digest_kind', 'version']);
  const key = (name: string) => keys.get(name) ?? 0;
  const { declared, system } = propertyScopes;
  const rows = await queries.many<{
    id: NodeId;
    uid: Uid;
    asset: NodeId;
    digest: string | null;
    version: string | null;
  }>(sql`SELECT n.id, n.uid, e.target AS asset, d.text AS digest, v.text AS version
    FROM node n JOIN property w ON w.owner = n.id AND w.scope = ${system} AND w.key = ${key('digest_kind')}
      JOIN edge e ON e.source = n.id AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL
      JOIN node a ON a.id = e.target AND a.uri_canonical IS NOT NULL
      LEFT JOIN property d ON d.owner = n.id AND d.scope = ${declared} AND d.key = ${key('digest')}
      LEFT JOIN property v ON v.owner = n.id AND v.scope = ${system} AND v.key = ${key('version')}
    WHERE n.id > ${after} AND n.project = ${project} AND n.kind = ${nodeKinds.artifact}
      AND n.type = ${graph.types['dataset-version']} AND w.text = 'weak' ORDER BY n.id LIMIT ${limit}`);
  const items = rows.map(({ id: node, uid, asset, digest, version }) => ({
    ...{ node, asset, uid },
    claim: { explicit: version ?? undefined, weak: digest ?? undefined },
  }));
  return pageOf(rows, limit, items);
}

/** Which runs read them, and as which version. */
export async function recordedUses(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  after: number,
  limit: number,
): Promise<RecordedPage<DatasetUseClaim>> {
  const tag = (await graph.keys.find(queries, [versionTag])).get(versionTag) ?? 0;
  const rows = await queries.many<{
    id: number;
    run: NodeId;
    record: NodeId;
    at: number;
    asset: NodeId;
    names: number;
    explicit: string | null;
  }>(
    sql`SELECT u.id, u.target AS run, u.source AS record, r.started AS at, e.target AS asset, t.text AS explicit,
      CASE WHEN m.kind = ${markKinds.explicit} THEN 1 ELSE 0 END AS names
    FROM edge u JOIN node v ON v.id = u.source AND v.type = ${graph.types['dataset-version']}
      JOIN node r ON r.id = u.target
      JOIN edge e ON e.source = v.id AND e.kind = ${edgeKinds['version-of']} AND e.known_to IS NULL
      JOIN node a ON a.id = e.target AND a.uri_canonical IS NOT NULL
      LEFT JOIN identity_mark m ON m.node = v.id
      LEFT JOIN property t ON t.owner = u.id AND t.scope = ${propertyScopes.tag} AND t.key = ${tag}
    WHERE u.id > ${after} AND u.project = ${project} AND u.kind = ${edgeKinds.used} AND u.known_to IS NULL
      AND r.started IS NOT NULL ORDER BY u.id LIMIT ${limit}`,
  );
  const items = rows.map(
    ({ run, record, at, asset, names, explicit }): DatasetUseClaim => ({
      ...{ run, record, at, asset, direction: 'read', explicit: explicit ?? undefined, binds: names === 0 },
    }),
  );
  return pageOf(rows, limit, items);
}

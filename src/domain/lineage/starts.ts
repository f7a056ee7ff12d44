/** Where a walk begins, of what is asked about: all versions of an asset, what an endpoint or a deployment serves. */
import type { Queries } from '../../db/db.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { edgeKinds, type Graph, type NodeRow, nodeKinds } from '../graph/index.ts';
import { lives, type When } from './answers/evidence-store.ts';
import { walkLimits } from './lineage.ts';

/** An asset is asked about as all its versions; down also as itself, for it may have been read without one. */
export async function startsOf(
  queries: Queries,
  { types }: Graph,
  node: Pick<NodeRow, 'id' | 'kind' | 'type'>,
  direction: 'down' | 'up',
  when: When,
): Promise<number[]> {
  if (node.type === types.endpoint || node.type === types.deployment) {
    const serves = await servedBy(queries, node, node.type === types.endpoint, when);
    return direction === 'up' && serves.length > 0 ? serves : [node.id];
  }
  if (node.kind !== nodeKinds.asset) return [node.id];
  const assets = [...(await sameAs(queries, [node.id], when))];
  const versions = await versionsOf(queries, assets, when, walkLimits.versions);
  return direction === 'up' && versions.length > 0 ? versions : [...assets, ...versions];
}

/** These and all that are the same at that instant. */
export async function sameAs(queries: Queries, nodes: Iterable<number>, when: When): Promise<Set<number>> {
  const all = new Set(nodes);
  for (let fresh = [...all]; fresh.length > 0; ) {
    const rows = await queries.many<{ id: number }>(sql`SELECT s.target AS id FROM edge s
        WHERE s.source ${anyOf(fresh)} AND s.kind = ${edgeKinds.same} AND ${lives(when)}
      UNION SELECT s.source FROM edge s WHERE s.target ${anyOf(fresh)} AND s.kind = ${edgeKinds.same} AND ${lives(when)}`);
    fresh = rows.flatMap(({ id }) => (all.has(id) ? [] : id));
    for (const id of fresh) all.add(id);
  }
  return all;
}

/** Versions of assets, no more than `limit`. */
export async function versionsOf(
  queries: Queries,
  assets: readonly number[],
  when: When,
  limit: number,
): Promise<NodeId[]> {
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT s.source AS id FROM edge s
    WHERE s.target ${anyOf(assets)} AND s.kind = ${edgeKinds['version-of']} AND ${lives(when)} ORDER BY s.source LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}

/** What serves at that instant; of a deployment that is over what it served. */
async function servedBy(
  queries: Queries,
  { id }: Pick<NodeRow, 'id'>,
  isEndpoint: boolean,
  when: When,
): Promise<number[]> {
  const deployments = isEndpoint
    ? sql`s.target IN (SELECT m.source FROM edge m WHERE m.target = ${id} AND m.kind = ${edgeKinds['member-of']})`
    : sql`s.target = ${id}`;
  const at = (condition: typeof deployments) =>
    queries.many<{ id: number }>(sql`SELECT DISTINCT s.source AS id FROM edge s
      WHERE ${deployments} AND s.kind = ${edgeKinds.serves} AND ${condition} ORDER BY 1`);
  const rows = await at(lives(when));
  if (rows.length > 0 || isEndpoint) return rows.map((row) => row.id);
  return (await at(sql`s.known_to IS NULL`)).map((row) => row.id);
}

/**
 * What follows from claims, worked out whole from the claims of some classes and held against what is kept. The same for a check,
 * which tells what differs, and for a rebuild, which writes it.
 */
import type { Queries } from '../../../db/db.ts';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { edgeKinds, type Graph, knownHows, nodeKinds } from '../../graph/index.ts';
import { markKinds, useDirections } from './claims.ts';
import { DisjointSets } from './classes.ts';
import { markColumns } from './mark-store.ts';
import { assetScope, groupOf, type MarkRow } from './marks.ts';
import { type UseRow, useColumns } from './use-store.ts';
import { chunksOf } from './value-table.ts';

/** What is to be written so that all is as it should be. */
export interface Repairs {
  /** In words, one for each. */
  readonly faults: string[];
  /** Edges that nothing says. */
  readonly strays: EdgeId[];
  readonly links: {
    node: NodeId;
    project: ProjectId;
    hub: NodeId | null;
    kind: number;
    edge: EdgeId | null;
  }[];
  readonly classes: { node: NodeId; class: NodeId }[];
  /** Assets whose marks and uses stand in another class than they. */
  readonly moves: { asset: NodeId; to: NodeId }[];
  readonly bindings: {
    readonly use: UseRow;
    readonly wanted: NodeId | null;
    readonly edge: EdgeId | null;
  }[];
}

export const noRepairs = (): Repairs => ({
  ...{ faults: [], strays: [], links: [], classes: [], moves: [], bindings: [] },
});

interface AssetRow {
  readonly id: NodeId;
  readonly class: NodeId;
}

/** Classes as they should be: assets by the least of them. */
export type Classes = ReadonlyMap<NodeId, readonly NodeId[]>;

/** All places, symlinks and classes of the assets of these projects: what no other project shares a place with. */
export async function auditAssets(
  queries: Queries,
  graph: Pick<Graph, 'types'>,
  projects: readonly ProjectId[],
): Promise<{ repairs: Repairs; classes: Classes }> {
  const repairs = noRepairs();
  const assets = await queries.many<AssetRow>(sql`SELECT n.id, n.class FROM node n
    WHERE n.project ${anyOf(projects)} AND n.kind = ${nodeKinds.asset} AND n.type = ${graph.types.dataset}`);
  const marks = await queries.many<MarkRow>(sql`SELECT ${markColumns} FROM identity_mark m
    WHERE m.project ${anyOf(projects)} AND m.scope = ${assetScope} ORDER BY m.scope, m.kind, m.value, m.uid, m.project`);
  const symlinks = await queries.many<{ source: NodeId; target: NodeId }>(sql`SELECT source, target FROM edge
    WHERE project ${anyOf(projects)} AND kind = ${edgeKinds.same} AND rule = 'symlink' AND known_to IS NULL`);
  const sets = new DisjointSets<NodeId>();
  for (const { source, target } of symlinks) sets.join(source, target);
  for (const { node, hub } of await auditStars(queries, marks, () => assetScope, repairs))
    sets.join(node, hub);
  const classes = new Map<NodeId, NodeId[]>();
  for (const asset of assets) {
    const wanted = sets.least(asset.id);
    const members = classes.get(wanted);
    if (members === undefined) classes.set(wanted, [asset.id]);
    else members.push(asset.id);
    if (asset.class !== wanted) wrongClass(repairs, asset.id, wanted);
  }
  return { repairs, classes };
}

/** All versions and uses of some classes. */
export async function auditClasses(
  queries: Queries,
  classes: readonly (readonly [name: NodeId, assets: readonly NodeId[]])[],
): Promise<{ repairs: Repairs; versions: number; uses: number }> {
  const repairs = noRepairs();
  const classOf = new Map(classes.flatMap(([name, assets]) => assets.map((asset) => [asset, name] as const)));
  const [marks, uses] = [[] as (MarkRow & { node_class: NodeId })[], [] as UseRow[]];
  for (const chunk of chunksOf([...classOf.keys()])) {
    for (const row of await queries.many<
      MarkRow & { node_class: NodeId }
    >(sql`SELECT ${markColumns}, n.class AS node_class
      FROM identity_mark m JOIN node n ON n.id = m.node WHERE m.asset ${anyOf(chunk)} AND m.scope <> ${assetScope}`)) {
      marks.push(row);
    }
    for (const row of await queries.many<UseRow>(
      sql`SELECT ${useColumns} FROM dataset_use u WHERE u.asset ${anyOf(chunk)}`,
    )) {
      uses.push(row);
    }
  }
  const scopeOf = ({ asset }: { readonly asset: NodeId }) => classOf.get(asset)!;
  const moves = new Map<NodeId, NodeId>();
  for (const row of marks) if (row.scope !== scopeOf(row)) moves.set(row.asset, scopeOf(row));
  for (const row of uses) if (row.class !== scopeOf(row)) moves.set(row.asset, scopeOf(row));
  for (const [asset, to] of moves) {
    repairs.moves.push({ asset, to });
    repairs.faults.push(`versions and uses of asset ${asset} stand in another class than it`);
  }
  marks.sort(inOrder);
  const sets = new DisjointSets<NodeId>();
  for (const { node, hub } of await auditStars(queries, marks, scopeOf, repairs)) sets.join(node, hub);
  for (const row of marks) {
    if (row.node_class !== sets.least(row.node)) wrongClass(repairs, row.node, sets.least(row.node));
  }
  const named = new Map<string, NodeId>();
  for (const row of marks) {
    const key = groupOf({ ...row, scope: scopeOf(row) });
    if (row.kind === markKinds.explicit && !named.has(key)) named.set(key, row.node);
  }
  await auditBindings(queries, uses, scopeOf, named, repairs);
  return { repairs, versions: marks.length, uses: uses.length };
}

/** By uid; of equal ones the project tells which comes first. */
const inOrder = <T extends { readonly uid: Uid; readonly project: ProjectId }>(a: T, b: T): number =>
  a.uid === b.uid ? a.project - b.project : a.uid < b.uid ? -1 : 1;

function wrongClass(repairs: Repairs, node: NodeId, wanted: NodeId): void {
  repairs.classes.push({ node, class: wanted });
  repairs.faults.push(`node ${node} is in another class than what it is the same as`);
}

/** `marks` in the order of their uids; gives the pairs that are to be the same. */
async function auditStars(
  queries: Queries,
  marks: readonly MarkRow[],
  scopeOf: (mark: MarkRow) => number,
  repairs: Repairs,
): Promise<{ node: NodeId; hub: NodeId }[]> {
  const edges = await liveEdges(queries, marks);
  const hubs = new Map<string, NodeId>();
  const pairs: { node: NodeId; hub: NodeId }[] = [];
  for (const { node, kind, value, edge, ...row } of marks) {
    const group = groupOf({ scope: scopeOf({ node, kind, value, edge, ...row }), kind, value });
    const first = hubs.get(group);
    if (first === undefined) hubs.set(group, node);
    const hub = first ?? null;
    if (hub !== null) pairs.push({ node, hub });
    const live = edge === null ? undefined : edges.get(edge);
    const isSaid = live?.source === node && live.target === hub && live.kind === edgeKinds.same;
    if (hub === row.hub && (hub === null ? edge === null : isSaid)) continue;
    repairs.links.push({ node, project: row.project, hub, kind, edge: live === undefined ? null : edge });
    repairs.faults.push(`node ${node} is not said to be the same as the first of its kind`);
  }
  return pairs;
}

interface LiveEdge {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly kind: number;
  readonly slot: string | null;
  readonly valid_from: number | null;
  readonly known: number;
}

async function liveEdges(
  queries: Queries,
  rows: readonly { readonly edge: EdgeId | null }[],
): Promise<ReadonlyMap<EdgeId, LiveEdge>> {
  const found = new Map<EdgeId, LiveEdge>();
  for (const chunk of chunksOf(rows.flatMap(({ edge }) => edge ?? []))) {
    const edges =
      await queries.many<LiveEdge>(sql`SELECT id, source, target, kind, source_slot AS slot, valid_from, known FROM edge
      WHERE id ${anyOf(chunk)} AND known_to IS NULL`);
    for (const edge of edges) found.set(edge.id, edge);
  }
  return found;
}

async function auditBindings(
  queries: Queries,
  uses: readonly UseRow[],
  scopeOf: (use: UseRow) => NodeId,
  named: ReadonlyMap<string, NodeId>,
  repairs: Repairs,
): Promise<void> {
  const edges = await liveEdges(queries, uses);
  const written = uses.filter(({ direction, binds }) => direction === useDirections.write && binds === 1);
  const writes = Map.groupBy(
    written.sort((a, b) => a.at - b.at || inOrder(a, b)),
    scopeOf,
  );
  for (const use of uses) {
    if (use.direction !== useDirections.read) continue;
    const scope = scopeOf(use);
    let wanted: NodeId | null = null;
    if (use.binds === 1 && use.version !== null) {
      wanted = named.get(groupOf({ scope, kind: markKinds.explicit, value: use.version })) ?? null;
    } else if (use.binds === 1) {
      wanted = currentAt(writes.get(scope) ?? [], use)?.record ?? null;
    }
    const live = use.edge === null ? undefined : edges.get(use.edge);
    const known = use.version === null ? knownHows.inferred : knownHows.declared;
    const isSaid =
      live?.source === wanted &&
      live?.target === use.run &&
      live.kind === edgeKinds.binds &&
      live.slot === use.uid &&
      live.valid_from === use.at &&
      live.known === known;
    if (use.bound === wanted && (wanted === null ? use.edge === null : isSaid)) continue;
    repairs.bindings.push({ use, wanted, edge: live === undefined ? null : use.edge });
    repairs.faults.push(`run ${use.run} is not bound to the version of asset ${use.asset} that it read`);
  }
}

/** The last write by another run, of writes in the order of their times. */
function currentAt(writes: readonly UseRow[], read: { readonly at: number; readonly run: NodeId }) {
  let [low, high] = [0, writes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (writes[middle]!.at <= read.at) low = middle + 1;
    else high = middle;
  }
  let index = low - 1;
  while (index >= 0 && writes[index]!.run === read.run) index--;
  return writes[index];
}

/** Edges of the projects that say what nothing kept says. Looks at all edges. */
export async function strayEdges(queries: Queries, projects: readonly ProjectId[]): Promise<EdgeId[]> {
  const rows = await queries.many<{
    id: EdgeId;
  }>(sql`SELECT e.id FROM edge e WHERE e.project ${anyOf(projects)}
    AND e.known_to IS NULL AND (
      e.kind = ${edgeKinds.binds} AND NOT EXISTS (SELECT 1 FROM dataset_use u WHERE u.run = e.target AND u.edge = e.id)
      OR e.kind = ${edgeKinds.same} AND e.rule NOT IN ('symlink', 'model facet')
        AND NOT EXISTS (SELECT 1 FROM identity_mark m WHERE m.node = e.source AND m.edge = e.id))`);
  return rows.map(({ id }) => id);
}

/** Reads that the graph records and nothing follows from. Looks at all edges. */
export async function unclaimedUses(queries: Queries, graph: Pick<Graph, 'types'>): Promise<number> {
  const row = await queries.one<{
    uses: number;
  }>(sql`SELECT count(*) AS uses FROM edge e JOIN node v ON v.id = e.source
    JOIN edge o ON o.source = v.id AND o.kind = ${edgeKinds['version-of']} AND o.known_to IS NULL
    JOIN node a ON a.id = o.target AND a.uri_canonical IS NOT NULL
    WHERE e.kind = ${edgeKinds.used} AND e.known_to IS NULL AND v.type = ${graph.types['dataset-version']}
      AND NOT EXISTS (SELECT 1 FROM dataset_use u WHERE u.run = e.target AND u.asset = a.id AND u.record = v.id)
      AND NOT EXISTS (SELECT 1 FROM identity_pending p WHERE p.project = e.project)`);
  return row?.uses ?? 0;
}

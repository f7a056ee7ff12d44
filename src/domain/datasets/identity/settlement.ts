/** From claims to what follows from them: places, classes, equal versions, bindings, in this order. */
import type { NodeId, Uid } from '../../../kernel/ids.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { edgeKinds } from '../../graph/index.ts';
import { type ChangedBinding, type DatasetUseClaim, markKinds, useDirections } from './claims.ts';
import { type Classed, holdClasses, type MovedAsset, type Pairs, settleClasses } from './classes.ts';
import { bindingEdge } from './derived-edges.ts';
import { hubsAt, setClasses, versionMarksOf } from './mark-store.ts';
import { assetScope, digestOf, type Mark, type MarkGroup, type NewMark } from './marks.ts';
import type { Settling } from './settling.ts';
import { settleMarks, type WantedMark } from './stars.ts';
import {
  bindUses,
  moveUses,
  type NewUseRow,
  putUseRows,
  readsNaming,
  readsNear,
  type UseRow,
  useIdsOf,
  usesOf,
  wantedBindings,
} from './use-store.ts';

export interface IdentityClaims {
  readonly made: ReadonlySet<NodeId>;
  readonly places: readonly NewMark[];
  /** Groups of places that are looked at whole, though nothing new is said of them. */
  readonly again?: readonly MarkGroup[];
  readonly versions: readonly {
    readonly node: NodeId;
    readonly asset: NodeId;
    readonly uid: Uid;
    readonly mark: Mark | undefined;
  }[];
  readonly uses: readonly DatasetUseClaim[];
  readonly symlinks: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
}

export async function settleIdentity(settling: Settling, claims: IdentityClaims): Promise<ChangedBinding[]> {
  const nodes = await hold(settling, claims);
  const dirty = new Set<number>();
  const moved = await settleAssets(settling, claims);
  for (const { asset, to } of moved) {
    const node = nodes.get(asset);
    if (node !== undefined) nodes.set(asset, { ...node, class: to });
  }
  const olds = moved.filter(({ asset }) => !claims.made.has(asset));
  for (const read of await carryUses(settling, olds)) dirty.add(read);
  for (const read of await settleVersions(settling, claims, olds, nodes)) dirty.add(read);
  for (const read of await settleUses(settling, claims, nodes)) dirty.add(read);
  const changed = await bind(settling, [...dirty]);
  await settling.flush();
  return changed;
}

/** Holds the classes of every asset that the claims name, or that stands where one is made. */
async function hold(settling: Settling, claims: IdentityClaims): Promise<Map<NodeId, Classed>> {
  const { tx } = settling;
  const assets = new Set<NodeId>(await hubsAt(tx, [...claims.places, ...(claims.again ?? [])]));
  for (const { asset } of [...claims.places, ...claims.versions, ...claims.uses]) assets.add(asset);
  for (const [asset, others] of claims.symlinks) {
    assets.add(asset);
    for (const other of others) assets.add(other);
  }
  if (assets.size === 0) return new Map();
  return holdClasses(
    tx,
    [...assets],
    claims.uses.map(({ record }) => record),
  );
}

async function settleAssets(
  settling: Settling,
  { places, again = [], made, symlinks }: IdentityClaims,
): Promise<MovedAsset[]> {
  const wanted = places.map(
    ({ kind, value, ...rest }): WantedMark => ({ ...rest, scope: assetScope, mark: { kind, value } }),
  );
  const isToSettle = wanted.length + again.length > 0;
  const star = isToSettle ? await settleMarks(settling, wanted, made, again) : undefined;
  const links = await settleSymlinks(settling, symlinks);
  const joined: Pairs = [...(star?.joined ?? []), ...links.joined];
  return settleClasses(settling, joined, [...(star?.parted ?? []), ...links.parted]);
}

async function settleSymlinks(
  settling: Settling,
  symlinks: IdentityClaims['symlinks'],
): Promise<{ joined: Pairs; parted: Pairs }> {
  if (symlinks.size === 0) return { joined: [], parted: [] };
  const rows = await settling.tx.many<{
    id: never;
    source: NodeId;
    target: NodeId;
  }>(sql`SELECT id, source, target FROM edge
    WHERE source ${anyOf([...symlinks.keys()])} AND kind = ${edgeKinds.same} AND rule = 'symlink' AND known_to IS NULL`);
  const withdrawn = rows.filter(({ source, target }) => !symlinks.get(source)!.has(target));
  settling.retract(withdrawn.map(({ id }) => id));
  const known = new Set(rows.map(({ source, target }) => `${source} ${target}`));
  const fresh = [...symlinks].flatMap(([asset, others]) =>
    [...others].flatMap((other) => (known.has(`${asset} ${other}`) ? [] : [[asset, other] as const])),
  );
  const ids = await settling.ids(fresh.length);
  for (const [index, [source, target]] of fresh.entries()) {
    settling.claim({
      ...{ id: ids[index]!, project: settling.project, source, target, kind: 'same', known: 'declared' },
      ...{ rule: 'symlink', validFrom: null },
    });
  }
  return { joined: fresh, parted: withdrawn.map(({ source, target }) => [source, target]) };
}

/** Uses of assets follow them into their classes; the reads that this may bind to other versions. */
async function carryUses(settling: Settling, moved: readonly MovedAsset[]): Promise<number[]> {
  if (moved.length === 0) return [];
  const { tx } = settling;
  const assets = moved.map(({ asset }) => asset);
  const writes = await useIdsOf(tx, assets, useDirections.write);
  const left = await readsNear(tx, writes);
  await moveUses(tx, moved);
  return [...left, ...(await readsNear(tx, writes)), ...(await useIdsOf(tx, assets, useDirections.read))];
}

/** Marks of versions, in the classes of their assets; the reads that name a version which is another node now. */
async function settleVersions(
  settling: Settling,
  claims: IdentityClaims,
  moved: readonly MovedAsset[],
  nodes: ReadonlyMap<NodeId, Classed>,
): Promise<number[]> {
  const { tx } = settling;
  const wanted = new Map<NodeId, WantedMark>();
  if (moved.length > 0) {
    const to = new Map(moved.map((move) => [move.asset, move.to]));
    const marks = await versionMarksOf(tx, [...to.keys()]);
    for (const { node, project, asset, uid, kind, value } of marks) {
      wanted.set(node, { node, project, asset, uid, scope: to.get(asset)!, mark: { kind, value } });
    }
  }
  for (const { node, asset, uid, mark } of claims.versions) {
    wanted.set(node, { node, project: settling.project, asset, uid, scope: nodes.get(asset)!.class, mark });
  }
  if (wanted.size === 0) return [];
  const { classes, rehubbed } = await settleMarks(settling, [...wanted.values()], claims.made);
  await setClasses(tx, classes);
  return readsNaming(
    tx,
    rehubbed.filter(({ kind }) => kind === markKinds.explicit),
  );
}

/** Stores the uses that say something new; the reads that this may bind to other versions. */
async function settleUses(
  settling: Settling,
  { uses }: IdentityClaims,
  nodes: ReadonlyMap<NodeId, Classed>,
): Promise<number[]> {
  if (uses.length === 0) return [];
  const { tx, project } = settling;
  const pairs = new Map(uses.map((use) => [`${use.run} ${use.asset}`, use]));
  const rows = await usesOf(tx, [...pairs.values()]);
  const before = new Map(rows.map((row) => [useKey(row), row]));
  const first = await settling.ids<NodeId>(uses.length);
  const after = uses.map((use, index): NewUseRow => {
    const direction = useDirections[use.direction];
    const claim = { project, run: use.run, asset: use.asset, direction, record: use.record };
    return {
      ...claim,
      id: before.get(useKey(claim))?.id ?? first[index]!,
      uid: nodes.get(use.record)!.uid,
      at: use.at,
      version: use.explicit === undefined ? null : digestOf(use.explicit),
      binds: use.binds ? 1 : 0,
      class: nodes.get(use.asset)!.class,
    };
  });
  const changed = after.filter((use) => !saysTheSame(before.get(useKey(use)), use));
  if (changed.length === 0) return [];
  const of = (wanted: number) => changed.filter(({ direction }) => direction === wanted).map(({ id }) => id);
  const [reads, writes] = [of(useDirections.read), of(useDirections.write)];
  const known = new Set(rows.map(({ id }) => id));
  const left = await readsNear(
    tx,
    writes.filter((id) => known.has(id)),
  );
  await putUseRows(tx, changed);
  return [...left, ...(await readsNear(tx, writes)), ...reads];
}

const useKey = ({ run, asset, direction, record }: Pick<UseRow, 'run' | 'asset' | 'direction' | 'record'>) =>
  `${run} ${asset} ${direction} ${record}`;

function saysTheSame(row: UseRow | undefined, use: NewUseRow): boolean {
  if (row === undefined || row.at !== use.at || row.binds !== use.binds) return false;
  if (row.version === null || use.version === null) return row.version === use.version;
  return Buffer.compare(row.version, use.version) === 0;
}

/** Binds reads to the versions they saw. An edge that would say the same of the same time stays as it is. */
async function bind(settling: Settling, reads: readonly number[]): Promise<ChangedBinding[]> {
  if (reads.length === 0) return [];
  const { tx } = settling;
  const found = await wantedBindings(tx, reads);
  const changed = found.filter((row) => row.wanted !== row.bound || (row.edge !== null && row.holds === 0));
  settling.retract(changed.flatMap(({ edge }) => edge ?? []));
  const ids = await settling.ids(changed.length);
  const bindings = changed.map((row, index) => ({
    ...{ id: row.id, bound: row.wanted, edge: row.wanted === null ? null : ids[index]! },
  }));
  for (const [index, read] of changed.entries()) {
    if (read.wanted === null) continue;
    settling.assert(bindingEdge(read.project, ids[index]!, read.wanted, read, read.named === 1));
  }
  await bindUses(tx, bindings);
  return changed.flatMap(({ run, asset, record, bound, wanted }) =>
    bound === wanted ? [] : { run, asset, record, before: bound ?? undefined, after: wanted ?? undefined },
  );
}

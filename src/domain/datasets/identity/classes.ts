/**
 * Classes of assets: the components of the edges `same`, each named after its least id. Whoever changes what a class holds, holds
 * its first node until the transaction ends: two writers of one class come one after the other.
 */
import type { Tx } from '../../../db/db.ts';
import type { NodeId, Uid } from '../../../kernel/ids.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { edgeKinds } from '../../graph/index.ts';
import { setClasses } from './mark-store.ts';
import type { Settling } from './settling.ts';

export interface Classed {
  readonly id: NodeId;
  readonly class: NodeId;
  readonly uid: Uid;
}

/**
 * Holds the classes of assets; resolves to how the assets, and other nodes beside them, stand then. A class may be another one by the
 * time it is held, which is then held, too.
 */
export async function holdClasses(
  tx: Tx,
  assets: readonly NodeId[],
  beside: readonly NodeId[],
): Promise<Map<NodeId, Classed>> {
  const wanted = [...new Set([...assets, ...beside])];
  const isAsset = new Set(assets);
  const held = new Set<NodeId>();
  for (;;) {
    const rows = await tx.many<Classed>(sql`SELECT id, class, uid FROM node WHERE id ${anyOf(wanted)}`);
    const free = [...new Set(rows.filter(({ id }) => isAsset.has(id)).map((row) => row.class))].filter(
      (found) => !held.has(found),
    );
    const locks = tx.dialect.forUpdate.pieces.length > 0;
    if (!locks || free.length === 0) return new Map(rows.map((row) => [row.id, row]));
    await tx.many(sql`SELECT id FROM node WHERE id ${anyOf(free)} ORDER BY id${tx.dialect.forUpdate}`);
    for (const found of free) held.add(found);
  }
}

export interface MovedAsset {
  readonly asset: NodeId;
  readonly from: NodeId;
  readonly to: NodeId;
}

/** Pairs of assets. */
export type Pairs = readonly (readonly [NodeId, NodeId])[];

/** Brings the classes up to date after edges came and went, all of them written; the assets that are in another class now. */
export async function settleClasses(settling: Settling, joined: Pairs, parted: Pairs): Promise<MovedAsset[]> {
  if (joined.length === 0 && parted.length === 0) return [];
  const { tx } = settling;
  const ends = [...new Set([...joined, ...parted].flat())];
  const rows = await tx.many<{ id: NodeId; class: NodeId }>(
    sql`SELECT id, class FROM node WHERE id ${anyOf(ends)}`,
  );
  const classOf = new Map(rows.map((row) => [row.id, row.class]));
  const classes = [...new Set(classOf.values())];
  const sets = new DisjointSets<NodeId>();
  let members: readonly { readonly id: NodeId; readonly class: NodeId }[];
  if (parted.length === 0) {
    for (const [a, b] of joined) sets.join(classOf.get(a)!, classOf.get(b)!);
    // Only members of a class that loses its name are looked up.
    members = await membersOf(
      tx,
      classes.filter((found) => sets.least(found) !== found),
    );
    for (const member of members) sets.join(member.id, member.class);
  } else {
    await settling.flush();
    members = await membersOf(tx, classes);
    const edges = await tx.many<{ source: NodeId; target: NodeId }>(sql`SELECT source, target FROM edge
      WHERE source ${anyOf(members.map(({ id }) => id))} AND kind = ${edgeKinds.same} AND known_to IS NULL`);
    for (const { source, target } of edges) sets.join(source, target);
  }
  const moved = members.flatMap(({ id, class: from }) => {
    const to = sets.least(id);
    return to === from ? [] : { asset: id, from, to };
  });
  await setClasses(
    tx,
    moved.map(({ asset, to }) => ({ node: asset, class: to })),
  );
  return moved;
}

async function membersOf(
  tx: Tx,
  classes: readonly NodeId[],
): Promise<{ readonly id: NodeId; readonly class: NodeId }[]> {
  if (classes.length === 0) return [];
  const others = await tx.many<{ id: NodeId; class: NodeId }>(
    sql`SELECT id, class FROM node WHERE class ${anyOf(classes)} AND class <> id`,
  );
  return [...classes.map((id) => ({ id, class: id })), ...others];
}

/** Sets that only ever unite, each named after its least member. */
export class DisjointSets<T extends number> {
  readonly #parents = new Map<T, T>();

  least(item: T): T {
    let root = item;
    for (let up = this.#parents.get(root); up !== undefined; up = this.#parents.get(root)) root = up;
    for (let at = item; at !== root; ) {
      const up = this.#parents.get(at)!;
      this.#parents.set(at, root);
      at = up;
    }
    return root;
  }

  join(a: T, b: T): void {
    const [one, two] = [this.least(a), this.least(b)];
    if (one < two) this.#parents.set(two, one);
    else if (two < one) this.#parents.set(one, two);
  }
}

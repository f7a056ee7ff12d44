/**
 * The part of the graph that is opened, and where each of it stands. Answers of the server are added to it; many nodes on one side of a node
 * are folded into one item for each group. Nothing that stands moves. Pure.
 */
import type { GraphEdge, GraphNode, Neighbours, PathStep, Strength } from '../api/lineage.ts';
import { Columns } from './columns.ts';
import { type Direction, type FoldName, sideKey } from './openings.ts';

/** More nodes than this on a side are folded. */
const unfolded = 8;
/** Folds of one side; more of them are folds of all that are of one type. */
const mostFolds = 10;
/** Groups as small as this are shown, not folded. */
const smallGroup = 2;

export interface Item {
  /** The uid of a node, or the name of a fold. */
  readonly key: string;
  readonly layer: number;
  readonly slot: number;
  /** What is known of the node; a fold has none. */
  node: GraphNode | undefined;
  readonly fold: Fold | undefined;
  readonly causes: Link[];
  readonly effects: Link[];
}

/** Nodes next to one that are not shown one by one. */
export interface Fold {
  readonly of: string;
  readonly direction: Direction;
  readonly name: FoldName;
  /** Of the group, where it is one. */
  readonly title: string | null;
  readonly total: number;
  /** They may not be seen. */
  readonly masked: boolean;
  strength: Strength;
}

export interface Link {
  readonly key: string;
  readonly from: Item;
  readonly to: Item;
  /** Every assertion that says so; none of a fold. */
  readonly edges: GraphEdge[];
  /** Of the strongest. */
  strength: Strength;
  conducts: boolean;
}

export interface Side {
  readonly count: number;
  readonly masked: number;
}

export type Places = ReadonlyMap<string, { readonly layer: number; readonly slot: number }>;

const weakness: Readonly<Record<Strength, number>> = { observed: 0, declared: 1, inferred: 2, assumed: 3 };
export const stronger = (one: Strength, other: Strength): Strength =>
  weakness[one] <= weakness[other] ? one : other;

export class LineageGraph {
  readonly items = new Map<string, Item>();
  readonly links = new Map<string, Link>();
  readonly columns = new Columns<Item>();
  /** Sides that are opened, by their names. */
  readonly sides = new Map<string, Side>();
  readonly #places: Places;

  /** `places`: where things stood before; they stand there again. */
  constructor(places: Places = new Map()) {
    this.#places = places;
  }

  get places(): Places {
    return this.items;
  }

  item(key: string): Item | undefined {
    return this.items.get(key);
  }

  /** A node by itself, in the middle or where it stood. */
  addNode(node: GraphNode, layer = 0, around = 0): Item {
    const known = this.items.get(node.uid);
    if (known === undefined) return this.#place([{ key: node.uid, node }], layer, around)[0]!;
    known.node = node;
    return known;
  }

  /** What is next to a node, as its first page and its groups say. */
  openSide(of: string, direction: Direction, answer: Neighbours): void {
    const item = this.items.get(of);
    if (item === undefined) return;
    item.node = answer.of;
    const count = answer.count ?? answer.nodes.length;
    this.sides.set(sideKey(of, direction), { count, masked: answer.masked ?? 0 });
    const folds = foldsOf(of, direction, answer);
    const folded = (node: GraphNode) => folds.some((fold) => isIn(node, fold.name));
    this.#addNear(
      item,
      direction,
      answer,
      answer.nodes.filter((node) => !folded(node)),
    );
    const layer = item.layer + (direction === 'up' ? -1 : 1);
    const fresh = folds
      .map((fold) => ({ key: sideKey(of, direction, fold.name), node: undefined, fold }))
      .filter(({ key }) => !this.items.has(key));
    for (const placed of this.#place(fresh, layer, item.slot))
      this.#link(...(direction === 'up' ? ([placed, item] as const) : ([item, placed] as const)), []);
  }

  /** A page of a fold. */
  openFold(of: string, direction: Direction, fold: FoldName, page: Neighbours): void {
    const item = this.items.get(of);
    if (item === undefined) return;
    const around = this.items.get(sideKey(of, direction, fold))?.slot;
    this.#addNear(item, direction, page, page.nodes, around);
    // Counting what is left walks over all that is shown: of a large fold once.
    if (page.cursor !== undefined && page.nodes.length > 100) return;
    const folded = this.items.get(sideKey(of, direction, fold));
    if (folded?.fold !== undefined && this.rest(folded.fold) === 0) this.#remove(folded);
  }

  /** Of a fold of which all is shown nothing is left. */
  #remove(item: Item): void {
    this.items.delete(item.key);
    this.columns.remove(item.layer, item.slot);
    for (const link of [...item.causes, ...item.effects]) {
      this.links.delete(link.key);
      for (const links of [link.from.effects, link.to.causes]) links.splice(links.indexOf(link), 1);
    }
  }

  /** A way of an answer, from the node asked about: nodes that are not there yet, and every step. */
  addWay(steps: readonly PathStep[], direction: Direction): void {
    for (const step of steps) {
      const here = this.items.get(step.from.uid);
      if (here === undefined || step.to.uid === '') return;
      const away = step.kind === 'same' ? 0 : direction === 'up' ? -1 : 1;
      const there =
        this.items.get(step.to.uid) ??
        this.#place([{ key: step.to.uid, node: plainNode(step.to) }], here.layer + away, here.slot)[0]!;
      const { from, to, strength, ...evidence } = step;
      const [cause, effect] = direction === 'up' ? [there, here] : [here, there];
      this.#link(cause, effect, [{ ...evidence, from: cause.key, to: effect.key, conducts: true, strength }]);
    }
  }

  /** Nodes of a fold that are not shown. */
  rest(fold: Fold): number {
    if (fold.masked) return fold.total;
    const item = this.items.get(fold.of);
    const links = fold.direction === 'up' ? item?.causes : item?.effects;
    const shown = (links ?? []).filter((link) => {
      const { node } = fold.direction === 'up' ? link.from : link.to;
      return node !== undefined && isIn(node, fold.name);
    });
    return Math.max(0, fold.total - shown.length);
  }

  /** Assertions at a side of a node that are not shown; 0 where it is opened. */
  hidden(item: Item, direction: Direction): number {
    if (item.node === undefined || this.sides.has(sideKey(item.key, direction))) return 0;
    const links = direction === 'up' ? item.causes : item.effects;
    const all = direction === 'up' ? item.node.causes : item.node.effects;
    // Enough is known to count no further.
    const shown = links.length > all ? links.length : links.reduce((sum, { edges }) => sum + edges.length, 0);
    return Math.max(0, all - shown);
  }

  #addNear(
    item: Item,
    direction: Direction,
    { edges }: Neighbours,
    nodes: readonly GraphNode[],
    around = item.slot,
  ): void {
    const isUp = direction === 'up';
    const here = edges.filter((edge) => nodes.length > 0 && (edge.from === item.key || edge.to === item.key));
    const otherOf = (edge: GraphEdge) => (edge.from === item.key ? edge.to : edge.from);
    const byOther = grouped(here, otherOf);
    const beside = (node: GraphNode) => byOther.get(node.uid)?.every(({ kind }) => kind === 'same') === true;
    const sorted = [...nodes].sort((one, other) =>
      one.type === other.type ? other.at - one.at : one.type < other.type ? -1 : 1,
    );
    const isNew = (node: GraphNode) => !this.items.has(node.uid);
    const entry = (node: GraphNode) => ({ key: node.uid, node });
    this.#place(
      sorted.filter((node) => isNew(node) && !beside(node)).map(entry),
      item.layer + (isUp ? -1 : 1),
      around,
    );
    this.#place(sorted.filter((node) => isNew(node) && beside(node)).map(entry), item.layer, around + 1);
    for (const node of nodes) {
      const other = this.items.get(node.uid)!;
      other.node = node;
      const some = byOther.get(node.uid) ?? [];
      const [from, to] = isUp ? [other, item] : [item, other];
      this.#link(from, to, some);
    }
  }

  #place(
    entries: readonly { key: string; node: GraphNode | undefined; fold?: Fold }[],
    layer: number,
    around: number,
  ): Item[] {
    const kept = new Map(
      entries.flatMap(({ key }) => {
        const place = this.#places.get(key);
        return place !== undefined && this.columns.at(place.layer, place.slot) === undefined
          ? [[key, place]]
          : [];
      }),
    );
    const free = this.columns.free(layer, around, entries.length - kept.size);
    let taken = 0;
    return entries.map(({ key, node, fold }) => {
      const place = kept.get(key) ?? { layer, slot: free[taken++]! };
      const item: Item = { key, ...place, node, fold, causes: [], effects: [] };
      this.items.set(key, item);
      this.columns.put(item, place.layer, place.slot);
      return item;
    });
  }

  #link(from: Item, to: Item, edges: readonly GraphEdge[]): void {
    const key = `${from.key} ${to.key}`;
    let link = this.links.get(key);
    if (link === undefined) {
      // The same two may be met from both sides: of what is the same there is one link.
      const reverse = this.links.get(`${to.key} ${from.key}`);
      if (reverse !== undefined && edges.every(({ kind }) => kind === 'same')) link = reverse;
      else {
        const fold = from.fold ?? to.fold;
        link = {
          key,
          from,
          to,
          edges: [],
          strength: fold?.strength ?? 'assumed',
          conducts: fold !== undefined,
        };
        this.links.set(key, link);
        from.effects.push(link);
        to.causes.push(link);
      }
    }
    for (const edge of edges) {
      if (link.edges.some((known) => known.edge === edge.edge)) continue;
      link.edges.push(edge);
      link.strength = stronger(link.strength, edge.strength);
      link.conducts ||= edge.conducts;
    }
  }
}

export function grouped<T, Key>(list: readonly T[], keyOf: (one: T) => Key): ReadonlyMap<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

export function isIn(node: GraphNode, { type, group }: FoldName): boolean {
  return node.type === type && (group === undefined || node.group?.uid === group);
}

/** The groups of a side that are folded, the largest first; none where there are few nodes. */
function foldsOf(of: string, direction: Direction, answer: Neighbours): Fold[] {
  const masked = answer.masked ?? 0;
  const hidden: Fold[] =
    masked === 0
      ? []
      : [
          {
            ...{ of, direction, name: { type: '', group: undefined }, title: null },
            ...{ total: masked, masked: true, strength: 'observed' as const },
          },
        ];
  if ((answer.count ?? 0) <= unfolded && answer.cursor === undefined) return hidden;
  const count = (name: (group: Neighbours['groups'][number]) => string) => {
    const parts = grouped(answer.groups, name);
    return [...parts.values()].map((rows) => ({
      rows,
      // Of two strengths a node may be in both groups.
      total: rows.reduce((sum, row) => sum + row.count, 0),
      strength: rows.map(({ strength }) => strength).reduce(stronger),
    }));
  };
  const fold = (byGroup: boolean) =>
    count((row) => (byGroup ? `${row.type} ${row.group?.uid ?? ''}` : row.type))
      .filter(({ rows, total }) => total > smallGroup || !allThere(answer, rows, total))
      .map(({ rows, total, strength }): Fold => {
        const [{ type, group }] = rows as [(typeof rows)[number]];
        const name = { type, group: byGroup ? group?.uid : undefined };
        const title = byGroup ? (group?.name ?? null) : null;
        return { of, direction, name, title, total, masked: false, strength };
      });
  const byGroup = fold(true);
  return [...(byGroup.length > mostFolds ? fold(false) : byGroup), ...hidden];
}

/** Whether the first page has all nodes of a group. */
function allThere(answer: Neighbours, rows: Neighbours['groups'], total: number): boolean {
  return (
    answer.cursor === undefined ||
    answer.nodes.filter((node) => rows.some(({ type, group }) => isIn(node, { type, group: group?.uid })))
      .length >= total
  );
}

/** Of a node that a way names, until more is known. */
export function plainNode({ uid, kind, type, name }: PathStep['from']): GraphNode {
  return {
    ...{ uid, kind, type, name, project: '', version: null, group: null, state: null },
    ...{ at: 0, deleted: false, causes: 0, effects: 0 },
  };
}

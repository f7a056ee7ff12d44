/** What several nodes all come from. */
import { strengths } from './edge.ts';
import type { GraphStore } from './graph-store.ts';
import type { FoundNode, Traversal } from './traversal.ts';
import { type TraversalRequest, traverse } from './traverse.ts';

export interface CommonAncestor {
  readonly node: number;
  /** How each of the nodes comes from it, in the order in which they were given. */
  readonly ways: readonly FoundNode[];
  /** None that is between it and the nodes is common to them, too. */
  readonly nearest: boolean;
}

export interface CommonAncestors {
  /** The nearest first, then by the hops of all ways together. */
  readonly ancestors: readonly CommonAncestor[];
  /** The walk from each node, for paths and open ends. */
  readonly walks: readonly Traversal[];
}

/** A node is its own ancestor: of a dataset and a model that learned from it the dataset is one. */
export async function commonAncestors(
  store: GraphStore,
  { starts, ...request }: Omit<TraversalRequest, 'direction' | 'trace'>,
): Promise<CommonAncestors> {
  const walks: Traversal[] = [];
  for (const start of new Set(starts)) {
    walks.push(
      await traverse(store, { ...request, starts: [start], direction: 'up', trace: walks.length === 0 }),
    );
  }
  const [first, ...others] = walks;
  if (first === undefined) return { ancestors: [], walks };
  const ways = new Map<number, FoundNode[]>();
  for (const found of first.found()) {
    const all = [found];
    for (const other of others) {
      const way = other.reached(found.node);
      if (way === undefined) break;
      all.push(way);
    }
    if (all.length === walks.length) ways.set(found.node, all);
  }
  const passed = first.passedThrough(new Set(ways.keys()));
  const ancestors = [...ways].map(([node, all]) => ({ node, ways: all, nearest: !passed.has(node) }));
  return { ancestors: ancestors.sort(compare), walks };
}

function compare(one: CommonAncestor, other: CommonAncestor): number {
  return (
    Number(other.nearest) - Number(one.nearest) ||
    sumOf(one, ({ hops }) => hops) - sumOf(other, ({ hops }) => hops) ||
    sumOf(one, ({ strength }) => strengths.indexOf(strength)) -
      sumOf(other, ({ strength }) => strengths.indexOf(strength)) ||
    one.node - other.node
  );
}

const sumOf = ({ ways }: CommonAncestor, of: (way: FoundNode) => number) =>
  ways.reduce((sum, way) => sum + of(way), 0);

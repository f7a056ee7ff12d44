/** What several nodes all come from: what walks up from each of them found alike. */
import { strengths } from './edge.ts';
import { FirstOfMany } from './first-of-many.ts';
import type { FoundNode, Traversal } from './traversal.ts';

export interface CommonAncestor {
  readonly node: number;
  /** How each comes from it, in the order of the walks. */
  readonly ways: readonly FoundNode[];
  /** None that is between it and the nodes is common to them, too. */
  readonly nearest: boolean;
}

export interface CommonAncestors {
  readonly count: number;
  /** The nearest first, then by the hops of all ways together; no more than was asked for. */
  readonly ancestors: readonly CommonAncestor[];
}

/**
 * Walks up, each from what is asked about; the first kept its steps. A node is its own ancestor: of a dataset and a model that learned from
 * it the dataset is one. Of what the reader may not see nobody can say that it is the same; it is left out.
 */
export function commonAncestors(walks: readonly Traversal[], limit: number): CommonAncestors {
  const [first, ...others] = walks;
  if (first === undefined) return { count: 0, ancestors: [] };
  const common = new Set<number>();
  for (const { node, masked } of first.found()) {
    if (!masked && others.every((other) => other.reached(node) !== undefined)) common.add(node);
  }
  const passed = first.passedThrough(common);
  const chosen = new FirstOfMany<CommonAncestor>(limit, compare);
  for (const node of common) {
    const ways = walks.flatMap((walk) => walk.reached(node) ?? []);
    chosen.offer({ node, ways, nearest: !passed.has(node) });
  }
  return { count: common.size, ancestors: chosen.take() };
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

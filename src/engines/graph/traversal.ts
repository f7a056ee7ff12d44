/** What a walk found: nodes with how they were reached, the best way to each, what was left out, and where it cannot say. */
import { assert, present } from '../../kernel/assert.ts';
import { type Doubt, doubtsOf } from './doubts.ts';
import { edgeBits, type Strength, strengthOf, type WalkedKind, weaknessOf } from './edge.ts';
import { FirstOfMany } from './first-of-many.ts';
import type { NodeKind } from './graph-store.ts';
import type { IdSet } from './id-index.ts';
import { marks } from './node-table.ts';
import { openEndsOf } from './open-ends.ts';
import { type OpenEnd, type OpenReason, openReasons } from './open-reasons.ts';
import { sameStep, type Walk } from './walk.ts';

export interface FoundNode {
  readonly node: number;
  readonly kind: NodeKind;
  /** As the store knows it. */
  readonly type: number;
  /** Of the best way to it: its weakest step. */
  readonly strength: Strength;
  /** Of the best way to it: the strongest, and of those the shortest. */
  readonly hops: number;
  readonly start: boolean;
  /** The reader may not see it, and the walk did not go on from it. */
  readonly masked: boolean;
  /** An execution that wrote something down which derives from other things by explicit edges, and nothing else that was met. */
  readonly aside: boolean;
}

/** One step of a way, as it was walked: the evidence is the edge. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly edge: number;
  readonly kind: WalkedKind;
  /** Of this step alone. An observed edge may be an assumed step: of the outputs of an execution that has several. */
  readonly strength: Strength;
}

export interface Filter {
  readonly kinds?: readonly NodeKind[];
  readonly types?: readonly number[];
  readonly weakest?: Strength;
}

export interface Choice {
  readonly kinds?: readonly NodeKind[] | undefined;
  /** Of the best way to it. */
  readonly strengths: readonly Strength[];
  /** Only these nodes. */
  readonly among?: readonly number[] | undefined;
  /** The starts, too. */
  readonly starts?: boolean;
  readonly limit: number;
}

export interface Chosen {
  readonly count: number;
  readonly nodes: readonly FoundNode[];
}

export class Traversal {
  readonly #walk: Walk;
  /** Nodes where it ends without having come to an end, by reason: how many. */
  readonly openEndCounts: Readonly<Record<OpenReason, number>>;

  constructor(walk: Walk) {
    this.#walk = walk;
    const counts = Object.fromEntries(openReasons.map((reason) => [reason, 0])) as Record<OpenReason, number>;
    for (const { reason } of openEndsOf(walk)) counts[reason]++;
    // The walk may have stopped while it looked for stronger ways to what it had found.
    if (walk.exhausted && counts.limit === 0) counts.limit = 1;
    this.openEndCounts = counts;
  }

  /** Nothing kept the walk from finding all there is. A walk that was told to leave out weak steps is complete in what it was asked. */
  get complete(): boolean {
    return Object.values(this.openEndCounts).every((count) => count === 0);
  }

  /** Edges that were not walked, by why. */
  get leftOut(): Readonly<Record<'evaluation' | 'weaker' | 'replaced', IdSet>> {
    return this.#walk.leftOut;
  }

  /** Nodes in the order in which they were met: never farther, then nearer by the shortest way. */
  *found(filter: Filter = {}): Generator<FoundNode> {
    const kinds = filter.kinds && new Set(filter.kinds);
    const types = filter.types && new Set(filter.types);
    const { nodes } = this.#walk;
    for (let index = 0; index < nodes.size; index++) {
      if (types !== undefined && !types.has(nodes.types[index]!)) continue;
      if (kinds !== undefined && !kinds.has(nodes.kind(index))) continue;
      const found = this.#at(index);
      if (found === undefined) continue;
      if (filter.weakest !== undefined && isWeaker(found.strength, filter.weakest)) continue;
      yield found;
    }
  }

  /** Nodes found, starts and masked ones too. */
  get size(): number {
    const { nodes } = this.#walk;
    let size = 0;
    for (let index = 0; index < nodes.size; index++) {
      if (nodes.best[index * 2]! >= 0 || (this.#asideCounts && nodes.best[index * 2 + 1]! >= 0)) size++;
    }
    return size;
  }

  /** Of the nodes that pass, but for masked ones: how many, and the strongest, of these the nearest, no more than `limit`. */
  nearest({ kinds, strengths, among, starts = false, limit }: Choice): Chosen {
    const { nodes, labels } = this.#walk;
    const wanted = kinds && new Set(kinds);
    const weaknesses = new Set(strengths.map(weaknessOf));
    let count = 0;
    const first = new FirstOfMany<number>(limit, (one, other) => {
      const [label, otherLabel] = [this.#best(one), this.#best(other)];
      return (
        labels.weakness[label]! - labels.weakness[otherLabel]! ||
        labels.hops[label]! - labels.hops[otherLabel]! ||
        nodes.ids[one]! - nodes.ids[other]!
      );
    });
    const offer = (index: number) => {
      if (index < 0 || nodes.has(index, starts ? marks.masked : marks.masked | marks.start)) return;
      if (wanted !== undefined && !wanted.has(nodes.kind(index))) return;
      const label = this.#best(index);
      if (label < 0 || !weaknesses.has(labels.weakness[label]!)) return;
      count++;
      first.offer(index);
    };
    if (among !== undefined) for (const node of new Set(among)) offer(nodes.find(node));
    else for (let index = 0; index < nodes.size; index++) offer(index);
    return { count, nodes: first.take().map((index) => present(this.#at(index), 'a node that was found')) };
  }

  reached(node: number): FoundNode | undefined {
    const index = this.#walk.nodes.find(node);
    return index < 0 ? undefined : this.#at(index);
  }

  /** The best way from a start to the node, in the order walked: empty for a start itself, undefined for what was not reached. */
  path(node: number): Step[] | undefined {
    const { nodes, labels } = this.#walk;
    const index = nodes.find(node);
    if (index < 0 || this.#at(index) === undefined) return undefined;
    const steps: Step[] = [];
    for (let label = this.#best(index); labels.parents[label]! >= 0; label = labels.parents[label]!) {
      const code = labels.steps[label]!;
      steps.push({
        from: nodes.ids[labels.nodeOf(labels.parents[label]!)]!,
        to: nodes.ids[labels.nodeOf(label)]!,
        edge: labels.edges[label]!,
        kind: present(kindOf.get(code >> 3), 'kind of a step'),
        strength: strengthOf(code & 7),
      });
    }
    return steps.reverse();
  }

  /** Where the walk ends without having come to an end; a node once for each reason. */
  openEnds(): Generator<OpenEnd> {
    return openEndsOf(this.#walk);
  }

  /** The nearest of these, no more than `limit`. */
  nearestOpenEnds(limit: number): readonly OpenEnd[] {
    const { nodes, labels } = this.#walk;
    const hopsTo = (node: number) => labels.hops[this.#best(nodes.find(node))] ?? 0;
    const first = new FirstOfMany<OpenEnd>(
      limit,
      (one, other) =>
        hopsTo(one.node) - hopsTo(other.node) ||
        one.node - other.node ||
        openReasons.indexOf(one.reason) - openReasons.indexOf(other.reason),
    );
    for (const end of this.openEnds()) first.offer(end);
    return first.take();
  }

  /** For each start whose causes this walk could not tell to the end, the nearest open end. Of a walk up that kept its steps. */
  doubts(): ReadonlyMap<number, Doubt> {
    return doubtsOf(this.#walk);
  }

  /** Of these nodes those that the walk came to from another of them, or from what is the same as that. Of a walk that kept its steps. */
  passedThrough(among: ReadonlySet<number>): ReadonlySet<number> {
    const { nodes, trace } = this.#walk;
    assert(trace !== undefined, 'the walk kept its steps');
    const classes = new Set<number>();
    for (let at = 0; at < trace.size; at++) {
      const [from, to] = [trace.from[at]! >> 1, trace.to[at]! >> 1];
      if (trace.steps[at] === sameStep || nodes.classOf(from) === nodes.classOf(to)) continue;
      if (among.has(nodes.ids[from]!) && among.has(nodes.ids[to]!)) classes.add(nodes.classOf(to));
    }
    return new Set([...among].filter((node) => classes.has(nodes.classOf(nodes.find(node)))));
  }

  /** On the way down what stands aside is a step to something else. */
  get #asideCounts(): boolean {
    return this.#walk.direction === 'up';
  }

  #best(index: number): number {
    const { nodes, labels } = this.#walk;
    const own = nodes.best[index * 2]!;
    const aside = this.#asideCounts ? nodes.best[index * 2 + 1]! : -1;
    if (own < 0 || aside < 0) return Math.max(own, aside);
    const difference =
      labels.weakness[own]! - labels.weakness[aside]! || labels.hops[own]! - labels.hops[aside]!;
    return difference <= 0 ? own : aside;
  }

  #at(index: number): FoundNode | undefined {
    const { nodes, labels } = this.#walk;
    const label = this.#best(index);
    if (label < 0) return undefined;
    return {
      node: nodes.ids[index]!,
      kind: nodes.kind(index),
      type: nodes.types[index]!,
      strength: strengthOf(labels.weakness[label]!),
      hops: labels.hops[label]!,
      start: nodes.has(index, marks.start),
      masked: nodes.has(index, marks.masked),
      aside: nodes.best[index * 2]! < 0,
    };
  }
}

const kindOf: ReadonlyMap<number, WalkedKind> = new Map(
  Object.entries(edgeBits).map(([kind, bit]) => [bit, kind as WalkedKind]),
);
const order: readonly Strength[] = ['observed', 'declared', 'inferred', 'assumed'];
const isWeaker = (one: Strength, other: Strength) => order.indexOf(one) > order.indexOf(other);

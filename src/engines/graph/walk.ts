/**
 * What a walk has found so far, and the only way it takes a step. The walk goes outwards hop by hop, so the first way to a node is the
 * shortest; a longer one counts if it is stronger. Of ways that are equally strong and long the one from the lesser node id, by
 * the lesser edge id, is kept, so that the order in which a store hands over edges decides nothing.
 */
import {
  type Edge,
  edgeBits,
  isEvaluation,
  observed,
  standingOf,
  type Weakness,
  weaknessOf,
} from './edge.ts';
import type { GraphStore } from './graph-store.ts';
import { IdIndex, larger } from './id-index.ts';
import { LabelTable } from './label-table.ts';
import { marks, NodeTable } from './node-table.ts';
import type { TraversalRequest } from './traverse.ts';

/** Edges that a walk did not go through, by their ids. */
export interface LeftOut {
  /** The input was for judging what came out. */
  readonly evaluation: IdIndex;
  /** The step is weaker than was asked for. */
  readonly weaker: IdIndex;
  /** The output tells by explicit edges what it derives from. */
  readonly replaced: IdIndex;
}

/** Nodes that a store is asked about at once. */
export const batchNodes = 4_000;

/** What things are begins with them: that they are the same, or of which thing a version. Where nobody said since when, it was ever so. */
const timeless = edgeBits.same | edgeBits['version-of'];

/** Modes of a node in a walk: as itself, or aside (README.md). */
export type Mode = 0 | 1;
export const modes = [0, 1] as const;

/** Labels that are walked on together: as far away as each other, and as many steps from where they last hopped. */
export interface Round {
  readonly hops: number;
  readonly links: number;
  /** Only what is the same is looked for. */
  readonly isLast: boolean;
}

export class Walk {
  readonly nodes = new NodeTable();
  readonly labels = new LabelTable();
  readonly leftOut: LeftOut = {
    evaluation: new IdIndex(),
    weaker: new IdIndex(),
    replaced: new IdIndex(),
  };
  readonly direction: 'down' | 'up';
  /** Every step, where they are kept. */
  readonly trace: TraceTable | undefined;
  /** Nodes that the walk reached. */
  found = 0;
  /** Edges that may still be read. */
  #edgesLeft: number;
  readonly #pause: (() => Promise<void> | void) | undefined;
  readonly #store: GraphStore;
  readonly #asOf: number;
  readonly #knownAt: number;
  readonly #weakest: Weakness;
  readonly #includeEvaluation: boolean;
  readonly #mostNodes: number;
  readonly #roles = new Map<string | null, boolean>();
  #arrived: number[] = [];
  #lists = 0;

  constructor(store: GraphStore, request: TraversalRequest) {
    this.#store = store;
    this.direction = request.direction;
    this.#asOf = request.asOf ?? Infinity;
    this.#knownAt = request.knownAt ?? Infinity;
    this.#weakest = weaknessOf(request.weakest ?? 'assumed');
    this.#includeEvaluation = request.includeEvaluation ?? false;
    this.#mostNodes = request.limits.nodes;
    this.#edgesLeft = request.limits.edges;
    this.#pause = request.pause;
    this.trace = request.trace ? new TraceTable() : undefined;
  }

  get exhausted(): boolean {
    return this.#edgesLeft <= 0;
  }

  start(id: number): void {
    const index = this.nodes.add(id);
    if (this.nodes.has(index, marks.start)) return;
    this.nodes.mark(index, marks.start | marks.bare);
    this.found++;
    const label = this.labels.add(index * 2, observed, 0, 0, -1, 0, 0, -1);
    this.nodes.best[index * 2] = label;
    this.#arrived.push(label);
  }

  /** Labels that are new since it was last asked. */
  takeArrived(): number[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }

  /** The best label by which the node is reached in just so many hops; -1 where there is none. */
  current(index: number, mode: Mode, hops: number): number {
    return this.labels.ofHops(this.nodes.best[index * 2 + mode]!, hops);
  }

  /** The same, if it belongs to the round: what came before was walked on already, what comes after will be. */
  labelIn(index: number, mode: Mode, { hops, links }: Round): number {
    const label = this.current(index, mode, hops);
    return label >= 0 && this.labels.links[label] === links ? label : -1;
  }

  /** To what is the same, at no hop's cost. */
  stepToSame(index: number, other: number, how: Weakness, edge: number, round: Round): void {
    for (const mode of modes) {
      const label = this.labelIn(index, mode, round);
      if (label < 0) continue;
      const met = this.step(label, other, mode, how, edge, edgeBits.same, 0);
      if (met >= 0) this.nodes.join(index, met);
    }
  }

  /** Nodes of these labels, each once, but for those the reader may not see. */
  nodesOf(labels: readonly number[]): number[] {
    const list = ++this.#lists;
    const nodes: number[] = [];
    for (const label of labels) {
      const index = this.labels.nodeOf(label);
      if (!this.nodes.has(index, marks.masked) && this.nodes.firstIn(list, index)) nodes.push(index);
    }
    return nodes;
  }

  /** Whether what the input was for lets the walk through. */
  letsThrough(role: string | null): boolean {
    if (this.#includeEvaluation) return true;
    let evaluation = this.#roles.get(role);
    if (evaluation === undefined) {
      evaluation = isEvaluation(role);
      if (this.#roles.size < 10_000) this.#roles.set(role, evaluation);
    }
    return !evaluation;
  }

  /** The same of an edge at which the walk stands; one that does not is counted. */
  conducts(role: string | null, edge: number): boolean {
    const through = this.letsThrough(role);
    if (!through) this.leftOut.evaluation.add(edge);
    return through;
  }

  /**
   * One step from a label to a node. `kind`: bit of the edge. `hop`: 0 for a step to what is the same. `explained`: it is a read
   * for which another step says what was read. Returns the index of the node if the step may be taken at all, else -1.
   */
  step(
    from: number,
    to: number,
    mode: Mode,
    weakness: Weakness,
    edge: number,
    kind: number,
    hop: 0 | 1 = 1,
    explained = false,
  ): number {
    if (weakness > this.#weakest) {
      this.leftOut.weaker.add(edge);
      return -1;
    }
    const { nodes, labels } = this;
    const index = nodes.add(to);
    const state = index * 2 + mode;
    const isNew = nodes.best[index * 2]! < 0 && nodes.best[index * 2 + 1]! < 0;
    if (isNew && this.found >= this.#mostNodes) {
      nodes.mark(labels.nodeOf(from), marks.limit);
      return -1;
    }
    const plain = hop === 1 && !explained;
    if (plain) nodes.mark(index, marks.bare);
    this.trace?.add(labels.states[from]!, state, plain ? plainStep : hop === 1 ? explainedStep : sameStep);
    const total = Math.max(weakness, labels.weakness[from]!);
    const hops = labels.hops[from]! + hop;
    const links = hop === 1 ? 0 : labels.links[from]! + 1;
    let at = nodes.best[state]!;
    while (at >= 0 && labels.hops[at]! > hops) at = labels.previous[at]!;
    const stepCode = kind * 8 + weakness;
    if (at < 0 || labels.weakness[at]! > total) {
      if (isNew) this.found++;
      const label = labels.add(state, total, hops, links, from, edge, stepCode, at);
      this.#link(state, label);
      this.#arrived.push(label);
    } else if (
      labels.weakness[at] === total &&
      labels.hops[at] === hops &&
      labels.links[at] === links &&
      labels.parents[at]! >= 0 &&
      this.#isLesser(from, edge, at)
    ) {
      labels.parents[at] = from;
      labels.edges[at] = edge;
      labels.steps[at] = stepCode;
    }
    return index;
  }

  /** Whether the way by this label and edge comes before the one that is kept. */
  #isLesser(from: number, edge: number, label: number): boolean {
    const { nodes, labels } = this;
    const parent = labels.parents[label]!;
    const own = nodes.ids[labels.nodeOf(from)]!;
    const kept = nodes.ids[labels.nodeOf(parent)]!;
    if (own !== kept) return own < kept;
    if (edge !== labels.edges[label]!) return edge < labels.edges[label]!;
    // By the same edge from one label of the node and from another: which of them was walked on first depends on the order of edges.
    if (labels.weakness[from] !== labels.weakness[parent])
      return labels.weakness[from]! < labels.weakness[parent]!;
    return labels.hops[from] === labels.hops[parent] && labels.links[from]! < labels.links[parent]!;
  }

  /** Puts a label in the place of those that are as long or longer and no stronger, below those that are stronger. */
  #link(state: number, label: number): void {
    const { nodes, labels } = this;
    let above = -1;
    for (let at = nodes.best[state]!; at >= 0 && labels.weakness[at]! < labels.weakness[label]!; ) {
      above = at;
      at = labels.previous[at]!;
    }
    if (above < 0) nodes.best[state] = label;
    else labels.previous[above] = label;
  }

  /**
   * Edges at these nodes that hold; of those that hold in doubt the node is marked, unless `quiet`. `take` gets the node as its index.
   * Edges that come after the walk has read as many as it may are not asked for.
   */
  async read(
    end: 'source' | 'target',
    indexes: readonly number[],
    kinds: number,
    take: (edge: Edge, index: number) => void,
    { mostOfNode, quiet = false }: { mostOfNode?: number; quiet?: boolean } = {},
  ): Promise<void> {
    const { nodes } = this;
    const judge = (edge: Edge) => {
      this.#edgesLeft--;
      const index = nodes.find(edge[end]);
      const from = (edge.kind & timeless) === 0 ? edge.validFrom : (edge.validFrom ?? -Infinity);
      const standing = standingOf(from, edge.validTo, this.#asOf);
      if (standing === 'over') return;
      if (standing !== 'holds') {
        if (!quiet) nodes.mark(index, marks[standing]);
        if (standing === 'contradictory') return;
      }
      take(edge, index);
    };
    for (const ids of this.#batches(indexes)) {
      if (this.exhausted) return;
      await this.#pause?.();
      const request = { end, nodes: ids, kinds, knownAt: this.#knownAt, limit: this.#edgesLeft };
      const done = this.#store.edges(mostOfNode === undefined ? request : { ...request, mostOfNode }, judge);
      if (done !== undefined) await done;
    }
  }

  /** Learns of nodes what the store knows. One that it does not know is as good as purged. */
  async loadFacts(indexes: readonly number[]): Promise<void> {
    const { nodes } = this;
    const unknown = indexes.filter((index) => !nodes.has(index, marks.hasFacts));
    for (const ids of this.#batches(unknown)) {
      await this.#pause?.();
      const done = this.#store.nodes(ids, (facts) => nodes.setFacts(facts));
      if (done !== undefined) await done;
    }
    for (const index of unknown) {
      if (!nodes.has(index, marks.hasFacts)) nodes.mark(index, marks.hasFacts | marks.purged);
    }
  }

  *#batches(indexes: readonly number[]): Generator<number[]> {
    for (let from = 0; from < indexes.length; from += batchNodes) {
      const to = Math.min(from + batchNodes, indexes.length);
      const ids = new Array<number>(to - from);
      for (let at = from; at < to; at++) ids[at - from] = this.nodes.ids[indexes[at]!]!;
      yield ids;
    }
  }
}

/** What a step of a trace is: a hop, one to a read that a binding explains, or to what is the same. */
export const [plainStep, explainedStep, sameStep] = [1, 2, 3] as const;
type TracedStep = typeof plainStep | typeof explainedStep | typeof sameStep;

/** Steps of a walk as pairs of states, for going back over them. */
class TraceTable {
  size = 0;
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  steps = new Uint8Array(1024);

  add(from: number, to: number, step: TracedStep): void {
    if (this.size === this.from.length) {
      const capacity = this.size * 2;
      this.from = larger(this.from, new Int32Array(capacity));
      this.to = larger(this.to, new Int32Array(capacity));
      this.steps = larger(this.steps, new Uint8Array(capacity));
    }
    this.from[this.size] = from;
    this.to[this.size] = to;
    this.steps[this.size++] = step;
  }
}

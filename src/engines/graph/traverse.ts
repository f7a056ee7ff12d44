/** Walks from nodes to all that follows from them, or all that they come from, level by level (README.md). */
import { assert } from '../../kernel/assert.ts';
import { expandDown } from './down.ts';
import type { Strength } from './edge.ts';
import type { GraphStore } from './graph-store.ts';
import { marks } from './node-table.ts';
import { Traversal } from './traversal.ts';
import { expandUp } from './up.ts';
import { batchNodes, modes, Walk } from './walk.ts';

export interface TraversalRequest {
  readonly starts: readonly number[];
  /** `down`: what follows from them; `up`: what they come from. */
  readonly direction: 'down' | 'up';
  /** ms: what held then. Absent: what has not ended. */
  readonly asOf?: number;
  /** ms: what was believed then. Absent: what is believed still. */
  readonly knownAt?: number;
  /** Hops; 0 finds what is the same. */
  readonly depth?: number;
  /** No step weaker than this is taken; those left out are counted. */
  readonly weakest?: Strength;
  /** Goes through inputs that were for judging what came out, too. */
  readonly includeEvaluation?: boolean;
  readonly limits: {
    /** Nodes found. */
    readonly nodes: number;
    /** Edges read. */
    readonly edges: number;
  };
  /** Keeps every step, for `Traversal.doubts`: 9 bytes each. */
  readonly trace?: boolean;
  /** Called between batches: to let others have the thread, and to give up by throwing. */
  readonly pause?: () => Promise<void> | void;
}

export async function traverse(store: GraphStore, request: TraversalRequest): Promise<Traversal> {
  const { depth = Infinity, direction, limits } = request;
  assert(depth >= 0 && limits.nodes > 0 && limits.edges > 0, 'a walk has room');
  const walk = new Walk(store, request);
  for (const start of request.starts) walk.start(start);
  const expand = direction === 'down' ? expandDown : expandUp;
  let level = walk.takeArrived();
  for (let hops = 0; level.length > 0 && !walk.exhausted; hops++) {
    const isLast = hops >= depth;
    const next: number[] = [];
    for (let links = 0; level.length > 0 && !walk.exhausted; links++) {
      const met = walk.nodesOf(level);
      await walk.loadFacts(met);
      const indexes = met.filter((index) => mayGoOn(walk, index));
      for (let from = 0; from < indexes.length && !walk.exhausted; from += batchNodes) {
        const batch = indexes.slice(from, from + batchNodes);
        await expand(walk, batch, { hops, links, isLast });
        if (walk.exhausted) break;
        if (isLast) for (const index of batch) markUnseen(walk, index, marks.depth);
        else for (const index of batch) markSeen(walk, index, hops);
      }
      level = [];
      for (const label of walk.takeArrived()) (walk.labels.hops[label] === hops ? level : next).push(label);
    }
    level = next;
  }
  if (walk.exhausted) {
    for (let index = 0; index < walk.nodes.size; index++) markUnseen(walk, index, marks.limit);
  }
  return new Traversal(walk);
}

function mayGoOn({ nodes }: Walk, index: number): boolean {
  return nodes.kind(index) !== 'other' && !nodes.has(index, marks.masked);
}

const expandedBits = [marks.expanded, marks.expandedAside] as const;

function markSeen(walk: Walk, index: number, hops: number): void {
  for (const mode of modes)
    if (walk.current(index, mode, hops) >= 0) walk.nodes.mark(index, expandedBits[mode]);
}

/** Of a node that was reached and never looked beyond; what stands aside on the way up is an end. */
function markUnseen(walk: Walk, index: number, mark: number): void {
  const { nodes, direction } = walk;
  if (nodes.has(index, marks.masked)) return;
  for (const mode of direction === 'down' ? ([0, 1] as const) : ([0] as const)) {
    if (nodes.best[index * 2 + mode]! >= 0 && !nodes.has(index, expandedBits[mode])) nodes.mark(index, mark);
  }
}

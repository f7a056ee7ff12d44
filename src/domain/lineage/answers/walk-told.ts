/**
 * What a question asks of a walk, and what the walk tells: plain data both, so that a walk may go on a thread of its own. What is told is
 * bounded by what was asked for, not by what was found.
 */
import {
  type CommonAncestors,
  commonAncestors,
  type Doubt,
  type FoundNode,
  type GraphStore,
  type IdSet,
  type NodeKind,
  type OpenEnd,
  type OpenReason,
  openReasons,
  type Step,
  type Strength,
  type Traversal,
  type TraversalRequest,
  traverse,
} from '../../../engines/graph/index.ts';

export interface WalkQuestion
  extends Pick<
    TraversalRequest,
    'starts' | 'direction' | 'asOf' | 'knownAt' | 'depth' | 'weakest' | 'includeEvaluation' | 'limits'
  > {
  /** Kinds of nodes that are told; absent: all. Starts are not told. */
  readonly kinds?: readonly NodeKind[];
  /** Only these nodes are told, also where the walk began. */
  readonly among?: readonly number[];
  /** Nodes of either list that are told, and doubts. */
  readonly limit: number;
  /** Of those among which it tells, and to which it did not come: which of them have an open end among their own causes. */
  readonly doubts?: boolean;
  /** Of a walk up: what something else comes from, too, which is walked up from these. */
  readonly and?: readonly number[];
  /** Open ends that are told. */
  readonly openEnds: number;
  /** Edges of inputs for judging that are told, those of the least ids. */
  readonly evaluations?: number;
}

export interface ToldNode extends FoundNode {
  readonly path: readonly Step[];
}

export interface ToldEnd extends OpenEnd {
  readonly masked: boolean;
}

export interface ToldDoubt extends Doubt {
  /** Of which nobody can say. */
  readonly of: number;
  /** The reader may not see the open end. */
  readonly masked: boolean;
}

export interface ToldCommon {
  readonly node: number;
  /** None that is between it and the two is common to them, too. */
  readonly nearest: boolean;
  /** The way to it from where the walk began, and from the others. */
  readonly ways: readonly [ToldNode, ToldNode];
}

export interface WalkTold {
  /** Nodes found, of all kinds. */
  readonly nodes: number;
  /** Nothing kept the walk from finding all there is. */
  readonly complete: boolean;
  /** The nearest first. */
  readonly openEnds: readonly ToldEnd[];
  readonly openEndCounts: Readonly<Record<OpenReason, number>>;
  readonly leftOut: { readonly evaluation: number; readonly weaker: number; readonly replaced: number };
  readonly evaluations: readonly number[];
  /** Over observed and declared steps alone, the strongest first, of these the nearest. */
  readonly sure: readonly ToldNode[];
  readonly unsure: readonly ToldNode[];
  readonly doubts: readonly ToldDoubt[];
  readonly common: readonly ToldCommon[];
  readonly counts: {
    readonly sure: number;
    readonly unsure: number;
    readonly doubts: number;
    readonly common: number;
  };
  /** The walk that looked for doubts, or from the others, met its limits. */
  readonly cut: boolean;
}

type Pause = TraversalRequest['pause'];

/** Walks, and tells. */
export async function walkAndTell(store: GraphStore, question: WalkQuestion): Promise<WalkTold> {
  return tell(store, question, await traverse(store, requestOf(question)));
}

export function requestOf(question: WalkQuestion, pause?: Pause): TraversalRequest {
  const { starts, direction, asOf, knownAt, depth, weakest, includeEvaluation, limits } = question;
  return {
    ...{ starts, direction, limits },
    ...(asOf !== undefined && { asOf }),
    ...(knownAt !== undefined && { knownAt }),
    ...(depth !== undefined && { depth }),
    ...(weakest !== undefined && { weakest }),
    ...(includeEvaluation !== undefined && { includeEvaluation }),
    ...(pause !== undefined && { pause }),
    ...(question.and !== undefined && { trace: true }),
  };
}

export async function tell(
  store: GraphStore,
  question: WalkQuestion,
  walk: Traversal,
  pause?: Pause,
): Promise<WalkTold> {
  const { kinds, among, limit } = question;
  const choose = (strengths: readonly Strength[]) =>
    walk.nearest({ kinds, among, strengths, limit, starts: among !== undefined });
  const [sure, unsure] = [choose(['observed', 'declared']), choose(['inferred', 'assumed'])];
  const withPath = (found: FoundNode) => told(walk, found);
  const doubts = question.doubts === true ? await doubtsOf(store, question, walk, pause) : noDoubts;
  const other =
    question.and && (await traverse(store, requestOf({ ...question, starts: question.and }, pause)));
  const common = other === undefined ? noneCommon : commonAncestors([walk, other], limit);
  const otherEnds = other === undefined ? [] : someEnds(other, question.openEnds);
  return {
    nodes: walk.size,
    complete: walk.complete && other?.complete !== false,
    openEnds: unitedEnds(someEnds(walk, question.openEnds), otherEnds, question.openEnds),
    openEndCounts: other === undefined ? walk.openEndCounts : unitedCounts(walk, other),
    leftOut: {
      evaluation: sizeOf(walk.leftOut.evaluation, other?.leftOut.evaluation),
      weaker: sizeOf(walk.leftOut.weaker, other?.leftOut.weaker),
      replaced: sizeOf(walk.leftOut.replaced, other?.leftOut.replaced),
    },
    evaluations: leastOf(walk.leftOut.evaluation, question.evaluations ?? 0),
    ...{ sure: sure.nodes.map(withPath), unsure: unsure.nodes.map(withPath), doubts: doubts.some },
    common: common.ancestors.map(({ node, nearest, ways: [one, two] }) => ({
      ...{ node, nearest },
      ways: [told(walk, one!), told(other!, two!)],
    })),
    counts: { sure: sure.count, unsure: unsure.count, doubts: doubts.count, common: common.count },
    cut: doubts.cut || (other?.openEndCounts.limit ?? 0) > 0,
  };
}

function told(walk: Traversal, found: FoundNode): ToldNode {
  return { ...found, path: walk.path(found.node) ?? [] };
}

const noneCommon: CommonAncestors = { count: 0, ancestors: [] };

/** Of two walks; an end of both is one. */
function unitedEnds(ends: readonly ToldEnd[], others: readonly ToldEnd[], limit: number): readonly ToldEnd[] {
  const known = new Set(ends.map(({ node, reason }) => `${node} ${reason}`));
  return [...ends, ...others.filter(({ node, reason }) => !known.has(`${node} ${reason}`))].slice(0, limit);
}

function unitedCounts(walk: Traversal, other: Traversal): WalkTold['openEndCounts'] {
  const nodes = new Map<OpenReason, Set<number>>();
  for (const each of [walk, other]) {
    for (const { node, reason } of each.openEnds()) {
      const known = nodes.get(reason) ?? new Set();
      nodes.set(reason, known.add(node));
    }
  }
  const counts = { ...walk.openEndCounts };
  for (const reason of openReasons) counts[reason] = nodes.get(reason)?.size ?? 0;
  // A walk that stopped while it looked for stronger ways names no node.
  const limit = Math.max(counts.limit, walk.openEndCounts.limit, other.openEndCounts.limit);
  return { ...counts, limit };
}

interface Doubts {
  readonly some: readonly ToldDoubt[];
  readonly count: number;
  readonly cut: boolean;
}
const noDoubts: Doubts = { some: [], count: 0, cut: false };

async function doubtsOf(
  store: GraphStore,
  question: WalkQuestion,
  walk: Traversal,
  pause: Pause,
): Promise<Doubts> {
  const starts = (question.among ?? []).filter((node) => walk.reached(node) === undefined);
  const request = requestOf({ ...question, starts, direction: 'up' }, pause);
  const ancestry = await traverse(store, { ...request, trace: true });
  const doubts = ancestry.doubts();
  const some: ToldDoubt[] = [];
  for (const [of, doubt] of doubts) {
    if (some.length === question.limit) break;
    some.push({ ...doubt, of, masked: isMasked(ancestry, doubt) });
  }
  return { some, count: doubts.size, cut: ancestry.openEndCounts.limit > 0 };
}

function someEnds(walk: Traversal, limit: number): ToldEnd[] {
  return walk.nearestOpenEnds(limit).map((end) => ({ ...end, masked: isMasked(walk, end) }));
}

/** An end that is masked may be one that a way was not kept to. */
const isMasked = (walk: Traversal, { node, reason }: OpenEnd): boolean =>
  reason === 'masked' || walk.reached(node)?.masked === true;

function sizeOf(edges: IdSet, others: IdSet | undefined): number {
  return others === undefined ? edges.size : new Set([...edges, ...others]).size;
}

function leastOf(edges: Iterable<number>, limit: number): readonly number[] {
  return limit === 0 ? [] : [...Float64Array.from(edges).sort().subarray(0, limit)];
}

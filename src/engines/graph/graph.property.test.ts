/** The engine held against the naive model, over random graphs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { edgeBits, weaknessOf } from './edge.ts';
import { type RandomGraph, randomGraph, randomWalk } from './graph-arbitraries.ts';
import { type KnownEdge, MemoryGraph } from './memory-graph.ts';
import { type NaiveAnswer, NaiveGraph } from './naive-graph.ts';
import { type OpenReason, openReasons } from './open-reasons.ts';
import type { Traversal } from './traversal.ts';
import { type TraversalRequest, traverse } from './traverse.ts';

const limits = { nodes: 1_000, edges: 100_000 };
/** More by CAIRN_PROPERTY_RUNS. fast-check prints the seed of what fails. */
const numRuns = Number(process.env.CAIRN_PROPERTY_RUNS ?? 1_500);

function storeOf({ nodes, edges }: RandomGraph): MemoryGraph {
  const graph = new MemoryGraph();
  for (const node of nodes) graph.setNode(node);
  for (const edge of edges) graph.setEdge(edge);
  return graph;
}

function reachedBy(traversal: Traversal): Map<number, { strength: string; hops: number }> {
  return new Map([...traversal.found()].map(({ node, strength, hops }) => [node, { strength, hops }]));
}

const sorted = <Value>(map: ReadonlyMap<number, Value>) => [...map].sort(([one], [other]) => one - other);

function endsBy(traversal: Traversal, reason: OpenReason): number[] {
  return [...traversal.openEnds()].filter((end) => end.reason === reason).map(({ node }) => node);
}

/** Every step of the path is one of the model, they follow each other, and they are as strong and as many as is told. */
function assertPath(traversal: Traversal, model: NaiveAnswer, node: number, request: TraversalRequest): void {
  const path = traversal.path(node)!;
  const { strength, hops } = traversal.reached(node)!;
  let states = new Set(request.starts.map(String));
  let length = 0;
  for (const { from, to, edge, strength: own } of path) {
    const next = model.steps.filter(
      (step) =>
        states.has(step.from) &&
        Number.parseInt(step.from, 10) === from &&
        Number.parseInt(step.to, 10) === to &&
        step.edge === edge &&
        step.weakness === weaknessOf(own),
    );
    assert.notEqual(next.length, 0, `no step ${from} → ${to} by ${edge}`);
    length += next[0]!.hop;
    states = new Set(next.map((step) => step.to));
  }
  assert.ok([...states].some((state) => Number.parseInt(state, 10) === node));
  assert.equal(length, hops);
  const weakest = Math.max(1, ...path.map((step) => weaknessOf(step.strength)));
  assert.equal(weakest, weaknessOf(strength));
}

/**
 * What rests on an edge that tells no time says so, and where an edge ends before it begins the walk says so; without such an edge
 * nothing does.
 */
function assertDoubts(graph: RandomGraph, traversal: Traversal, request: TraversalRequest): void {
  const { asOf, knownAt, depth = Infinity, direction } = request;
  const believed = graph.edges.filter(({ knownFrom, knownTo }) =>
    knownAt === undefined
      ? knownTo === null
      : knownFrom <= knownAt && (knownTo === null || knownTo > knownAt),
  );
  const timeless = edgeBits.same | edgeBits['version-of'];
  const isUnsound = ({ validFrom, validTo }: KnownEdge) =>
    validFrom !== null && validTo !== null && validTo < validFrom;
  const isUntimed = ({ kind, validFrom, validTo }: KnownEdge) =>
    asOf !== undefined &&
    (kind & timeless) === 0 &&
    validFrom === null &&
    (validTo === null || validTo > asOf);
  const [untimed, contradictory] = [endsBy(traversal, 'untimed'), endsBy(traversal, 'contradictory')];
  // Doubts are taken over by what rests on them, over any number of nodes; without such an edge there are none.
  assert.ok(untimed.length === 0 || believed.some(isUntimed));
  assert.ok(contradictory.length === 0 || believed.some(isUnsound));
  const byId = new Map(believed.map((edge) => [edge.id, edge]));
  for (const { node } of traversal.found()) {
    for (const { from, to, edge } of traversal.path(node)!) {
      if (!isUntimed(byId.get(edge)!)) continue;
      assert.ok(untimed.includes(from) || untimed.includes(to), `${from} → ${to} by ${edge} tells no time`);
    }
  }
  for (const edge of believed.filter(isUnsound)) {
    if ((edge.kind & (edgeBits.used | edgeBits.generated | edgeBits.derived)) === 0) continue;
    const at = direction === 'down' ? edge.source : edge.target;
    const reached = traversal.reached(at);
    if (reached === undefined || reached.aside || reached.masked || reached.hops >= depth) continue;
    const kind = graph.nodes.find(({ id }) => id === at)?.kind ?? 'other';
    if (kind === 'other') continue;
    assert.ok(contradictory.includes(at), `${edge.id} at ${at} ended before it began`);
  }
}

test('a walk finds what the naive model finds, as strong, as near, with the same open ends', async () => {
  const seen = { found: 0, ends: 0 };
  await fc.assert(
    fc.asyncProperty(randomGraph, randomWalk, async (graph, walk) => {
      const request = { ...walk, limits };
      const model = new NaiveGraph(graph.nodes, graph.edges).answer(request);
      const traversal = await traverse(storeOf(graph), request);
      const reached = reachedBy(traversal);
      assert.deepEqual(sorted(reached), sorted(model.found));
      for (const node of reached.keys()) assertPath(traversal, model, node, request);
      for (const reason of openReasons) {
        const ends = endsBy(traversal, reason);
        assert.equal(ends.length, traversal.openEndCounts[reason]);
        if (reason === 'untimed' || reason === 'contradictory') continue;
        assert.deepEqual(
          ends.sort((one, other) => one - other),
          [...(model.ends.get(reason) ?? [])].sort((one, other) => one - other),
          reason,
        );
      }
      assertDoubts(graph, traversal, request);
      assert.deepEqual([...traversal.leftOut.evaluation].sort(), [...model.evaluation].sort());
      assert.deepEqual([...traversal.leftOut.weaker].sort(), [...model.weaker].sort());
      seen.found += reached.size;
      seen.ends += [...model.ends.values()].length;
    }),
    { numRuns },
  );
  assert.ok(seen.found > 2 * numRuns && seen.ends > numRuns / 2, 'the graphs are too poor');
});

test('neither the order of edges nor how a store hands them over changes anything, paths included', async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, randomWalk, fc.infiniteStream(fc.nat()), async (graph, walk, keys) => {
      const edges = graph.edges
        .map((edge) => ({ edge, key: keys.next().value as number }))
        .sort((one, other) => one.key - other.key)
        .map(({ edge }) => edge);
      const request = { ...walk, limits };
      const one = await traverse(storeOf(graph), request);
      const other = await traverse(storeOf({ ...graph, edges }), request);
      assert.deepEqual(sorted(reachedBy(one)), sorted(reachedBy(other)));
      for (const { node } of one.found()) assert.deepEqual(one.path(node), other.path(node));
      assert.deepEqual(one.openEndCounts, other.openEndCounts);
      for (const reason of ['evaluation', 'weaker', 'replaced'] as const)
        assert.deepEqual([...one.leftOut[reason]].sort(), [...other.leftOut[reason]].sort());
    }),
    { numRuns },
  );
});

test('what follows from a node is what comes from it: both directions meet, where nothing was read unnamed', async () => {
  let pairs = 0;
  await fc.assert(
    fc.asyncProperty(randomGraph, randomWalk, async (graph, { starts: _, depth: __, ...walk }) => {
      const nodes = graph.nodes.filter(({ kind }) => kind === 'artifact' || kind === 'execution');
      const named = {
        nodes,
        edges: graph.edges.filter(({ source, target, explains }) =>
          [source, target, explains ?? source].every((id) =>
            nodes.some((node) => node.id === id && !node.masked),
          ),
        ),
      };
      const store = storeOf(named);
      const down = new Map<number, Traversal>();
      for (const { id } of nodes)
        down.set(id, await traverse(store, { ...walk, direction: 'down', starts: [id], limits }));
      for (const { id } of nodes) {
        const up = await traverse(store, { ...walk, direction: 'up', starts: [id], limits });
        for (const { id: cause } of nodes) {
          const forth = down.get(cause)!.reached(id);
          const back = up.reached(cause);
          assert.deepEqual([forth?.strength, forth?.hops], [back?.strength, back?.hops], `${cause} → ${id}`);
          if (forth !== undefined && cause !== id) pairs++;
        }
      }
    }),
    { numRuns: Math.ceil(numRuns / 10) },
  );
  assert.ok(pairs > numRuns / 10, 'the graphs are too poor');
});

test('of many starts just those are in doubt whose own walk has an open end', async () => {
  const seen = { doubted: 0, sure: 0 };
  await fc.assert(
    fc.asyncProperty(randomGraph, randomWalk, async (graph, { depth: _, ...walk }) => {
      const starts = graph.nodes.filter(({ kind }) => kind === 'artifact').map(({ id }) => id);
      if (starts.length === 0) return;
      const request = { ...walk, starts, direction: 'up', trace: true, limits } as const;
      const store = storeOf(graph);
      const doubts = (await traverse(store, request)).doubts();
      for (const start of starts) {
        const alone = await traverse(store, { ...request, starts: [start] });
        const doubt = doubts.get(start);
        assert.equal(doubt === undefined, alone.complete, `start ${start}`);
        assert.deepEqual(doubt, alone.doubts().get(start));
        if (doubt === undefined) seen.sure++;
        else seen.doubted++;
      }
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  );
  assert.ok(seen.doubted > numRuns / 10 && seen.sure > numRuns / 10, JSON.stringify(seen));
});

test('as little as a walk may read, what it says is true, and it says that it is not all', async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, randomWalk, fc.nat(20), fc.nat(6), async (graph, walk, edges, nodes) => {
      const request = { ...walk, limits: { edges: edges + 1, nodes: nodes + 1 } };
      const model = new NaiveGraph(graph.nodes, graph.edges).answer(request);
      const traversal = await traverse(storeOf(graph), request);
      const reached = reachedBy(traversal);
      for (const node of reached.keys()) {
        if (request.starts.includes(node)) continue;
        assertPath(traversal, model, node, request);
      }
      const starts = new Set(request.starts).size;
      assert.ok([...traversal.found()].length <= Math.max(nodes + 1, starts));
      if (traversal.openEndCounts.limit === 0) assert.deepEqual(sorted(reached), sorted(model.found));
      else assert.equal(traversal.complete, false);
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  );
});

test('what is the same as a declared source is no open end: hardly ever drawn', async () => {
  const node = { kind: 'artifact', type: 0, masked: false, purged: false } as const;
  const nodes = [false, false, true].map((origin, at) => ({ ...node, id: at + 1, origin }));
  const since = {
    validFrom: 0,
    validTo: null,
    knownFrom: 0,
    knownTo: null,
    how: 1,
    role: null,
    explains: null,
  };
  const edges = [
    { ...since, id: 1, source: 2, target: 1, kind: edgeBits.derived },
    { ...since, id: 2, source: 2, target: 3, kind: edgeBits.same },
  ];
  const walk = await traverse(storeOf({ nodes, edges }), { starts: [1], direction: 'up', limits });
  assert.deepEqual([walk.size, [...walk.openEnds()]], [3, []]);
});

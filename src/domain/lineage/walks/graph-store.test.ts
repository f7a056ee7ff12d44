/**
 * The engine over a store, and over what is kept of it in memory, finds what the naive model finds over the same lists of nodes and edges, and
 * tells all else as over a graph in memory. The graphs are drawn; their seed is printed, and `CAIRN_SEED` draws them again.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { forEachStore } from '../../../../test/stores/stores.ts';
import type { Db } from '../../../db/db.ts';
import { openThreadReader } from '../../../db/thread-reader.ts';
import { type RandomGraph, randomGraph, randomWalk } from '../../../engines/graph/graph-arbitraries.ts';
import { edgeBits, type GraphStore, type TraversalRequest, traverse } from '../../../engines/graph/index.ts';
import { MemoryGraph } from '../../../engines/graph/memory-graph.ts';
import { NaiveGraph } from '../../../engines/graph/naive-graph.ts';
import { rawSql, sql, valueRows } from '../../../kernel/sql.ts';
import { edgeKinds, Graph, nodeKinds } from '../../graph/index.ts';
import { GraphColumns } from './graph-columns.ts';
import { StoredGraph } from './graph-store.ts';

const limits = { nodes: 1_000, edges: 100_000 };
const numRuns = Number(process.env.CAIRN_PROPERTY_RUNS ?? 60);
const seed = Number(process.env.CAIRN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const hiddenProject = 2;
const tombstone = 99;

const kindNumber = new Map<number, number>(
  Object.entries(edgeBits).map(([kind, bit]) => [bit, edgeKinds[kind as keyof typeof edgeBits]]),
);
const sorts = { execution: 'run', artifact: 'dataset-version', asset: 'dataset', other: 'project' } as const;

/** The graph as rows; its types become those of the store. Returns it as it then is. */
async function fill(db: Db, { nodes, edges }: RandomGraph): Promise<RandomGraph> {
  const { types } = await Graph.open(db);
  const typed = nodes.map((node) => ({ ...node, type: types[sorts[node.kind]], origin: false }));
  const project = new Map(typed.map(({ id, masked }) => [id, masked ? hiddenProject : 1]));
  const kinds = { ...nodeKinds, other: nodeKinds.context };
  await db.write(async (tx) => {
    await tx.run(sql`DELETE FROM edge`);
    await tx.run(sql`DELETE FROM node`);
    const nodeRows = typed.map(({ id, kind, type, purged, masked }) => [
      ...[id, `uid ${id}`, masked ? hiddenProject : 1, 1, purged ? tombstone : kinds[kind], type],
      ...[0, 0, 0, 0, 0, id],
    ]);
    await tx.run(sql`INSERT INTO node (id, uid, project, context, kind, type, number, created, updated, mark, deleted, class)
      VALUES ${valueRows(nodeRows)}`);
    if (edges.length === 0) return;
    const edgeRows = edges.map((edge) => [
      // A binding names its read by uid, in the project of that.
      ...[edge.id, project.get(edge.explains ?? edge.source) ?? 1, edge.source, edge.target],
      ...[kindNumber.get(edge.kind)!, edge.role, edge.explains === null ? null : `uid ${edge.explains}`],
      ...[1, 'local', edge.how, edge.validFrom, edge.validTo, edge.knownFrom, edge.knownTo, 1],
    ]);
    // Membership, parenthood, names, what serves and what is declared conduct nothing: beside each edge one of them, both ways.
    const others = Object.entries(edgeKinds).flatMap(([kind, number]) => (kind in edgeBits ? [] : number));
    for (const [at, { id, source, target }] of edges.entries()) {
      const kind = others[at % others.length]!;
      for (const [place, ends] of [
        [source, target],
        [target, source],
        [source, nodes[at % nodes.length]!.id],
      ].entries()) {
        const row = [
          100_000 + 3 * id + place,
          1,
          ...ends,
          kind,
          'train',
          null,
          1,
          'local',
          1,
          0,
          null,
          0,
          null,
          1,
        ];
        edgeRows.push(row as (typeof edgeRows)[number]);
      }
    }
    await tx.run(sql`INSERT INTO edge (id, project, source, target, kind, subtype, source_slot, face, principal, known,
      valid_from, valid_to, known_from, known_to, asserted_by) VALUES ${valueRows(edgeRows)}`);
  });
  const known = new Set(typed.map(({ id }) => id));
  // Of a read whose record is gone nobody can tell which it was.
  const told = edges.map((edge) => (known.has(edge.explains ?? 0) ? edge : { ...edge, explains: null }));
  return { nodes: typed, edges: told };
}

function inMemory({ nodes, edges }: RandomGraph): MemoryGraph {
  const graph = new MemoryGraph();
  for (const node of nodes) graph.setNode(node);
  for (const edge of edges) graph.setEdge(edge);
  return graph;
}

/** As the thread reads it, and knows where walks begin. */
async function keptInMemory(db: Db, { nodes }: RandomGraph): Promise<GraphStore> {
  const reader = await openThreadReader(db.place);
  try {
    const columns = new GraphColumns(reader, 2 ** 26);
    await columns.load(async () => {});
    const starts = nodes.map(({ id }) => id);
    await columns.advance(async () => {}, starts);
    return columns.graph.seenBy({ isHidden: (project) => project === hiddenProject, isOrigin: () => false });
  } finally {
    await reader.close();
  }
}

async function answer(store: GraphStore, request: TraversalRequest) {
  const traversal = await traverse(store, request);
  const byNode = <Item extends { readonly node: number }>(items: Iterable<Item>) =>
    [...items].sort((one, other) => one.node - other.node);
  return {
    found: byNode(traversal.found()),
    paths: byNode(traversal.found()).map(({ node }) => traversal.path(node)),
    ends: byNode(traversal.openEnds()).map(({ node, reason }) => `${node} ${reason}`),
    left: Object.values(traversal.leftOut).map((edges) => [...edges].sort()),
    doubts: request.trace ? [...traversal.doubts()].sort(([one], [other]) => one - other) : [],
  };
}

forEachStore((open) => {
  it(`answers over a store as the model and as in memory, whatever the graph (seed ${seed})`, async () => {
    const db = await open();
    await fc.assert(
      fc.asyncProperty(
        randomGraph,
        fc.array(randomWalk, { minLength: 1, maxLength: 6 }),
        async (drawn, walks) => {
          const graph = await fill(db, drawn);
          const memory = inMemory(graph);
          const kept = await keptInMemory(db, graph);
          await db.scan(async (queries) => {
            const stored = new StoredGraph(queries, { projects: new Set([1]) });
            for (const walk of walks) {
              const request = { ...walk, limits, trace: walk.direction === 'up' };
              const told = await answer(stored, request);
              const model = new NaiveGraph(graph.nodes, graph.edges).answer(request);
              assert.deepEqual(
                told.found.map(({ node, strength, hops }) => [node, { strength, hops }]),
                [...model.found].sort(([one], [other]) => one - other),
              );
              assert.deepEqual(told, await answer(memory, request));
              assert.deepEqual(told, await answer(kept, request));
            }
          });
        },
      ),
      { numRuns, seed },
    );
  });

  it('hands over a hub page by page, each edge once, and no more than it is asked for', async () => {
    const db = await open();
    const edges = 120_001;
    await db.write(async (tx) => {
      await tx.run(
        rawSql(`INSERT INTO edge (id, project, source, target, kind, face, principal, known, known_from, asserted_by)
        WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ${edges})
        SELECT i, 1, i % 3 / 2, 5 + i % 7, 1 + i % 2, 1, 'local', 1, 0, 1 FROM n`),
      );
    });
    await db.scan(async (queries) => {
      const store = new StoredGraph(queries);
      const read = async (nodes: readonly number[], limit: number, mostOfNode?: number) => {
        const ids: number[] = [];
        const request = { end: 'source', nodes, kinds: edgeBits.used | edgeBits.generated } as const;
        const most = mostOfNode === undefined ? {} : { mostOfNode };
        await store.edges({ ...request, knownAt: Infinity, limit, ...most }, ({ id }) => ids.push(id));
        return { count: ids.length, different: new Set(ids).size };
      };
      assert.deepEqual(await read([0, 1], 1e6), { count: edges, different: edges });
      assert.deepEqual(await read([0], 1e6), { count: 80_001, different: 80_001 });
      assert.deepEqual(await read([0], 70_000), { count: 70_000, different: 70_000 });
      assert.deepEqual(await read([0, 1, 2], 1e6, 4), { count: 8, different: 8 });
      assert.deepEqual(await read([], 1e6), { count: 0, different: 0 });
    });
  });
});

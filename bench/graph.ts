/**
 * Walks over a graph of a million edges (or as many as are asked for), by each way that was thought of: level by level with batched
 * statements, over columns in memory, and by recursive SQL, which finds ids alone and knows no rule. Milliseconds, and of CPU of the whole process.
 *
 *   node bench/graph.ts [--edges=1000000] [--postgres] [--repeats=15] [--only=memory]
 *
 * The graph: each run reads what another made (seven read each) and one of a thousand reference sets, one in ten of these to test; it
 * makes one version of one of 5,000 assets. Four edges a run, two nodes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Db } from '../src/db/db.ts';
import { openDb } from '../src/db/open-db.ts';
import { edgeKinds, Graph, nodeKinds } from '../src/domain/graph/index.ts';
import { StoredGraph } from '../src/domain/lineage/graph-store.ts';
import { edgeBits, type GraphStore, type TraversalRequest, traverse } from '../src/engines/graph/index.ts';
import { MemoryGraph } from '../src/engines/graph/memory-graph.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { anyOf, rawSql, sql } from '../src/kernel/sql.ts';
import { systemClock } from '../src/kernel/time.ts';
import { createPostgresPlace } from '../test/stores/postgres-server.ts';
import { machine } from './results.ts';
import { aligned } from './table.ts';

const { values: options } = parseArgs({
  options: {
    edges: { type: 'string', default: '1000000' },
    postgres: { type: 'boolean', default: false },
    repeats: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
  },
});
const runs = Math.round(Number(options.edges) / 4);
const repeats = Number(options.repeats);
const began = 1_700_000_000_000;
const [references, assets, readers] = [1_000, 5_000, 7];
const firstReference = 1_000_000;

/** Ids: references, then assets, then of run i its output and itself. Edges have ids of their own. */
const firstAsset = firstReference + references;
const firstOutput = firstAsset + assets;
const outputOf = (run: number) => firstOutput + 2 * run;
const firstEdge = 100_000_000;

async function fill(db: Db): Promise<void> {
  const { types } = await Graph.open(db);
  const into = (table: string, columns: string, values: string, from: number, to: number) =>
    rawSql(`INSERT INTO ${table} (${columns}) WITH RECURSIVE n(i) AS (SELECT CAST(${from} AS BIGINT)
      UNION ALL SELECT i + 1 FROM n WHERE i < ${to}) SELECT ${values} FROM n`);
  const node = (id: string, kind: number, type: number, from: number, to: number) =>
    into(
      'node',
      'id, uid, project, context, kind, type, number, created, updated, mark, deleted, class',
      `${id}, CAST(${id} AS TEXT), 1, 1, ${kind}, ${type}, i, ${began} + i, ${began} + i, 0, 0, ${id}`,
      ...[from, to],
    );
  const edge = (place: number, source: string, target: string, kind: number, role: string, part: Part) =>
    into(
      'edge',
      'id, project, source, target, kind, subtype, face, principal, known, valid_from, known_from, asserted_by',
      `${firstEdge + place} + 4 * i, 1, ${source}, ${target}, ${kind}, ${role}, 1, 'local', 1, ${began} + i, ${began} + i, 1`,
      ...part,
    );
  type Part = readonly [number, number];
  const [output, run] = [`${firstOutput} + 2 * i`, `${firstOutput + 1} + 2 * i`];
  const read = `CASE WHEN i = 0 THEN ${firstReference} ELSE ${firstOutput} + 2 * ((i - 1) / ${readers}) END`;
  const role = "CASE WHEN i % 10 = 0 THEN 'test' ELSE 'train' END";
  const { artifact, asset, execution } = nodeKinds;
  await db.write(async (tx) => {
    await tx.run(node(`${firstReference} + i`, artifact, types['dataset-version'], 0, references - 1));
    await tx.run(node(`${firstAsset} + i`, asset, types.dataset, 0, assets - 1));
  });
  for (let from = 0; from < runs; from += 25_000) {
    const part: Part = [from, Math.min(from + 25_000, runs) - 1];
    await db.write(async (tx) => {
      await tx.run(node(output, artifact, types['dataset-version'], ...part));
      await tx.run(node(run, execution, types.run, ...part));
      await tx.run(edge(0, read, run, edgeKinds.used, "'train'", part));
      await tx.run(edge(1, `${firstReference} + (i % ${references})`, run, edgeKinds.used, role, part));
      await tx.run(edge(2, run, output, edgeKinds.generated, 'NULL', part));
      await tx.run(edge(3, output, `${firstAsset} + (i % ${assets})`, edgeKinds['version-of'], 'NULL', part));
    });
  }
}

/** The whole table in memory, as one process would keep it. */
async function loadMemory(db: Db): Promise<MemoryGraph> {
  const graph = new MemoryGraph();
  await db.scan(async (queries) => {
    for (let after = 0, page: NodeRow[] = []; after === 0 || page.length > 0; ) {
      page = await queries.many<NodeRow>(
        sql`SELECT id, kind, type FROM node WHERE id > ${after} ORDER BY id LIMIT 50000`,
      );
      for (const { id, kind, type } of page) {
        const sort =
          kind === nodeKinds.execution ? 'execution' : kind === nodeKinds.asset ? 'asset' : 'artifact';
        graph.setNode({ id, type, kind: sort, masked: false, purged: false, origin: false });
      }
      after = page.at(-1)?.id ?? after;
    }
    for (let after = 0, page: EdgeRow[] = []; after === 0 || page.length > 0; ) {
      page = await queries.many<EdgeRow>(
        sql`SELECT id, source, target, kind, subtype, known, valid_from, valid_to, known_from, known_to FROM edge WHERE id > ${after} ORDER BY id LIMIT 50000`,
      );
      for (const row of page) {
        graph.setEdge({
          ...{ id: row.id, source: row.source, target: row.target, how: row.known, role: row.subtype },
          ...{
            kind: bits.get(row.kind) ?? 0,
            explains: null,
            validFrom: row.valid_from,
            validTo: row.valid_to,
          },
          ...{ knownFrom: row.known_from, knownTo: row.known_to },
        });
      }
      after = page.at(-1)?.id ?? after;
    }
  });
  return graph;
}

const bits: ReadonlyMap<number, number> = new Map(
  Object.entries(edgeBits).map(([kind, bit]) => [edgeKinds[kind as keyof typeof edgeBits], bit]),
);
interface NodeRow {
  readonly id: number;
  readonly kind: number;
  readonly type: number;
}
interface EdgeRow extends NodeRow {
  readonly source: number;
  readonly target: number;
  readonly subtype: string | null;
  readonly known: number;
  readonly valid_from: number | null;
  readonly valid_to: number | null;
  readonly known_from: number;
  readonly known_to: number | null;
}

interface Case {
  readonly name: string;
  readonly direction: 'down' | 'up';
  /** Where each repetition begins. */
  starts(repetition: number): readonly number[];
}

/** Outputs of runs that are so many reads away from the first of all, some beside each other. */
const ofLevel = (level: number, at: number, count = 1) =>
  Array.from({ length: count }, (_, place) =>
    outputOf((readers ** level - 1) / (readers - 1) + ((at * count + place) % readers ** level)),
  );
const cases: readonly Case[] = [
  { name: 'up from the last', direction: 'up', starts: (at) => [outputOf(runs - 1 - at)] },
  { name: 'down from two of level 3', direction: 'down', starts: (at) => ofLevel(3, at, 2) },
  { name: 'down from one of level 2', direction: 'down', starts: (at) => ofLevel(2, at % 6) },
  { name: 'down from the first', direction: 'down', starts: () => [outputOf(0)] },
];

const limits = { nodes: 5_000_000, edges: 20_000_000 };
type Way = (request: TraversalRequest) => Promise<number>;

const walkOver =
  (store: GraphStore): Way =>
  async (request) => {
    let found = 0;
    for (const _ of (await traverse(store, request)).found()) found++;
    return found;
  };

const inScan =
  (db: Db): Way =>
  (request) =>
    db.scan((queries) => walkOver(new StoredGraph(queries))(request));

/** What no rule could be applied to: ids alone, along used and generated. */
const recursive =
  (db: Db): Way =>
  ({ starts, direction }) =>
    db.scan(async (queries) => {
      const [from, to] = direction === 'down' ? ['source', 'target'] : ['target', 'source'];
      const rows = await queries.many<{
        id: number;
      }>(sql`WITH RECURSIVE reach(id) AS (SELECT id FROM node WHERE id ${anyOf(starts)}
        UNION SELECT e.${rawSql(to!)} FROM reach r JOIN edge e ON e.${rawSql(from!)} = r.id
          AND e.kind IN (${edgeKinds.used}, ${edgeKinds.generated})) SELECT id FROM reach`);
      return rows.length;
    });

async function measure(way: Way, one: Case): Promise<string[]> {
  const took: number[] = [];
  let [found, cpu] = [0, 0];
  const times = one.name.endsWith('first') ? 3 : repeats;
  for (let at = -1; at < times; at++) {
    const request = { starts: one.starts(Math.max(at, 0)), direction: one.direction, limits };
    const before = process.cpuUsage();
    const begun = performance.now();
    found = await way(request);
    if (at < 0) continue;
    took.push(performance.now() - begun);
    const used = process.cpuUsage(before);
    cpu += (used.user + used.system) / 1000 / times;
  }
  took.sort((one, other) => one - other);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))]!.toFixed(1);
  return [found.toLocaleString('en'), at(0), at(0.5), at(0.95), cpu.toFixed(1)];
}

async function bench(db: Db): Promise<void> {
  const filling = performance.now();
  await fill(db);
  console.log(`filled in ${Math.round(performance.now() - filling)} ms`);
  const before = process.memoryUsage();
  const loading = performance.now();
  const memory = await loadMemory(db);
  const after = process.memoryUsage();
  const arrays = (after.arrayBuffers - before.arrayBuffers) / 2 ** 20;
  console.log(
    `in memory after ${Math.round(performance.now() - loading)} ms, ${Math.round(arrays)} MiB of columns`,
  );
  const ways: Readonly<Record<string, Way>> = {
    'level by level': inScan(db),
    'in memory': walkOver(memory),
    'recursive SQL': recursive(db),
  };
  const table = [['walk', 'way', 'nodes', 'best', 'p50', 'p95', 'CPU']];
  for (const one of cases) {
    for (const [name, way] of Object.entries(ways)) {
      if (!name.includes(options.only)) continue;
      const figures = await measure(way, one).catch((error: Error) => [error.message]);
      table.push([one.name, name, ...figures, ...new Array<string>(5 - figures.length).fill('')]);
      console.log(table.at(-1)!.join('  '));
    }
  }
  console.log(`\n${aligned(table)}`);
}

console.log(`${machine()}, Node ${process.versions.node}, ${(4 * runs).toLocaleString('en')} edges`);
const folder = mkdtempSync(join(tmpdir(), 'cairn-graph-'));
const place = options.postgres
  ? await createPostgresPlace()
  : { url: join(folder, 'cairn.db'), drop: async () => {} };
const db = await openDb({ clock: systemClock, random: systemRandom, address: place.url, scanBudget: 60_000 });
try {
  await bench(db);
} finally {
  await db.close();
  await place.drop();
  rmSync(folder, { recursive: true, force: true });
}

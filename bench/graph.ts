/**
 * Walks over a graph of a million edges (or as many as are asked for), by each way that was thought of: level by level with batched
 * statements, over columns in memory on their thread, by recursive SQL, which finds ids alone and knows no rule; of the largest also all that
 * is found, with names, as lines of JSON. Milliseconds by the clock, and of CPU of the whole process with its threads (of PostgreSQL's server
 * nothing is counted in). And what the indexes of the log cost writers.
 *
 *   node bench/graph.ts [--edges=1000000] [--postgres] [--repeats=40] [--only=memory]
 *
 * The graph: each run reads what another made (seven read each) and one of a thousand reference sets, one in ten of these to test; it
 * makes one version of one of 5,000 assets. Four edges a run, two nodes.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Db } from '../src/db/db.ts';
import { openDb } from '../src/db/open-db.ts';
import { edgeKinds, Graph, nodeKinds } from '../src/domain/graph/index.ts';
import { type WalkQuestion, walkAndTell } from '../src/domain/lineage/answers/walk-told.ts';
import { GraphMemory } from '../src/domain/lineage/walks/graph-memory.ts';
import { StoredGraph } from '../src/domain/lineage/walks/graph-store.ts';
import { Walks } from '../src/domain/lineage/walks/walks.ts';
import type { TraversalRequest } from '../src/engines/graph/index.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { newRequestContext } from '../src/kernel/request-context.ts';
import { anyOf, rawSql, sql, valueRows } from '../src/kernel/sql.ts';
import { systemClock } from '../src/kernel/time.ts';
import { createPostgresPlace } from '../test/stores/postgres-server.ts';
import { machine } from './results.ts';
import { aligned } from './table.ts';

const { values: options } = parseArgs({
  options: {
    edges: { type: 'string', default: '1000000' },
    postgres: { type: 'boolean', default: false },
    repeats: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
  },
});
const runs = Math.round(Number(options.edges) / 4);
const repeats = Number(options.repeats);
const began = 1_700_000_000_000;
const [references, assets, readers] = [1_000, 5_000, 7];
const firstReference = 1_000_000;

/** Ids: references, then assets, then of run i its output and itself, then the same of the chain. Edges have ids of their own. */
const firstAsset = firstReference + references;
const firstOutput = firstAsset + assets;
const outputOf = (run: number) => firstOutput + 2 * run;
const firstEdge = 100_000_000;
/** Runs that each read what the one before made: two hops each. */
const links = 2_500;
const chainRun = runs + 100;

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
  const chain: Part = [chainRun, chainRun + links];
  await db.write(async (tx) => {
    await tx.run(node(output, artifact, types['dataset-version'], ...chain));
    await tx.run(node(run, execution, types.run, ...chain));
    await tx.run(edge(2, run, output, edgeKinds.generated, 'NULL', chain));
    await tx.run(edge(0, `${output} - 2`, run, edgeKinds.used, "'train'", [chainRun + 1, chainRun + links]));
  });
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
  // As many follow from each of these.
  { name: 'down from two of level 3', direction: 'down', starts: (at) => ofLevel(3, at % 23, 2) },
  { name: 'down from one of level 2', direction: 'down', starts: (at) => ofLevel(2, at % 6) },
  { name: 'down from the first', direction: 'down', starts: () => [outputOf(0)] },
  { name: 'down a chain of 5,000 hops', direction: 'down', starts: () => [outputOf(chainRun)] },
  { name: 'up a chain of 5,000 hops', direction: 'up', starts: () => [outputOf(chainRun + links)] },
];

const limits = { nodes: 5_000_000, edges: 20_000_000 };
type Asked = Pick<TraversalRequest, 'starts' | 'direction'>;
/** Resolves to the nodes found. `rest`: what is done after it, and not counted. */
type Way = ((asked: Asked) => Promise<number>) & { rest?: () => Promise<void> };

const questionOf = (asked: Asked): WalkQuestion => ({ ...asked, limits, limit: 100, openEnds: 100 });

const overStore =
  (db: Db): Way =>
  (asked) =>
    db.scan(async (queries) => (await walkAndTell(new StoredGraph(queries), questionOf(asked))).nodes);

/** With the way to the thread and back, and its look at the log. */
const inMemory =
  (memory: GraphMemory): Way =>
  async (asked) =>
    (await memory.walk(questionOf(asked), undefined, context.signal)).nodes;

/** The first question of all: memory is not there, and is begun to be loaded as soon as the walk proves large. */
const asFirst = (db: Db): Way => {
  let memory: GraphMemory | undefined;
  const way: Way = async (asked) => {
    memory = new GraphMemory({ place: db.place, clock: systemClock, most: 2 ** 32 });
    const walk = async () => ({ walk: questionOf(asked) });
    return new Walks(db, memory).walkFor(context, walk, async (_, { nodes }) => nodes);
  };
  way.rest = async () => memory?.close();
  return way;
};

/** All that is found, with names. */
const streamed =
  (walks: Walks): Way =>
  async (asked) => {
    const { pages } = await walks.pagesFor(context, async () => ({ walk: questionOf(asked) }));
    let [found, bytes] = [0, 0];
    for await (const page of pages) {
      found += page.length;
      bytes += page.map((row) => JSON.stringify(row)).join('\n').length;
    }
    return bytes > 0 ? found : 0;
  };

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

async function measure(way: Way, one: Case, isSlow: boolean): Promise<string[]> {
  const took: number[] = [];
  const cpu: number[] = [];
  let found = 0;
  const times = isSlow ? Math.min(repeats, 5) : repeats;
  for (let at = isSlow ? -1 : -5; at < times; at++) {
    const asked = { starts: one.starts(Math.max(at, 0)), direction: one.direction };
    const before = process.cpuUsage();
    const begun = performance.now();
    found = await way(asked);
    const [milliseconds, used] = [performance.now() - begun, process.cpuUsage(before)];
    await way.rest?.();
    if (at < 0) continue;
    took.push(milliseconds);
    cpu.push((used.user + used.system) / 1000);
  }
  const at = (list: number[], share: number) =>
    list.sort((left, right) => left - right)[Math.min(list.length - 1, Math.floor(share * list.length))]!;
  const figures = [at(took, 0), at(took, 0.5), at(took, 0.95), at(cpu, 0.5), at(cpu, 0.95)];
  return [found.toLocaleString('en'), ...figures.map((figure) => figure.toFixed(1))];
}

async function bench(db: Db, name: string): Promise<void> {
  const filling = performance.now();
  await fill(db);
  console.log(`${name}: filled in ${Math.round(performance.now() - filling)} ms`);
  const [loading, cpu] = [performance.now(), process.cpuUsage()];
  const memory = new GraphMemory({ place: db.place, clock: systemClock, most: 2 ** 32 });
  memory.want();
  while (!memory.ready) await new Promise((resolve) => setTimeout(resolve, 20));
  const used = process.cpuUsage(cpu);
  console.log(
    `in memory after ${Math.round(performance.now() - loading)} ms (${Math.round((used.user + used.system) / 1000)} of CPU), ` +
      `${Math.round(memory.gauges.lineage_memory_bytes! / 2 ** 20)} MiB of columns for ${memory.gauges.lineage_memory_edges} edges`,
  );
  const ways: Readonly<Record<string, Way>> = {
    'over the store': overStore(db),
    'in memory': inMemory(memory),
    'as the first question': asFirst(db),
    'recursive SQL': recursive(db),
    'all with names, over the store': streamed(new Walks(db)),
    'all with names, in memory': streamed(new Walks(db, memory)),
  };
  const table = [['walk', 'way', 'nodes', 'best', 'p50', 'p95', 'CPU p50', 'CPU p95']];
  for (const one of cases) {
    for (const [way, walk] of Object.entries(ways)) {
      if (!way.includes(options.only) || (way.startsWith('all') && one.starts(0)[0] !== outputOf(0)))
        continue;
      const isSlow = one.name.endsWith('first') || (one.name.endsWith('hops') && way.includes('store'));
      const figures = await measure(walk, one, isSlow || way.includes('first')).catch((error: Error) => [
        error.message,
      ]);
      table.push([one.name, way, ...figures, ...new Array<string>(6 - figures.length).fill('')]);
      console.error(table.at(-1)!.join('  '));
    }
  }
  await memory.close();
  console.log(`${aligned(table)}\n`);
}

/** What the two indexes by which the log finds edges cost those who write: microseconds an edge, in batches of a thousand. */
async function benchWriters(db: Db): Promise<void> {
  const batch = 1_000;
  let next = 2_000_000_000;
  const insert = async () => {
    const [begun, event] = [process.cpuUsage(), next];
    await db.write(async (tx) => {
      for (let part = 0; part < batch; part += 500) {
        const rows = Array.from({ length: 500 }, () => {
          const id = next++;
          return [
            id,
            1,
            firstOutput + 2 * (id % runs),
            firstOutput + 1 + 2 * ((id * 7) % runs),
            1,
            1,
            'local',
            1,
            id,
            id,
            event,
          ];
        });
        await tx.run(sql`INSERT INTO edge (id, project, source, target, kind, face, principal, known, valid_from,
          known_from, asserted_by) VALUES ${valueRows(rows)}`);
      }
    });
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / batch;
  };
  const median = async () => {
    const all: number[] = [];
    for (let at = 0; at < 60; at++) all.push(await insert());
    return all.sort((one, other) => one - other)[30]!.toFixed(2);
  };
  const rounds: string[] = [];
  for (let round = 0; round < 3; round++) {
    await db.write(async (tx) => {
      await tx.run(sql`DROP INDEX IF EXISTS edge_asserted`);
      await tx.run(sql`DROP INDEX IF EXISTS edge_retracted`);
    });
    const without = await median();
    for (const statement of indexes) await db.write((tx) => tx.run(rawSql(statement)));
    rounds.push(`${without} without, ${await median()} with`);
  }
  console.log(`an edge written, µs of CPU of this process: ${rounds.join('; ')}`);
}

/** As the migration makes them. */
const indexes = readFileSync(new URL('../src/db/migrations/0016-lineage-log.sql', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('CREATE'))
  .map((line) => line.replace(/;$/, ''));

const context = newRequestContext({
  ...{
    actor: { kind: 'system', name: 'bench' },
    scope: { projects: 'all' },
    face: 'native',
    requestId: 'bench',
  },
  ...{ signal: new AbortController().signal, clock: systemClock, random: systemRandom },
});
console.log(`${machine()}, Node ${process.versions.node}, ${(4 * runs).toLocaleString('en')} edges`);
const folder = mkdtempSync(join(tmpdir(), 'cairn-graph-'));
const place = options.postgres
  ? await createPostgresPlace()
  : { url: join(folder, 'cairn.db'), drop: async () => {} };
const db = await openDb({ clock: systemClock, random: systemRandom, address: place.url, scanBudget: 60_000 });
try {
  await bench(db, options.postgres ? 'PostgreSQL' : 'SQLite');
  if (options.only === '') await benchWriters(db);
} finally {
  await db.close();
  await place.drop();
  rmSync(folder, { recursive: true, force: true });
}

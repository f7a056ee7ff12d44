/**
 * How the stores find what is asked for: every statement of many searches is explained, and none may walk a whole table or
 * the rows of another key. SQLite plans without statistics, so its plans are those of any store; PostgreSQL is told to
 * avoid whole tables, so that one shows only where no index could serve.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { localContext } from '../../../test/fixtures/opened-slices.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import type { Db, Queries } from '../../db/db.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import { Experiments, Projects } from '../contexts/index.ts';
import { Journal } from '../events/index.ts';
import { Graph } from '../graph/index.ts';
import { Metrics } from '../metrics/index.ts';
import { Runs } from '../runs/index.ts';
import { parseNativeField, parseNativeFilter, parseNativeOrder } from './fields/native-grammar.ts';
import { Search } from './searches.ts';

const context = localContext();

const filters = [
  '',
  "params.a = 'x'",
  `params.a = '${'x'.repeat(100)}'`,
  "params.a IN ('x', 'y')",
  "params.a != 'x'",
  "params.a > 'x'",
  'params.a > 0.5',
  "params.a LIKE 'x%'",
  "params.a LIKE '%x'",
  "params.a ILIKE 'x%'",
  'params.a IS NULL',
  "tags.a = 'x' AND params.a = 'y' AND metrics.a > 1",
  'metrics.a > 0.5',
  'metrics.a.mean != 0.5 OR metrics.a.count = 3',
  'NOT metrics.a.min <= 1',
  "name = 'x'",
  "name LIKE 'x%'",
  "id = 'x'",
  `id IN (${Array.from({ length: 500 }, (_, index) => `'${index}'`).join(', ')})`,
  "user = 'x'",
  "user != 'x'",
  "state = 'running'",
  'started > 5 AND ended < 7',
  "artifactUri LIKE 'file:%'",
  "dataset.name = 'x'",
  "dataset.digest = 'x'",
  "dataset.name LIKE 'x%' AND NOT dataset.context = 'y' AND dataset.digest IS NULL",
  // As many as there may be: neither store may take long to plan them.
  Array.from({ length: 256 }, (_, index) => `metrics.a != ${index}`).join(' AND '),
  Array.from({ length: 256 }, (_, index) => `NOT params.a = '${index}'`).join(' AND '),
  Array.from({ length: 256 }, (_, index) => `params.a = '${index}'`).join(' OR '),
  "params.a = 'x' OR (tags.a = 'y' AND NOT params.a = 'z')",
];
const orders = [
  [],
  ['metrics.a'],
  ['params.a desc'],
  ['tags.a', 'metrics.a.max desc'],
  ['started'],
  ['name'],
  ['user'],
  ['state', 'ended desc'],
];

/** What a plan may read: one record by its key, the records of the contexts, rows of one key in them. */
const allowed: readonly RegExp[] = [
  /^SEARCH (n|c|s|k|d) (EXISTS )?USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  /^SEARCH (n|s) USING (COVERING )?INDEX node_uid \(project=\? AND uid=\?\)$/,
  /^SEARCH n USING (COVERING )?INDEX node_listing \(context=\? AND kind=\?.*\)$/,
  /^SEARCH (s|d) USING (COVERING )?INDEX node_name \(project=\? AND kind=\? AND <expr>[=<>].*\)$/,
  /^SEARCH [a-z]\d* (EXISTS )?USING PRIMARY KEY \(owner=\? AND scope=\? AND key=\?\)( LEFT-JOIN)?$/,
  // What runs use, from the run or from the dataset.
  /^SEARCH e (EXISTS )?USING INDEX edge_(source|target) \((source|target)=\? AND kind=\?( AND (source|target)=\?)?\)$/,
  // The properties and series of the runs of a page, all of them or some.
  /^SEARCH p USING PRIMARY KEY \(owner=\?( AND scope=\?)?\)$/,
  /^SEARCH (s|p) USING (COVERING )?INDEX property_value \(project=\? AND context=\? AND scope=\? AND key=\? AND <expr>[=<>].*\)$/,
  /^SEARCH [a-z]\d* (EXISTS )?USING (COVERING )?INDEX series_node \(node=\?( AND key=\? AND by_key=\?)?\)( LEFT-JOIN)?$/,
  // The names of the metrics of a run, from the first on.
  /^SEARCH m USING PRIMARY KEY \(node=\?\)$/,
  // Values of a key in an experiment, one after the other.
  /^SEARCH p USING (COVERING )?INDEX property_value \(project=\? AND context=\? AND scope=\? AND key=\? AND <expr>[=<>].*\)$/,
  // Keys of an experiment, one after the other, and the rows of one.
  /^SEARCH property USING COVERING INDEX property_value \(project=\? AND context=\? AND scope=\?( AND key>\?)?\)$/,
  /^SEARCH property USING (COVERING )?INDEX property_value \(project=\? AND context=\? AND scope=\? AND key=\?\)$/,
  /^SEARCH series USING COVERING INDEX series_key \(project=\? AND context=\?( AND key>\?)?\)$/,
  /^SEARCH series USING (COVERING )?INDEX series_key \(project=\? AND context=\? AND key=\?\)$/,
  /^S(CAN|EARCH) (found|v|r|q)$|^SETUP$|^RECURSIVE STEP$|^MATERIALIZE |^CO-ROUTINE /,
  // Experiments by their ids, and back; names of keys.
  /^SEARCH (k|node_key) USING (COVERING )?INDEX node_key_node \(node=\?\)$/,
  /^SEARCH (k|node_key) USING PRIMARY KEY \(project=\? AND space=\?.*\)$/,
  /^SEARCH interned_key USING /,
  // Orders that are kept sorted, and what was recorded since.
  /^SEARCH ranking USING INDEX sqlite_autoindex_ranking_1 \(project=\? AND context=\? AND spec=\?\)$/,
  /^SEARCH r USING PRIMARY KEY \(ranking=\? AND sort[<>]\?( AND sort<\?)?\)$/,
  /^SEARCH f USING INTEGER PRIMARY KEY|^COMPOUND QUERY|^LEFT-MOST SUBQUERY|^UNION USING TEMP B-TREE$/,
  /^SEARCH e USING INDEX sqlite_autoindex_event_1 \(position>\? AND position<\?\)$/,
  /^SEARCH event USING COVERING INDEX sqlite_autoindex_event_1$/,
  // A ranking of a project is made of all its nodes, in steps.
  /^SEARCH n USING INDEX node_uid \(project=\?( AND uid>\?)?\)$/,
  /^SCAN \(subquery-\d+\)$/,
  // Lists that came with the request, and results on their way.
  /^SCAN (json_each|c\d) ?/,
  /^SCAN CONSTANT ROW/,
  /^(CORRELATED )?(LIST|SCALAR) SUBQUERY \d+|^REUSE LIST SUBQUERY|^CO-ROUTINE c\d|^MATERIALIZE c\d|^CREATE BLOOM FILTER|^USE TEMP B-TREE FOR |^MULTI-INDEX OR|^INDEX \d+/,
];

forEachStore((open) => {
  describe('plans of searches', () => {
    let db: Db;
    let project: ProjectId;
    let graph: Graph;
    const statements = new Map<string, Sql>();

    before(async () => {
      db = await open();
      const recording = recordScans(db, (statement) => statements.set(textOf(statement), statement));
      graph = await Graph.open(recording);
      // Known once a dataset was recorded.
      await db.write((tx) => graph.keys.resolve(tx, ['digest']));
      const journal = new Journal(db, () => {});
      project = await new Projects(graph, journal).ensureDefault(context);
      const experiments = new Experiments(graph, journal, {
        defaultArtifactRoot: 'file:/x',
        serverFolder: '/',
      });
      const runs = new Runs(graph, journal);
      const metrics = new Metrics(graph, journal);
      for (const name of ['a', 'b', 'c']) {
        await experiments.create(context, project, { name, tags: [{ key: 'a', value: 'x' }] });
      }
      let last = '';
      for (let index = 0; index < 3; index++) {
        const { run } = await runs.create(context, project, { experiment: '0', user: 'x' });
        last = run.id;
        await metrics.logBatch(context, project, run.id, {
          params: [{ key: 'a', value: 'x'.repeat(300) }],
          tags: [{ key: 'a', value: 'x' }],
          points: [{ key: 'a', value: 1, step: 1, time: 1 }],
        });
      }
      await experiments.delete(context, project, '1');
      await metrics.sealer.close();
      for (const tuning of [
        { walked: 0, all: 0 },
        { walked: 2_000, all: 2_000 },
        { walked: 0, all: 2_000, ranked: 0, filtered: 0, few: 0, passed: 0, listed: 0, merge: 0 },
      ]) {
        const search = new Search(graph, tuning);
        for (const filter of filters) await searchAll(search, filter, [[], ['metrics.a']]);
        for (const order of orders) await searchAll(search, "params.a != 'x'", [order]);
        await searchExperiments(search);
        await search.columns(context, project, '0', { limit: 10 });
        await searchOthers(search);
        await search.rankings.settle();
        if (tuning.ranked === undefined) continue;
        await runs.setTag(context, project, last, { key: 'b', value: 'fresh' });
        for (const order of orders) await searchAll(search, "params.a != 'x'", [order]);
        await search.close();
      }
    });

    async function searchAll(
      search: Search,
      text: string,
      by: readonly (readonly string[])[],
    ): Promise<void> {
      const filter = parseNativeFilter(text, context.clock.now());
      for (const ids of [['0'], ['0', '1', '2']]) {
        await search.countRuns(context, project, { experiments: ids, filter, view: 'active' });
        for (const order of by) {
          const asked = {
            experiments: ids,
            filter,
            order: order.map((key) => parseNativeOrder(key)),
            view: 'active',
            limit: 1,
          } as const;
          const { cursor } = await search.runs(context, project, asked);
          const columns = { params: ['a'], metrics: ['a'] };
          if (cursor !== undefined) await search.runs(context, project, { ...asked, cursor, columns });
        }
      }
    }

    async function searchOthers(search: Search): Promise<void> {
      const by = [parseNativeField('params.a', 'by'), parseNativeField('state', 'by')];
      const figures = [parseNativeField('metrics.a.min', 'figures')];
      for (const experiments of [['0'], ['0', '1', '2']]) {
        const filter = parseNativeFilter("params.a =~ 'x' OR name =~ 'y' OR state =~ 'r'", 0);
        const asked = { experiments, filter, view: 'active' } as const;
        await search.groups(context, project, {
          ...asked,
          by,
          figures,
          order: 'runs',
          limit: 5,
          cursor: undefined,
        });
        await search.anchors(context, project, { ...asked, order: [], every: 2 });
        await search.anchors(context, project, {
          ...asked,
          order: [parseNativeOrder('metrics.a')],
          every: 2,
        });
      }
      await search.values(context, project, '0', { scope: 'param', key: 'a', prefix: 'x', limit: 5 });
    }

    async function searchExperiments(search: Search): Promise<void> {
      for (const text of ['', "name LIKE 'a%'", "id = '0'", "tags.a = 'x'", 'created > 5']) {
        for (const order of [[], ['name'], ['updated desc']]) {
          const { items } = await search.experiments(context, project, {
            filter: parseNativeFilter(text, context.clock.now()),
            order: order.map((key) => parseNativeOrder(key)),
            view: 'active',
            limit: 1,
          });
          await search.activity(context, project, items);
        }
      }
    }

    it('reads no whole table and no other key', async () => {
      assert.ok(statements.size > 100, `${statements.size} statements`);
      const bad: string[] = [];
      for (const statement of statements.values()) {
        const why =
          db.dialect.name === 'sqlite'
            ? await sqliteFault(db, statement)
            : await postgresFault(db, statement);
        if (why !== undefined) bad.push(`${why}\n${textOf(statement)}`);
      }
      assert.deepEqual(bad, []);
    });
  });
});

async function sqliteFault(db: Db, statement: Sql): Promise<string | undefined> {
  const rows = await db.read((queries) =>
    queries.many<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${statement}`),
  );
  return rows.map((row) => row.detail).find((detail) => !allowed.some((pattern) => pattern.test(detail)));
}

async function postgresFault(db: Db, statement: Sql): Promise<string | undefined> {
  const rows = await db.read(async (queries) => {
    await queries.many(sql`SELECT set_config('enable_seqscan', 'off', true)`);
    return queries.many<Record<string, string>>(sql`EXPLAIN ${statement}`);
  });
  return rows.map((row) => row['QUERY PLAN'] ?? '').find((line) => /Seq Scan on/.test(line));
}

/** The text without its values: one entry per plan. */
function textOf(statement: Sql): string {
  return statement.pieces
    .map((piece) =>
      piece.kind === 'text'
        ? piece.text
        : piece.kind === 'text-head'
          ? `head(${piece.expression})`
          : `<${piece.kind}>`,
    )
    .join('');
}

function recordScans(db: Db, record: (statement: Sql) => void): Db {
  const recorded = (queries: Queries): Queries => ({
    many: (query) => {
      record(query);
      return queries.many(query);
    },
    one: (query) => {
      record(query);
      return queries.one(query);
    },
  });
  return new Proxy(db, {
    get(target, name) {
      if (name === 'scan')
        return (body: (queries: Queries) => Promise<unknown>) =>
          target.scan((queries) => body(recorded(queries)));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

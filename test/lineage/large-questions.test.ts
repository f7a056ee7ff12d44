/**
 * Large questions move to the graph in memory, on a thread of its own: with the same answers, everything that was acknowledged in them, page by
 * page where all is asked for, and nobody waiting meanwhile. Where memory does not suffice they go over the store.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Db, Queries } from '../../src/db/db.ts';
import { edgeKinds, nodeKinds } from '../../src/domain/graph/index.ts';
import type { FoundRow } from '../../src/domain/lineage/answers/answer-stream.ts';
import type { WalkQuestion } from '../../src/domain/lineage/answers/walk-told.ts';
import { GraphMemory } from '../../src/domain/lineage/walks/graph-memory.ts';
import { Walks } from '../../src/domain/lineage/walks/walks.ts';
import type { OpenReason } from '../../src/engines/graph/index.ts';
import { CairnError } from '../../src/kernel/errors.ts';
import type { RequestContext } from '../../src/kernel/request-context.ts';
import { rawSql } from '../../src/kernel/sql.ts';
import { type Clock, systemClock } from '../../src/kernel/time.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { type Served, serveDomain } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const runs = 3_000;
const firstNode = 500_000_000;
const lastOutput = firstNode + 2 * (runs - 1);
const limits = { nodes: 1_000_000, edges: 5_000_000 };

/** Runs that read what an earlier one made, three of them each, and all of them what the first made. */
async function fill(db: Db, served: Served): Promise<void> {
  const { types } = served.domain.graph;
  const numbered = (columns: string, table: string, values: string) =>
    rawSql(`INSERT INTO ${table} (${columns}) WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL
      SELECT i + 1 FROM n WHERE i < ${runs - 1}) SELECT ${values} FROM n`);
  const node = (id: string, uid: string, kind: number, type: number) =>
    numbered(
      'id, uid, project, context, kind, type, number, created, updated, mark, deleted, class',
      'node',
      `${id}, ${uid}, ${served.domain.defaultProject}, 1, ${kind}, ${type}, i, 0, 0, 0, 0, ${id}`,
    );
  const edge = (place: number, source: string, target: string, kind: number) =>
    numbered(
      'id, project, source, target, kind, face, principal, known, valid_from, known_from, asserted_by',
      'edge',
      `${firstNode} + 4 * i + ${place}, ${served.domain.defaultProject}, ${source}, ${target}, ${kind}, 1, 'local', 1, 10, 10, 1`,
    );
  const [output, run] = [`${firstNode} + 2 * i`, `${firstNode + 1} + 2 * i`];
  await db.write(async (tx) => {
    await tx.run(
      node(output, `'made ' || CAST(i AS TEXT)`, nodeKinds.artifact, types['dataset-version'] as number),
    );
    await tx.run(node(run, `'run ' || CAST(i AS TEXT)`, nodeKinds.execution, types.run as number));
    await tx.run(
      edge(
        0,
        `CASE WHEN i = 0 THEN ${firstNode} ELSE ${firstNode} + 2 * ((i - 1) / 3) END`,
        run,
        edgeKinds.used,
      ),
    );
    await tx.run(edge(1, run, output, edgeKinds.generated));
    await tx.run(edge(2, String(firstNode), run, edgeKinds.used));
  });
}

const down = (start: number, more: Partial<WalkQuestion> = {}): WalkQuestion => ({
  ...{ direction: 'down', starts: [start], limits, limit: 20, openEnds: 20, ...more },
});

/** Waits for the condition, leaving the loop to others. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

forEachStore((open) => {
  it('answers from memory as from the store, with everything that was acknowledged', async () => {
    const db = await open();
    const served = await serveDomain(db, { lineage: { memory: 2 ** 28 } });
    try {
      await fill(db, served);
      const ask = async (question: string) => {
        const { status, body } = await served.call('GET', `/api/v1/lineage/${question}`);
        assert.equal(status, 200, JSON.stringify(body));
        return body;
      };
      const gauges = () => served.domain.lineage.gauges();
      assert.deepEqual(gauges(), {}, 'nothing is loaded before a question needs it');
      await ask('ancestry?of=made%201');
      assert.equal(gauges().lineage_memory_edges, 0);
      const questions = [
        'impact?of=made%200',
        'impact?of=run%201&as_of=5',
        'ancestry?of=made%202999&limit=7',
      ];
      const stored: unknown[] = [];
      for (const question of questions) stored.push(await ask(question));
      await until(() => gauges().lineage_memory_edges! > 0);
      for (const [at, question] of questions.entries()) assert.deepEqual(await ask(question), stored[at]);

      // What a client records now is in the next answer.
      const { body: made } = await served.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
      const uid: string = made.run.info.run_id;
      assert.equal((await ask(`ancestry?of=${uid}`)).count, 0);
      const answer = await served.call('POST', '/api/2.0/mlflow/logged-models', {
        ...{ experiment_id: '0', name: 'late', source_run_id: uid },
      });
      const late = answer.body.model.info.model_id;
      assert.equal((await ask(`ancestry?of=${late.slice(2)}`)).count, 1);
    } finally {
      await served.close();
    }
  });

  describe('walks', () => {
    it('of which all is told come page by page, the same from memory and from the store', async () => {
      const db = await open();
      const served = await serveDomain(db);
      await fill(db, served);
      const memory = new GraphMemory({ place: db.place, clock: systemClock, most: 2 ** 28 });
      try {
        const walks = new Walks(db, memory);
        const all = async (question: WalkQuestion) => {
          const { told, pages } = await walks.pagesFor(testContext, async () => ({ walk: question }));
          const rows: FoundRow[] = [];
          for await (const page of pages) for (const row of page) rows.push(row);
          return { told, rows: rows.sort((one, other) => (one.uid < other.uid ? -1 : 1)) };
        };
        const questions = [down(firstNode), down(firstNode, { kinds: ['execution'], depth: 1 })];
        const stored = [];
        for (const question of questions) stored.push(await all(question));
        assert.deepEqual([stored[0]!.rows.length, stored[0]!.told.nodes], [2 * runs - 1, 2 * runs]);
        assert.equal(stored[0]!.rows.find(({ uid }) => uid === 'made 7')?.hops, 2, 'over the hub');
        await until(() => memory.ready);
        for (const [at, question] of questions.entries()) assert.deepEqual(await all(question), stored[at]);
        // What is bounded, and what the reader may not see, is the same too, and says that it is not all.
        const bounded: [WalkQuestion, RequestContext, OpenReason][] = [
          [down(firstNode, { limits: { nodes: 100, edges: 1_000_000 } }), testContext, 'limit'],
          [down(firstNode, { limits: { nodes: 1_000_000, edges: 2_000 } }), testContext, 'limit'],
          [down(firstNode), { ...testContext, scope: { projects: [] } }, 'masked'],
        ];
        for (const [question, context, reason] of bounded) {
          const asked = async () => ({ walk: question });
          const toldBy = (some: Walks) => some.walkFor(context, asked, async (_, told) => told);
          const told = await toldBy(walks);
          assert.ok(!told.complete && told.openEndCounts[reason] > 0, reason);
          // Of a graph in part each may know another part.
          if (reason !== 'limit') assert.deepEqual(told, await toldBy(new Walks(db)));
          else assert.ok(told.nodes <= Math.max(question.limits.nodes, 1));
        }
        // Who stops reading lets go of it: otherwise the second of these would find no room.
        for (let time = 0; time < 5; time++) {
          const { pages } = await walks.pagesFor(testContext, async () => ({ walk: down(firstNode) }));
          await pages.next();
          await pages.return?.();
        }
      } finally {
        await memory.close();
        await served.close();
      }
    });

    it('that the store is too slow for go on in memory as soon as it is there, or wait for it', async () => {
      const db = await open();
      const served = await serveDomain(db);
      await fill(db, served);
      const chain = Array.from({ length: 10 }, (_, at) => firstNode + 2 * at);
      const asked = async () => ({ walk: down(firstNode, { starts: chain }) });
      const toldBy = (walks: Walks) => walks.walkFor(testContext, asked, async (_, told) => told);
      const expected = await toldBy(new Walks(db));
      /** Its scans do this before each statement after so many. */
      const slow = (after: number, stall: () => Promise<void>): Db =>
        new Proxy(db, {
          get(target, name) {
            const value = Reflect.get(target, name, target);
            if (name !== 'scan') return typeof value === 'function' ? value.bind(target) : value;
            return (body: (queries: Queries) => Promise<unknown>, signal: AbortSignal) =>
              target.scan(async (queries) => {
                let statements = 0;
                const stalled = async () => (++statements > after ? stall() : undefined);
                return body({
                  many: (query) => stalled().then(() => queries.many(query)),
                  one: (query) => stalled().then(() => queries.one(query)),
                });
              }, signal);
          },
        });
      const tooLong = async () => {
        throw new CairnError('query_too_expensive', 'The query took longer than it may; narrow it.');
      };
      for (const what of ['hands over', 'waits'] as const) {
        const memory = new GraphMemory({ place: db.place, clock: systemClock, most: 2 ** 28 });
        try {
          let stalls = 0;
          const untilReady = async () => {
            stalls++;
            await until(() => memory.ready);
          };
          // A walk that is known to be large when the store is stalled: it has asked for as much as goes without memory.
          const isLarge = what === 'hands over' ? untilReady : tooLong;
          const told = await toldBy(new Walks(slow(8, isLarge), memory));
          assert.deepEqual(told, expected, what);
          assert.ok(memory.ready && stalls <= 1, `${stalls} statements after memory was there`);
        } finally {
          await memory.close();
        }
      }
      // Without memory on its way there is nothing to wait for.
      await assert.rejects(toldBy(new Walks(slow(8, tooLong))), { code: 'query_too_expensive' });
      const none = new GraphMemory({ place: db.place, clock: systemClock, most: 100_000 });
      try {
        await assert.rejects(toldBy(new Walks(slow(8, tooLong), none)), /read into memory|narrow it/);
      } finally {
        await none.close();
        await served.close();
      }
    });

    it('hold up nobody, and end with those who asked', async () => {
      const db = await open();
      const served = await serveDomain(db);
      await fill(db, served);
      const memory = new GraphMemory({ place: db.place, clock: systemClock, most: 2 ** 28 });
      try {
        memory.want();
        await until(() => memory.ready);
        // All of them at once, from each of the outputs: far more than one walk.
        const starts = Array.from({ length: runs }, (_, at) => lastOutput - 2 * at);
        const huge = down(firstNode, { starts, doubts: true, among: starts });
        const walkAll = () =>
          Promise.all(Array.from({ length: 6 }, () => memory.walk(huge, undefined, testContext.signal)));
        let [rounds, isAnswered] = [0, false];
        const walking = (async () => {
          for (; !isAnswered; rounds++) await walkAll();
        })();
        // Some question is asked and answered while all of these walk.
        for (let asked = 0; asked < 500 && !isAnswered; asked++) {
          const before = rounds;
          assert.equal((await served.call('GET', '/api/v1/projects')).status, 200);
          isAnswered = rounds === before;
        }
        assert.ok(isAnswered, `${rounds} rounds of walks, and nothing was answered within one`);
        await walking;
        const gone = new AbortController();
        const left = memory.walk(huge, undefined, gone.signal);
        gone.abort();
        await assert.rejects(left, { code: 'query_too_expensive' });
        const told = await memory.walk(down(lastOutput), undefined, testContext.signal);
        assert.equal(told.nodes, 1, 'the thread goes on');
      } finally {
        await memory.close();
        await served.close();
      }
    });

    it('go over the store where memory does not suffice, and give it back when nobody asks', async () => {
      const db = await open();
      const served = await serveDomain(db);
      await fill(db, served);
      const said: string[] = [];
      const few = new GraphMemory({
        ...{
          place: db.place,
          clock: systemClock,
          most: 100_000,
          log: (message: string) => said.push(message),
        },
      });
      const clock = new TurnedClock();
      const idle = new GraphMemory({ place: db.place, clock, most: 2 ** 28 });
      try {
        const count = (walks: Walks) =>
          walks.walkFor(
            testContext,
            async () => ({ walk: down(firstNode) }),
            async (_, told) => told.nodes,
          );
        assert.equal(await count(new Walks(db, few)), 2 * runs);
        await until(() => said.length > 0);
        assert.match(said[0]!, /larger than may be kept/);
        assert.equal(await count(new Walks(db, few)), 2 * runs);
        assert.equal(few.ready, false);

        idle.want();
        await until(() => idle.ready);
        clock.turn(9 * 60_000);
        assert.equal(idle.ready, true);
        assert.equal(await count(new Walks(db, idle)), 2 * runs);
        clock.turn(9 * 60_000);
        assert.equal(idle.ready, true);
        clock.turn(2 * 60_000);
        assert.equal(idle.ready, false);
        assert.equal(await count(new Walks(db, idle)), 2 * runs);
        await until(() => idle.ready);
      } finally {
        await few.close();
        await idle.close();
        await served.close();
      }
    });
  });
});

/** Time that passes when it is told to. */
class TurnedClock implements Clock {
  #now = 1_000;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, task: () => void): () => void {
    const entry = { at: this.#now + milliseconds, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  turn(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const due = this.#tasks.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (due === undefined) break;
      this.#tasks = this.#tasks.filter((entry) => entry !== due);
      this.#now = due.at;
      due.task();
    }
    this.#now = until;
  }
}

/**
 * What is kept of the graph in memory is what the store holds, whatever was written meanwhile, by which face, and while it was read: pipelines
 * and training runs that read and write the same datasets, in any order of their times, runs that are purged, and derived edges made again.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { Db } from '../../src/db/db.ts';
import { openThreadReader } from '../../src/db/thread-reader.ts';
import { declaredOrigins, keptOrigins, Origins } from '../../src/domain/lineage/answers/origins.ts';
import { type WalkQuestion, walkAndTell } from '../../src/domain/lineage/answers/walk-told.ts';
import { GraphColumns } from '../../src/domain/lineage/walks/graph-columns.ts';
import { StoredGraph } from '../../src/domain/lineage/walks/graph-store.ts';
import { anyOf, sql } from '../../src/kernel/sql.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const numRuns = Number(process.env.CAIRN_PROPERTY_RUNS ?? 8);
const limits = { nodes: 10_000, edges: 100_000 };

const dataset = fc.nat(4);
const pipeline = fc.record({
  kind: fc.constant('pipeline' as const),
  run: fc.nat(5),
  reads: fc.uniqueArray(dataset, { maxLength: 2 }),
  writes: fc.uniqueArray(dataset, { maxLength: 2 }),
  at: fc.nat(20),
  column: fc.boolean(),
});
const training = fc.record({
  kind: fc.constant('training' as const),
  reads: fc.uniqueArray(dataset, { minLength: 1, maxLength: 2 }),
  digest: fc.nat(1),
  role: fc.constantFrom('training', 'test'),
  models: fc.nat(2),
});
const purge = fc.record({ kind: fc.constant('purge' as const), run: fc.nat(9) });
const source = fc.record({
  kind: fc.constant('source' as const),
  of: dataset,
  version: fc.boolean(),
  withdraw: fc.boolean(),
});
const change = fc.oneof(
  { weight: 5, arbitrary: pipeline },
  { weight: 4, arbitrary: training },
  { weight: 2, arbitrary: source },
  purge,
);
type Change = typeof change extends fc.Arbitrary<infer Drawn> ? Drawn : never;
const ask = fc.record(
  {
    direction: fc.constantFrom('down' as const, 'up' as const),
    start: fc.nat(1_000),
    asOf: fc.nat(25).map((hours) => at(hours)),
    past: fc.boolean(),
    includeEvaluation: fc.boolean(),
  },
  { requiredKeys: ['direction', 'start'] },
);

const began = Date.parse('2026-01-01T00:00:00Z');
const at = (hours: number) => began + hours * 3_600_000;

forEachStore((open) => {
  let db: Db;
  const served = servedFor(async () => {
    db = await open();
    return db;
  });
  let stories = 0;

  async function post(path: string, body: unknown) {
    const answer = await served().call('POST', path, body);
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** One world of datasets, pipelines and training runs of its own. */
  class Story {
    readonly #name = `story-${++stories}`;
    readonly #runs: string[] = [];

    make(change: Change): Promise<unknown> {
      if (change.kind === 'pipeline') return this.#pipeline(change);
      if (change.kind === 'source') return this.#source(change);
      return change.kind === 'training' ? this.#training(change) : this.#purge(change.run);
    }

    /** Of what may not be there (yet). */
    async #source({ of, version, withdraw }: Extract<Change, { kind: 'source' }>) {
      const ref = `s3://lake/${this.#name}/${of}${version ? '@latest' : ''}`;
      const { status } = withdraw
        ? await served().call('DELETE', `/api/v1/lineage/sources?of=${encodeURIComponent(ref)}`)
        : await served().call('POST', '/api/v1/lineage/sources', { of: ref });
      assert.ok(status < 500, `${ref}: ${status}`);
    }

    #pipeline({ run, reads, writes, at: hours, column }: Extract<Change, { kind: 'pipeline' }>) {
      const named = (index: number) => ({ namespace: 's3://lake', name: `${this.#name}/${index}` });
      const lineage = {
        _producer: 'https://example.org/made',
        _schemaURL: 'https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json',
        fields: { id: { inputFields: reads.map((index) => ({ ...named(index), field: 'id' })) } },
      };
      return post('/api/v1/lineage', {
        eventType: 'COMPLETE',
        eventTime: new Date(at(hours)).toISOString(),
        producer: 'https://example.org/made',
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
        run: { runId: `0193${String(stories).padStart(4, '0')}-0000-7000-8000-00000000000${run}` },
        job: { namespace: this.#name, name: `job ${run}` },
        inputs: reads.map(named),
        outputs: writes.map((index) => ({
          ...named(index),
          ...(column && reads.length > 0 && { facets: { columnLineage: lineage } }),
        })),
      });
    }

    async #training({ reads, digest, role, models }: Extract<Change, { kind: 'training' }>) {
      const { run } = await post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: at(12) });
      const id: string = run.info.run_id;
      await post('/api/2.0/mlflow/runs/log-inputs', {
        run_id: id,
        datasets: reads.map((index) => ({
          tags: [{ key: 'mlflow.data.context', value: role }],
          dataset: {
            ...{ name: `${this.#name} ${index}`, digest: `d${digest}`, source_type: 's3' },
            source: `{"uri": "s3://lake/${this.#name}/${index}"}`,
          },
        })),
      });
      for (let model = 0; model < models; model++) {
        await post('/api/2.0/mlflow/logged-models', {
          ...{ experiment_id: '0', name: this.#name, source_run_id: id },
        });
      }
      this.#runs.push(id);
    }

    async #purge(which: number) {
      const [run] = this.#runs.splice(which % Math.max(this.#runs.length, 1), 1);
      if (run === undefined) return;
      await post('/api/2.0/mlflow/runs/delete', { run_id: run });
      await post('/api/v1/retention/purge', { olderThan: 0, runs: [run] });
    }
  }

  it('is what the store holds, whatever is written meanwhile', async () => {
    const reader = await openThreadReader(db.place);
    try {
      const columns = new GraphColumns(reader, 2 ** 28);
      await columns.load(async () => {});
      const turns = fc.array(
        fc.record({
          changes: fc.array(change, { minLength: 1, maxLength: 4 }),
          asks: fc.array(ask, { minLength: 1, maxLength: 4 }),
        }),
        { minLength: 1, maxLength: 5 },
      );
      await fc.assert(
        fc.asyncProperty(turns, async (drawn) => {
          const story = new Story();
          for (const { changes, asks } of drawn) {
            let writing = true;
            const written = Promise.all(changes.map((one) => story.make(one))).finally(() => {
              writing = false;
            });
            written.catch(() => {});
            // Reads on while they write.
            while (writing) {
              await columns.advance(async () => {});
              await new Promise((resolve) => setImmediate(resolve));
            }
            await written;
            for (const one of asks) await assertSame(columns, one);
          }
        }),
        { numRuns },
      );
    } finally {
      await reader.close();
    }
  });

  async function assertSame(
    columns: GraphColumns,
    { start, past, ...asked }: typeof ask extends fc.Arbitrary<infer Drawn> ? Drawn : never,
  ): Promise<void> {
    const nodes = await db.read((queries) =>
      queries.many<{ id: number; kind: number }>(sql`SELECT id, kind FROM node
        WHERE kind ${anyOf([1, 2, 3, 7])} ORDER BY id DESC LIMIT 60`),
    );
    const from = nodes[start % nodes.length]!.id;
    const question: WalkQuestion = {
      ...{ direction: asked.direction, starts: [from], limits, limit: 50, openEnds: 100, evaluations: 50 },
      ...(asked.asOf !== undefined && { asOf: asked.asOf }),
      ...(past !== undefined && { knownAt: past ? Date.now() - 50 : Date.now() + 50 }),
      ...(asked.includeEvaluation !== undefined && { includeEvaluation: asked.includeEvaluation }),
      // Also which of some cannot be told.
      ...(start % 3 === 0 && { among: nodes.slice(0, 20).map(({ id }) => id), doubts: true }),
    };
    const stored = await db.scan((queries) =>
      walkAndTell(new StoredGraph(queries, { origins: new Origins(queries, question) }), question),
    );
    let declared: ReadonlySet<number> = new Set();
    await columns.advance(
      async () => {},
      [from, ...(question.among ?? [])],
      async (queries) => {
        declared = await declaredOrigins(queries, question);
      },
    );
    const kept = columns.graph.seenBy({ isOrigin: keptOrigins(columns.graph, declared, question) });
    assert.deepEqual(await walkAndTell(kept, question), stored);
  }
});

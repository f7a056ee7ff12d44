/** One thing that two faces speak of: what an OpenLineage job wrote is what an MLflow run read, and MLflow's answers stay as they were. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { statementsOf } from '../../src/db/migrate.ts';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import { edgeKinds } from '../../src/domain/graph/index.ts';
import { rawSql, sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { serveDomain, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const mlflow = '/api/2.0/mlflow';
const hour = 3_600_000;
const begin = Date.UTC(2026, 0, 1);

interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: object;
}

forEachStore((open) => {
  describe('identity over faces', () => {
    const served = servedFor(open);
    let number = 0;

    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    async function good(method: string, path: string, body?: unknown): Promise<any> {
      const answer = await served().call(method, path, body);
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    }

    /** A job's run that writes, from one hour to another. */
    async function write(place: Place, from: number, to: number, end = 'COMPLETE'): Promise<string> {
      const runId = `00000000-0000-4000-8000-${String(++number).padStart(12, '0')}`;
      for (const [eventType, at] of [
        ['START', from],
        [end, to],
      ] as const) {
        await good('POST', '/api/v1/lineage', {
          ...{
            eventType,
            eventTime: new Date(begin + at * hour).toISOString(),
            producer: 'https://example.org/job',
          },
          schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
          ...{
            run: { runId },
            job: { namespace: 'etl', name: 'prepare' },
            inputs: [],
            outputs: eventType === 'START' ? [] : [place],
          },
        });
      }
      return runId;
    }

    /** An MLflow run that began at an hour and read what lies at `uri`. */
    async function read(uri: string, at: number, digest = 'd1', version?: string): Promise<string> {
      const created = await good('POST', `${mlflow}/runs/create`, {
        experiment_id: '0',
        start_time: begin + at * hour,
      });
      const run = created.run.info.run_id;
      const source = JSON.stringify({ uri });
      await good('POST', `${mlflow}/runs/log-inputs`, {
        run_id: run,
        datasets: [
          {
            dataset: { name: uri, digest, source_type: 's3', source },
            tags: version === undefined ? [] : [{ key: 'cairn.dataset.version', value: version }],
          },
        ],
      });
      return run;
    }

    const edges = (uid: string) => {
      const { db } = served().domain;
      return db.read((queries) =>
        queries.many<{
          version: string;
          writer: string | null;
          rule: string;
          slot: string;
          live: number;
          valid_from: number;
        }>(sql`
          SELECT w.uid AS version, r.uid AS writer, e.rule, e.source_slot AS slot, e.valid_from,
            CASE WHEN e.known_to IS NULL THEN 1 ELSE 0 END AS live
          FROM edge e JOIN node t ON t.id = e.target JOIN node w ON w.id = e.source
            LEFT JOIN edge g ON g.target = w.id AND g.kind = ${edgeKinds.generated} AND g.known_to IS NULL
            LEFT JOIN node r ON r.id = g.source
          WHERE t.uid = ${uid} AND e.kind = ${edgeKinds.binds} ORDER BY e.id`),
      );
    };
    /** The job's run whose version the run read. */
    async function writerFor(run: string): Promise<string | null | undefined> {
      const live = (await edges(run)).filter((edge) => edge.live === 1);
      assert.ok(live.length <= 1);
      return live.length === 0 ? undefined : jobRuns.get(live[0]!.writer ?? '');
    }
    const jobRuns = new Map<string, string>();
    async function learnJobRuns(): Promise<void> {
      const { db } = served().domain;
      const rows = await db.read((queries) =>
        queries.many<{ uid: string; value: string }>(
          sql`SELECT n.uid, k.value FROM node n JOIN node_key k ON k.node = n.id WHERE n.kind = 1`,
        ),
      );
      for (const { uid, value } of rows) {
        const id = /0{8}-0{4}-4000-8000-\d{12}/.exec(value)?.[0];
        if (id !== undefined) jobRuns.set(uid, id);
      }
    }
    async function faults(): Promise<string[]> {
      const { db } = served().domain;
      const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
      return findings.filter((finding) => finding.level === 'error').map((finding) => finding.detail);
    }

    it('binds an MLflow read to the version that a job wrote before it, also one that is told of later', async () => {
      const place = { namespace: 's3://one', name: 'churn' };
      const first = await write(place, 1, 2);
      const run = await read('s3a://one/churn/', 10);
      const early = await read('s3://one/churn', 1);
      const answer = await good('GET', `${mlflow}/runs/get?run_id=${run}`);
      await learnJobRuns();
      assert.equal(await writerFor(run), first);
      assert.equal(await writerFor(early), undefined, 'nothing was written by then');

      const late = await write(place, 3, 5);
      const failed = await write(place, 6, 7, 'FAIL');
      const after = await write(place, 8, 11);
      await learnJobRuns();
      assert.equal(await writerFor(run), late, 'not the failed one, nor one that ended later');
      assert.ok(failed !== after);
      assert.equal(await writerFor(early), undefined);
      const history = await edges(run);
      assert.deepEqual(
        history.map((edge) => [jobRuns.get(edge.writer!), edge.rule, edge.live, edge.valid_from]),
        [
          [first, 'current at its time', 0, begin + 10 * hour],
          [late, 'current at its time', 1, begin + 10 * hour],
        ],
      );
      assert.deepEqual(await good('GET', `${mlflow}/runs/get?run_id=${run}`), answer);
      assert.deepEqual(await faults(), []);
    });

    it('joins what a symlink says is one, and parts it when that is withdrawn', async () => {
      const table = { namespace: 'postgres://db:5432', name: 'shop.public.churn' };
      const symlinks = (...identifiers: Place[]) => ({
        symlinks: {
          ...{
            _producer: 'https://example.org/job',
            _schemaURL: 'https://openlineage.io/spec/facets/1-0-1/SymlinksDatasetFacet.json',
          },
          identifiers: identifiers.map((identifier) => ({ ...identifier, type: 'TABLE' })),
        },
      });
      const run = await read('s3://two/churn', 10);
      const job = await write({ ...table, facets: symlinks({ namespace: 's3://two', name: 'churn' }) }, 1, 2);
      await learnJobRuns();
      assert.equal(await writerFor(run), job);
      await write({ ...table, facets: symlinks({ namespace: 's3://two', name: 'other' }) }, 3, 4);
      assert.equal(await writerFor(run), undefined);
      assert.deepEqual(await faults(), []);
    });

    it('binds an MLflow read to the version that its tag names, and to none if nobody knows that', async () => {
      const place = (datasetVersion: string) => ({
        ...{ namespace: 's3://named', name: 'churn' },
        facets: {
          version: {
            ...{ _producer: 'https://example.org/job', datasetVersion },
            _schemaURL: 'https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json',
          },
        },
      });
      await write(place('v1'), 1, 2);
      const [first, unknown, untold] = [
        await read('s3://named/churn', 10, 'd1', 'v1'),
        await read('s3://named/churn', 10, 'd1', 'v9'),
        await read('s3://named/churn', 10),
      ];
      await write(place('v2'), 3, 4);
      const bound = async (run: string) => {
        const [edge] = (await edges(run)).filter(({ live }) => live === 1);
        if (edge === undefined) return undefined;
        const { version } = await good('GET', `/api/v1/dataset-versions/${edge.version}`);
        return [version, edge.rule];
      };
      const check = async () => {
        assert.deepEqual(await bound(first), ['v1', 'explicit version']);
        assert.equal(await bound(unknown), undefined);
        assert.deepEqual(await bound(untold), ['v2', 'current at its time']);
        assert.deepEqual(await faults(), []);
      };
      await check();
      const { db } = served().domain;
      // What MLflow's records say by themselves.
      await db.write((tx) => tx.run(sql`DELETE FROM dataset_use WHERE direction = 1`));
      await rebuildDerivedData(db, systemClock);
      await check();
      // It is told later which version that was.
      await write(place('v9'), 11, 12);
      assert.deepEqual(await bound(unknown), ['v9', 'explicit version']);
    });

    it('is told when it is tampered with, and made again', async () => {
      const run = await read('s3://three/churn', 10);
      const job = await write({ namespace: 's3://three', name: 'churn' }, 1, 2);
      await learnJobRuns();
      const { db } = served().domain;
      await db.write((tx) =>
        tx.run(
          sql`UPDATE edge SET known_to = 1 WHERE kind = ${edgeKinds.binds} AND target = (SELECT id FROM node WHERE uid = ${run})`,
        ),
      );
      const [fault] = await faults();
      assert.match(fault!, /is not bound to the version of asset/);
      const lines = await rebuildDerivedData(db, systemClock);
      assert.ok(lines.includes('identity: 1 projects read; mended: 1'), lines.join('\n'));
      assert.deepEqual(await faults(), []);
      assert.equal(await writerFor(run), job);
    });
  });

  it('derives what older stores lack when they are opened', async () => {
    const address = await open.place();
    const first = await serveDomain(await open({ address }));
    const { db } = first.domain;
    const call = async (path: string, body: object) => {
      const answer = await first.call('POST', `${mlflow}/${path}`, body);
      assert.equal(answer.status, 200);
      return answer.body;
    };
    const source = JSON.stringify({ uri: '/data/a.csv' });
    for (const name of ['a', 'b', 'a']) {
      const { run } = (await call('runs/create', { experiment_id: '0', start_time: begin })) as never as {
        run: { info: { run_id: string } };
      };
      await call('runs/log-inputs', {
        run_id: run.info.run_id,
        datasets: [
          { dataset: { name, digest: 'd', source_type: 'local', source }, tags: [] },
          { dataset: { name: 'frame', digest: 'f', source_type: 'code', source: '{}' }, tags: [] },
        ],
      });
    }
    const kept = () =>
      db.read(async (queries) => ({
        marks: await queries.many(sql`SELECT node, asset, scope, kind, hub FROM identity_mark ORDER BY node`),
        uses: await queries.many(
          sql`SELECT run, asset, record, at, binds, class, bound FROM dataset_use ORDER BY run, record`,
        ),
        classes: await queries.many(sql`SELECT id, class FROM node WHERE class <> id ORDER BY id`),
        same: await queries.many(sql`SELECT source, target, rule FROM edge
          WHERE kind = ${edgeKinds.same} AND known_to IS NULL ORDER BY source`),
      }));
    const before = await kept();
    assert.deepEqual([before.marks.length, before.uses.length, before.same.length], [3, 3, 1]);

    // As such a store is: no rows of identity, and edges by the rules of then.
    const old = readFileSync(new URL('../../src/db/migrations/0013-identity.sql', import.meta.url), 'utf8');
    await db.write(async (tx) => {
      for (const table of ['identity_mark', 'dataset_use']) await tx.run(rawSql(`DELETE FROM ${table}`));
      await tx.run(
        sql`UPDATE edge SET face = 2, source = target, target = source WHERE kind = ${edgeKinds.same}`,
      );
      for (const statement of statementsOf(old, tx.dialect.name)) {
        if (/^(INSERT|UPDATE)/.test(statement)) await tx.run(rawSql(statement));
      }
    });
    await first.close();
    const again = await open({ address });
    const second = await serveDomain(again);
    const after = await again.read(async (queries) => ({
      marks: await queries.many(sql`SELECT node, asset, scope, kind, hub FROM identity_mark ORDER BY node`),
      uses: await queries.many(
        sql`SELECT run, asset, record, at, binds, class, bound FROM dataset_use ORDER BY run, record`,
      ),
      classes: await queries.many(sql`SELECT id, class FROM node WHERE class <> id ORDER BY id`),
      same: await queries.many(sql`SELECT source, target, rule FROM edge
          WHERE kind = ${edgeKinds.same} AND known_to IS NULL ORDER BY source`),
      pending: await queries.many(sql`SELECT project FROM identity_pending`),
    }));
    assert.deepEqual(after, { ...before, pending: [] });
    const findings = await again.read((queries) => checkDerivedData(queries, true, again.dialect));
    assert.deepEqual(
      findings.filter(({ level }) => level === 'error'),
      [],
    );
    await second.close();
  });
});

/**
 * One story over two protocols: a job of OpenLineage writes s3://bucket/churn, a training of MLflow reads it, and its model is
 * registered. Each hop is an edge with who said so and by which rule; MLflow is answered as if nobody else had spoken.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from '../../src/kernel/sql.ts';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { sequence } from './sequences.ts';

/** After the Airflow sequence: its export wrote s3://bucket/churn at 00:01:30. */
const trained = Date.parse('2026-11-02T12:00:00Z');

interface Edge {
  readonly source: string;
  readonly target: string;
  readonly kind: string;
  readonly rule: string | null;
  readonly face: string;
  readonly known: string;
}

describe('one story over two protocols', () => {
  forEachStore((open) => {
    const served = servedFor(open);
    const mlflow = async (path: string, body: unknown) => {
      const answer = await served().call('POST', `/api/2.0/mlflow/${path}`, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };

    it('goes from the file that a job wrote to the model that was registered', async () => {
      const run = await train(mlflow, trained);
      const questions = [
        ['GET', `/api/2.0/mlflow/runs/get?run_id=${run}`, undefined],
        ['POST', '/api/2.0/mlflow/runs/search', { experiment_ids: ['0'] }],
        ['POST', '/api/2.0/mlflow/experiments/search-datasets', { experiment_ids: ['0'] }],
        ['GET', '/api/2.0/mlflow/model-versions/get?name=churn&version=1', undefined],
      ] as const;
      const ask = () =>
        Promise.all(questions.map(([method, path, body]) => textOf(served(), method, path, body)));
      const before = await ask();
      assert.match(before[0]!, /s3:\/\/bucket\/churn/);

      const { body } = await served().call('POST', '/api/v1/lineage/batch', [
        ...sequence('airflow'),
        ...sequence('great-expectations'),
        ...sequence('declared'),
      ]);
      assert.deepEqual(body.failed_events, []);
      assert.deepEqual(await ask(), before, 'MLflow reads back what it wrote, byte for byte');

      // The job's run, and the version that it wrote.
      const exported = await jobRun(served(), 'churn_daily.export');
      const [output] = exported.outputs;
      assert.equal(output.dataset.namespace, 's3://bucket');
      const edges = await edgesOf(served());
      const at = (kind: string, end: Partial<Edge>) =>
        edges.filter(
          (edge) =>
            edge.kind === kind &&
            Object.entries(end).every(([key, value]) => edge[key as keyof Edge] === value),
        );
      const [generated] = at('generated', { source: exported.uid, target: output.version.uid });
      assert.deepEqual([generated?.face, generated?.known], ['openlineage', 'observed']);
      // The training read it: its record is another, of a dataset that is the same by its place.
      const [used] = at('used', { target: run });
      assert.deepEqual([used?.face, used?.known], ['mlflow', 'observed']);
      const [ofMlflow] = at('version-of', { source: used!.source });
      const same = edges.filter(
        ({ kind, source, target }) =>
          kind === 'same' &&
          [source, target].sort().join() === [ofMlflow!.target, output.dataset.uid].sort().join(),
      );
      assert.deepEqual(
        same.map(({ rule }) => rule),
        ['equal uri'],
      );
      // … so that it is bound to the version that was current then.
      const [bound] = at('binds', { target: run });
      assert.equal(bound?.source, output.version.uid);
      assert.deepEqual([bound?.rule, bound?.known], ['current at its time', 'inferred']);
      // … and made the model that was registered.
      const registered = edges.filter(({ kind, source }) => kind === 'generated' && source === run);
      assert.ok(registered.length > 0, 'the run made the version of the model');
    });

    it('joins two names of one table as long as a symlink says so, and parts them again', async () => {
      const hive = { namespace: 'hive://warehouse', name: 'crm.leads' };
      const files = { namespace: 's3://lake', name: 'crm/leads' };
      const tell = async (day: number, run: string, symlinks: object | undefined) => {
        const event = {
          eventTime: `2026-10-0${day}T00:00:00Z`,
          eventType: 'COMPLETE',
          producer: 'https://example.com/leads',
          run: { runId: run },
          job: { namespace: 'prod', name: 'leads' },
          outputs: [{ ...hive, facets: symlinks === undefined ? {} : { symlinks } }],
        };
        const { status } = await served().call('POST', '/api/v1/lineage', event);
        assert.equal(status, 201);
      };
      const classes = async () => {
        const rows = await served().domain.db.read((queries) =>
          queries.many<{ class: number }>(
            sql`SELECT class FROM node WHERE name IN (${hive.name}, ${files.name}) AND kind = 3`,
          ),
        );
        return [rows.length, new Set(rows.map((row) => row.class)).size];
      };
      await tell(3, 'first', { identifiers: [{ ...files, type: 'TABLE' }] });
      assert.deepEqual(await classes(), [2, 1], 'one table');
      // A read of the files is bound to what was written under the other name.
      const read = {
        eventTime: '2026-10-04T00:00:00Z',
        eventType: 'START',
        producer: 'https://example.com/leads',
        run: { runId: 'reader' },
        job: { namespace: 'prod', name: 'report' },
        inputs: [files],
      };
      assert.equal((await served().call('POST', '/api/v1/lineage', read)).status, 201);
      const seen = async () => (await jobRun(served(), 'report')).inputs[0].version?.uid;
      const written = (await jobRun(served(), 'leads', 'first')).outputs[0].version.uid;
      assert.equal(await seen(), written);
      // An earlier word comes late and changes nothing; a later one takes it back.
      await tell(2, 'earlier', { identifiers: [] });
      assert.deepEqual(await classes(), [2, 1]);
      await tell(5, 'later', { _deleted: true });
      assert.deepEqual(await classes(), [2, 2], 'two again');
      assert.equal(await seen(), undefined, 'what was written there is nobody else’s');
      // A replay of what is believed no more.
      await tell(3, 'first', { identifiers: [{ ...files, type: 'TABLE' }] });
      assert.deepEqual(await classes(), [2, 2]);
    });

    it('binds a late event to what was current at its time', async () => {
      const early = await train(mlflow, Date.parse('2026-11-02T00:01:00Z'));
      const bound = async () =>
        (await edgesOf(served())).filter(({ kind, target }) => kind === 'binds' && target === early);
      assert.deepEqual(await bound(), [], 'nothing had been written then');
      const late = {
        eventTime: '2026-11-01T00:00:00Z',
        eventType: 'COMPLETE',
        producer: 'https://example.com/late',
        run: { runId: 'yesterday' },
        job: { namespace: 'prod-airflow', name: 'churn_daily.export' },
        outputs: [{ namespace: 's3://bucket', name: 'churn' }],
      };
      assert.equal((await served().call('POST', '/api/v1/lineage', late)).status, 201);
      const [edge, ...more] = await bound();
      assert.deepEqual(more, []);
      const yesterday = await jobRun(served(), 'churn_daily.export', 'yesterday');
      assert.equal(edge?.source, yesterday.outputs[0].version.uid);
      // Played again it binds to the same, whatever was written since.
      assert.equal((await served().call('POST', '/api/v1/lineage', late)).status, 201);
      assert.deepEqual(
        (await bound()).map(({ source }) => source),
        [edge?.source],
      );
    });
  });
});

/** A training that reads the file and whose model is registered; resolves to its id. */
async function train(
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  mlflow: (path: string, body: unknown) => Promise<any>,
  started: number,
): Promise<string> {
  const { run } = await mlflow('runs/create', { experiment_id: '0', start_time: started });
  const run_id: string = run.info.run_id;
  await mlflow('runs/log-inputs', {
    run_id,
    datasets: [
      {
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
        dataset: {
          name: 'churn',
          digest: '8f2a11c0',
          source_type: 's3',
          source: '{"uri": "s3://bucket/churn"}',
          schema: '{"mlflow_colspec": [{"type": "long", "name": "id"}]}',
        },
      },
    ],
  });
  await mlflow('runs/update', { run_id, status: 'FINISHED', end_time: started + 60_000 });
  await mlflow('registered-models/create', { name: started === trained ? 'churn' : 'early' });
  await mlflow('model-versions/create', {
    name: started === trained ? 'churn' : 'early',
    source: `${run.info.artifact_uri}/model`,
    run_id,
  });
  return run_id;
}

async function textOf(served: Served, method: string, path: string, body: unknown): Promise<string> {
  const response = await fetch(`${served.url}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return response.text();
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
async function jobRun(served: Served, job: string, runId?: string): Promise<any> {
  const jobs = await served.call('GET', `/api/v1/jobs?search=${job}`);
  const runs = await served.call('GET', `/api/v1/job-runs?job=${jobs.body.items[0].uid}`);
  const run = runs.body.items.find((one: { runId: string }) => runId === undefined || one.runId === runId);
  return (await served.call('GET', `/api/v1/job-runs/${run.uid}`)).body;
}

async function edgesOf({ domain }: Served): Promise<Edge[]> {
  const kinds: Record<number, string> = {
    1: 'used',
    2: 'generated',
    3: 'derived',
    4: 'version-of',
    8: 'same',
    9: 'binds',
  };
  const faces: Record<number, string> = { 2: 'mlflow', 4: 'openlineage', 6: 'system' };
  const knowns: Record<number, string> = { 1: 'observed', 2: 'declared', 3: 'inferred' };
  const rows = await domain.db.read((queries) =>
    queries.many<{
      source: string;
      target: string;
      kind: number;
      rule: string | null;
      face: number;
      known: number;
    }>(
      sql`SELECT s.uid AS source, t.uid AS target, e.kind, e.rule, e.face, e.known FROM edge e
        JOIN node s ON s.id = e.source JOIN node t ON t.id = e.target WHERE e.known_to IS NULL`,
    ),
  );
  return rows.map((row) => ({
    ...row,
    kind: kinds[row.kind] ?? '',
    face: faces[row.face] ?? '',
    known: knowns[row.known] ?? '',
  }));
}

/** What was told is read back: jobs, runs with their states, facets, columns in both directions, families, events as sent. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { type SentEvent, sequence, sequenceNames, sequenceText } from './sequences.ts';

describe('reading what events told', () => {
  forEachStore((open) => {
    const served = servedFor(open);
    const get = async (path: string) => {
      const answer = await served().call('GET', `/api/v1/${path}`);
      assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    const send = async (events: readonly SentEvent[]) => {
      const { body } = await served().call('POST', '/api/v1/lineage/batch', events);
      assert.deepEqual(body.failed_events, []);
    };
    const jobNamed = async (name: string) =>
      (await get(`jobs?search=${encodeURIComponent(name)}`)).items.find(
        (job: { name: string }) => job.name === name,
      );
    const runOf = async (job: string, index = 0) => {
      const { items } = await get(`job-runs?job=${(await jobNamed(job)).uid}`);
      return get(`job-runs/${items[index].uid}`);
    };

    it('lists jobs by namespace and name, page by page', async () => {
      // As texts: numbers beyond 2^53 would not survive being parsed here.
      for (const name of sequenceNames) {
        const { body } = await served().call('POST', '/api/v1/lineage/batch', sequenceText(name));
        assert.deepEqual(body.failed_events, []);
      }
      const whole = (await get('jobs?limit=1000')).items;
      const names = whole.map(({ namespace, name }: Record<string, string>) => `${namespace} ${name}`);
      assert.deepEqual(names, [...names].sort());
      assert.equal(new Set(names).size, names.length);
      const paged: unknown[] = [];
      for (let cursor = ''; ; ) {
        const page = await get(`jobs?limit=3${cursor}`);
        paged.push(...page.items);
        if (page.cursor === undefined) break;
        cursor = `&cursor=${page.cursor}`;
      }
      assert.deepEqual(paged, whole);
      const inDbt = (await get('jobs?namespace=dbt-prod')).items;
      assert.ok(
        inDbt.length > 0 && inDbt.every((job: { namespace: string }) => job.namespace === 'dbt-prod'),
      );
      const failed = (await get('job-runs?state=failed')).items;
      assert.ok(
        failed.some((run: { jobs: { name: string }[] }) => run.jobs[0]?.name.endsWith('stg_payments')),
      );
    });

    it('tells at a glance how the last runs of a job went, of what kind it is, how much it reads and writes', async () => {
      const told = async (runId: string, second: number, eventType: string, more: object = {}) =>
        send([
          {
            ...{ eventType, eventTime: `2026-11-03T00:00:${String(second).padStart(2, '0')}Z` },
            run: { runId },
            job: {
              ...{ namespace: 'glances', name: 'hourly' },
              facets: { jobType: { processingType: 'BATCH', integration: 'SPARK', jobType: 7 } },
            },
            ...more,
          },
        ]);
      const inputs = ['a', 'b'].map((name) => ({ namespace: 'glances', name }));
      for (let run = 0; run < 12; run++) {
        await told(`hour ${run}`, run, 'START');
        if (run < 11)
          await told(`hour ${run}`, 20 + run, run === 7 ? 'FAIL' : 'COMPLETE', run === 10 ? { inputs } : {});
      }
      const [job] = (await get('jobs?namespace=glances&recent=9')).items;
      assert.deepEqual([job.integration, job.type, job.processing], ['SPARK', null, 'BATCH']);
      assert.deepEqual(
        job.recent.map(({ state }: { state: string }) => state),
        ['running', ...Array(3).fill('finished'), 'failed', ...Array(4).fill('finished')],
      );
      assert.deepEqual(
        [job.recent[0].ended, job.recent[1].started, job.recent[1].ended],
        [null, Date.parse('2026-11-03T00:00:10Z'), Date.parse('2026-11-03T00:00:30Z')],
      );
      assert.equal(job.latestRun.runId, 'hour 11');
      // The latest has not said yet what it reads.
      assert.deepEqual(job.data, { run: job.recent[1].uid, inputs: 2, outputs: 0 });
      assert.deepEqual((await get('jobs?namespace=glances')).items[0].recent, []);
      assert.equal((await served().call('GET', '/api/v1/jobs?recent=31')).status, 400);
      const declared = await jobNamed('nightly.refresh');
      assert.deepEqual(declared.data, { run: null, inputs: 2, outputs: 1 });
    });

    it('tells a run with its states, uses, parents and facets', async () => {
      const run = await runOf('churn_daily.features');
      assert.deepEqual(
        [run.state, run.started, run.ended, run.complete],
        ['finished', Date.parse('2026-11-02T00:00:07.250Z'), Date.parse('2026-11-02T00:01:02.500Z'), true],
      );
      assert.deepEqual(
        run.states.map(({ type }: { type: string }) => type),
        ['START', 'COMPLETE'],
      );
      assert.deepEqual(
        run.inputs.map(({ dataset }: { dataset: { name: string } }) => dataset.name),
        ['crm.public.customers', 'crm.public.events'],
      );
      assert.equal(run.inputs[0].facets[0].value.rowCount, 1200);
      assert.equal(run.outputs[0].facets[0].value.size, 20440);
      assert.deepEqual(
        run.facets.map(({ key }: { key: string }) => key),
        ['airflow', 'externalQuery', 'nominalTime', 'parent', 'processing_engine'],
      );
      assert.deepEqual(
        [run.parents[0].name, run.roots[0].name],
        ['01935c4a-0001-7000-8000-000000000001', '01935c4a-0001-7000-8000-000000000001'],
      );
      const family = await get(`run-family/${run.parents[0].uid}?limit=1`);
      assert.equal(family.items.length, 1);
      const rest = await get(`run-family/${run.parents[0].uid}?limit=5&cursor=${family.cursor}`);
      assert.equal(rest.items.length, 1);
      const up = await get(`run-family/${run.uid}`);
      assert.deepEqual(
        up.ancestors.map(({ uid, job }: { uid: string; job: { name: string } }) => [uid, job.name]),
        [[run.parents[0].uid, 'churn_daily']],
      );
      const job = await get(`jobs/${run.jobs[0].uid}`);
      assert.match(job.facets.find(({ key }: { key: string }) => key === 'sql').value.query, /^INSERT INTO/);
    });

    it('walks a cycle of parents once', async () => {
      const run = await runOf('a');
      const { ancestors } = await get(`run-family/${run.uid}`);
      assert.deepEqual(
        ancestors.map(({ name }: { name: string }) => name),
        ['aaaaaaaa-0000-7000-8000-000000000002'],
      );
    });

    it('keeps a run complete whatever comes late', async () => {
      const event = (eventType: string | undefined, second: number) => ({
        eventTime: `2026-11-02T00:00:${second}Z`,
        ...(eventType && { eventType }),
        run: { runId: 'overtaken' },
        job: { namespace: 'late', name: 'overtaken' },
      });
      await send([event('COMPLETE', 30)]);
      assert.equal((await runOf('overtaken')).state, 'finished');
      await send([event('START', 10), event('RUNNING', 40), event('OTHER', 50), event(undefined, 55)]);
      const run = await runOf('overtaken');
      assert.deepEqual(
        [run.state, run.started, run.ended],
        ['finished', Date.parse('2026-11-02T00:00:10Z'), Date.parse('2026-11-02T00:00:30Z')],
      );
      assert.deepEqual(
        run.states.map(({ type }: { type: string }) => type),
        ['START', 'COMPLETE', 'RUNNING', 'OTHER'],
      );
    });

    it('binds a reading to the version that it names, and others to the one of their time', async () => {
      const trained = await runOf('ice.train');
      const [first, second] = [await runOf('ice.append', 1), await runOf('ice.append', 0)];
      assert.equal(trained.inputs[0].named, '8271638172635190041');
      assert.deepEqual(
        [trained.inputs[0].version.rule, trained.inputs[0].version.known],
        ['explicit version', 'declared'],
      );
      assert.notEqual(first.outputs[0].version.uid, second.outputs[0].version.uid);
      const report = await runOf('ice.report');
      assert.deepEqual(
        [report.inputs[0].version.uid, report.inputs[0].version.known],
        [second.outputs[0].version.uid, 'inferred'],
      );
      // A number beyond 2^53 is given back digit by digit.
      const text = await (await fetch(`${served().url}/api/v1/job-runs/${first.uid}`)).text();
      assert.match(text, /"snapshotId":8271638172635190041/);
    });

    it('tells columns in both directions', async () => {
      const run = await runOf('churn_daily.features');
      const version = run.outputs[0].version.uid;
      const into = (await get(`dataset-versions/${version}/columns`)).items;
      const logins = into.find(({ target }: { target: { field: string } }) => target.field === 'logins');
      assert.deepEqual([logins.source.dataset.name, logins.source.field], ['crm.public.events', 'kind']);
      assert.deepEqual(logins.transformations, [{ subtype: 'AGGREGATION', type: 'DIRECT' }]);
      const ofMonths = (await get(`dataset-versions/${version}/columns?field=months&limit=1`)) as {
        items: { source: { field: string } }[];
        cursor: string;
      };
      assert.equal(ofMonths.items[0]!.source.field, 'since');
      const next = await get(`dataset-versions/${version}/columns?field=months&cursor=${ofMonths.cursor}`);
      assert.equal(next.items[0].target.field, null, 'what goes into the whole goes into each field');
      // What dbt made of the orders went into the customers.
      const orders = await runOf('ANALYTICS.PUBLIC.shop.stg_orders');
      const out = (
        await get(`dataset-versions/${orders.outputs[0].version.uid}/columns?direction=downstream`)
      ).items;
      const targets = out.map(
        ({ target }: { target: { dataset: { name: string }; field: string } }) =>
          `${target.dataset.name} ${target.field}`,
      );
      assert.deepEqual(targets.sort(), ['ANALYTICS.PUBLIC.CUSTOMERS ID', 'ANALYTICS.PUBLIC.ORDERS ID']);
      const one = await get(
        `dataset-versions/${orders.outputs[0].version.uid}/columns?direction=downstream&field=CUSTOMER`,
      );
      assert.equal(one.items.length, 1);
    });

    it('takes the lineage facet before columns, and nothing for an answer', async () => {
      const run = await runOf('split');
      const version = (name: string) =>
        run.outputs.find(({ dataset }: { dataset: { name: string } }) => dataset.name === name).version.uid;
      const derived = async (name: string) =>
        (await get(`graph/nodes/${version(name)}`)).edges
          .filter(
            (edge: { kind: string; direction: string; knownTo: number | null }) =>
              edge.kind === 'derived' && edge.direction === 'in' && edge.knownTo === null,
          )
          .map(({ other }: { other: { name: string } }) => other.name)
          .sort();
      assert.deepEqual(await derived('left'), ['x']);
      assert.deepEqual(await derived('right'), ['01935cb0-0002-7000-8000-0000000000f2', 'y']);
      assert.deepEqual(await derived('fresh'), []);
    });

    it('tells facets of a dataset now and of its versions', async () => {
      const run = await runOf('churn_daily.export');
      const { dataset, version } = run.outputs[0];
      const keys = (facets: { items: { key: string }[] }) => facets.items.map(({ key }) => key);
      const now = await get(`datasets/${dataset.uid}/facets`);
      // Described at 8:30, and not any more at 8:31.
      assert.deepEqual(keys(now), ['dataSource', 'lifecycleStateChange', 'ownership', 'schema', 'tags']);
      assert.deepEqual(keys(await get(`dataset-versions/${version.uid}/facets`)), ['dataSource', 'schema']);
      const job = await get(`jobs/${(await jobNamed('nightly.refresh')).uid}`);
      assert.deepEqual(
        [job.inputs, job.outputs].map((list) => list.map(({ name }: { name: string }) => name).sort()),
        [['a', 'd'], ['c']],
      );
    });

    it('gives events back as they were sent', async () => {
      const sent = ` {"eventTime":"2026-11-02T00:00:00Z", "run":{"runId":"as sent","facets":{"n":{"a":1.0,"b":1e400,"c":12345678901234567890}}},"job":{"namespace":"x","name":"as sent"}}`;
      assert.equal((await served().call('POST', '/api/v1/lineage', sent)).status, 201);
      const run = await runOf('as sent');
      const { items } = await get(`job-runs/${run.uid}/events`);
      assert.equal(items.length, 1);
      const response = await fetch(`${served().url}/api/v1/lineage-events/${items[0].event}`);
      assert.equal(await response.text(), sent.trim());
      const features = await runOf('churn_daily.features');
      const [last, first] = (await get(`job-runs/${features.uid}/events`)).items;
      assert.deepEqual(await get(`lineage-events/${first.event}`), sequence('airflow')[1]);
      assert.deepEqual(await get(`lineage-events/${last.event}`), sequence('airflow')[2]);
    });

    it("knows MLflow's nested runs as families", async () => {
      const make = async (tags: readonly { key: string; value: string }[]) => {
        const { body } = await served().call('POST', '/api/2.0/mlflow/runs/create', {
          experiment_id: '0',
          tags,
        });
        return body.run.info.run_id as string;
      };
      const parent = await make([]);
      const child = await make([{ key: 'mlflow.parentRunId', value: parent }]);
      const other = await make([]);
      await served().call('POST', '/api/2.0/mlflow/runs/set-tag', {
        run_id: other,
        key: 'mlflow.parentRunId',
        value: parent,
      });
      const { items } = await get(`run-family/${parent}`);
      assert.deepEqual(
        items.map(({ uid, type, job }: { uid: string; type: string; job: null }) => [uid, type, job]),
        [
          [child, 'run', null],
          [other, 'run', null],
        ],
      );
      for (const one of [child, other]) {
        const { ancestors } = await get(`run-family/${one}`);
        assert.deepEqual(
          ancestors.map(({ uid }: { uid: string }) => uid),
          [parent],
        );
      }
    });

    it('knows no run of a job as a run of an experiment', async () => {
      const run = await runOf('churn_daily.features');
      for (const path of [`/api/v1/runs/${run.uid}`, `/api/2.0/mlflow/runs/get?run_id=${run.uid}`])
        assert.equal((await served().call('GET', path)).status, 404, path);
      for (const path of [
        'job-runs/x',
        'jobs/x',
        'run-family/x',
        'datasets/x/facets',
        'dataset-versions/x/facets',
        'lineage-events/1',
      ])
        assert.equal((await served().call('GET', `/api/v1/${path}`)).status, 404, path);
    });
  });
});

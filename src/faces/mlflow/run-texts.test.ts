/**
 * What is kept of runs as they were printed is never old: after each kind of write that can show in a run, a face that has
 * answered about it before answers byte for byte what one does that never has.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { localContext } from '../../../test/fixtures/opened-slices.ts';
import { type ServedFace, serveDomain, serveMlflowFace } from '../../../test/mlflow/mlflow-face.ts';
import { forEachStore } from '../../../test/stores/stores.ts';
import { rebuildSeries } from '../../domain/metrics/index.ts';
import { sql } from '../../kernel/sql.ts';

interface Given {
  readonly served: Awaited<ReturnType<typeof serveMlflowFace>>;
  readonly experiment: string;
  readonly run: string;
  readonly model: string;
  /** A request of the face that must succeed. */
  call(path: string, body: object): Promise<unknown>;
}

interface Write {
  /** The operation, where it is one of the face's. */
  readonly id: string;
  readonly shows: boolean;
  first?(given: Given): Promise<unknown>;
  write(given: Given): Promise<unknown>;
}

const writes: readonly Write[] = [
  op('runs.update', true, ({ run }) => ({
    run_id: run,
    status: 'FINISHED',
    end_time: 5000,
    run_name: 'kite',
  })),
  op('runs.delete', true, ({ run }) => ({ run_id: run })),
  op('runs.restore', true, ({ run }) => ({ run_id: run })),
  op('runs.log-metric', true, ({ run }) => ({
    run_id: run,
    key: 'loss',
    value: 0.25,
    timestamp: 20,
    step: 2,
  })),
  op('runs.log-parameter', true, ({ run }) => ({ run_id: run, key: 'width', value: '8' })),
  op('runs.log-batch', true, ({ run }) => ({
    run_id: run,
    metrics: [{ key: 'f1', value: 'NaN', timestamp: 30, step: 3 }],
    params: [{ key: 'height', value: 'ü' }],
    tags: [{ key: 'mlflow.runName', value: 'wren' }],
  })),
  op('runs.set-tag', true, ({ run }) => ({ run_id: run, key: 'note', value: 'first' })),
  op('runs.set-tag', true, ({ run }) => ({ run_id: run, key: 'note', value: 'second' })),
  op('runs.delete-tag', true, ({ run }) => ({ run_id: run, key: 'note' })),
  op('runs.log-inputs', true, ({ run, model }) => ({
    run_id: run,
    datasets: [{ dataset: { name: 'rows', digest: 'd1', source_type: 's3', source: '{}' }, tags: [] }],
    models: [{ model_id: model }],
  })),
  op('runs.log-inputs', true, ({ run }) => ({
    run_id: run,
    datasets: [
      {
        dataset: { name: 'more', digest: 'd2', source_type: 's3', source: '{}' },
        tags: [{ key: 'a', value: 'b' }],
      },
    ],
  })),
  op('runs.outputs', true, ({ run, model }) => ({ run_id: run, models: [{ model_id: model, step: 7 }] })),
  op('runs.log-model', true, ({ run }) => ({
    run_id: run,
    model_json: JSON.stringify({ artifact_path: 'm', flavors: {}, utc_time_created: 'now', run_id: run }),
  })),
  op('runs.create', false, ({ run }) => ({
    tags: [{ key: 'mlflow.parentRunId', value: run }],
  })),
  op('experiments.update', false, ({ experiment }) => ({
    experiment_id: experiment,
    new_name: `moved ${experiment}`,
  })),
  op('experiments.set-tag', false, ({ experiment }) => ({
    experiment_id: experiment,
    key: 'team',
    value: 'b',
  })),
  op('experiments.delete-tag', false, ({ experiment }) => ({
    experiment_id: experiment,
    key: 'team',
  })),
  op('experiments.delete', true, ({ experiment }) => ({ experiment_id: experiment })),
  op('experiments.restore', true, ({ experiment }) => ({ experiment_id: experiment })),
  op('experiments.create', false, ({ experiment }) => ({ name: `beside ${experiment}` })),
  {
    id: 'rewind',
    shows: true,
    write: ({ served: { domain }, run }) =>
      domain.metrics.rewind(localContext(), domain.defaultProject, run, 2),
  },
  {
    id: 'a logged model is deleted',
    shows: false,
    write: ({ served: { domain }, model }) =>
      domain.models.delete(localContext(), domain.defaultProject, model),
  },
  {
    id: 'rebuild',
    shows: true,
    async first({ served: { domain }, run, call }) {
      await domain.db.write((tx) => tx.run(sql`UPDATE series SET last_value = 7 WHERE by_key = ''`));
      await call('runs/set-tag', { run_id: run, key: 'seen', value: 'since' });
    },
    write: ({ served: { domain } }) => rebuildSeries(domain.db),
  },
];

function op(id: string, shows: boolean, body: (given: Given) => object): Write {
  return { id, shows, write: (given) => given.call(pathOf(id), body(given)) };
}

const pathOf = (id: string): string =>
  id.replace('.', '/').replace(/(experiments\/\w+-)tag/, '$1experiment-tag');

/** Both answers that hold the run, as they stand on the wire. */
async function answersOf(
  face: ServedFace,
  { run, experiment }: Pick<Given, 'run' | 'experiment'>,
): Promise<string[]> {
  const one = await face.call('GET', `runs/get?run_id=${run}`);
  const page = await face.call('POST', 'runs/search', {
    experiment_ids: [experiment],
    run_view_type: 'ALL',
    order_by: ['attributes.start_time DESC'],
    max_results: 1,
  });
  assert.deepEqual([one.status, page.status], [200, 200]);
  assert.equal(page.json.runs[0].info.run_id, run);
  return [one.text, page.text];
}

describe('what is kept of printed runs', () => {
  forEachStore((open) => {
    let given: Given;
    before(async () => {
      const served = await serveMlflowFace(await open());
      const call = async (path: string, body: object) => {
        const reply = await served.call('POST', path, body);
        assert.equal(reply.status, 200, `${path}: ${reply.text}`);
        return reply.json;
      };
      const { experiment_id: experiment } = await call('experiments/create', { name: 'kept' });
      const made = await call('runs/create', {
        experiment_id: experiment,
        run_name: 'swift',
        start_time: 1000,
      });
      const run: string = made.run.info.run_id;
      await call('runs/log-metric', { run_id: run, key: 'loss', value: 0.5, timestamp: 10, step: 1 });
      const model = await call('logged-models', {
        experiment_id: experiment,
        name: 'oak',
        source_run_id: run,
      });
      given = { served, experiment, run, model: model.model.info.model_id, call };
    });
    after(() => given.served.close());

    for (const { id, shows, first, write } of writes) {
      it(`is not answered after ${id}`, async () => {
        const { served } = given;
        await first?.(given);
        // Twice: the second time it is what was kept.
        await answersOf(served, given);
        const earlier = await answersOf(served, given);
        await write(given);
        const now = await answersOf(served, given);
        assert.deepEqual(now, await answersOf(await serveDomain(served.domain), given));
        if (shows) assert.notDeepEqual(now, earlier);
        else assert.deepEqual(now, earlier);
      });
    }

    it('has a row above for every operation that writes runs or experiments', () => {
      const covered = new Set(writes.map(({ id }) => `mlflow.${id}`));
      const missing = given.served.operations.filter(
        ({ id, permission }) =>
          /^mlflow\.(runs|experiments)\./.test(id) && permission !== 'metadata:read' && !covered.has(id),
      );
      assert.deepEqual(
        missing.map(({ id }) => id),
        [],
      );
    });

    it('is right after writers and readers at once', async () => {
      const { served, run, call } = given;
      const write = async (lane: number) => {
        for (let n = 0; n < 15; n++)
          await call('runs/set-tag', { run_id: run, key: `lane ${lane}`, value: String(n) });
      };
      const read = async () => {
        let seen = 0;
        for (let n = 0; n < 30; n++) {
          const { json } = await served.call('GET', `runs/get?run_id=${run}`);
          const tags: { key: string; value: string }[] = json.run.data.tags;
          const sum = tags.reduce(
            (all, { key, value }) => all + (key.startsWith('lane') ? Number(value) : 0),
            0,
          );
          assert.ok(sum >= seen, 'an answer was older than the one before');
          seen = sum;
        }
      };
      await Promise.all([write(0), write(1), write(2), read(), read()]);
      assert.deepEqual(
        await answersOf(served, given),
        await answersOf(await serveDomain(served.domain), given),
      );
    });
  });
});

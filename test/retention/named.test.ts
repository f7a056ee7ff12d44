/** Purging what is named, as `mlflow gc --run-ids` and `--experiment-ids` do: that, nothing else, or nothing at all. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { Things } from './deleted-things.ts';

const base = '/api/2.0/mlflow';

forEachStore((open) => {
  const served = servedFor(() => open());
  const things = new Things(served);

  const lifecycle = async (id: string) => {
    const { status, body } = await served().call('GET', `${base}/runs/get?run_id=${id}`);
    return status === 200 ? body.run.info.lifecycle_stage : status;
  };

  it('purges the runs that are named and no others', async () => {
    const experiment = await things.experiment('named runs');
    const runs = [];
    for (const _ of [1, 2, 3]) runs.push((await things.run(experiment)).id);
    const [gone, other, live] = runs as [string, string, string];
    for (const id of [gone, other]) await things.delete('runs', id);
    const refusals = [
      [{ runs: [gone, live] }, 'failed_precondition', 'runs[1]'],
      [{ runs: [gone, 'f'.repeat(32)] }, 'not_found', 'runs[1]'],
      [{ runs: [gone], olderThan: 3_600_000 }, 'failed_precondition', 'runs[0]'],
      [{ experiments: [experiment] }, 'failed_precondition', 'experiments[0]'],
      [{ experiments: ['999'] }, 'not_found', 'experiments[0]'],
      [{ loggedModels: [`m-${gone}`] }, 'not_found', 'loggedModels[0]'],
      [{ runs: Array(1_001).fill(gone) }, 'invalid_argument', 'runs'],
    ] as const;
    for (const [named, code, field] of refusals) {
      const body = { olderThan: 0, ...named };
      const answer = await served().call('POST', '/api/v1/retention/purge', body);
      assert.deepEqual([answer.body.code, answer.body.field], [code, field], JSON.stringify(answer.body));
    }
    assert.deepEqual(await Promise.all(runs.map(lifecycle)), ['deleted', 'deleted', 'active']);

    const none = await things.purge({ runs: [] });
    assert.equal(none.run.records, 0, 'an empty list names nothing');
    const dry = await things.purge({ runs: [gone], dryRun: true });
    const done = await things.purge({ runs: [gone] });
    assert.deepEqual(done, dry);
    assert.equal(done.run.records, 1);
    assert.deepEqual(await Promise.all(runs.map(lifecycle)), [404, 'deleted', 'active']);
  });

  it('purges the experiments that are named with all that is deleted in them', async () => {
    const [gone, other] = [await things.experiment('named'), await things.experiment('not named')];
    const [run, spared] = [await things.run(gone), await things.run(other)];
    const body = { experiment_id: gone, name: 'tree', source_run_id: run.id };
    const { model } = await things.ask('POST', `${base}/logged-models`, body);
    for (const id of [gone, other]) await things.delete('experiments', id);
    const dry = await things.purge({ experiments: [gone], dryRun: true });
    const done = await things.purge({ experiments: [gone] });
    assert.deepEqual(done, dry);
    assert.deepEqual(
      ['run', 'logged-model', 'experiment'].map((kind) => done[kind].records),
      [1, 1, 1],
    );
    const answers = [lifecycle(run.id), lifecycle(spared.id)];
    assert.deepEqual(await Promise.all(answers), [404, 'deleted']);
    const gets = [`logged-models/${model.info.model_id}`, `experiments/get?experiment_id=${gone}`];
    for (const path of gets) assert.equal((await served().call('GET', `${base}/${path}`)).status, 404);
    await things.ask('POST', `${base}/experiments/restore`, { experiment_id: other });
    assert.equal(await lifecycle(spared.id), 'active');
  });
});

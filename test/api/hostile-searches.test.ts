/** Searches by values beyond what people write: an exact answer or a refusal that names the field, on every store. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

/** 250 characters each; the last two differ only in the last one. */
const oddNames = [
  'م'.repeat(250),
  `${'漢'.repeat(249)}ß`,
  'ก'.repeat(250),
  `${'x'.repeat(249)}1`,
  `${'x'.repeat(249)}2`,
];
const greatest = '9223372036854775807';
const least = '-9223372036854775808';

forEachStore((open) => {
  describe('hostile searches', () => {
    const served = servedFor(open);
    const runs: string[] = [];
    const mlflow = (path: string, body: unknown) => served().call('POST', `/api/2.0/mlflow/${path}`, body);

    before(async () => {
      for (const [index, key] of oddNames.entries()) {
        const { body } = await mlflow('runs/create', { experiment_id: '0', start_time: -1 - index });
        const run_id = body.run.info.run_id;
        runs.push(run_id);
        const metrics = [
          { key, value: index + 1, timestamp: 5, step: 1 },
          { key: 'all', value: index, timestamp: 1, step: index === 0 ? least : greatest },
        ];
        const params = [{ key: 'p', value: `${'a'.repeat(5_000)}${index}` }];
        const logged = await mlflow('runs/log-batch', { run_id, metrics, params });
        assert.equal(logged.status, 200, JSON.stringify(logged.body));
      }
    });

    async function found(filter: string, order: readonly string[] = []): Promise<number[]> {
      const answer = await served().call('POST', '/api/v1/runs/search', {
        experiments: ['0'],
        filter,
        order,
      });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body.items.map((run: { id: string }) => runs.indexOf(run.id));
    }

    async function refused(filter: string): Promise<void> {
      const answer = await served().call('POST', '/api/v1/runs/search', { experiments: ['0'], filter });
      assert.ok([400, 413].includes(answer.status), `${answer.status} ${filter.slice(0, 80)}`);
    }

    it('by metrics with names of 250 characters in any script', async () => {
      for (const [index, name] of oddNames.entries()) {
        const quoted = `metrics.\`${name}\``;
        assert.deepEqual(await found(`${quoted} = ${index + 1}`), [index]);
        assert.deepEqual(await found(`${quoted} > ${index + 1}`), []);
        assert.equal((await found('', [`${quoted} desc`]))[0], index);
        const { body } = await mlflow('runs/search', {
          experiment_ids: ['0'],
          filter: `${quoted} >= ${index + 1}`,
          order_by: [`${quoted} DESC`],
        });
        assert.deepEqual(
          body.runs.map((run: { info: { run_id: string } }) => run.info.run_id),
          [runs[index]],
        );
      }
    });

    it('by steps at either end of int64, and beyond', async () => {
      assert.deepEqual((await found(`metrics.all.step = ${greatest}`)).sort(), [1, 2, 3, 4]);
      assert.deepEqual(await found(`metrics.all.step = ${least}`), [0]);
      assert.deepEqual(await found(`metrics.all.step < -9223372036854775807`), [0]);
      assert.deepEqual(await found('metrics.all.step > 9223372036854775807'), []);
      assert.equal((await found('metrics.all.step < 9223372036854775808')).length, 5);
      assert.equal((await found('', ['metrics.all.step']))[0], 0);
      const beyond = { run_id: runs[0], key: 'all', value: 1, timestamp: 1, step: '9223372036854775808' };
      assert.equal((await mlflow('runs/log-metric', beyond)).status, 400);
    });

    it('by times before 1970', async () => {
      assert.equal((await found('started < 0')).length, 5);
      assert.deepEqual(await found('started < -4', ['started']), [4]);
      assert.deepEqual(await found("started < '1970-01-01'", ['started desc']), [0, 1, 2, 3, 4]);
    });

    it('by patterns and expressions that explode elsewhere', async () => {
      const stars = '%a'.repeat(40);
      assert.deepEqual(await found(`params.p LIKE '${stars}b'`), []);
      assert.deepEqual(await found(`params.p LIKE '${stars}%3'`), [3]);
      assert.deepEqual(await found(`params.p ILIKE '${'%A_'.repeat(30)}%b%'`), []);
      for (const pattern of ['(a+)+$', '(a|aa)+$', '(a*)*b', '(.*a){20}b', '^(([a-z])+.)+[A-Z]$']) {
        assert.deepEqual(await found(`params.p =~ '${pattern}'`), [], pattern);
      }
      assert.deepEqual(await found("params.p =~ '(a+)+2$'"), [2]);
      await refused("params.p =~ '(a{1000}){1000}'");
      await refused("params.p =~ '(((('");
      await refused(String.raw`params.p =~ '(a)\1'`);
    });

    it('of a million comparisons, or as many parentheses', async () => {
      for (const filter of [
        Array(1_000_000).fill('metrics.all > 1').join(' AND '),
        Array(1_000_000).fill('metrics.all > 1').join(' OR '),
        `${'('.repeat(1_000_000)}metrics.all > 1${')'.repeat(1_000_000)}`,
        `params.p IN (${Array(1_000_000).fill("'x'").join(',')})`,
        Array(257).fill('metrics.all > 1').join(' AND '),
        `${'('.repeat(65)}metrics.all > 1${')'.repeat(65)}`,
      ]) {
        await refused(filter);
        const { status } = await mlflow('runs/search', { experiment_ids: ['0'], filter });
        assert.ok([400, 413].includes(status), `${status} ${filter.slice(0, 80)}`);
      }
      assert.equal((await found(Array(256).fill('metrics.all >= 0').join(' AND '))).length, 5);
    });
  });
});

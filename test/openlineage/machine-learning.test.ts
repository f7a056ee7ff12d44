/** What facets of machine learning say becomes the graph: what was judged on conducts nothing, and an output is the model that it is said to be. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { learning } from './learning.ts';

describe('facets of machine learning', () => {
  forEachStore((open) => {
    const served = servedFor(open);
    let made = 0;

    const { send, run, table, model, details, written, register, impact } = learning(served);
    /** Uids of the models that a node is said to be, or to have made. */
    async function modelsOf(uid: string): Promise<string[]> {
      const rows = await served().domain.db.read((queries) =>
        queries.many<{ uid: string }>(sql`SELECT t.uid FROM edge e JOIN node s ON s.id = e.source
          JOIN node t ON t.id = e.target
          WHERE s.uid = ${uid} AND e.rule = 'model facet' AND e.known_to IS NULL AND e.known = 2 AND e.face = 4`),
      );
      return rows.map((row) => row.uid);
    }

    it('lead from the data of a job to the deployed model, past what it was judged on', async () => {
      for (const part of ['train', 'test']) await send(run(`split ${part}`, 1, { outputs: [table(part)] }));
      const version = await register('scorer');
      const inputs = [
        table('train', { inputFacets: { cairn_datasetRole: { role: 'train' } } }),
        table('test', { inputFacets: { cairn_evaluation: { metrics: [{ key: 'auc', value: 0.9 }] } } }),
      ];
      await send(run('train scorer', 5, { inputs, outputs: [model('scorer', { uri: 'models:/scorer/1' })] }));
      const deployed = await served().call('POST', '/api/v1/deployments', {
        ...{ endpoint: 'prod/scorer', model: 'models:/scorer/1' },
      });
      assert.equal(deployed.status, 200, JSON.stringify(deployed.body));
      const found = await impact(await written('split train'), '&deployed=true');
      const [reached] = [...found.derives, ...found.mayDerive];
      assert.deepEqual([reached?.node.uid, reached?.serving[0]?.endpoint], [version, 'prod/scorer']);
      assert.deepEqual(
        reached.path.map(({ kind }: { kind: string }) => kind),
        ['binds', 'generated', 'same'],
      );
      const judged = await impact(await written('split test'), '&deployed=true');
      assert.deepEqual([judged.derives, judged.mayDerive], [[], []]);
      assert.ok(judged.leftOut.evaluation > 0);
      const uses = (await details('train scorer')).inputs.map(
        ({
          dataset,
          role,
          metrics,
        }: {
          dataset: { name: string };
          role: string;
          metrics: { value: number }[];
        }) => [dataset.name, role, metrics.map(({ value }) => value)],
      );
      assert.deepEqual(uses, [
        ['test', 'evaluation', [0.9]],
        ['train', 'train', []],
      ]);
    });

    it('mean a model that is registered before or after, by name and number, not by an alias', async () => {
      const name = `late-${++made}`;
      await send(run(`make ${name}`, 1, { outputs: [model(name, { name, version: 1 })] }));
      const output = await written(`make ${name}`);
      assert.deepEqual(await modelsOf(output), []);
      const version = await register(name);
      assert.deepEqual(await modelsOf(output), [version]);
      await send(run(`make ${name} again`, 2, { outputs: [model(name, { uri: `models:/${name}/1` })] }));
      assert.deepEqual(await modelsOf(await written(`make ${name} again`)), [version]);
      for (const [index, facet] of [
        { uri: `models:/${name}@champion` },
        { uri: `models:/${name}/Production` },
        { uri: `models:/${name}/2` },
        { uri: 5 },
        { name: 'a/b', version: 1 },
        { name, version: 0 },
        {},
      ].entries()) {
        const job = `odd ${name} ${index}`;
        await send(run(job, 3, { outputs: [model(`odd ${index}`, facet)] }));
        assert.deepEqual(await modelsOf(await written(job)), [], JSON.stringify(facet));
      }
      const said = await served().call(
        'GET',
        `/api/v1/dataset-versions/${await written(`odd ${name} 0`)}/facets`,
      );
      assert.deepEqual(said.body.items[0].value, { uri: `models:/${name}@champion` });
    });

    it('miss no model that is registered at the same time, or moved in', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `at-once-${index}`);
      for (const name of names) await served().call('POST', '/api/v1/models/registered', { name });
      const versions = await Promise.all(
        names.map(async (name) => {
          const outputs = [model(name, { uri: `models:/${name}/1` })];
          const [version] = await Promise.all([register(name), send(run(name, 1, { outputs }))]);
          return version;
        }),
      );
      for (const [index, name] of names.entries())
        assert.deepEqual(await modelsOf(await written(name)), [versions[index]], name);
      const id = `m-${'5'.repeat(32)}`;
      await send(
        run('foreign', 1, {
          outputs: [model('foreign', { uri: 'models:/foreign/7' }), model(id, { modelId: id })],
        }),
      );
      const put = async (records: object) => {
        const batch = { source: 'elsewhere', cursor: null, ...records };
        const { status, body } = await served().call('POST', '/api/v1/transfer/batches', batch);
        assert.deepEqual([status, body.refused], [200, []], JSON.stringify(body));
      };
      const version = {
        ...{
          version: 7,
          created: 1,
          updated: 1,
          creator: 'ann',
          stage: 'None',
          source: 's3://x/y',
          location: 's3://x/y',
        },
        ...{ run: '', runLink: '', loggedModel: '', tags: [] },
      };
      const record = {
        name: 'foreign',
        created: 1,
        updated: 1,
        tags: [],
        aliases: [],
        versions: [version],
        deleted: [],
      };
      await put({ registered: [record] });
      const logged = {
        ...{ id, name: 'x', type: '', sourceRun: '', state: 'ready', message: '', created: 1, updated: 1 },
        ...{ lifecycle: 'active', params: [], tags: [], series: [] },
      };
      await put({ experiment: { id: '0', name: 'Default' }, models: [logged] });
      const { body } = await served().call('GET', '/api/v1/models/registered/foreign/versions/7');
      const outputs = (await details('foreign')).outputs.map(
        (use: { version: { uid: string } }) => use.version.uid,
      );
      const found = (await Promise.all(outputs.map(modelsOf))).flat();
      assert.deepEqual(found.sort(), [body.uid, '5'.repeat(32)].sort());
    });

    it('mean logged models, and what a run made', async () => {
      const logged = await served().call('POST', '/api/2.0/mlflow/logged-models', {
        ...{ experiment_id: '0', name: 'xgb' },
      });
      const { model_id: id } = logged.body.model.info;
      await send(run('log', 1, { outputs: [model('xgb', { modelId: id })] }));
      assert.deepEqual(await modelsOf(await written('log')), [id.slice(2)]);
      await send(run('make', 1, {}, { cairn_model: { uri: `models:/${id}` } }));
      const { uid } = await details('make');
      assert.deepEqual(await modelsOf(uid), [id.slice(2)]);
    });

    it('are what the latest word says, whenever it comes, and can be taken back', async () => {
      const [first, second] = [await register('one'), await register('two')];
      const say = (at: number, facet: object) => send(run('moody', at, { outputs: [model('moody', facet)] }));
      await say(5, { uri: 'models:/one/1' });
      const output = await written('moody');
      assert.deepEqual(await modelsOf(output), [first]);
      await say(4, { uri: 'models:/two/1' });
      assert.deepEqual(await modelsOf(output), [first], 'an earlier word that comes late');
      await say(6, { uri: 'models:/two/1' });
      assert.deepEqual(await modelsOf(output), [second]);
      await say(7, { _deleted: true });
      assert.deepEqual(await modelsOf(output), []);
      await say(6, { uri: 'models:/two/1' });
      assert.deepEqual(await modelsOf(output), [], 'played again');
      await say(8, { uri: 'models:/two/1' });
      // Roles likewise: of an input that is told of at one time, and of its role at others.
      const judge = (at: number, facets: object) =>
        send(run('judge', at, { inputs: [table('all', { inputFacets: facets })] }));
      const role = async () => (await details('judge')).inputs[0].role;
      await judge(5, {});
      assert.equal(await role(), null);
      await judge(4, { cairn_datasetRole: { role: 'validate' } });
      assert.equal(await role(), 'validate');
      await judge(6, { cairn_datasetRole: { role: 'train' } });
      await judge(3, { cairn_datasetRole: { role: 'test' } });
      assert.equal(await role(), 'train');
      await judge(7, { cairn_datasetRole: { _deleted: true } });
      assert.equal(await role(), null);
    });

    it('are held against what follows from them, which can be made again', async () => {
      const { db } = served().domain;
      const faults = async () =>
        (await db.read((queries) => checkDerivedData(queries, true, db.dialect))).filter(
          ({ level }) => level !== 'ok',
        );
      assert.deepEqual(await faults(), []);
      const output = await written('moody');
      const before = await modelsOf(output);
      assert.equal(before.length, 1);
      await db.write(async (tx) => {
        await tx.run(sql`UPDATE edge SET known_to = 1 WHERE rule = 'model facet'`);
        await tx.run(sql`UPDATE model_claim SET edge = NULL`);
      });
      assert.deepEqual(
        (await faults()).map(({ check }) => check),
        ['lineage'],
      );
      await rebuildDerivedData(db, systemClock);
      assert.deepEqual(await faults(), []);
      assert.deepEqual(await modelsOf(output), before);
    });

    it('show what a run was set to and what it measured, with numbers that JSON has no word for', async () => {
      const facets = {
        cairn_hyperParameters: {
          parameters: [{ key: 'eta', value: 0.1 }, { key: 7 }, 'x', { key: 'deep', value: [1] }],
        },
        executionParameters: {
          parameters: [
            { key: 'eta', value: '9' },
            { key: 'date', value: '2026-11-02' },
          ],
        },
        cairn_metrics: {
          metrics: [
            { key: 'loss', value: 'NaN', step: 3, timestamp: '2026-11-02T01:00:00Z', model: 'models:/m/1' },
            { key: 'acc', value: 0.5 },
            { key: 'bad', value: 'high' },
          ],
        },
      };
      await send(run('shown', 1, {}, facets));
      const { parameters, metrics } = await details('shown');
      assert.deepEqual(parameters, [
        { key: 'date', value: '2026-11-02' },
        { key: 'deep', value: [1] },
        { key: 'eta', value: 0.1 },
      ]);
      assert.deepEqual(metrics, [
        { key: 'acc', value: 0.5, step: null, at: null, model: null },
        { key: 'loss', value: 'NaN', step: 3, at: Date.parse('2026-11-02T01:00:00Z'), model: 'models:/m/1' },
      ]);
    });
  });
});

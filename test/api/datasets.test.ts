/** Datasets over HTTP: recorded, known again, described, and what is refused. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkDerivedData } from '../../src/derived-data.ts';
import { datasetCalls } from '../fixtures/dataset-calls.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Json = any;
const sha = (digit: string) => digit.repeat(64);

forEachStore((open) => {
  const served = servedFor(open);
  const { fresh, call, good, record, refused, newRun, logInput } = datasetCalls(() => served());

  async function errors(): Promise<string[]> {
    const { db } = served().domain;
    const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
    return findings.filter((finding) => finding.level === 'error').map((finding) => finding.detail);
  }

  it('keeps all that is told of a version', async () => {
    const name = fresh();
    const run = await newRun('prepare');
    const version = await record({
      name,
      uri: `s3a://bucket/${name}/`,
      version: 'snapshot 7',
      digests: [
        { algorithm: 'sha256', value: sha('A') },
        { algorithm: 'md5', value: 'b'.repeat(32) },
        { algorithm: 'sha256', value: sha('c'), of: 'sample' },
      ],
      created: 5_000,
      schema: {
        fields: [
          { name: 'id', type: 'long', nullable: false, description: 'key' },
          { name: 'address', type: 'struct', fields: [{ name: 'city', type: 'string' }] },
        ],
      },
      ...{ rows: 10, bytes: 2048, files: 2 },
      statistics: [{ name: 'id', count: 10, nulls: 0, min: 1, max: 10, quantiles: { 0.5: 5 } }],
      preview: {
        columns: ['id', 'city'],
        rows: [
          [1, 'Oslo'],
          [2, null],
        ],
      },
      ...{ note: 'cleaned', tags: [{ key: 'stage', value: 'gold' }], run },
    });
    assert.deepEqual(await good('GET', `/api/v1/dataset-versions/${version.uid}`), version);
    assert.deepEqual(
      [version.at, version.version, version.rows, version.bytes, version.files, version.fields, version.note],
      [5_000, 'snapshot 7', 10, 2048, 2, 2, 'cleaned'],
    );
    assert.deepEqual(
      version.digests.map((digest: Json) => [
        digest.algorithm,
        digest.value.slice(0, 2),
        digest.of,
        digest.weak,
      ]),
      [
        ['sha256', 'aa', 'content', false],
        ['md5', 'bb', 'content', true],
        ['sha256', 'cc', 'sample', true],
      ],
    );
    assert.deepEqual(
      version.schema.map(({ path, depth, type, nullable }: Json) => [path, depth, type, nullable]),
      [
        ['id', 0, 'long', false],
        ['address', 0, 'struct', null],
        ['address.city', 1, 'string', null],
      ],
    );
    assert.deepEqual(version.statistics.columns[0].quantiles, [{ at: '0.5', value: 5 }]);
    assert.deepEqual(version.preview.rows, [
      [1, 'Oslo'],
      [2, null],
    ]);
    const [maker] = version.makers;
    assert.deepEqual(
      [maker.uid, maker.type, maker.name, maker.user, maker.state, maker.started],
      [run, 'run', 'prepare', 'eve', 'running', 1_000],
    );
    const dataset = await good('GET', `/api/v1/datasets/${version.dataset}`);
    assert.deepEqual(
      [dataset.name, dataset.uri, dataset.versions, dataset.writers, dataset.readers, dataset.latest],
      [name, `s3://bucket/${name}`, 1, 1, 0, 5_000],
    );
    const { items } = await good('GET', `/api/v1/datasets/${dataset.uid}/uses`);
    assert.deepEqual(
      items.map((use: Json) => [use.direction, use.at, use.run.uid, use.version]),
      [['write', 5_000, run, version.uid]],
    );
    assert.deepEqual(await errors(), []);
  });

  it('knows a version that is told of again, gains what is new, and refuses what contradicts', async () => {
    const told = { name: fresh(), version: 'v1' };
    const first = await record({ ...told, rows: 3 });
    const events = async () => (await good('GET', '/api/v1/events?limit=1000')).items.length;
    const before = await events();
    assert.equal((await record({ ...told, rows: 3 })).uid, first.uid);
    assert.equal(await events(), before, 'what is known already is no change');
    const run = await newRun();
    const second = await record({
      ...{ ...told, rows: 3, run, note: 'by night' },
      digests: [{ algorithm: 'sha256', value: sha('d') }],
    });
    assert.deepEqual(
      [second.uid, second.note, second.digests.length, second.makers.length],
      [first.uid, 'by night', 1, 1],
    );
    await refused('POST', '/api/v1/dataset-versions', { ...told, rows: 4 }, 409, 'statistics');
    await refused('POST', '/api/v1/dataset-versions', { ...told, note: 'x' }, 409, 'note');
    await refused('POST', '/api/v1/dataset-versions', { ...told, created: 5 }, 409, 'created');
    assert.deepEqual(await good('GET', `/api/v1/dataset-versions/${first.uid}`), second);
    // A digest of all bytes is a natural key, too; nothing at all is none.
    const digests = [{ algorithm: 'sha256', value: sha('e') }];
    const { name } = told;
    assert.equal((await record({ name, digests })).uid, (await record({ name, digests })).uid);
    assert.notEqual((await record({ name })).uid, (await record({ name })).uid);
    assert.deepEqual(await errors(), []);
  });

  it('is told once by a request that is sent twice', async () => {
    const body = { name: fresh(), rows: 1 };
    const send = () => call('POST', '/api/v1/dataset-versions', body, { 'idempotency-key': body.name });
    const [one, two] = [await send(), await send()];
    assert.deepEqual([one.status, two.status, two.body.uid], [201, 201, one.body.uid]);
  });

  it('is one dataset and one version with what an MLflow run read there', async () => {
    const name = fresh();
    const run = await newRun();
    await logInput(run, {
      ...{ name: 'frame', digest: 'd1', source: JSON.stringify({ uri: `s3://bucket/${name}` }) },
      schema: JSON.stringify({ mlflow_colspec: [{ type: 'long', name: 'id' }] }),
      profile: JSON.stringify({ num_rows: 4, num_elements: 4 }),
    });
    const version = await record({
      ...{ name, uri: `s3a://bucket/${name}`, bytes: 9 },
      digests: [{ algorithm: 'mlflow', value: 'd1' }],
    });
    const found = await good('GET', `/api/v1/datasets?search=${name}`);
    assert.equal(found.items.length, 1);
    const [dataset] = found.items;
    assert.deepEqual(
      dataset.records.map(({ face, same }: Json) => [face, same?.rule]),
      [
        ['mlflow', 'equal uri'],
        ['native', 'equal uri'],
      ],
    );
    assert.deepEqual([dataset.versions, dataset.readers, dataset.name], [1, 1, 'frame']);
    assert.deepEqual(
      version.records.map(({ face, same }: Json) => [face, same.known]),
      [
        ['mlflow', 'inferred'],
        ['native', 'inferred'],
      ],
    );
    assert.deepEqual(
      [version.rows, version.bytes, version.schema[0].path, version.source.type, version.readers],
      [4, 9, 'id', 'local', 1],
    );
    // Any of its uids finds it.
    for (const { uid } of [...dataset.records]) {
      assert.equal((await good('GET', `/api/v1/datasets/${uid}`)).uid, dataset.uid);
    }
    for (const { uid } of version.records) {
      assert.equal((await good('GET', `/api/v1/dataset-versions/${uid}`)).uid, version.uid);
    }
  });

  it('is described by people, who expect what they change, and takes that back', async () => {
    const { dataset } = await record({ name: fresh(), version: '1' });
    const path = `/api/v1/datasets/${dataset}`;
    const words = async () => {
      const { description, owner, licence, tags, undoable } = await good('GET', path);
      const values = [description, owner, licence].map((said: Json) => said?.value ?? null);
      return [...values, tags.map(({ key, value }: Json) => `${key}=${value}`).join(), undoable];
    };
    assert.deepEqual(await words(), [null, null, null, '', false]);
    const actions = async () =>
      (await good('GET', '/api/v1/events?limit=1000')).items.filter(({ action }: Json) =>
        /^dataset\.(describe|undo)$/.test(action),
      ).length;
    const before = await actions();
    await good('PATCH', path, { description: 'Orders', owner: 'sales', tags: { pii: 'yes', b: 'c' } });
    assert.deepEqual(await words(), ['Orders', 'sales', null, 'b=c,pii=yes', true]);
    await good('PATCH', path, {
      ...{ owner: null, licence: 'CC0', tags: { pii: null } },
      expected: { owner: 'sales', licence: null, tags: { pii: 'yes' } },
    });
    const changed = ['Orders', null, 'CC0', 'b=c', true];
    assert.deepEqual(await words(), changed);
    await refused('PATCH', path, { owner: 'x', expected: { owner: 'sales' } }, 409, 'expected.owner');
    await refused('PATCH', path, { owner: 'x', expected: { tags: { b: 'd' } } }, 409, 'expected.tags.b');
    assert.deepEqual(await words(), changed);
    await good('POST', `${path}/undo`, { expected: { licence: 'CC0' } });
    assert.deepEqual(await words(), ['Orders', 'sales', null, 'b=c,pii=yes', true]);
    await refused('POST', `${path}/undo`, { expected: { licence: 'CC0' } }, 409, 'expected.licence');
    await good('POST', `${path}/undo`, {});
    assert.deepEqual(await words(), changed);
    assert.deepEqual([(await actions()) - before], [4], 'each change is an event');
    const other = await record({ name: fresh(), version: '1' });
    await refused('POST', `/api/v1/datasets/${other.dataset}/undo`, {}, 409, 'dataset');
  });

  it('refuses what it cannot keep, names it, and changes nothing', async () => {
    const path = '/api/v1/dataset-versions';
    const name = fresh('bad');
    const wrong: readonly (readonly [object, number, string])[] = [
      [{}, 400, 'name'],
      [{ name: '' }, 400, 'name'],
      [{ name: 'a\0b' }, 400, 'name'],
      [{ name: 'x'.repeat(1_001) }, 400, 'name'],
      [{ name, uri: 'relative/file.csv' }, 400, 'uri'],
      [{ name, uri: `s3://b/${'x'.repeat(5_000)}` }, 400, 'uri'],
      [{ name, uri: 's3://b/a', namespace: 's3://b' }, 400, 'namespace'],
      [{ name, digests: [{ algorithm: 'sha256', value: 'abc' }] }, 400, 'digests[0].value'],
      [{ name, digests: [{ algorithm: 'md4', value: 'abc' }] }, 400, 'digests[0].algorithm'],
      [{ name, digests: [1, 2].map(() => ({ algorithm: 'etag', value: 'a' })) }, 400, 'digests[1].algorithm'],
      [{ name, rows: -1 }, 400, 'rows'],
      [{ name, rows: 1.5 }, 400, 'rows'],
      [{ name, created: Date.now() + 86_400_000 }, 400, 'created'],
      [{ name, schema: { fields: [{ type: 'int' }] } }, 400, 'schema.fields[0].name'],
      [{ name, statistics: [{ name: 'a', median: 1 }] }, 400, 'statistics[0].median'],
      [{ name, preview: { columns: ['a'], rows: [[1, 2]] } }, 400, 'preview.rows[0]'],
      [{ name, preview: { columns: ['a'], rows: [['x'.repeat(300_000)]] } }, 400, 'preview'],
      [{ name, tags: [{ key: '', value: '' }] }, 400, 'tags[0].key'],
      [{ name, run: 'nobody' }, 404, 'run'],
      [{ name, other: 1 }, 400, 'other'],
    ];
    for (const [body, status, field] of wrong) await refused('POST', path, body, status, field);
    assert.deepEqual((await good('GET', `/api/v1/datasets?search=${name}`)).items, []);
    const { dataset } = await record({ name: fresh(), version: '1' });
    const one = `/api/v1/datasets/${dataset}`;
    await refused('PATCH', one, { description: 5 }, 400, 'description');
    await refused('PATCH', one, { description: 'a\0' }, 400, 'description');
    await refused('PATCH', one, { tags: { '': 'x' } }, 400, 'tags.');
    await refused('PATCH', one, { licence: 'x'.repeat(1_001) }, 400, 'licence');
    await refused('PATCH', '/api/v1/datasets/nobody', { owner: 'x' }, 404, 'dataset');
    await refused('GET', `${one}/uses?version=nobody`, undefined, 404, 'version');
    await refused('GET', `${one}/versions?cursor=x`, undefined, 400, 'cursor');
    assert.equal((await good('GET', one)).undoable, false);
  });
});

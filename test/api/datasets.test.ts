/** Datasets across the faces, over HTTP: recorded, found, described, compared, and what is refused. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkDerivedData } from '../../src/derived-data.ts';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Json = any;
const sha = (digit: string) => digit.repeat(64);

forEachStore((open) => {
  const served = servedFor(open);
  let made = 0;
  const fresh = (name = 'data') => `${name}-${++made}`;
  const call = (...parts: Parameters<Served['call']>) => served().call(...parts);

  async function good(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await call(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const record = (body: object) => good('POST', '/api/v1/dataset-versions', body);
  const refused = async (method: string, path: string, body: unknown, status: number, field: string) => {
    const answer = await call(method, path, body);
    assert.deepEqual([answer.status, answer.body.field], [status, field], JSON.stringify(answer.body));
  };
  const newRun = async (name = 'a run'): Promise<string> => {
    const { id } = await good('POST', '/api/v1/experiments', { name: fresh('experiment') });
    return (await good('POST', '/api/v1/runs', { experiment: id, name, user: 'eve', started: 1_000 })).id;
  };
  const logInput = (run: string, dataset: object) =>
    good('POST', '/api/2.0/mlflow/runs/log-inputs', {
      run_id: run,
      datasets: [{ dataset: { source_type: 'local', ...dataset }, tags: [] }],
    });

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

  it('tells which version a later read saw', async () => {
    const name = fresh();
    const uri = `s3://bucket/${name}`;
    const [writer, reader] = [await newRun('writer'), await newRun('reader')];
    const version = await record({ name, uri, run: writer, created: 500 });
    await logInput(reader, { name: 'frame', digest: 'd9', source: JSON.stringify({ uri }) });
    const { items } = await good('GET', `/api/v1/datasets/${version.dataset}/uses?direction=read`);
    assert.deepEqual(
      items.map((use: Json) => [use.run.name, use.version, use.rule, use.known]),
      [['reader', version.uid, 'current at its time', 'inferred']],
    );
    const seen = await good('GET', `/api/v1/datasets/${version.dataset}/uses?version=${version.uid}`);
    assert.deepEqual(
      seen.items.map((use: Json) => [use.direction, use.run.name]),
      [
        ['read', 'reader'],
        ['write', 'writer'],
      ],
    );
    assert.equal((await good('GET', `/api/v1/dataset-versions/${version.uid}`)).readers, 1);
  });

  it('tells what pipelines say of it, and that a training read what a job wrote', async () => {
    const name = fresh();
    const place = { namespace: 's3://lake', name };
    const facets = {
      schema: { fields: [{ name: 'id', type: 'LONG' }] },
      documentation: { description: 'Orders by day.' },
      ownership: { owners: [{ name: 'team:sales' }] },
      tags: { tags: [{ key: 'pii', value: 'no' }] },
      storage: { storageLayer: 'delta', fileFormat: 'parquet' },
    };
    const outputFacets = { outputStatistics: { rowCount: 7, size: 70, fileCount: 1 } };
    const job = { namespace: 'airflow', name: 'orders.load' };
    const event = (eventType: string, at: string, more: object) =>
      good('POST', '/api/v1/lineage', {
        ...{ eventType, eventTime: at, producer: 'https://example.com', job, ...more },
      });
    const load = { runId: fresh('load'), facets: { processing_engine: { name: 'spark', version: '3.5' } } };
    await event('START', '2020-01-01T00:00:00Z', { run: load });
    await event('COMPLETE', '2020-01-01T00:05:00Z', {
      run: load,
      outputs: [{ ...place, facets, outputFacets }],
    });
    // What a check of the written data counted is told of the version that it read.
    await event('COMPLETE', '2020-01-01T01:00:00Z', {
      run: { runId: fresh('check') },
      job: { ...job, name: 'orders.check' },
      inputs: [
        {
          ...place,
          inputFacets: { dataQualityMetrics: { columnMetrics: { id: { nullCount: 0, distinctCount: 7 } } } },
        },
      ],
    });
    const { id: experiment } = await good('POST', '/api/v1/experiments', { name: fresh('experiment') });
    const training = (await good('POST', '/api/v1/runs', { experiment, name: 'training' })).id;
    await logInput(training, {
      ...{ name: 'orders', digest: 'd1', source_type: 's3' },
      source: JSON.stringify({ uri: `s3://lake/${name}` }),
    });
    const [dataset] = (await good('GET', `/api/v1/datasets?search=${name}`)).items;
    assert.deepEqual(
      [dataset.description, dataset.owner, dataset.tags, dataset.facts],
      [
        { value: 'Orders by day.', by: 'producer' },
        { value: 'team:sales', by: 'producer' },
        [{ key: 'pii', value: 'no', by: 'producer' }],
        [{ name: 'Storage', value: 'delta · parquet' }],
      ],
    );
    assert.deepEqual([dataset.writers, dataset.readers, dataset.records.length], [1, 2, 2]);
    const { items } = await good('GET', `/api/v1/datasets/${dataset.uid}/uses`);
    const written = items.find(({ direction }: Json) => direction === 'write').version;
    assert.deepEqual(
      items.map(({ direction, run, version }: Json) => [
        ...[direction, run.type, run.job?.name ?? run.name, version === written],
      ]),
      [
        ['read', 'run', 'training', true],
        ['read', 'job-run', 'orders.check', true],
        ['write', 'job-run', 'orders.load', true],
      ],
    );
    const version = await good('GET', `/api/v1/dataset-versions/${written}`);
    assert.deepEqual(
      [
        version.rows,
        version.bytes,
        version.files,
        version.schema.map(({ path, type }: Json) => [path, type]),
      ],
      [7, 70, 1, [['id', 'LONG']]],
    );
    assert.deepEqual(
      version.statistics.columns.map(({ name: of, nulls, distinct }: Json) => [of, nulls, distinct]),
      [['id', 0, 7]],
    );
    const [maker] = version.makers;
    assert.deepEqual(
      [maker.job.name, maker.job.namespace, maker.where, maker.ended - maker.started, version.at],
      ['orders.load', 'airflow', 'spark 3.5', 300_000, maker.ended],
    );
    // What people say stands before it, and leaves it to be seen again.
    const path = `/api/v1/datasets/${dataset.uid}`;
    const said = await good('PATCH', path, { owner: 'eve', expected: { owner: null } });
    assert.deepEqual(said.owner, { value: 'eve', by: 'people' });
    assert.deepEqual((await good('POST', `${path}/undo`, {})).owner, { value: 'team:sales', by: 'producer' });
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

  it('tells what differs between two versions', async () => {
    const name = fresh();
    const schema = (...fields: readonly [string, string][]) => ({
      fields: fields.map(([field, type]) => ({ name: field, type })),
    });
    const left = await record({
      ...{ name, version: '1', rows: 10, schema: schema(['a', 'int'], ['b', 'text'], ['c', 'date']) },
      statistics: [{ name: 'a', max: 9 }],
    });
    const right = await record({
      ...{ name, version: '2', rows: 12, schema: schema(['c', 'date'], ['a', 'bigint'], ['d', 'bool']) },
      statistics: [{ name: 'a', max: 11 }],
    });
    const found = await good('GET', `/api/v1/dataset-differences?left=${left.uid}&right=${right.uid}`);
    assert.deepEqual(
      found.schema.added.map(({ path }: Json) => path),
      ['d'],
    );
    assert.deepEqual(
      found.schema.removed.map(({ path }: Json) => path),
      ['b'],
    );
    assert.deepEqual(
      found.schema.changed.map((field: Json) => [field.path, field.left.type, field.right.type]),
      [['a', 'int', 'bigint']],
    );
    assert.equal(found.schema.moved.length, 1);
    assert.deepEqual(
      found.statistics.map((each: Json) => [each.column, each.figure, each.left, each.right]),
      [
        [null, 'rows', 10, 12],
        ['a', 'max', 9, 11],
      ],
    );
    const bare = await record({ name, version: '3' });
    const without = await good('GET', `/api/v1/dataset-differences?left=${left.uid}&right=${bare.uid}`);
    assert.equal(without.schema, null);
    await refused('GET', `/api/v1/dataset-differences?left=x&right=${right.uid}`, undefined, 404, 'left');
    await refused('GET', `/api/v1/dataset-differences?left=${left.uid}&right=x`, undefined, 404, 'right');
  });

  it('pages versions and uses by time, whenever they were recorded', async () => {
    const name = fresh();
    const uri = `s3://bucket/${name}`;
    const run = await newRun();
    const times = [30, 10, 50, 20, 40];
    for (const created of times) await record({ name, uri, version: `${created}`, created, run });
    const { dataset } = await record({ name, uri, version: '10' });
    for (const [path, of] of [
      ['versions', (item: Json) => item.at],
      ['uses', (item: Json) => item.at],
    ] as const) {
      const seen: number[] = [];
      let cursor = '';
      do {
        const page = await good('GET', `/api/v1/datasets/${dataset}/${path}?limit=2${cursor}`);
        seen.push(...page.items.map(of));
        cursor = page.cursor === undefined ? '' : `&cursor=${page.cursor}`;
      } while (cursor !== '');
      assert.deepEqual(seen, [50, 40, 30, 20, 10], path);
    }
  });

  it('lists datasets by name and by their last write, page by page', async () => {
    const [tag, run] = [fresh('order'), await newRun()];
    for (const [name, created] of [
      ['b', 3_000],
      ['c', 1_000],
      ['a', 2_000],
    ] as const) {
      await record({ name: `${tag} ${name}`, version: '1', created, run });
    }
    const walk = async (order: string) => {
      const seen: string[] = [];
      let cursor = '';
      do {
        const path = `/api/v1/datasets?limit=1&search=${tag}&order=${order}${cursor}`;
        const page = await good('GET', path);
        seen.push(...page.items.map(({ name }: Json) => name.slice(-1)));
        cursor = page.cursor === undefined ? '' : `&cursor=${page.cursor}`;
      } while (cursor !== '');
      return seen.join('');
    };
    assert.deepEqual(
      [await walk('name'), await walk('-latest'), await walk('-recorded')],
      ['abc', 'bac', 'acb'],
    );
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

/** Datasets read across the faces: which version a read saw, what pipelines tell, differences, pages. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { datasetCalls } from '../fixtures/dataset-calls.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Json = any;

forEachStore((open) => {
  const served = servedFor(open);
  const { fresh, good, record, refused, newRun, logInput } = datasetCalls(() => served());

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
    assert.deepEqual(
      items.map(({ called }: Json) => called),
      [seen.items[1].called],
    );
    // What the client saw stays a record of its own, which says of which version it is.
    const { items: listed } = await good('GET', `/api/v1/datasets/${version.dataset}/versions`);
    assert.deepEqual(
      listed.map((row: Json) => [row.digests[0]?.value, row.seen]),
      [
        ['d9', { uid: version.uid, project: 'default', called: seen.items[1].called, known: 'inferred' }],
        [undefined, null],
      ],
    );
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
});

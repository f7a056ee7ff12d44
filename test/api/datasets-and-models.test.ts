/** Datasets and logged models as the native API shows what MLflow's clients log: identity, origin, the graph beneath. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkDerivedData } from '../../src/derived-data.ts';
import type { NodeId } from '../../src/kernel/ids.ts';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const mlflow = '/api/2.0/mlflow';
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Json = any;

interface Record {
  readonly name: string;
  readonly digest: string;
  readonly source?: object;
  readonly type?: string;
  readonly use?: string;
  readonly schema?: string;
}

forEachStore((open) => {
  const served = servedFor(open);
  const call = (...parts: Parameters<Served['call']>) => served().call(...parts);

  async function good(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await call(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const experiment = async (name: string): Promise<string> =>
    (await good('POST', '/api/v1/experiments', { name })).id;
  const run = async (of: string): Promise<string> =>
    (await good('POST', '/api/v1/runs', { experiment: of })).id;
  const logInputs = (id: string, ...records: Record[]) =>
    good('POST', `${mlflow}/runs/log-inputs`, {
      run_id: id,
      datasets: records.map(({ name, digest, source = { tags: {} }, type = 'code', use, schema }) => ({
        dataset: { name, digest, source_type: type, source: JSON.stringify(source), schema },
        tags: use === undefined ? [] : [{ key: 'mlflow.data.context', value: use }],
      })),
    });
  const lineage = (id: string) => good('GET', `/api/v1/runs/${id}/lineage`);
  const node = (uid: string) => good('GET', `/api/v1/graph/nodes/${uid}`);
  const edges = (found: Json) =>
    found.edges.map((edge: Json) => [edge.direction, edge.kind, edge.subtype, edge.known, edge.other.type]);

  async function errors(): Promise<string[]> {
    const { db } = served().domain;
    const findings = await db.read((queries) => checkDerivedData(queries, true, db.dialect));
    return findings.filter((finding) => finding.level === 'error').map((finding) => finding.detail);
  }

  it('knows a dataset by its place, whatever it is called and wherever it is used', async () => {
    const [one, two] = [await experiment('places one'), await experiment('places two')];
    const file = { uri: '/data/places/./a.csv' };
    const same = { uri: 'file:///data/places/a.csv' };
    const first = await run(one);
    await logInputs(first, { name: 'places a', digest: 'd1', source: file, type: 'local', use: 'training' });
    await logInputs(first, { name: 'places b', digest: 'd2', source: same, type: 'local', use: 'test' });
    const second = await run(two);
    await logInputs(second, { name: 'places a', digest: 'd1', source: same, type: 'local' });

    const { items } = await good('GET', '/api/v1/datasets?search=PLACES');
    assert.equal(items.length, 1);
    const [{ uid, name, uri, versions, readers }] = items;
    assert.deepEqual([name, uri, versions, readers], ['places a', 'file:///data/places/a.csv', 2, 2]);
    const whole = await good('GET', `/api/v1/datasets/${uid}/versions`);
    const byDigest = new Map<string, Json>(
      whole.items.map((version: Json) => [version.digests[0].value, version]),
    );
    assert.deepEqual(
      [...byDigest].map(([digest, version]) => [digest, version.records.length, version.readers]).sort(),
      [
        ['d1', 2, 2],
        ['d2', 1, 1],
      ],
    );
    const [original, copy] = byDigest.get('d1').records;
    // The same digest of the same place: the same version, as far as a sample of the rows can tell.
    assert.deepEqual(edges(await node(copy.uid)), [
      ['out', 'version-of', null, 'observed', 'dataset'],
      ['out', 'member-of', null, 'observed', 'experiment'],
      ['out', 'used', null, 'observed', 'run'],
      ['out', 'same', null, 'inferred', 'dataset-version'],
    ]);
    const found = await node(original.uid);
    assert.deepEqual(edges(found), [
      ['out', 'version-of', null, 'observed', 'dataset'],
      ['out', 'member-of', null, 'observed', 'experiment'],
      ['out', 'used', 'training', 'observed', 'run'],
      ['in', 'same', null, 'inferred', 'dataset-version'],
    ]);
    const properties = found.properties.map((property: Json) => [
      property.scope,
      property.key,
      property.value,
    ]);
    assert.deepEqual(
      properties.sort((a: Json, b: Json) => (a[1] < b[1] ? -1 : 1)),
      [
        ['declared', 'digest', 'd1'],
        ['system', 'digest_kind', 'weak'],
        ['declared', 'source', JSON.stringify(file)],
        ['declared', 'source_type', 'local'],
      ],
    );
    assert.deepEqual([found.kind, found.type, found.state], ['artifact', 'dataset-version', null]);
  });

  it('believes a version that the source names', async () => {
    const at = await experiment('versions');
    const table = (version: number) => ({ delta_table_name: 'c.versions.t', delta_table_version: version });
    const id = await run(at);
    await logInputs(
      id,
      { name: 'versions 1', digest: 'd', source: table(1), type: 'delta_table' },
      { name: 'versions 2', digest: 'd', source: table(2), type: 'delta_table' },
      { name: 'versions 2 again', digest: 'd', source: table(2), type: 'delta_table' },
    );
    const [dataset] = (await good('GET', '/api/v1/datasets?search=versions')).items;
    assert.equal(dataset.versions, 2);
    const { items } = await good('GET', `/api/v1/datasets/${dataset.uid}/versions`);
    assert.deepEqual(items.map(({ version }: Json) => version).sort(), ['1', '2']);
    const sames = await Promise.all(
      items
        .flatMap(({ records }: Json) => records)
        .map(async (version: Json) =>
          edges(await node(version.uid))
            .filter(([, kind]: Json) => kind === 'same')
            .map(([direction, , , known]: Json) => ({ name: version.name, direction, known })),
        ),
    );
    // Which of them the others point at is chance where they are of one instant.
    assert.deepEqual(
      sames.flat().map(({ name, known }) => [name, known]),
      [
        ['versions 2', 'declared'],
        ['versions 2 again', 'declared'],
      ],
    );
    assert.deepEqual(
      sames
        .flat()
        .map(({ direction }) => direction)
        .sort(),
      ['in', 'out'],
    );
  });

  it('knows what has no place by its name in the experiment', async () => {
    const [one, two] = [await experiment('frames one'), await experiment('frames two')];
    for (const [of, digest] of [
      [one, 'd1'],
      [one, 'd2'],
      [two, 'd1'],
    ] as const) {
      await logInputs(await run(of), { name: 'frame', digest });
    }
    const page = await good('GET', '/api/v1/datasets?search=frame&limit=1');
    assert.deepEqual([page.items[0].versions, page.items[0].uri], [1, null]);
    const rest = await good('GET', `/api/v1/datasets?search=frame&limit=1&cursor=${page.cursor}`);
    assert.deepEqual([rest.items[0].versions, rest.cursor], [2, undefined]);
    const list = `/api/v1/datasets/${rest.items[0].uid}/versions?limit=1`;
    const versions = await good('GET', list);
    const next = await good('GET', `${list}&cursor=${versions.cursor}`);
    const digest = (page: Json) => page.items[0].digests[0].value;
    assert.deepEqual([digest(versions), digest(next), next.cursor], ['d2', 'd1', undefined]);
    assert.equal((await call('GET', `/api/v1/datasets/${versions.items[0].uid}`)).status, 404);
    assert.equal((await call('GET', '/api/v1/datasets?cursor=x')).status, 400);
  });

  it("tells a run's origin: what it read and what it made", async () => {
    const at = await experiment('origin');
    const id = await run(at);
    const schema = JSON.stringify({ mlflow_colspec: [{ type: 'double', name: 'x' }] });
    await logInputs(id, { name: 'origin rows', digest: 'd1', use: 'training', schema });
    const model = async (body: object) =>
      (await good('POST', `${mlflow}/logged-models`, { experiment_id: at, ...body })).model.info.model_id;
    const base = await model({ name: 'base' });
    const made = await model({ name: 'made', source_run_id: id, params: [{ key: 'depth', value: '3' }] });
    const other = await model({ name: 'other', source_run_id: id });
    await good('POST', `${mlflow}/runs/log-inputs`, { run_id: id, models: [{ model_id: base }] });
    await good('POST', `${mlflow}/runs/outputs`, { run_id: id, models: [{ model_id: made, step: 4 }] });
    await good('PATCH', `${mlflow}/logged-models/${made}`, { status: 'LOGGED_MODEL_READY' });
    await good('DELETE', `${mlflow}/logged-models/${base}`);

    const { inputs, models } = await lineage(id);
    const [{ uid, created: _, ...input }] = inputs;
    assert.deepEqual(input, {
      name: 'origin rows',
      digest: 'd1',
      sourceType: 'code',
      source: '{"tags":{}}',
      schema: { columns: [{ name: 'x', type: 'double' }], total: 1 },
      context: 'training',
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    });
    const shown = ({ id: of, name, status, deleted, step }: Json) => [of, name, status, deleted, step];
    assert.deepEqual(models.in.map(shown), [[base, 'base', 'pending', true, undefined]]);
    assert.deepEqual(models.out.map(shown), [
      [made, 'made', 'ready', false, 4],
      [other, 'other', 'pending', false, null],
    ]);
    assert.equal((await node(uid)).name, 'origin rows');
    assert.equal((await call('GET', '/api/v1/runs/nope/lineage')).status, 404);

    await good('POST', `${mlflow}/runs/log-batch`, {
      run_id: id,
      metrics: [
        { key: 'acc', value: 0.5, timestamp: 20, step: 1, model_id: made },
        { key: 'acc', value: 0.9, timestamp: 10, step: 2, model_id: made },
      ],
    });
    const whole = await good('GET', `/api/v1/models/logged/${made}`);
    assert.deepEqual(
      [whole.name, whole.status, whole.sourceRun, whole.params, whole.experiment],
      ['made', 'ready', id, { depth: '3' }, at],
    );
    assert.equal(whole.artifactUri, `mlflow-artifacts:/${at}/models/${made}/artifacts`);
    const [{ key, run: by, dataset, last, lastStep, max, points }] = whole.metrics;
    assert.deepEqual([key, by, dataset, last, lastStep, max, points], ['acc', id, null, 0.5, 1, 0.9, 2]);
    const { items } = await good('GET', `/api/v1/models/logged?experiment=${at}&search=ER`);
    assert.deepEqual(
      items.map(({ name }: Json) => name),
      ['other'],
    );
    const paged = await good('GET', `/api/v1/models/logged?experiment=${at}&limit=1`);
    assert.deepEqual([paged.items[0].name, typeof paged.cursor], ['other', 'string']);
    const found = await node(whole.uid);
    assert.deepEqual([found.kind, found.type, found.state], ['artifact', 'logged-model', 'ready']);
    assert.deepEqual(edges(found), [
      ['out', 'member-of', null, 'observed', 'experiment'],
      ['in', 'generated', 'source', 'observed', 'run'],
      ['in', 'generated', 'output', 'observed', 'run'],
    ]);
    // A table of runs has the columns of runs.
    const columns = await good('GET', `/api/v1/experiments/${at}/columns`);
    assert.deepEqual(
      columns.items.map(({ scope, key: name, runs }: Json) => [scope, name, runs]),
      [
        ['metric', 'acc', 1],
        ['tag', 'mlflow.runName', 1],
      ],
    );
  });

  it('keeps records and points whole when many log at once', async () => {
    const at = await experiment('at once');
    const { model } = await good('POST', `${mlflow}/logged-models`, { experiment_id: at, name: 'm' });
    const { model_id } = model.info;
    const runs = await Promise.all(Array.from({ length: 6 }, () => run(at)));
    await Promise.all(
      runs.flatMap((id, index) =>
        Array.from({ length: 4 }, async (_, batch) => {
          await logInputs(
            id,
            ...Array.from({ length: 5 }, (_, of) => ({
              name: `at once ${(of + index) % 5}`,
              digest: `${(of + batch) % 3}`,
              source: { uri: 's3://once/rows' },
              type: 's3',
            })),
          );
          const metrics = Array.from({ length: 5 }, (_, step) => ({
            ...{ key: 'acc', value: step / 3, timestamp: batch, step, model_id },
            ...(step % 2 === 0 && { dataset_name: 'd', dataset_digest: '1' }),
          }));
          await good('POST', `${mlflow}/runs/log-batch`, { run_id: id, metrics });
          await good('POST', `${mlflow}/runs/outputs`, { run_id: id, models: [{ model_id, step: batch }] });
        }),
      ),
    );
    const [dataset] = (await good('GET', '/api/v1/datasets?search=at%20once')).items;
    // Five names for each of three digests of one place.
    assert.equal(dataset.versions, 3);
    const { items: versions } = await good('GET', `/api/v1/datasets/${dataset.uid}/versions`);
    assert.deepEqual(
      versions.map(({ records }: Json) => records.length),
      [5, 5, 5],
    );
    for (const id of runs) {
      const { inputs, models } = await lineage(id);
      const names = inputs.map(({ name, digest }: Json) => `${name} ${digest}`);
      assert.equal(new Set(names).size, names.length);
      assert.equal(models.out.length, 1);
    }
    const whole = await good('GET', `/api/v1/models/logged/${model_id}`);
    assert.equal(whole.metrics.length, 12);
    assert.equal(
      whole.metrics.reduce((sum: number, { points }: Json) => sum + points, 0),
      6 * 4 * 5,
    );
    const { domain } = served();
    const found = await domain.models.get(undefined as never, domain.defaultProject, model_id);
    await domain.metrics.sealer.seal(found.node as NodeId, domain.defaultProject);
    const metrics = (await good('GET', `${mlflow}/logged-models/${model_id}`)).model.data.metrics;
    assert.equal(metrics.length, 120);
    await domain.events.placed();
    assert.deepEqual(await errors(), []);
  });
});

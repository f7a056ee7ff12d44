/**
 * One place, two projects: a job of the default project writes what a training of another reads. The question crosses, and whoever may
 * not see the other project is told that there is more, and nothing of what it is.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import { edgeKinds } from '../../src/domain/graph/index.ts';
import type { ProjectId } from '../../src/kernel/ids.ts';
import type { Scope } from '../../src/kernel/request-context.ts';
import { rawSql, sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { serveDomain, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const minute = 60_000;
const other = 'team-b';
const facet = { _producer: 'https://example.com', _schemaURL: 'https://example.com/schema' };

interface Node {
  readonly uid: string;
  readonly project: string;
  readonly label: string;
}

forEachStore((open) => {
  let scope: Scope | undefined;
  const served = servedFor(open, { scope: () => scope });
  const start = Date.now();
  let training = '';

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  async function good(method: string, path: string, body?: unknown, headers = {}): Promise<any> {
    const answer = await served().call(method, path, body, headers);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const query = (words: Record<string, string | number | boolean>) =>
    new URLSearchParams(Object.entries(words).map(([key, value]): [string, string] => [key, String(value)]));
  const ask = (question: string, words: Record<string, string | number | boolean>) =>
    good('GET', `/api/v1/lineage/${question}?${query(words)}`);
  const place = (name: string, version?: string) => ({
    ...{ namespace: 's3://bucket', name },
    ...(version !== undefined && { facets: { version: { ...facet, datasetVersion: version } } }),
  });
  const job = (name: string, at: number, inputs: object[], outputs: object[]) =>
    good('POST', '/api/v1/lineage', {
      ...{ eventTime: new Date(at).toISOString(), eventType: 'COMPLETE', producer: 'https://example.com' },
      ...{ run: { runId: `${name}-${at}` }, job: { namespace: 'jobs', name }, inputs, outputs },
    });
  const inB = { 'x-mlflow-workspace': other };
  async function trained(name: string, on: string, at: number): Promise<string> {
    const mlflow = (path: string, body: object) => good('POST', `/api/2.0/mlflow/${path}`, body, inB);
    const { experiment_id } = await mlflow('experiments/create', { name: `${name} trials` });
    const { run } = await mlflow('runs/create', { experiment_id, start_time: at, run_name: 'secret run' });
    const dataset = { name: 'secret table', digest: 'secretdigest', source_type: 's3' };
    await mlflow('runs/log-inputs', {
      run_id: run.info.run_id,
      datasets: [{ tags: [], dataset: { ...dataset, source: `{"uri": "s3://bucket/${on}"}` } }],
    });
    const { model } = await mlflow('logged-models', {
      ...{ experiment_id, name: `${name} logged`, source_run_id: run.info.run_id },
    });
    const id = model.info.model_id;
    const of = `?project=${other}`;
    await good('POST', `/api/v1/models/registered${of}`, { name });
    await good('POST', `/api/v1/models/registered/${name}/versions${of}`, {
      ...{ source: `models:/${id}`, loggedModel: id },
    });
    await good('POST', `/api/v1/deployments${of}`, { endpoint: `b/${name}`, model: `models:/${name}/1` });
    return run.info.run_id;
  }
  const projectOf = async (name: string) => (await served().domain.projects.find(name)) as ProjectId;
  /** As somebody who sees one project alone. */
  async function seeing<T>(name: string, body: () => Promise<T>): Promise<T> {
    scope = { projects: [await projectOf(name)] };
    try {
      return await body();
    } finally {
      scope = undefined;
    }
  }
  const impact = () => ask('impact', { of: 's3://bucket/raw@v3', deployed: true });

  before(async () => {
    await good('POST', '/api/v1/projects', { name: other });
    await job('collect', start - 3 * minute, [], [place('raw', 'v3')]);
    await job('prepare', start - 2 * minute, [place('raw', 'v3')], [place('prepared')]);
    training = await trained('secret', 'prepared', start - minute);
  });

  describe('a place of two projects', () => {
    it('is one: what is deployed in the one derives from the raw data of the other', async () => {
      const answer = await impact();
      const found = [...answer.derives, ...answer.mayDerive];
      assert.deepEqual(
        found.map(({ node, serving }) => [node.label, node.project, serving[0].endpoint, serving[0].project]),
        [['models:/secret/1', other, 'b/secret', other]],
      );
      const projects = found[0].path.map(({ to }: { to: Node }) => to.project);
      assert.deepEqual([...new Set(projects)], ['default', other], 'the way begins here and ends there');
      const back = await ask('ancestry', { of: 'models:/secret/1', project: other });
      const raw = back.items.find(({ node }: { node: Node }) => node.label === 'raw@v3');
      assert.equal(raw?.node.project, 'default');
      // Asked from there, the place means the same.
      const there = await ask('impact', { of: 's3://bucket/raw@v3', deployed: true, project: other });
      assert.deepEqual([there.of.project, there.mayDerive.length + there.derives.length], ['default', 1]);
    });

    it('is asked as of any day: nothing derived from it before it was read', async () => {
      const answer = await ask('impact', {
        of: 's3://bucket/raw@v3',
        deployed: true,
        as_of: start - 90 * minute,
      });
      assert.deepEqual([answer.counts.derives, answer.counts.mayDerive], [0, 0]);
    });

    it('is told and counted, and not named, to who may not see the other project', async () => {
      const answer = await seeing('default', impact);
      assert.deepEqual([answer.derives, answer.mayDerive, answer.complete], [[], [], false]);
      const masked = answer.openEndCounts.find(({ reason }: { reason: string }) => reason === 'masked');
      assert.ok(masked.count >= 1, JSON.stringify(answer));
      const ends = answer.openEnds.filter(({ reason }: { reason: string }) => reason === 'masked');
      assert.ok(
        ends.every(({ node }: { node: Node | null }) => node === null),
        JSON.stringify(ends),
      );
    });

    it('is listed in each project by its own record, with the others of the class marked', async () => {
      const { items } = await good('GET', `/api/v1/datasets?${query({ project: other, order: 'name' })}`);
      const [own] = items as {
        uid: string;
        name: string;
        records: { project: string }[];
        versions: number;
      }[];
      assert.deepEqual(
        [items.length, own!.name, own!.records.map(({ project }) => project)],
        [1, 'secret table', [other, 'default']],
      );
      const here = await good('GET', `/api/v1/datasets?${query({ search: 'prepared', order: '-latest' })}`);
      assert.deepEqual(
        here.items.map((one: { records: { project: string }[] }) =>
          one.records.map(({ project }) => project),
        ),
        [['default', other]],
      );
      const uses = await good('GET', `/api/v1/datasets/${own!.uid}/uses?project=${other}`);
      assert.deepEqual(
        uses.items.map(
          (use: { direction: string; run: Node; version_project: string | null; rule: string }) => [
            ...[use.direction, use.run.project, use.version_project, use.rule],
          ],
        ),
        [
          ['read', other, 'default', 'current at its time'],
          ['write', 'default', null, null],
        ],
      );
      const versions = await good('GET', `/api/v1/datasets/${own!.uid}/versions?project=${other}`);
      assert.deepEqual(
        versions.items.map((one: Node & { dataset: string }) => [one.project, one.dataset]).sort(),
        [
          ['default', own!.uid],
          [other, own!.uid],
        ],
      );
    });

    it('is found by a uid of the other project, unless that may not be seen', async () => {
      const { items } = await good('GET', `/api/v1/datasets?project=${other}`);
      const path = `/api/v1/datasets/${items[0].uid}`;
      const found = await good('GET', path);
      assert.deepEqual(
        found.records.map(({ project }: { project: string }) => project),
        ['default', other],
      );
      assert.equal((await seeing('default', () => served().call('GET', path))).status, 404);
      const changed = await served().call('PATCH', path, { owner: 'nobody' });
      assert.equal(changed.status, 404, 'what another project says is not changed from here');
    });

    it('shows no name, digest or uid of the other project in any answer', async () => {
      const all = await good('GET', '/api/v1/datasets?search=prepared');
      const dataset = all.items[0].uid;
      const versions = await good('GET', `/api/v1/datasets/${dataset}/versions`);
      const version = versions.items.find((one: Node) => one.project === 'default').uid;
      const hidden = versions.items.find((one: Node) => one.project === other).uid;
      const jobs = await good('GET', '/api/v1/job-runs');
      const run = jobs.items[0].uid;
      const paths = [
        ...['datasets', `datasets/${dataset}`, `datasets/${dataset}/versions`, `datasets/${dataset}/uses`],
        ...[`dataset-versions/${version}`, `graph/nodes/${dataset}`, `graph/nodes/${version}`],
        ...[`job-runs/${run}`, `dataset-versions/${version}/columns?direction=downstream`],
        ...['up', 'down'].flatMap((direction) =>
          [dataset, version].map((of) => `lineage/neighbours?${query({ of, direction })}`),
        ),
        ...['impact', 'ancestry'].map(
          (question) => `lineage/${question}?${query({ of: 's3://bucket/prepared' })}`,
        ),
        `lineage/impact?${query({ of: 's3://bucket/raw', deployed: true })}`,
        `lineage/impact/rows?${query({ of: 's3://bucket/raw' })}`,
        `lineage/resolve?${query({ ref: 's3://bucket/prepared@latest' })}`,
        `lineage/resolve?${query({ ref: 's3://bucket/prepared@secretdigest' })}`,
        `lineage/resolve?${query({ ref: hidden })}`,
        `lineage/nodes?${query({ of: `${hidden},${version}` })}`,
        `lineage/marks?${query({ of: version })}`,
        `lineage/common?${query({ of: version, and: 's3://bucket/raw' })}`,
      ];
      const texts = new Map<string, string>();
      await seeing('default', async () => {
        for (const path of paths) {
          const answer = await served().call('GET', `/api/v1/${path}`);
          assert.ok(answer.status < 300 || answer.status === 404, `${path}: ${answer.status}`);
          texts.set(path, JSON.stringify(answer.body));
        }
      });
      const uids = [hidden, training];
      for (const [path, text] of texts) {
        const asked = decodeURIComponent(path);
        for (const word of ['secret table', 'secret run', 'b/secret', 'models:/secret', other, ...uids]) {
          if (asked.includes(word)) continue;
          assert.ok(!text.includes(word), `${path} tells ${word}: ${text}`);
        }
        if (!asked.includes('secretdigest')) assert.ok(!text.includes('secretdigest'), `${path}: ${text}`);
      }
      assert.equal(JSON.parse(texts.get(`datasets/${dataset}`)!).masked, 1);
      const edges = JSON.parse(texts.get(`graph/nodes/${dataset}`)!);
      assert.equal(edges.masked, 1, 'the edge that says that they are the same');
    });

    it('tells of a read that it is bound to what may not be seen, and not that nobody knows', async () => {
      const { items } = await good('GET', `/api/v1/datasets?project=${other}`);
      const uses = await seeing(other, () =>
        good('GET', `/api/v1/datasets/${items[0].uid}/uses?project=${other}`),
      );
      assert.deepEqual(
        uses.items.map((use: { masked: boolean; version_project: string | null }) => [
          ...[use.masked, use.version_project],
        ]),
        [[true, null]],
      );
      const back = await seeing(other, () => ask('ancestry', { of: 'models:/secret/1', project: other }));
      assert.equal(back.complete, false);
      assert.ok(!JSON.stringify(back).includes('"default"'), JSON.stringify(back));
    });

    it('is changed from the one project in its own words alone', async () => {
      const dataset = async (project: string) =>
        (await good('GET', `/api/v1/datasets?project=${project}&search=e`)).items.find(
          ({ records }: { records: unknown[] }) => records.length === 2,
        );
      const [here, there] = [await dataset('default'), await dataset(other)];
      const describe = (project: string, uid: string, body: object) =>
        good('PATCH', `/api/v1/datasets/${uid}?project=${project}`, body);
      await describe('default', here.uid, { owner: 'here' });
      assert.equal((await dataset(other)).owner.value, 'here', 'shown where nothing else is said');
      await describe(other, there.uid, { owner: 'there', expected: { owner: 'here' } });
      assert.deepEqual(
        [(await dataset('default')).owner.value, (await dataset(other)).owner.value],
        ['here', 'there'],
      );
    });

    it('marks what derives in the other project from what is declared wrong', async () => {
      await good('POST', '/api/v1/lineage/taints', { of: 's3://bucket/raw@v3', note: 'wrong unit' });
      const marks = () => ask('marks', { of: 'models:/secret/1', project: other });
      const { taints } = await marks();
      assert.deepEqual(
        taints.map(({ taint }: { taint: { node: Node } }) => taint.node.project),
        ['default'],
      );
      const hidden = await seeing(other, marks);
      assert.deepEqual(hidden.taints, []);
    });

    it('is kept as it would be made again', async () => {
      const { db } = served().domain;
      const faults = async () =>
        (await db.read((queries) => checkDerivedData(queries, true, db.dialect))).filter(
          ({ level }) => level !== 'ok',
        );
      assert.deepEqual(await faults(), []);
      const lines = await rebuildDerivedData(db, systemClock);
      assert.ok(
        lines.some((line) => /^identity: 2 projects read; mended: 0$/.test(line)),
        lines.join('\n'),
      );
      assert.equal((await impact()).mayDerive.length + (await impact()).derives.length, 1);
    });
  });

  it('is joined in a store that kept it apart, when that is opened', async () => {
    const address = await open.place();
    const first = await serveDomain(await open({ address }));
    const { db } = first.domain;
    const call = async (path: string, body: object, headers = {}) => {
      const answer = await first.call('POST', path, body, headers);
      assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    await call('/api/v1/projects', { name: other });
    const at = new Date(start).toISOString();
    await call('/api/v1/lineage', {
      ...{ eventTime: at, eventType: 'COMPLETE', producer: 'https://example.com', inputs: [] },
      ...{ run: { runId: 'w' }, job: { namespace: 'jobs', name: 'w' }, outputs: [place('t')] },
    });
    const { experiment_id } = await call('/api/2.0/mlflow/experiments/create', { name: 'e' }, inB);
    const { run } = await call('/api/2.0/mlflow/runs/create', { experiment_id, start_time: start + 1 }, inB);
    const dataset = { name: 't', digest: 'd', source_type: 's3', source: '{"uri": "s3://bucket/t"}' };
    const inputs = { run_id: run.info.run_id, datasets: [{ tags: [], dataset }] };
    await call('/api/2.0/mlflow/runs/log-inputs', inputs, inB);
    const kept = () =>
      db.read(async (queries) => ({
        marks: await queries.many(sql`SELECT node, scope, kind, hub FROM identity_mark ORDER BY node`),
        uses: await queries.many(sql`SELECT run, asset, class, bound FROM dataset_use ORDER BY run, asset`),
        classes: await queries.many(sql`SELECT id, class FROM node WHERE class <> id ORDER BY id`),
        edges: await queries.many(sql`SELECT source, target, project, rule FROM edge
          WHERE kind IN (${edgeKinds.same}, ${edgeKinds.binds}) AND known_to IS NULL ORDER BY source, target`),
      }));
    const joined = await kept();
    assert.deepEqual([joined.edges.length, joined.classes.length], [2, 1]);
    await db.write(async (tx) => {
      for (const statement of [
        `UPDATE edge SET known_to = known_from WHERE kind IN (${edgeKinds.same}, ${edgeKinds.binds})`,
        'UPDATE identity_mark SET hub = NULL, edge = NULL, scope = CASE WHEN scope = 0 THEN 0 ELSE asset END',
        'UPDATE dataset_use SET class = asset, bound = NULL, edge = NULL',
        'UPDATE node SET class = id',
        'INSERT INTO identity_pending (project) VALUES (0)',
      ]) {
        await tx.run(rawSql(statement));
      }
    });
    await first.close();
    const again = await open({ address });
    const second = await serveDomain(again);
    const { db: reopened } = second.domain;
    const after = await reopened.read(async (queries) => ({
      marks: await queries.many(sql`SELECT node, scope, kind, hub FROM identity_mark ORDER BY node`),
      uses: await queries.many(sql`SELECT run, asset, class, bound FROM dataset_use ORDER BY run, asset`),
      classes: await queries.many(sql`SELECT id, class FROM node WHERE class <> id ORDER BY id`),
      edges: await queries.many(sql`SELECT source, target, project, rule FROM edge
        WHERE kind IN (${edgeKinds.same}, ${edgeKinds.binds}) AND known_to IS NULL ORDER BY source, target`),
    }));
    assert.deepEqual(after, joined);
    const findings = await reopened.read((queries) => checkDerivedData(queries, true, reopened.dialect));
    assert.deepEqual(
      findings.filter(({ level }) => level !== 'ok'),
      [],
    );
    await second.close();
  });
});

/**
 * The question, asked of what a raw dataset became: written by a job, prepared by another, trained on by a run of MLflow, registered,
 * deployed. Over the API and by the command; one story, told from its beginning to its end.
 */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { typed } from '../start/typed-command.ts';
import { forEachStore } from '../stores/stores.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

interface Node {
  readonly uid: string;
  readonly label: string;
}
interface Found {
  readonly node: Node;
  readonly strength: string;
  readonly path: readonly {
    readonly kind: string;
    readonly from: Node;
    readonly to: Node;
    readonly event: number;
  }[];
}

forEachStore((open) => {
  const served = servedFor(open);
  const now = Date.now();

  const post = async (path: string, body: unknown) => {
    const answer = await served().call('POST', path, body);
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const ask = async (question: string, query: Record<string, string | number | boolean>) => {
    const words = new URLSearchParams(
      Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const answer = await served().call('GET', `/api/v1/lineage/${question}?${words}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const place = (name: string, version?: string) => ({
    ...{ namespace: 's3://bucket', name },
    ...(version !== undefined && { facets: { version: { ...facet, datasetVersion: version } } }),
  });
  const facet = { _producer: 'https://example.com', _schemaURL: 'https://example.com/schema' };
  /** A run of a job that ended then, ms. */
  const job = (name: string, at: number, inputs: object[], outputs: object[]) =>
    post('/api/v1/lineage', {
      ...{ eventTime: new Date(at).toISOString(), eventType: 'COMPLETE', producer: 'https://example.com' },
      ...{ run: { runId: `${name}-${at}` }, job: { namespace: 'jobs', name }, inputs, outputs },
    });
  /** A run that trains on one dataset and is tested on another makes a model, which is registered and serves. */
  async function trained(name: string, on: string) {
    const { run } = await post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: Date.now() });
    const input = (key: string, context: string) => ({
      tags: [{ key: 'mlflow.data.context', value: context }],
      dataset: { name: key, digest: `${key}1`, source_type: 's3', source: `{"uri": "s3://bucket/${key}"}` },
    });
    await post('/api/2.0/mlflow/runs/log-inputs', {
      run_id: run.info.run_id,
      datasets: [input(on, 'training'), input('exam', 'test')],
    });
    const { model } = await post('/api/2.0/mlflow/logged-models', {
      ...{ experiment_id: '0', name, source_run_id: run.info.run_id },
    });
    await post('/api/v1/models/registered', { name });
    const { model_id: id } = model.info;
    await post(`/api/v1/models/registered/${name}/versions`, { source: `models:/${id}`, loggedModel: id });
    await post('/api/v1/deployments', { endpoint: `prod/${name}`, model: `models:/${name}/1` });
  }
  const labels = (found: readonly Found[]) => found.map(({ node }) => node.label);
  const cairn = (line: string) => typed(line, { env: { CAIRN_URL: served().url } });

  before(async () => {
    await job('collect', now - 3 * minute, [], [place('raw', 'v3')]);
    const outputFacets = { outputStatistics: { ...facet, rowCount: 40, size: 1_000 } };
    await job('prepare', now - 2 * minute, [place('raw', 'v3')], [{ ...place('prepared'), outputFacets }]);
    await trained('churn', 'prepared');
  });

  it('finds the deployed model that derives from the raw dataset, and shows why', async () => {
    const answer = await ask('impact', { of: 's3://bucket/raw@v3', deployed: true });
    assert.deepEqual(labels(answer.derives.concat(answer.mayDerive)), ['models:/churn/1']);
    const [found] = [...answer.derives, ...answer.mayDerive] as Found[];
    assert.equal(answer.of.label, 'raw@v3');
    assert.ok(found!.path.every(({ event }) => event > 0));
    assert.equal(found!.path.at(-1)!.to.label, 'models:/churn/1');
    const said = await cairn('impact s3://bucket/raw@v3 --deployed');
    assert.equal(said.code, 0, said.err);
    assert.match(
      said.out,
      /models:\/churn\/1 \(model version\), serves prod\/churn since .*: inferred, \d steps/,
    );
    assert.match(
      said.out,
      /raw@v3 was read by prepare …\d+ {2}\[declared by explicit version; system, edge \d+, event \d+\]\n/,
    );
    assert.equal((await cairn('impact s3://bucket/raw@v3 --deployed --check')).code, 3);
  });

  it('does not find it as of a day before it was deployed', async () => {
    const of = 's3://bucket/raw@v3';
    const answer = await ask('impact', { of, deployed: true, as_of: now - 10 * day });
    assert.deepEqual([answer.counts.derives, answer.counts.mayDerive, answer.counts.cannotSay], [0, 0, 0]);
    const then = new Date(now - 10 * day).toISOString().slice(0, 10);
    const said = await cairn(`impact ${of} --deployed --as-of ${then} --check`);
    assert.deepEqual([said.code, /Nothing that is deployed is known/.test(said.out)], [0, true], said.out);
  });

  it('does not find it from the test set, and says that it left that edge out', async () => {
    const answer = await ask('impact', { of: 's3://bucket/exam@exam1', deployed: true });
    assert.deepEqual([answer.counts.derives, answer.counts.mayDerive, answer.leftOut.evaluation], [0, 0, 1]);
    const said = await cairn('impact s3://bucket/exam@exam1 --deployed');
    assert.match(said.out, /Left out: 1 inputs that were for judging/);
    const ancestry = await cairn('ancestry models:/churn/1');
    assert.match(
      ancestry.out,
      /Only judged by, which it did not learn from \(1\):\n {2}exam@exam1 was read by \(as test\)/,
    );
  });

  it('names the deployed models of which nobody can say, until the source is declared', async () => {
    const of = 's3://bucket/raw@v3';
    await trained('other', 'by-hand');
    const doubt = async () => {
      const { cannotSay, complete } = await ask('impact', { of, deployed: true, weakest: 'inferred' });
      return {
        complete,
        cannotSay: cannotSay.map((one: { node: Node; at: Node; reason: string }) => [
          ...[one.node.label, one.at.label, one.reason],
        ]),
      };
    };
    const before = await doubt();
    assert.deepEqual(before.cannotSay, [['models:/other/1', 'by-hand@by-hand1', 'no-producer']]);
    const said = await cairn(`impact ${of} --deployed`);
    assert.match(said.out, /comes from by-hand@by-hand1 \(dataset version\): nobody knows what made it/);
    const known = Date.now();
    await new Promise<void>((resolve) => setImmediate(resolve));
    const declared = await cairn('source s3://bucket/by-hand --note "typed by hand"');
    assert.equal(declared.code, 0, declared.err);
    assert.deepEqual((await doubt()).cannotSay, []);
    const then = await ask('impact', { of, deployed: true, known_at: known - 1 });
    assert.deepEqual([then.counts.cannotSay, then.complete], [1, false]);
    assert.match((await cairn('source')).out, /s3:\/\/bucket\/by-hand .*typed by hand/);
  });

  it('tells whose the data is that a model learned from, how much, and where its record begins', async () => {
    const { items } = (await served().call('GET', '/api/v1/datasets?search=raw')).body;
    const [{ uid }] = items;
    const words = { licence: 'CC-BY-4.0', owner: 'data team' };
    assert.equal((await served().call('PATCH', `/api/v1/datasets/${uid}`, words)).status, 200);
    const { data, judgedBy, untimed } = await ask('ancestry', { of: 'models:/churn/1' });
    assert.deepEqual(untimed, [], 'nobody asked of an instant');
    const then = await ask('ancestry', { of: 'models:/churn/1', as_of: new Date().toISOString() });
    assert.deepEqual(
      then.untimed,
      ['licence', 'owner'],
      'a licence that was told just now is no licence of then',
    );
    const told = (each: {
      node: Node;
      licence: { value: string } | null;
      rows: number | null;
      beginning: string;
    }) => [...[each.node.label, each.licence?.value, each.rows, each.beginning]];
    assert.deepEqual(data.map(told).sort(), [
      [data[0].node.label, undefined, 40, 'made'],
      ['raw@v3', 'CC-BY-4.0', null, 'made'],
    ]);
    assert.deepEqual(
      judgedBy.map((each: { node: Node; role: string; beginning: string }) => [
        ...[each.node.label, each.role, each.beginning],
      ]),
      [['exam@exam1', 'test', 'unknown']],
    );
    const said = await cairn('ancestry models:/churn/1');
    assert.match(said.out, /raw@v3 was read by prepare …\d+ {2}\[/);
    assert.match(said.out, /churn went into \(as logged-model\) models:\/churn\/1/);
    const old = await cairn(`ancestry models:/churn/1 --as-of ${new Date().toISOString()}`);
    assert.match(old.out, /As it is now, for nothing keeps what it was then: licence, owner\./);
    assert.match(said.out, /raw@v3 +CC-BY-4\.0 +data team/);
  });

  it('is complete about a model when its source is declared, and about what it comes from', async () => {
    const first = await ask('ancestry', { of: 'models:/churn/1' });
    assert.deepEqual(
      first.openEnds.map((end: { node: Node; reason: string }) => [end.node.label, end.reason]),
      [[`collect …${String(now - 3 * minute).slice(-8)}`, 'no-input']],
    );
    await post('/api/v1/lineage/sources', { of: 's3://bucket/raw' });
    assert.equal((await ask('ancestry', { of: 'models:/churn/1' })).complete, true);
    const other = await ask('impact', { of: 's3://bucket/by-hand', deployed: true });
    assert.deepEqual([labels(other.derives), other.complete], [['models:/other/1'], true]);
    await served().call('DELETE', '/api/v1/lineage/sources?of=s3%3A%2F%2Fbucket%2Fraw');
    assert.equal((await ask('ancestry', { of: 'models:/churn/1' })).complete, false);
    const gone = await served().call('DELETE', '/api/v1/lineage/sources?of=s3%3A%2F%2Fbucket%2Fraw');
    assert.deepEqual([gone.status, gone.body.field], [404, 'of']);
  });

  it('answers about last month by what is known today, and by what was known then', async () => {
    const month = now - 30 * day;
    const [known] = [Date.now()];
    await new Promise<void>((resolve) => setImmediate(resolve));
    await job('collect', month - 2 * minute, [], [place('early', 'v1')]);
    await job('late', month, [place('early', 'v1')], [place('late-made', 'v1')]);
    const about = { of: 's3://bucket/early@v1', as_of: month + minute };
    const late = await ask('impact', about);
    assert.ok(labels(late.derives).includes('late-made@v1'));
    assert.deepEqual([late.openEndCounts, late.complete], [[], true]);
    assert.deepEqual((await ask('impact', { ...about, known_at: known - 1 })).counts.derives, 0);
  });

  it('gives the answer as rows that a spreadsheet can open, and says at the end whether that is all', async () => {
    const path = '/api/v1/lineage/impact/rows?of=s3%3A%2F%2Fbucket%2Fraw%40v3';
    const csv = await served().call('GET', `${path}&deployed=true`);
    assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
    const lines = (csv.body as string).trimEnd().split('\r\n');
    assert.match(
      lines[1]!,
      /^may derive,[0-9a-f]{32},model-version,models:\/churn\/1,inferred,\d,prod\/churn\/main,,,raw@v3 → /,
    );
    assert.match(lines.at(-1)!, /^not complete,/);
    const text = (await served().call('GET', `${path}&format=ndjson&limit=1`)).body as string;
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { counts } = rows.at(-1);
    assert.equal(rows.length - 1, counts.derives + counts.mayDerive);
    assert.equal(new Set(rows.map(({ uid }) => uid)).size, rows.length);
    const said = await cairn('impact s3://bucket/raw@v3 --csv');
    assert.equal(said.out.split('\n').length, rows.length + 1);
  });

  it('does not let a name be a formula', async () => {
    await post('/api/v1/dataset-versions', { name: '=cmd|x', uri: 's3://bucket/formula', version: '1' });
    const csv = await served().call('GET', '/api/v1/lineage/impact/rows?of=s3%3A%2F%2Fbucket%2Fformula');
    assert.match(csv.body, /\r\ncomplete,[0-9a-f]{32},dataset,'=cmd\|x,/);
  });
});

/** What differs between two versions of a model: data at any distance, code, parameters, packages; over the API and by the command. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { codeIn } from '../../src/domain/lineage/difference/code-facets.ts';
import {
  condaEnvironmentOf,
  packagesOf,
  pythonEnvironmentOf,
} from '../../src/domain/lineage/difference/packages.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { typed } from '../start/typed-command.ts';
import { forEachStore } from '../stores/stores.ts';

interface Data {
  readonly name: string;
  readonly change: string;
  readonly from: readonly { readonly node: { readonly label: string }; readonly path: readonly unknown[] }[];
  readonly to: readonly { readonly node: { readonly label: string }; readonly path: readonly unknown[] }[];
}

forEachStore((open) => {
  const served = servedFor(open);
  const post = async (path: string, body: unknown) => {
    const answer = await served().call('POST', path, body);
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const input = (name: string, digest: string, context: string) => ({
    tags: [{ key: 'mlflow.data.context', value: context }],
    dataset: { name, digest, source_type: 's3', source: `{"uri": "s3://bucket/${name}"}` },
  });
  async function version(inputs: object[], { lr, commit, packages, accuracy }: Record<string, string>) {
    const tags = [
      { key: 'mlflow.source.git.commit', value: commit },
      { key: 'mlflow.source.name', value: 'train.py' },
    ];
    const { run } = await post('/api/2.0/mlflow/runs/create', {
      ...{ experiment_id: '0', start_time: Date.now(), tags },
    });
    const { run_id: id } = run.info;
    await post('/api/2.0/mlflow/runs/log-batch', {
      ...{
        run_id: id,
        params: [
          { key: 'lr', value: lr },
          { key: 'depth', value: '3' },
        ],
      },
    });
    await post('/api/2.0/mlflow/runs/log-inputs', { run_id: id, datasets: inputs });
    const { model } = await post('/api/2.0/mlflow/logged-models', {
      ...{ experiment_id: '0', name: 'churn', source_run_id: id },
    });
    const place = `/api/2.0/mlflow-artifacts/artifacts/0/models/${model.info.model_id}/artifacts`;
    await post('/api/2.0/mlflow/runs/log-batch', {
      run_id: id,
      metrics: [
        { key: 'loss', value: 0.5, timestamp: 1, step: 0 },
        {
          ...{ key: 'accuracy', value: Number(accuracy), timestamp: 2, step: 0 },
          ...{ model_id: model.info.model_id, dataset_name: 'exam', dataset_digest: 'e1' },
        },
      ],
    });
    for (const [name, text] of [
      ['requirements.txt', packages],
      ['python_env.yaml', 'python: 3.12.4\nbuild_dependencies:\n- pip==24.0\n- setuptools\n'],
      [
        'conda.yaml',
        `channels:\n- conda-forge\ndependencies:\n- python=3.12.4\n- libgomp=${lr}\n- pip:\n  - mlflow==1\nname: mlflow-env\n`,
      ],
    ]) {
      const answer = await served().call('PUT', `${place}/${name}`, text);
      assert.ok(answer.status < 300, JSON.stringify(answer.body));
    }
    await post('/api/v1/models/registered/churn/versions', {
      ...{ source: `models:/${model.info.model_id}`, loggedModel: model.info.model_id },
    });
  }

  before(async () => {
    await post('/api/v1/models/registered', { name: 'churn' });
    await version(
      [input('orders', 'o1', 'training'), input('people', 'p1', 'training'), input('exam', 'e1', 'test')],
      {
        ...{
          lr: '0.1',
          commit: 'aaa',
          accuracy: '0.9',
          packages: 'mlflow==3.17.0\nscikit_learn==1.5.0  # pinned\n',
        },
      },
    );
    await version(
      [input('orders', 'o2', 'training'), input('people', 'p1', 'training'), input('exam', 'e1', 'test')],
      {
        ...{
          lr: '0.2',
          commit: 'bbb',
          accuracy: '0.95',
          packages: '-r more.txt\nmlflow==3.17.0\nscikit-learn==1.6.1\nxgboost\n',
        },
      },
    );
  });

  it('tells data, code, parameters and packages, each with where it stands', async () => {
    const path = '/api/v1/lineage/diff?from=models:/churn/1&to=models:/churn/2';
    const { status, body } = await served().call('GET', path);
    assert.equal(status, 200, JSON.stringify(body));
    const labels = (known: Data['from']) => known.map(({ node, path: way }) => [node.label, way.length > 1]);
    assert.deepEqual(
      body.data.map(({ name, change, from, to }: Data) => [name, change, labels(from), labels(to)]),
      [['orders', 'changed', [['orders@o1', true]], [['orders@o2', true]]]],
    );
    assert.deepEqual(body.evaluation, []);
    assert.deepEqual(body.params, [{ name: 'lr', from: '0.1', to: '0.2' }]);
    assert.deepEqual(body.code, [{ name: 'commit', from: 'aaa', to: 'bbb' }]);
    assert.deepEqual(body.environment, [
      { name: 'conda: libgomp', from: '=0.1', to: '=0.2' },
      { name: 'scikit-learn', from: '==1.5.0', to: '==1.6.1' },
      { name: 'xgboost', from: null, to: '' },
    ]);
    assert.deepEqual(body.same, { data: 1, code: 1, params: 1, environment: 5 });
    assert.deepEqual(body.metrics, [
      { name: 'accuracy', dataset: 'exam@e1', from: 0.9, to: 0.95 },
      { name: 'loss', dataset: null, from: 0.5, to: 0.5 },
    ]);
    assert.equal(body.files.to.length, 3);
    assert.match(body.files.to[0], /^mlflow-artifacts:.*\/requirements\.txt$/);
    assert.equal(body.complete, false, 'nobody knows what made the orders');
    assert.deepEqual(body.untimed, []);
    const then = (await served().call('GET', `${path}&as_of=${new Date().toISOString()}`)).body;
    assert.deepEqual(then.untimed, ['code', 'params', 'environment', 'metrics']);
    const own = (await served().call('GET', '/api/v1/lineage/diff?from=churn@2&to=churn@latest')).body;
    assert.deepEqual([own.data, own.code, own.params, own.environment], [[], [], [], []]);
  });

  it('tells the code and the engine of runs of one job as their own events told them', async () => {
    const event = (run: number, hours: number, commit: string, engine: string) => ({
      ...{
        eventType: 'COMPLETE',
        eventTime: `2026-03-0${run}T0${hours}:00:00Z`,
        producer: 'https://example.org/made',
      },
      schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
      run: {
        runId: `0193aaaa-0000-7000-8000-00000000000${run}`,
        facets: {
          processing_engine: { name: 'spark', version: engine },
          environmentVariables: { environmentVariables: [{ name: 'SEED', value: '7' }, null] },
        },
      },
      job: {
        ...{ namespace: 'nightly', name: 'train' },
        facets: {
          sourceCodeLocation: { repoUrl: 'https://example.org/code.git', version: commit },
          sourceCode: { language: 'PYTHON', sourceCode: `fit(${run})` },
          docker: { image: `train:${run}` },
        },
      },
      inputs: [{ namespace: 's3://bucket', name: 'orders' }],
      outputs: [{ namespace: 's3://bucket', name: `scores-${run}` }],
    });
    // The job stands as the later one told it.
    await post('/api/v1/lineage', event(1, 3, 'aaa', '3.4'));
    await post('/api/v1/lineage', event(2, 3, 'bbb', '3.5'));
    const uids: string[] = [];
    for (const run of [1, 2]) {
      const { body } = await served().call(
        'GET',
        `/api/v1/lineage/ancestry?of=s3://bucket/scores-${run}@latest`,
      );
      uids.push(body.items.find(({ node }: { node: { type: string } }) => node.type === 'job-run').node.uid);
    }
    const { status, body } = await served().call('GET', `/api/v1/lineage/diff?from=${uids[0]}&to=${uids[1]}`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.code, [
      { name: 'commit', from: 'aaa', to: 'bbb' },
      { name: 'image', from: 'train:1', to: 'train:2' },
      { name: 'source code', from: 'fit(1)', to: 'fit(2)' },
    ]);
    assert.deepEqual(body.environment, [{ name: 'engine spark', from: '3.4', to: '3.5' }]);
    assert.deepEqual([body.same.code, body.same.environment, body.files.from], [2, 1, []]);
  });

  it('tells it by the command, and refuses what is not there', async () => {
    const env = { CAIRN_URL: served().url };
    const { code, out, err } = await typed('diff models:/churn/1 models:/churn/2', { env });
    assert.equal(code, 0, err);
    assert.match(out, / {2}orders: changed\n {4}- orders@o1\n(.*\n)+ {4}\+ orders@o2\n/);
    assert.match(
      out,
      /Metrics:\n {2}what +before +after\n {2}accuracy on exam@e1 +0\.9 +0\.95\n {2}loss +0\.5 +0\.5\n/,
    );
    assert.match(out, /Parameters:\n {2}what +before +after\n {2}lr +0\.1 +0\.2\n/);
    const none = await served().call('GET', '/api/v1/lineage/diff?from=models:/churn/1&to=models:/churn/9');
    assert.deepEqual([none.status, none.body.field], [404, 'to']);
  });
});

it('reads packages as far as they can be compared', () => {
  const text =
    'A_b.C[x, y] >= 1 ; python_version < "3.13"\n# none\n--no-deps\n\ngit+https://x/y.git\np @ https://x/p.whl';
  assert.deepEqual(
    [...packagesOf(text)],
    [
      ['a-b-c[x,y]', '>= 1 ; python_version < "3.13"'],
      ['p', '@ https://x/p.whl'],
    ],
  );
  assert.deepEqual(
    [...pythonEnvironmentOf("name: x\npython: '3.11'\ndependencies:\n  - -r requirements.txt\n")],
    [['python', '3.11']],
  );
  const conda = `name: a # b
channels: # where from
  - conda-forge
  - "defaults"
dependencies:
  - python=3.10.13
  - conda-forge::Num_Py=1.26=py310
  - pip:
    - xgboost == 2.1  # pinned
    - -e .
  - r-base
`;
  assert.deepEqual(
    [...condaEnvironmentOf(conda)],
    [
      ['python', '3.10.13'],
      ['conda: conda-forge::num-py', '=1.26=py310'],
      ['xgboost', '== 2.1'],
      ['conda: r-base', ''],
      ['conda channels', 'conda-forge, defaults'],
    ],
  );
});

it('reads files that were made to keep it busy as quickly as others', () => {
  const size = 300_000;
  const bomb = `dependencies: &a [x,x]\n${'b: &b [*a,*a,*a]\n'.repeat(50_000)}`;
  const pieces = [
    '{',
    '[',
    '- ',
    '? ',
    'a: ',
    '- pip:\n',
    '  - a\n',
    '&a ',
    '*a\n',
    '"',
    ' ',
    '\n',
    '\t',
    'a ',
    '#',
    'x;',
    '\u0000',
  ];
  const hostile = [
    bomb,
    ...pieces.map((piece) => `dependencies:\n- ${piece.repeat(size / piece.length)}x`),
    ...pieces.map((piece) => piece.repeat(size / piece.length)),
  ];
  for (const text of hostile) {
    for (const read of [packagesOf, pythonEnvironmentOf, condaEnvironmentOf]) {
      const begun = process.cpuUsage();
      assert.ok(read(text).size <= 5_001);
      const { user } = process.cpuUsage(begun);
      assert.ok(user < 2_000_000, `${user} µs for ${text.slice(0, 30)}`);
    }
  }
});

it('reads of facets what is text, whatever else they hold', () => {
  const job = new Map<string, unknown>([
    ['sourceCodeLocation', { repoUrl: 7, version: 'abc', __proto__: null }],
    ['sourceCode', { language: ['PYTHON'], sourceCode: 'x = 1\n'.repeat(1_000) }],
    ['sql', null],
    ['myContainer', { image: 'registry/train:3', imageDigest: 'sha256:12' }],
  ]);
  const code = new Map(codeIn({ run: new Map([['cairn_training', [1]]]), job }));
  assert.match(code.get('source code')!, /^1001 lines, sha256 [0-9a-f]{16}$/);
  assert.deepEqual(
    [...code].filter(([name]) => name !== 'source code'),
    [
      ['commit', 'abc'],
      ['image', 'registry/train:3'],
      ['image digest', 'sha256:12'],
    ],
  );
});

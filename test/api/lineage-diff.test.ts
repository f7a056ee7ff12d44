/** What differs between two versions of a model: data at any distance, code, parameters, packages; over the API and by the command. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { packagesOf, pythonOf } from '../../src/domain/lineage/packages.ts';
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
  async function version(inputs: object[], { lr, commit, packages }: Record<string, string>) {
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
    for (const [name, text] of [
      ['requirements.txt', packages],
      ['python_env.yaml', 'python: 3.12.4\nbuild_dependencies:\n'],
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
        ...{ lr: '0.1', commit: 'aaa', packages: 'mlflow==3.17.0\nscikit_learn==1.5.0  # pinned\n' },
      },
    );
    await version(
      [input('orders', 'o2', 'training'), input('people', 'p1', 'training'), input('exam', 'e1', 'test')],
      {
        ...{
          lr: '0.2',
          commit: 'bbb',
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
      { name: 'scikit-learn', from: '==1.5.0', to: '==1.6.1' },
      { name: 'xgboost', from: null, to: '' },
    ]);
    assert.deepEqual(body.same, { data: 1, code: 1, params: 1, environment: 2 });
    assert.match(body.files.to, /^mlflow-artifacts:.*\/requirements\.txt$/);
    assert.equal(body.complete, false, 'nobody knows what made the orders');
    const own = (await served().call('GET', '/api/v1/lineage/diff?from=churn@2&to=churn@latest')).body;
    assert.deepEqual([own.data, own.code, own.params, own.environment], [[], [], [], []]);
  });

  it('tells it by the command, and refuses what is not there', async () => {
    const env = { CAIRN_URL: served().url };
    const { code, out, err } = await typed('diff models:/churn/1 models:/churn/2', { env });
    assert.equal(code, 0, err);
    assert.match(out, / {2}orders: changed\n {4}- orders@o1\n(.*\n)+ {4}\+ orders@o2\n/);
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
  assert.equal(pythonOf("name: x\npython: '3.11'\n"), '3.11');
});

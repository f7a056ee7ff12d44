import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadingCode, mlmodelOf } from './mlmodel.ts';

const file = {
  flavors: {
    python_function: { env: { conda: 'conda.yaml' }, loader_module: 'mlflow.sklearn', code: null },
    sklearn: { sklearn_version: '1.7.2', pickled_model: 'model.pkl' },
  },
  model_id: 'm-1',
  mlflow_version: '3.17.0',
  model_size_bytes: 1234,
  saved_input_example_info: {
    artifact_path: 'input_example.json',
    serving_input_path: 'serving_input_example.json',
  },
  signature: {
    inputs:
      '[{"type": "double", "name": "alcohol", "required": true}, {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}, "name": "rows", "required": false}]',
    outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1, 10]}}]',
    params: '[{"name": "t", "type": "double", "default": 0.5, "shape": null}]',
  },
};

test('an MLmodel file, made ready', () => {
  const model = mlmodelOf(file);
  assert.deepEqual(model.inputs, [
    { name: 'alcohol', type: 'double', shape: '', required: true },
    { name: 'rows', type: 'array<{a: string}>', shape: '', required: false },
  ]);
  assert.deepEqual(model.outputs, [{ name: '-', type: 'tensor int64', shape: '(-1, 10)' }]);
  assert.deepEqual(model.params, [{ name: 't', type: 'double', shape: '', fallback: '0.5' }]);
  assert.deepEqual(model.flavours, [
    [
      'python_function',
      [
        ['env', '{"conda":"conda.yaml"}'],
        ['loader_module', 'mlflow.sklearn'],
      ],
    ],
    [
      'sklearn',
      [
        ['sklearn_version', '1.7.2'],
        ['pickled_model', 'model.pkl'],
      ],
    ],
  ]);
  assert.deepEqual(model.exampleFiles, ['serving_input_example.json', 'input_example.json']);
  assert.deepEqual([model.modelId, model.bytes, model.mlflowVersion], ['m-1', 1234, '3.17.0']);
  assert.equal(
    loadingCode(model, 'models:/m-1', 'http://x:5000'),
    'import mlflow\nmlflow.set_tracking_uri("http://x:5000")\nmodel = mlflow.pyfunc.load_model("models:/m-1")\n# or the native object: model = mlflow.sklearn.load_model("models:/m-1")',
  );
});

test('what is missing or odd is left out', () => {
  const model = mlmodelOf({ flavors: { own: 'text' }, signature: { inputs: 'no json', outputs: null } });
  assert.deepEqual([model.inputs, model.outputs, model.params], [undefined, undefined, undefined]);
  assert.deepEqual(model.flavours, [['own', []]]);
  for (const other of [undefined, null, 'x', 3, [], { a: 1 }])
    assert.throws(() => mlmodelOf(other), /no MLmodel/);
});

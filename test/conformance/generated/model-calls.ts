/** One random call about logged models. */
import { type Call, get, post, v2 } from '../call.ts';
import type { Random } from './random.ts';
import { experimentOf, runOf, type Scene } from './run-calls.ts';
import { keyOf, textOf } from './values.ts';

export const modelOf = ({ random, models }: Scene): string =>
  models.length === 0 || random.chance(0.04)
    ? random.pick(['m-none', `m-${'0'.repeat(32)}`])
    : random.pick(models);

/** Of different keys; one given twice is a row of its own. */
const pairsOf = ({ random }: Scene, most: number) => {
  const pairs = random.many(random.below(most + 1), () => ({
    key: modelKeyOf(random),
    value: textOf(random),
  }));
  return pairs.filter((pair, index) => pairs.findIndex(({ key }) => key === pair.key) === index);
};

const modelKeyOf = (random: Random) => {
  const key = keyOf(random);
  return key === '' ? 'loss' : key;
};

const nameOf = (random: Random) =>
  random.weighted([
    [40, random.pick(['oak', 'elm', 'Oak', 'a b', '日本'])],
    [4, random.pick(['a/b', 'a:b', 'a.b', 'a%b'])],
  ]);

export function createModel(scene: Scene): Call {
  const { random } = scene;
  return post('logged-models', {
    experiment_id: experimentOf(scene),
    name: nameOf(random),
    ...(random.chance(0.5) ? { model_type: random.pick(['tree', 'Tree', 'x']) } : {}),
    ...(random.chance(0.5) && scene.runs.length > 0 ? { source_run_id: runOf(scene) } : {}),
    ...(random.chance(0.5) ? { params: pairsOf(scene, 3) } : {}),
    ...(random.chance(0.4) ? { tags: pairsOf(scene, 2) } : {}),
  });
}

const change = (method: string, model: string, path: string, body: object): Call => ({
  method,
  path: v2(`logged-models/${model}${path}`),
  body: JSON.stringify({ model_id: model, ...body }),
});

export const modelCalls: readonly (readonly [number, (scene: Scene) => Call])[] = [
  [6, createModel],
  [4, (scene) => get(`logged-models/${modelOf(scene)}`)],
  [
    3,
    (scene) =>
      change('PATCH', modelOf(scene), '', {
        status: scene.random.pick([
          'LOGGED_MODEL_READY',
          'LOGGED_MODEL_UPLOAD_FAILED',
          'LOGGED_MODEL_PENDING',
          2,
        ]),
      }),
  ],
  [3, (scene) => change('POST', modelOf(scene), '/params', { params: pairsOf(scene, 2) })],
  [3, (scene) => change('PATCH', modelOf(scene), '/tags', { tags: pairsOf(scene, 3) })],
  [
    2,
    (scene) => {
      const key = scene.random.pick(['loss', 'acc', 'lr', 'a b', 'é', 'c:d']);
      return change('DELETE', modelOf(scene), `/tags/${encodeURIComponent(key)}`, {});
    },
  ],
  [2, (scene) => change('DELETE', modelOf(scene), '', {})],
  [6, searchModels],
  [
    3,
    (scene) =>
      post('runs/outputs', {
        run_id: runOf(scene),
        models: scene.random.many(1 + scene.random.below(2), () => ({
          model_id: modelOf(scene),
          step: scene.random.below(4),
        })),
      }),
  ],
  [2, (scene) => post('runs/log-inputs', { run_id: runOf(scene), models: [{ model_id: modelOf(scene) }] })],
];

const clauses = [
  "name = 'oak'",
  "name != 'oak'",
  "name LIKE 'o%'",
  "name ILIKE 'O%'",
  "model_type = 'tree'",
  "name IN ('oak', 'elm')",
  "params.loss = 'a'",
  "params.acc != 'a'",
  "params.loss LIKE '%b'",
  "tags.loss = 'a'",
  'metrics.loss > 0.5',
  'metrics.acc <= 1',
  'creation_timestamp > 1',
];
const wrongClauses = ["name > 'a'", "bogus.x = 'a'", "bogus = 'a'", "metrics.loss > 'x'", 'name ='];
/** Models are measured on rows d1 and d2 (run-calls.ts); of others nothing is known. */
const datasets: readonly object[] = [
  { dataset_name: 'rows', dataset_digest: 'd1' },
  { dataset_name: 'rows', dataset_digest: 'd2' },
  { dataset_name: 'rows' },
  { dataset_name: 'columns', dataset_digest: 'd1' },
];
const orders = ['name', 'creation_timestamp', 'metrics.loss', 'metrics.acc', 'model_type'];

function searchModels(scene: Scene): Call {
  const { random, experiments } = scene;
  const fault = random.weighted([
    [88, 'none'],
    [8, 'filter'],
    [4, 'order'],
  ]);
  const parts = random.many(1 + random.below(2), () => random.pick(clauses));
  if (fault === 'filter') parts[0] = random.pick(wrongClauses);
  const field = fault === 'order' ? 'bogus' : random.pick(orders);
  const on = field.startsWith('metrics.') && random.chance(0.5) ? random.pick(datasets.slice(0, 2)) : {};
  const order = { field_name: field, ...on };
  return post('logged-models/search', {
    experiment_ids: random.chance(0.9) ? experiments : [experimentOf(scene)],
    ...(fault === 'filter' || random.chance(0.6) ? { filter: parts.join(' AND ') } : {}),
    ...(fault === 'order' || random.chance(0.5)
      ? { order_by: [{ ...order, ...(random.chance(0.5) ? { ascending: random.chance(0.5) } : {}) }] }
      : {}),
    ...(random.chance(0.35)
      ? { datasets: random.many(1 + random.below(2), () => random.pick(datasets)) }
      : {}),
    ...(random.chance(0.3) ? { max_results: random.pick([1, 2, 50]) } : {}),
  });
}

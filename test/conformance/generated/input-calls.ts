/** One random call about the datasets that runs read. */
import { ajax, type Call, post } from '../call.ts';
import { experimentOf, runOf, type Scene, wrongly } from './run-calls.ts';

const datasetOf = ({ random }: Scene): object => ({
  name: random.pick(['rows', 'Rows', 'a b', '日本']),
  digest: random.pick(['d1', 'd2', 'd3']),
  source_type: random.pick(['local', 'code']),
  source: random.pick(['{"uri": "/a.csv"}', '{}', 'plain']),
  ...(random.chance(0.6) ? { schema: random.pick(['{"s": 1}', '']) } : {}),
  ...(random.chance(0.4) ? { profile: '{"rows": 5}' } : {}),
});

const tagsOf = ({ random }: Scene): object[] => [
  ...(random.chance(0.6)
    ? [{ key: 'mlflow.data.context', value: random.pick(['training', 'test', 'é']) }]
    : []),
  ...(random.chance(0.3) ? [{ key: 'own', value: random.pick(['', 'x']) }] : []),
];

export const inputCalls: readonly (readonly [number, (scene: Scene) => Call])[] = [
  [
    8,
    (scene) =>
      wrongly(scene, 'runs/log-inputs', {
        run_id: runOf(scene),
        datasets: scene.random.many(1 + scene.random.below(3), () => ({
          dataset: datasetOf(scene),
          ...(scene.random.chance(0.7) ? { tags: tagsOf(scene) } : {}),
        })),
      }),
  ],
  [
    3,
    ({ random, experiments, ...rest }) => ({
      method: 'POST',
      path: ajax('experiments/search-datasets'),
      body: JSON.stringify({
        experiment_ids: random.chance(0.85) ? experiments : [experimentOf({ random, experiments, ...rest })],
      }),
    }),
  ],
  [
    3,
    (scene) =>
      post('runs/search', {
        experiment_ids: scene.experiments,
        filter: scene.random.pick([
          "dataset.name = 'rows'",
          "dataset.name ILIKE 'ROWS'",
          "dataset.digest LIKE 'd%'",
          "dataset.context = 'training'",
          "datasets.name != 'rows'",
          "dataset.name = 'rows' AND dataset.context = 'test'",
        ]),
      }),
  ],
  [
    1,
    (scene) =>
      post('runs/log-model', {
        run_id: runOf(scene),
        model_json: JSON.stringify({
          artifact_path: scene.random.pick(['m', 'é']),
          flavors: { sk: { v: 1.5 } },
          run_id: runOf(scene),
          utc_time_created: '2026',
        }),
      }),
  ],
];

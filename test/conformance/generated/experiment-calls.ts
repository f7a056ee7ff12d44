/** One random call about experiments. */
import { type Call, get, post } from '../call.ts';
import type { Random } from './random.ts';
import { experimentOf, type Scene, wrongly } from './run-calls.ts';
import { keyOf, textOf } from './values.ts';

/** Names are unique to the story, few enough that they collide within it. */
const nameOf = (random: Random) => `{{unique}}-${random.pick(['a', 'b', 'C', 'd d', 'é', '%', '_'])}`;
const mine = "name LIKE '{{unique}}%'";

/** Places that both servers serve; those of clients' own are hand-picked, for the real server goes and looks there. */
const locations = ['mlflow-artifacts:/own/{{unique}}', 'mlflow-artifacts:/own/{{unique}}/', '', 'runs:/x'];

export function createExperiment(scene: Scene): Call {
  const { random } = scene;
  return wrongly(scene, 'experiments/create', {
    name: nameOf(random),
    ...(random.chance(0.3)
      ? {
          tags: [
            { key: keyOf(random), value: textOf(random) },
            ...(random.chance(0.3) ? [{ key: 'own', value: 'x' }] : []),
          ],
        }
      : {}),
    ...(random.chance(0.15) ? { artifact_location: random.pick(locations) } : {}),
  });
}

export const experimentCalls: readonly (readonly [number, (scene: Scene) => Call])[] = [
  [4, createExperiment],
  [4, (scene) => get('experiments/get', { experiment_id: experimentOf(scene) })],
  [3, (scene) => get('experiments/get-by-name', { experiment_name: nameOf(scene.random) })],
  [
    4,
    (scene) =>
      wrongly(scene, 'experiments/update', {
        experiment_id: experimentOf(scene),
        new_name: nameOf(scene.random),
      }),
  ],
  [3, (scene) => wrongly(scene, 'experiments/delete', { experiment_id: experimentOf(scene) })],
  [3, (scene) => wrongly(scene, 'experiments/restore', { experiment_id: experimentOf(scene) })],
  [
    4,
    (scene) =>
      wrongly(scene, 'experiments/set-experiment-tag', {
        experiment_id: experimentOf(scene),
        key: keyOf(scene.random),
        value: textOf(scene.random),
      }),
  ],
  [
    3,
    (scene) =>
      wrongly(scene, 'experiments/delete-experiment-tag', {
        experiment_id: experimentOf(scene),
        key: keyOf(scene.random),
      }),
  ],
  [7, searchExperiments],
];

const clauses = [
  "name = '{{unique}}-a'",
  "name != '{{unique}}-a'",
  "name ILIKE '%-c'",
  "name LIKE '%-_'",
  "attribute.name LIKE '%d%'",
  "tags.loss = 'a'",
  "tags.loss != 'a'",
  "tags.own LIKE '%'",
  "tag.`a b` ILIKE 'A%'",
  'tags.own IS NULL',
  'tags.own IS NOT NULL',
  'creation_time > 0',
  'last_update_time < 1',
];
const wrongClauses = ["name > 'a'", 'name = 5', "bogus.x = 'a'", "creation_time > 'a'"];
const orders = ['name', 'name DESC', 'creation_time', 'creation_time ASC', 'experiment_id'];

/** As with runs, at most one thing of it is wrong. */
function searchExperiments(scene: Scene): Call {
  const { random } = scene;
  const fault = random.weighted([
    [85, 'none'],
    [10, 'filter'],
    [5, 'order'],
  ]);
  const clause = random.pick(fault === 'filter' ? wrongClauses : clauses);
  const body = {
    max_results: random.pick([1, 2, 10, 50, 50]),
    filter: fault === 'filter' || random.chance(0.7) ? `${clause} AND ${mine}` : mine,
    ...(fault === 'order' || random.chance(0.6)
      ? { order_by: [fault === 'order' ? 'bogus' : random.pick(orders)] }
      : {}),
    ...(random.chance(0.4) ? { view_type: random.pick(['ALL', 'DELETED_ONLY', 'ACTIVE_ONLY']) } : {}),
  };
  return random.chance(0.25) ? get('experiments/search', body) : post('experiments/search', body);
}

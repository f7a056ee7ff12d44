/** One random call about runs and their metrics; most are valid. */
import { type Call, get, post, type Query } from '../call.ts';
import { filterOf, ordersOf } from './filters.ts';
import type { Random } from './random.ts';
import { keyOf, numberOf, stepOf, textOf, timeOf, wrongTypeOf } from './values.ts';

/** What the call is made for: the symbols at hand and a number that grows with every call of the story. */
export interface Scene {
  readonly random: Random;
  readonly experiments: readonly string[];
  readonly runs: readonly string[];
  readonly models: readonly string[];
  readonly turn: number;
}

type Body = Record<string, unknown>;

export const runOf = ({ random, runs }: Scene): string =>
  runs.length === 0 || random.chance(0.03)
    ? random.pick(['0'.repeat(32), 'none', 'bad!'])
    : random.pick(runs);

export const experimentOf = ({ random, experiments }: Scene): string =>
  experiments.length === 0 || random.chance(0.03) ? random.pick(['99999', 'abc']) : random.pick(experiments);

const tagsOf = ({ random }: Scene, most: number) => {
  const tags = random.many(random.below(most + 1), () => ({ key: keyOf(random), value: textOf(random) }));
  return tags.filter((tag, index) => tags.findIndex(({ key }) => key === tag.key) === index);
};

const pointOf = ({ random, models }: Scene): Body => {
  const value = numberOf(random);
  return {
    key: keyOf(random),
    value,
    // NaN has its own times: which of two points of one step comes first, or is the latest, is a row of its own.
    timestamp: value === 'NaN' ? 50 + random.below(3) : timeOf(random),
    ...(random.chance(0.85) ? { step: stepOf(random) } : {}),
    ...(models.length > 0 && random.chance(0.4) ? measuredOf(random, models) : {}),
  };
};

/** What the point measures beside the run. */
const measuredOf = (random: Random, models: readonly string[]): Body => ({
  model_id: random.pick(models),
  ...(random.chance(0.4) ? { dataset_name: 'rows', dataset_digest: random.pick(['d1', 'd2']) } : {}),
});

export function createRun(scene: Scene): Call {
  const { random, turn } = scene;
  // Every run of a story starts at another time, so that no order falls back on the invented run ids.
  const start = 1000 + turn;
  return wrongly(scene, 'runs/create', {
    experiment_id: experimentOf(scene),
    start_time: random.chance(0.9) ? start : String(start),
    run_name: random.pick(['a', 'b', 'ab', `run ${turn}`, '日本']),
    ...(random.chance(0.6) ? { user_id: random.pick(['ann', 'bob', 'A', '']) } : {}),
    ...(random.chance(0.5) ? { tags: tagsOf(scene, 3) } : {}),
  });
}

export const runCalls: readonly (readonly [number, (scene: Scene) => Call])[] = [
  [6, createRun],
  [10, (scene) => wrongly(scene, 'runs/log-metric', { run_id: runOf(scene), ...pointOf(scene) })],
  [
    8,
    (scene) =>
      wrongly(scene, 'runs/log-parameter', {
        run_id: runOf(scene),
        key: keyOf(scene.random),
        value: textOf(scene.random),
      }),
  ],
  [14, logBatch],
  [
    6,
    (scene) =>
      wrongly(scene, 'runs/set-tag', {
        run_id: runOf(scene),
        key: tagKeyOf(scene.random),
        value: textOf(scene.random),
      }),
  ],
  [4, (scene) => wrongly(scene, 'runs/delete-tag', { run_id: runOf(scene), key: tagKeyOf(scene.random) })],
  [6, updateRun],
  [3, (scene) => wrongly(scene, 'runs/delete', { run_id: runOf(scene) })],
  [3, (scene) => wrongly(scene, 'runs/restore', { run_id: runOf(scene) })],
  [8, (scene) => get('runs/get', { [scene.random.pick(['run_id', 'run_id', 'run_uuid'])]: runOf(scene) })],
  [16, searchRuns],
  [8, history],
  [
    4,
    (scene) =>
      get('/ajax-api/2.0/mlflow/metrics/get-history-bulk', {
        run_id: someRuns(scene),
        metric_key: keyOf(scene.random),
      }),
  ],
  [4, historyInterval],
];

const tagKeyOf = (random: Random) =>
  random.chance(0.15) ? random.pick(['mlflow.runName', 'mlflow.user']) : keyOf(random);

function logBatch(scene: Scene): Call {
  const { random } = scene;
  return wrongly(scene, 'runs/log-batch', {
    run_id: runOf(scene),
    ...(random.chance(0.7) ? { metrics: random.many(random.below(6), () => pointOf(scene)) } : {}),
    ...(random.chance(0.4)
      ? { params: random.many(random.below(4), () => ({ key: keyOf(random), value: textOf(random) })) }
      : {}),
    ...(random.chance(0.4)
      ? { tags: random.many(random.below(4), () => ({ key: keyOf(random), value: textOf(random) })) }
      : {}),
  });
}

function updateRun(scene: Scene): Call {
  const { random } = scene;
  return wrongly(scene, 'runs/update', {
    run_id: runOf(scene),
    ...(random.chance(0.7)
      ? { status: random.pick(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED', 3]) }
      : {}),
    ...(random.chance(0.5) ? { end_time: random.pick([0, 2000, 2001, '2002']) } : {}),
    ...(random.chance(0.3) ? { run_name: random.pick(['new', 'a', '', 'é']) } : {}),
  });
}

function searchRuns(scene: Scene): Call {
  const { random, experiments, runs } = scene;
  // At most one thing is wrong: which of two faults is told first is of no interest.
  const fault = random.weighted([
    [84, 'none'],
    [8, 'filter'],
    [5, 'order'],
    [3, 'limit'],
  ]);
  const body = {
    experiment_ids:
      fault !== 'none' || random.chance(0.8)
        ? experiments
        : random.pick([[experimentOf(scene)], [], ['99999']]),
    ...(random.chance(0.7) || fault === 'filter'
      ? { filter: filterOf(random, runs, fault === 'filter') }
      : {}),
    ...(random.chance(0.6) || fault === 'order' ? { order_by: ordersOf(random, fault === 'order') } : {}),
    ...(random.chance(0.3) ? { run_view_type: random.pick(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL', 3]) } : {}),
    ...(random.chance(0.4) ? { max_results: random.pick([1, 1, 2, 3, '2', 1000]) } : {}),
    ...(fault === 'limit' ? { max_results: random.pick([0, -1, 50_001]) } : {}),
  };
  return fault === 'none' ? wrongly(scene, 'runs/search', body) : post('runs/search', body);
}

function history(scene: Scene): Call {
  const { random } = scene;
  const query: Query = { run_id: runOf(scene), metric_key: keyOf(random) };
  return get(
    'metrics/get-history',
    random.chance(0.5) ? { ...query, max_results: random.pick([1, 2, 3, 100, 0]) } : query,
  );
}

function historyInterval(scene: Scene): Call {
  const { random } = scene;
  const start = random.below(4) - 1;
  return get('metrics/get-history-bulk-interval', {
    run_ids: someRuns(scene),
    metric_key: keyOf(random),
    ...(random.chance(0.5)
      ? { start_step: start, end_step: start + random.below(4) - (random.chance(0.1) ? 3 : 0) }
      : {}),
    ...(random.chance(0.5) ? { max_results: random.pick([1, 2, 3, 2500, 2501]) } : {}),
  });
}

const someRuns = (scene: Scene) => scene.random.many(1 + scene.random.below(2), () => runOf(scene));

/** A call that now and then lacks a field, carries one of a wrong type, or one that nobody knows. */
export function wrongly(scene: Scene, route: string, body: Body): Call {
  const { random } = scene;
  const fields = Object.keys(body);
  // A run keeps its name and its time: each server would invent its own.
  const field = random.pick(
    fields.filter((name) => route !== 'runs/create' || !/^(run_name|start_time)$/.test(name)),
  );
  return random.weighted<() => Call>([
    [86, () => post(route, body)],
    [4, () => post(route, { ...body, [field]: undefined })],
    [2, () => post(route, { ...body, [field]: null })],
    [3, () => post(route, { ...body, unknown_field: { deep: [null, 1] } })],
    [2, () => ({ ...post(route, body), path: `/ajax-api/2.0/mlflow/${route}` })],
    [1, () => post(route, Object.fromEntries(fields.map((name) => [camelCase(name), body[name]])))],
    [4, () => post(route, { ...body, [field]: wrongTypeOf(random) })],
  ])();
}

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

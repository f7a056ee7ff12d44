/** A short story about the registry that follows from its seed: two models, versions of them, anything, and what came of it. */
import { type Call, get, post } from '../call.ts';
import type { Story } from '../player.ts';
import { Random } from './random.ts';
import { registryCalls } from './registry-calls.ts';

export function registryStory(seed: number): Story {
  const random = new Random(seed);
  const length = 8 + random.below(10);
  const first: readonly Call[] = [
    post('experiments/create', { name: '{{unique}}' }),
    post('runs/create', { experiment_id: '{{experiment.1}}', run_name: 'first', start_time: 1000 }),
    post('registered-models/create', { name: '{{unique}} ash' }),
    post('model-versions/create', { name: '{{unique}} ash', source: 's3://bucket/model' }),
  ];
  const last: readonly Call[] = [
    get('registered-models/search', { filter: "name LIKE '{{unique}}%'" }),
    get('model-versions/search', { filter: "name LIKE '{{unique}}%'", order_by: 'version_number' }),
  ];
  let turn = 0;
  return {
    name: `registry/${seed}`,
    next({ experiments, runs, models }) {
      const at = turn++;
      if (at < first.length) return first[at];
      if (at >= first.length + length) return last[at - first.length - length];
      return random.weighted(registryCalls)({ random, experiments, runs, models, turn: at });
    },
  };
}

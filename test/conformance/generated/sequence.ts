/** A short story that follows from its seed: make an experiment and a run, do anything, read back what came of it. */
import { type Call, post, routeOf } from '../call.ts';
import type { Story, World } from '../player.ts';
import { artifactCalls } from './artifact-calls.ts';
import { createExperiment, experimentCalls } from './experiment-calls.ts';
import { inputCalls } from './input-calls.ts';
import { createModel, modelCalls } from './model-calls.ts';
import { Random } from './random.ts';
import { createRun, runCalls, type Scene } from './run-calls.ts';

export function generatedStory(seed: number): Story {
  const random = new Random(seed);
  const length = 4 + random.below(9);
  let turn = 0;
  let paged: Call | undefined;
  let tokens = 0;
  return {
    name: `generated/${seed}`,
    next(world) {
      if (turn >= length) return undefined;
      const { experiments, runs, models } = world;
      const scene: Scene = { random, experiments, runs, models, turn };
      const isLast = ++turn === length;
      const following =
        paged === undefined || world.tokens.length === tokens ? undefined : nextPage(paged, world);
      tokens = world.tokens.length;
      const call = isLast
        ? readBack(world, random)
        : following !== undefined && random.chance(0.7)
          ? following
          : choose(scene);
      paged = call;
      return call;
    },
  };
}

function choose(scene: Scene): Call {
  if (scene.experiments.length === 0) return createExperiment(scene);
  if (scene.runs.length === 0 && scene.random.chance(0.8)) return createRun(scene);
  const rows = scene.random.weighted([
    [48, runCalls],
    [20, experimentCalls],
    [14, scene.models.length === 0 ? ([[1, createModel]] as const) : modelCalls],
    [6, inputCalls],
    [14, artifactCalls],
  ]);
  return scene.random.weighted(rows)(scene);
}

/** The same call with the token that its last answer gave. */
function nextPage(call: Call, world: World): Call | undefined {
  const token = world.tokens.at(-1);
  if (token === undefined) return undefined;
  if (call.method === 'GET') return { ...call, path: `${call.path}&page_token=${token}` };
  if (!routeOf(call).endsWith('/search') || call.body === undefined) return undefined;
  return { ...call, body: call.body.replace(/\}$/, `,"page_token":"${token}"}`) };
}

/** The runs, and every second time the models of a story that made some. */
const readBack = (world: World, random: Random): Call =>
  world.models.length > 0 && random.chance(0.5)
    ? post('logged-models/search', { experiment_ids: world.experiments })
    : post('runs/search', {
        experiment_ids: world.experiments,
        run_view_type: 'ALL',
        order_by: ['start_time ASC'],
      });

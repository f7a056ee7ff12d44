/** One random call about the registry: two names for a story, versions with small numbers, a few aliases and tags. */
import { type Call, get, post, v2 } from '../call.ts';
import type { Scene } from './run-calls.ts';

const nameOf = ({ random }: Scene): string =>
  random.weighted([
    [60, '{{unique}} ash'],
    [30, '{{unique}} Elm'],
    [4, '{{unique}} none'],
    [3, random.pick(['a/b', 'a:b', '..', ' '])],
  ]);
const numberOf = ({ random }: Scene): string =>
  random.weighted([
    [90, random.pick(['1', '1', '2', '3'])],
    [6, random.pick(['x', '1.5', '-1', '99'])],
  ]);
const aliasOf = ({ random }: Scene): string =>
  random.weighted([
    [80, random.pick(['champion', 'Next'])],
    [8, random.pick(['latest', 'v1', 'a b', 'none'])],
  ]);
const tagOf = ({ random }: Scene) => ({
  key: random.weighted([
    [60, random.pick(['t', 'a b', 'é'])],
    [4, random.pick(['a$', '../k', 'a//b'])],
  ]),
  value: random.pick(['', 'x', 'X', 'größer']),
});
const send = (method: string, route: string, body: object): Call => ({
  method,
  path: v2(route),
  body: JSON.stringify(body),
});

const createRegistered = (scene: Scene): Call =>
  post('registered-models/create', {
    name: nameOf(scene),
    ...(scene.random.chance(0.4) ? { tags: [tagOf(scene)] } : {}),
    ...(scene.random.chance(0.3) ? { description: scene.random.pick(['', 'größer']) } : {}),
  });

function createVersion(scene: Scene): Call {
  const { random, runs } = scene;
  const run = runs.length > 0 && random.chance(0.5) ? random.pick(runs) : undefined;
  return post('model-versions/create', {
    name: nameOf(scene),
    source: random.weighted([
      [60, 's3://bucket/model'],
      [20, run === undefined ? 'gs://bucket/other' : `runs:/${run}/model`],
      [8, random.pick(['/etc', 'file:///etc', 'models:/m-none', 's3://b/../c'])],
    ]),
    ...(run !== undefined ? { run_id: run } : {}),
    ...(random.chance(0.3) ? { tags: [tagOf(scene)] } : {}),
    ...(random.chance(0.3) ? { description: 'text' } : {}),
  });
}

const mine = "name LIKE '{{unique}}%'";
const modelFilters = [
  mine,
  "name = '{{unique}} ash'",
  "name ILIKE '{{unique}} e%'",
  `${mine} AND tags.t = 'x'`,
];
const versionFilters = [
  mine,
  "name = '{{unique}} ash'",
  `${mine} AND version_number > 1`,
  `${mine} AND source_path LIKE 'gs%'`,
  `${mine} AND tags.t != 'x'`,
];

export const registryCalls: readonly (readonly [number, (scene: Scene) => Call])[] = [
  [8, createRegistered],
  [12, createVersion],
  [4, (scene) => get('registered-models/get', { name: nameOf(scene) })],
  [4, (scene) => get('model-versions/get', { name: nameOf(scene), version: numberOf(scene) })],
  [2, (scene) => get('model-versions/get-download-uri', { name: nameOf(scene), version: numberOf(scene) })],
  [
    5,
    (scene) =>
      post('registered-models/alias', {
        name: nameOf(scene),
        alias: aliasOf(scene),
        version: numberOf(scene),
      }),
  ],
  [3, (scene) => get('registered-models/alias', { name: nameOf(scene), alias: aliasOf(scene) })],
  [2, (scene) => send('DELETE', 'registered-models/alias', { name: nameOf(scene), alias: aliasOf(scene) })],
  [
    5,
    (scene) =>
      post('model-versions/transition-stage', {
        name: nameOf(scene),
        version: numberOf(scene),
        stage: scene.random.pick(['Staging', 'production', 'Production', 'Archived']),
        ...(scene.random.chance(0.3) ? { archive_existing_versions: false } : {}),
      }),
  ],
  [3, (scene) => post('registered-models/get-latest-versions', { name: nameOf(scene) })],
  [2, (scene) => post('registered-models/set-tag', { name: nameOf(scene), ...tagOf(scene) })],
  [
    2,
    (scene) =>
      post('model-versions/set-tag', { name: nameOf(scene), version: numberOf(scene), ...tagOf(scene) }),
  ],
  [
    1,
    (scene) => send('DELETE', 'registered-models/delete-tag', { name: nameOf(scene), key: tagOf(scene).key }),
  ],
  [
    2,
    (scene) =>
      send('PATCH', 'model-versions/update', {
        name: nameOf(scene),
        version: numberOf(scene),
        ...(scene.random.chance(0.7) ? { description: 'other' } : {}),
      }),
  ],
  [2, (scene) => send('DELETE', 'model-versions/delete', { name: nameOf(scene), version: numberOf(scene) })],
  [1, (scene) => send('DELETE', 'registered-models/delete', { name: nameOf(scene) })],
  [
    3,
    ({ random }) =>
      get('registered-models/search', {
        filter: random.pick(modelFilters),
        ...(random.chance(0.5) ? { order_by: random.pick(['name', 'name DESC']) } : {}),
        ...(random.chance(0.3) ? { max_results: random.pick([1, 2]) } : {}),
      }),
  ],
  [
    3,
    ({ random }) =>
      get('model-versions/search', {
        filter: random.pick(versionFilters),
        order_by: random.pick(['name', 'version_number', 'version_number DESC']),
        ...(random.chance(0.3) ? { max_results: random.pick([1, 2]) } : {}),
      }),
  ],
];

/** One random call about artifacts of a run, of a logged model, or of the tree they are all in. */
import { ajax, type Call, get } from '../call.ts';
import { modelOf } from './model-calls.ts';
import type { Random } from './random.ts';
import { runOf, type Scene } from './run-calls.ts';

const tree = '/api/2.0/mlflow-artifacts/artifacts';

/** Few, so that files and folders meet. */
const pathOf = (random: Random): string =>
  random.weighted([
    [
      40,
      random.pick(['a.txt', 'b.txt', 'dir/a.txt', 'dir/b.json', 'dir/sub/c.bin', 'ü 日本.txt', 'a b.csv']),
    ],
    [6, random.pick(['dir', 'dir/sub', 'a.txt/below', '100%', 'x+y&z', '.hidden'])],
    [3, random.pick(['../up', 'a//b', '/abs', 'a\\b', 'dir/../a.txt', 'x#y', 'c:d', '.'])],
  ]);

const folderOf = (random: Random): string | undefined =>
  random.pick([undefined, undefined, 'dir', 'dir/sub', 'none', 'a.txt', '../up']);

/** Where the artifacts of a run or a model of the first experiment begin. */
function rootOf(scene: Scene): string {
  const experiment = scene.experiments[0]!;
  return scene.models.length > 0 && scene.random.chance(0.35)
    ? `${experiment}/models/${modelOf(scene)}/artifacts`
    : `${experiment}/${runOf(scene)}/artifacts`;
}

const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');

function transfer(scene: Scene, method: string, body?: string): Call {
  const path = encoded(pathOf(scene.random));
  const base = scene.random.chance(0.1) ? tree.replace('/api/', '/ajax-api/') : tree;
  const url = scene.random.chance(0.95) ? `${rootOf(scene)}/${path}` : `beside/{{unique}}/${path}`;
  return { method, path: `${base}/${url}`, ...(body !== undefined && { body, contentType: null }) };
}

export const artifactCalls: readonly (readonly [number, (scene: Scene) => Call])[] = [
  [
    10,
    (scene) =>
      transfer(scene, 'PUT', scene.random.pick(['', 'one', '{"two": 2}', 'drei ü', 'x'.repeat(5000)])),
  ],
  [4, (scene) => transfer(scene, 'GET')],
  [3, (scene) => transfer(scene, 'DELETE')],
  [
    5,
    (scene) => {
      const path = folderOf(scene.random);
      return get('artifacts/list', { run_id: runOf(scene), ...(path !== undefined && { path }) });
    },
  ],
  [4, (scene) => get('/get-artifact', { run_id: runOf(scene), path: pathOf(scene.random) })],
  [
    2,
    (scene) => {
      const path = folderOf(scene.random);
      return get(tree, { path: path === undefined ? rootOf(scene) : `${rootOf(scene)}/${path}` });
    },
  ],
  [
    2,
    (scene) => {
      const path = folderOf(scene.random);
      return get(
        `logged-models/${modelOf(scene)}/artifacts/directories`,
        path === undefined ? {} : { artifact_directory_path: path },
      );
    },
  ],
  [
    2,
    (scene) =>
      get(ajax(`logged-models/${modelOf(scene)}/artifacts/files`), {
        artifact_file_path: pathOf(scene.random),
      }),
  ],
  [
    2,
    (scene) => ({
      method: 'POST',
      path: get(ajax('upload-artifact'), { run_uuid: runOf(scene), path: pathOf(scene.random) }).path,
      body: scene.random.pick(['small', 'é']),
      contentType: 'application/octet-stream',
    }),
  ],
];

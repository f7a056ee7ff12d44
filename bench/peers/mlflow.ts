import { execFileSync } from 'node:child_process';
import { pythonOf } from '../../test/conformance/python-env.ts';
import { mlflowIn } from '../../test/conformance/servers.ts';
import type { Peer } from './peer.ts';

/** `mlflow server` with one worker: with its four it is slower on SQLite, since they wait for each other's writes. */
export const mlflow: Peer = {
  name: 'mlflow server',
  features: ['artifacts', 'bulk-interval'],
  async version() {
    const code =
      'import platform; from importlib.metadata import version as v; print(v("mlflow"), platform.python_version())';
    const [own, python] = execFileSync(await pythonOf('server'), ['-c', code], {
      encoding: 'utf8',
    }).split(' ');
    return `mlflow ${own}, Python ${python!.trim()}`;
  },
  launchIn: mlflowIn,
};

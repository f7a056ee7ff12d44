import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/conformance/child-server.ts';
import { pythonWith } from '../../test/conformance/python-env.ts';
import type { Peer } from './peer.ts';

const requirements = fileURLToPath(new URL('../requirements/fasttrackml.txt', import.meta.url));

/** MLflow's tracking protocol in Go. It keeps no artifacts: clients need a store of their own. */
export const fastTrackMl: Peer = {
  name: 'FastTrackML',
  features: ['fast-fill'],
  async version() {
    const words = execFileSync(await binary(), ['--version'], { encoding: 'utf8' });
    return `FastTrackML ${/\d+\.\d+\.\d+/.exec(words)?.[0] ?? words.trim()}`;
  },
  async launchIn(folder) {
    const address = `127.0.0.1:${await freePort()}`;
    return {
      command: await binary(),
      // At its default level it writes a line for each request, as the other two do not.
      args: ['server', '-a', address, '--database-uri', 'sqlite://fasttrackml.db', '--log-level', 'warn'],
      cwd: folder,
      url: () => `http://${address}`,
      patienceMs: 60_000,
    };
  },
};

/** Its Python part would bring an MLflow of its own; only the binary is used. */
async function binary(): Promise<string> {
  return path.join(path.dirname(await pythonWith(requirements, ['--no-deps'])), 'fml');
}

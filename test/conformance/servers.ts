/** The two sides of the comparison: the real `mlflow server` and Cairn, each with a fresh store in a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ChildServer, freePort, type Launch, launch } from './child-server.ts';
import { missingPython, pythonOf } from './python-env.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The pinned `mlflow server` with its own defaults (security middleware, proxied artifacts) on SQLite. */
export function startMlflow(options: readonly string[] = []): Promise<ChildServer> {
  return inFolder('mlflow', async (folder) => launch(await mlflowIn(folder, options)));
}

/** Cairn as a user starts it; with CAIRN_TEST_URL set, the server that already runs there. */
export async function startCairn(env: NodeJS.ProcessEnv = {}): Promise<ChildServer> {
  const running = process.env.CAIRN_TEST_URL;
  if (running === 'mlflow') return startMlflow(); // real against real: what differs then is the harness
  if (running !== undefined) {
    return { url: running.replace(/\/$/, ''), pid: 0, output: () => '', stop: async () => {} };
  }
  return inFolder('cairn', (folder) => launch({ ...cairnIn(folder), env }));
}

/** One for the tests of a file; with the reason to skip them where there is no Python for its clients. */
export async function cairnOfFile() {
  const skip = (await missingPython()) ?? false;
  let cairn: ChildServer | undefined;
  before(async () => {
    if (!skip) cairn = await startCairn();
  });
  after(() => cairn?.stop());
  return { skip, url: () => cairn!.url };
}

export async function mlflowIn(folder: string, options: readonly string[] = []): Promise<Launch> {
  const port = await freePort();
  return {
    command: await pythonOf('server'),
    args: ['-m', 'mlflow', 'server', '--backend-store-uri', 'sqlite:///mlflow.db'].concat([
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
      ...options,
    ]),
    cwd: folder,
    // Its job workers are of no use here and double the time to start.
    env: {
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      // As Cairn with --allow-webhook-target: receivers of tests are on this machine. Once, and without a list that is kept.
      MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'https,http',
      MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
      MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES: '0',
      MLFLOW_WEBHOOK_CACHE_TTL: '0',
      PYTHONWARNINGS: 'ignore',
    },
    url: () => `http://127.0.0.1:${port}`,
    patienceMs: 300_000,
  };
}

export function cairnIn(folder: string): Launch {
  return {
    command: process.execPath,
    args: [path.join(root, 'bin', 'cairn.mjs'), 'serve', '--port', '0', '--data', folder],
    cwd: folder,
    url: (output) => /Cairn is at (http:\/\/\S+?)\/?\s/.exec(output)?.[1],
    patienceMs: 60_000,
    withChannel: true,
  };
}

/** Starts a server on a new temporary folder that goes away with it. */
async function inFolder(name: string, start: (folder: string) => Promise<ChildServer>): Promise<ChildServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `conformance-${name}-`));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const server = await start(folder);
    return { ...server, stop: () => server.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

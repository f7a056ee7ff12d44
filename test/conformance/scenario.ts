/** Runs a scenario script with the untouched client; the only setting is MLFLOW_TRACKING_URI. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonOf, type Requirements } from './python-env.ts';

const run = promisify(execFile);
const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'scenarios');

/** What the script reports in its last line; it fails by itself when it does not read back what it wrote. */
export async function runScenario(
  name: string,
  server: string,
  env: NodeJS.ProcessEnv = {},
  cwd: string = folder,
  client: Requirements = 'client',
): Promise<unknown> {
  const python = await pythonOf(client);
  try {
    const { stdout } = await run(python, [`${name}.py`], {
      cwd,
      env: { ...process.env, MLFLOW_TRACKING_URI: server, PYTHONDONTWRITEBYTECODE: '1', ...env },
      maxBuffer: 64 << 20,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(
      `scenario ${name} failed\n${(stderr || String(error)).slice(-4000)}\n${stdout.slice(-1000)}`,
      { cause: error },
    );
  }
}

/**
 * One Python environment per committed requirement file, made once and kept in `.envs/<hash of the file>`.
 *
 * Promises: an environment that stands in its folder is complete (it is built beside it and renamed at the end); two test
 * files that ask at once build it once. Leaves to the caller: what runs in it. A renamed environment keeps the old path in
 * its scripts, so everything runs as `python -m …`, never as `bin/mlflow`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const environments = path.join(here, '..', '..', '.envs');

/** The names of the files in `requirements/`. */
export type Requirements = 'client-3.17' | 'server-3.17';

/** No usable Python on this machine: the only reason for which a conformance test is skipped. */
export class PythonMissing extends Error {}

/** Absolute path of the Python of the environment that `requirements` pins; installs it on first use (about a minute). */
export function pythonOf(requirements: Requirements): Promise<string> {
  return pythonWith(path.join(here, 'requirements', `${requirements}.txt`));
}

/** The same for any file of requirements; `options` are pip's. */
export async function pythonWith(file: string, options: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(environments, hash);
  if (!existsSync(folder)) await withLock(`${folder}.lock`, () => build(file, folder, options));
  return pythonIn(folder);
}

/** Why the tests of this folder cannot run here, or undefined when they can. */
export async function missingPython(): Promise<string | undefined> {
  try {
    await findPython();
    return undefined;
  } catch (error) {
    if (error instanceof PythonMissing) return error.message;
    throw error;
  }
}

async function build(requirements: string, folder: string, options: readonly string[]): Promise<void> {
  if (existsSync(folder)) return;
  const temporary = `${folder}.tmp`;
  await rm(temporary, { recursive: true, force: true }); // what an interrupted install left
  const python = await findPython();
  try {
    await run(python, ['-m', 'venv', temporary]);
    // Compiling on import instead halves the install: most of these packages are never imported.
    await run(
      pythonIn(temporary),
      [
        '-m',
        'pip',
        'install',
        '--disable-pip-version-check',
        '--no-input',
        '--no-compile',
        ...options,
        '-r',
        requirements,
      ],
      { maxBuffer: 64 << 20 },
    );
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw new Error(
      `Could not install ${path.basename(requirements)} with ${python}. It is fetched once from the Python package ` +
        `index, so this needs the network (or a pip configured with a mirror).\n${lastLines(error)}`,
      { cause: error },
    );
  }
}

/** The first Python ≥ 3.10 on PATH for which the pinned packages exist. */
async function findPython(): Promise<string> {
  const seen: string[] = [];
  for (const name of ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    try {
      const { stdout } = await run(name, [
        '-c',
        'import sys, venv, ensurepip; print(*sys.version_info[:2]); print(sys.executable)',
      ]);
      const [version = '', executable = name] = stdout.trim().split('\n');
      const [major = 0, minor = 0] = version.split(' ').map(Number);
      if (major === 3 && minor >= 10) return executable;
      seen.push(`${name} ${major}.${minor}`);
    } catch {
      // Not on PATH, or without venv: the next name.
    }
  }
  const found = seen.length === 0 ? 'none was found' : `found only ${seen.join(', ')}`;
  throw new PythonMissing(`needs Python 3.10 or newer with venv on PATH; ${found}`);
}

/** Holds `lock` (a folder, made atomically) while `work` runs; a lock whose process is gone is taken over. */
async function withLock(lock: string, work: () => Promise<void>): Promise<void> {
  await mkdir(path.dirname(lock), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isAbandoned(lock)) await rm(lock, { recursive: true, force: true });
    else await delay(200);
  }
  try {
    await writeFile(path.join(lock, String(process.pid)), '');
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  const [pid] = await readdir(lock).catch(() => []);
  if (pid === undefined) {
    // Its owner is just writing its number or has just left; one killed in between leaves the folder empty for good.
    const made = await stat(lock).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > 10_000;
  }
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function pythonIn(folder: string): string {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python');
}

function lastLines(error: unknown): string {
  const output = (error as { stderr?: string }).stderr ?? String(error);
  return output.trim().split('\n').slice(-8).join('\n');
}

/**
 * One Python environment per file of pinned requirements, made once and kept as `<folder>/<hash of the file>`.
 *
 * Promises: an environment that stands in its folder is complete (it is built beside it and renamed at the end); two
 * processes that ask at once build it once. Leaves to the caller: what runs in it. A renamed environment keeps the old
 * path in its scripts, so everything runs as `python -m …`, never as `bin/mlflow`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemClock } from '../kernel/time.ts';

const run = promisify(execFile);
/** The oldest Python for which the pinned packages exist. */
const oldest = [3, 10] as const;

export interface EnvironmentOptions {
  /** Folder that holds environments. */
  readonly folder: string;
  /** The Python to build with; unless set, the first on PATH that is new enough. */
  readonly python?: string | undefined;
  /** Further options of `pip install`. */
  readonly pipOptions?: readonly string[];
  /** Told before an installation begins: about a minute passes. */
  readonly onInstall?: (requirements: string, python: string) => void;
}

/** No usable Python on this machine. */
export class PythonMissing extends Error {}
/** The packages could not be installed. */
export class InstallFailed extends Error {}

/** Absolute path of the Python of the environment that the file `requirements` pins; installs it on first use. */
export async function pythonFor(requirements: string, options: EnvironmentOptions): Promise<string> {
  const text = await readFile(requirements, 'utf8');
  const python = options.python === undefined ? undefined : await checkedPython(options.python);
  // What is asked for by name is built with just that; an environment of another Python would not be.
  const named = python === undefined ? text : `${text}\n${python}`;
  const hash = createHash('sha256').update(named).digest('hex').slice(0, 16);
  const folder = path.join(options.folder, hash);
  if (!existsSync(folder)) {
    const builder = python ?? (await findPython());
    await withLock(`${folder}.lock`, () => build(requirements, folder, builder, options));
  }
  return pythonIn(folder);
}

async function build(
  requirements: string,
  folder: string,
  python: string,
  { onInstall, pipOptions = [] }: EnvironmentOptions,
): Promise<void> {
  if (existsSync(folder)) return;
  onInstall?.(requirements, python);
  const temporary = `${folder}.tmp`;
  await rm(temporary, { recursive: true, force: true }); // what an interrupted install left
  try {
    await run(python, ['-m', 'venv', temporary]);
    // Compiling on import instead halves the install: most of these packages are never imported.
    const install = ['install', '--disable-pip-version-check', '--no-input', '--no-compile', ...pipOptions];
    await run(pythonIn(temporary), ['-m', 'pip', ...install, '-r', requirements], { maxBuffer: 64 << 20 });
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw new InstallFailed(
      `could not install ${path.basename(requirements)} with ${python}. It is fetched once from the Python package ` +
        `index, so this needs the network (or a pip configured with a mirror).\n${lastLines(error)}`,
      { cause: error },
    );
  }
}

/** The first Python on PATH that is new enough. */
export async function findPython(): Promise<string> {
  const seen: string[] = [];
  for (const name of ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    const found = await versionOf(name);
    if (found === undefined) continue;
    if (isNewEnough(found.version)) return found.executable;
    seen.push(`${name} ${found.version.join('.')}`);
  }
  const found = seen.length === 0 ? 'none was found' : `found only ${seen.join(', ')}`;
  throw new PythonMissing(`needs Python ${oldest.join('.')} or newer with venv on PATH; ${found}`);
}

/** The absolute path of the Python that a person named, if it can be used. */
async function checkedPython(name: string): Promise<string> {
  const found = await versionOf(name);
  if (found === undefined) {
    throw new PythonMissing(
      `${name} is no Python that runs here, or it lacks the modules venv and ensurepip`,
    );
  }
  if (isNewEnough(found.version)) return found.executable;
  throw new PythonMissing(
    `${name} is Python ${found.version.join('.')}; ${oldest.join('.')} or newer is needed`,
  );
}

/** Undefined if it is not on PATH, is no Python, or lacks what environments are made with. */
async function versionOf(name: string): Promise<{ version: number[]; executable: string } | undefined> {
  const question = 'import sys, venv, ensurepip; print(*sys.version_info[:2]); print(sys.executable)';
  try {
    const { stdout } = await run(name, ['-c', question]);
    const [version = '', executable = name] = stdout.trim().split(/\r?\n/);
    return { version: version.split(' ').map(Number), executable };
  } catch {
    return undefined;
  }
}

function isNewEnough([major = 0, minor = 0]: readonly number[]): boolean {
  return major === oldest[0] && minor >= oldest[1];
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
    return made !== undefined && systemClock.now() - made.mtimeMs > 10_000;
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

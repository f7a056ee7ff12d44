/** The Python environments of tests and benches, in `.envs`: made as that of `cairn demo` is, and shared with it. */
import path from 'node:path';
import { findPython, PythonMissing, pythonFor } from '../../src/cli/python-environment.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** What the tests run on: the client of the demo, untouched, and the real server that Cairn is compared with. */
const files = {
  client: 'demo/requirements.txt',
  server: 'test/conformance/requirements/server-3.17.txt',
  /** The clients of both generations, with every library whose models the registry's scenario logs. */
  client2: 'test/conformance/requirements/client-2.22.txt',
  client3: 'test/conformance/requirements/client-3.17.txt',
  openlineage: 'test/conformance/requirements/openlineage-1.54.txt',
} as const;

export type Requirements = keyof typeof files;

/** Absolute path of a Python with the pinned packages; installs them on first use (about a minute). */
export function pythonOf(requirements: Requirements): Promise<string> {
  return pythonWith(path.join(root, files[requirements]));
}

/** The same for any file of requirements; `pipOptions` are pip's. */
export function pythonWith(file: string, pipOptions: readonly string[] = []): Promise<string> {
  return pythonFor(file, { folder: path.join(root, '.envs'), pipOptions });
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

/**
 * A folder that somebody else fills, to list and to read: nothing is ever written, and no name and no symbolic link leads
 * out of it. The folder itself may be reached by links; what counts is where they end.
 */
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { CairnError } from '../../kernel/errors.ts';
import { errorCode } from './file-calls.ts';
import { FileChunks } from './file-chunks.ts';

export interface FolderEntry {
  readonly name: string;
  readonly directory: boolean;
  /** Of a file. */
  readonly size: number | undefined;
  /** ms */
  readonly updated: number;
}

export interface FolderFile {
  readonly size: number;
  /** ms */
  readonly updated: number;
  read(start: number, end: number, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export class FolderView {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** What stands in a folder, in the order of the names as UTF-8; empty if it is not there or a file. */
  async list(segments: readonly string[]): Promise<FolderEntry[]> {
    const folder = await this.#inside(segments);
    if (folder === undefined) return [];
    const names = await readdir(folder).catch((error: unknown) => {
      if (isAbsence(error)) return [];
      throw error;
    });
    const entries = await Promise.all(names.map((name) => this.#entry([...segments, name], name)));
    return entries
      .filter((entry) => entry !== undefined)
      .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  }

  /** The file, or undefined if there is none; `directory` if it is a folder. */
  async find(segments: readonly string[]): Promise<FolderFile | 'directory' | undefined> {
    const file = await this.#inside(segments);
    if (file === undefined) return undefined;
    const found = await lstat(file);
    if (found.isDirectory()) return 'directory';
    if (!found.isFile()) return undefined;
    const { size, ino, dev } = found;
    return {
      size,
      updated: Math.round(found.mtimeMs),
      async read(start, end, signal) {
        const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
        const now = await handle.stat();
        if (now.ino !== ino || now.dev !== dev) {
          await handle.close();
          throw new CairnError('conflict', 'The file was replaced while it was opened.');
        }
        return new FileChunks(handle, start, end, signal);
      },
    };
  }

  /** Links that lead out of the folder, and what is neither file nor folder, are not there. */
  async #entry(segments: readonly string[], name: string): Promise<FolderEntry | undefined> {
    const target = await this.#inside(segments);
    if (target === undefined) return undefined;
    const found = await lstat(target);
    if (!found.isFile() && !found.isDirectory()) return undefined;
    const directory = found.isDirectory();
    return { name, directory, size: directory ? undefined : found.size, updated: Math.round(found.mtimeMs) };
  }

  /** Where the segments really lead; undefined if nowhere, or out of the folder. */
  async #inside(segments: readonly string[]): Promise<string | undefined> {
    try {
      const root = await realpath(this.#root);
      const target = await realpath(path.join(root, ...segments));
      return contains(root, target) ? target : undefined;
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }
}

function contains(outer: string, inner: string): boolean {
  const way = path.relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}

/** Not there, a file where a folder should be, a loop of links, a name too long for the file system. */
function isAbsence(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG';
}

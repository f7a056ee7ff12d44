/**
 * Blobs in a folder of this machine (or of a file system that several servers mount):
 *
 *     ab/cd/abcd…                       the bytes, under their SHA-256
 *     incoming/<uploader>/x.part        bytes that are arriving
 *     incoming/<uploader>/abcd….x.held  stands in place, but nobody's record names it yet
 *     incoming/<uploader>/abcd….x.gone  being removed
 *
 * The way of an upload: write `.part` while hashing → fsync it → make `.held` → rename to its place → fsync that folder →
 * (the caller commits its record) → remove `.held`. After a kill at any point the folder of the dead uploader tells what to
 * clean up. Names of files come from digests and chance only; symbolic links are never followed.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  lstat,
  lutimes,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { CairnError } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import {
  type Blob,
  type Blobs,
  type ByteSource,
  type Digest,
  digestOf,
  type HeldBlob,
  type Leftover,
} from './blob.ts';
import { errorCode, explained, isMissing, makeFolder, syncFolder, unlessMissing } from './file-calls.ts';
import { FileChunks } from './file-chunks.ts';
import { stateOf, strangerPatience, thisUploader } from './uploader.ts';

/** Bytes gathered before they are written: chunks of a socket are too small to be worth a call each. */
const batchSize = 1024 * 1024;
/** Bytes after which what was written goes to the disk, so that the last fsync of a large upload is short. */
const syncEvery = 64 * 1024 * 1024;

/** Folders of a store that hold no finished blobs; a backup leaves them out. */
export const workFolder = 'incoming';

export interface LocalBlobsOptions {
  /** Made at the first `put`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
}

export class LocalBlobs implements Blobs {
  readonly #folder: string;
  readonly #own: string;
  readonly #clock: Clock;
  readonly #random: Random;
  /** Folders that are being made: whoever else needs one waits until its name is durable. */
  readonly #making = new Map<string, Promise<void>>();

  constructor({ folder, clock, random }: LocalBlobsOptions) {
    this.#folder = folder;
    this.#own = path.join(folder, workFolder, thisUploader);
    this.#clock = clock;
    this.#random = random;
  }

  async put(source: ByteSource): Promise<HeldBlob> {
    const part = path.join(this.#own, `${this.#chance()}.part`);
    let held: string | undefined;
    try {
      const { digest, size, stored } = await this.#receive(part, source);
      held = path.join(this.#own, `${digest}.${this.#chance()}.held`);
      await writeFile(held, '', { flag: 'wx' });
      await this.#place(part, digest, size, stored);
      const hold = held;
      return { digest, size, stored, release: () => rm(hold, { force: true }) };
    } catch (error) {
      await rm(part, { force: true });
      if (held !== undefined) await rm(held, { force: true });
      throw explained(error);
    }
  }

  async read(
    digest: Digest,
    start: number,
    end: number,
    signal?: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const file = await unlessMissing(open(this.#pathOf(digest), constants.O_RDONLY | noFollow));
    if (file === undefined) throw new CairnError('not_found', `No bytes are kept under ${digest}.`);
    try {
      const { size } = await file.stat();
      if (size < end) throw new CairnError('internal', `${digest} has ${size} bytes on disk, not ${end}`);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new FileChunks(file, start, end, signal);
  }

  async find(digest: Digest): Promise<Blob | undefined> {
    const found = await unlessMissing(lstat(this.#pathOf(digest)));
    if (!found?.isFile()) return undefined;
    return { digest, size: found.size, stored: Math.round(found.mtimeMs) };
  }

  async *list(): AsyncGenerator<Blob> {
    for (const first of await namesIn(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(first)) continue;
      for (const second of await namesIn(path.join(this.#folder, first))) {
        for (const name of await namesIn(path.join(this.#folder, first, second))) {
          const digest = name.startsWith(first + second) ? digestOf(name) : undefined;
          const blob = digest && (await this.find(digest));
          if (blob !== undefined) yield blob;
        }
      }
    }
  }

  async isHeld(digest: Digest): Promise<boolean> {
    for (const uploader of await namesIn(path.join(this.#folder, workFolder))) {
      if (await this.#isDead(uploader)) continue;
      const names = await namesIn(path.join(this.#folder, workFolder, uploader));
      if (names.some((name) => name.startsWith(`${digest}.`) && name.endsWith('.held'))) return true;
    }
    return false;
  }

  async remove(digest: Digest, since: number, isWanted: () => Promise<boolean>): Promise<boolean> {
    const target = this.#pathOf(digest);
    const before = await this.find(digest);
    if (before === undefined) return true;
    if (before.stored > since || (await this.isHeld(digest))) return false;
    await this.#make(this.#own);
    const away = path.join(this.#own, `${digest}.${this.#chance()}.gone`);
    if ((await unlessMissing(rename(target, away).then(() => true))) === undefined) return true;
    // An upload holds, then looks for the blob, then names it, then lets go. So one that had found it is seen holding it,
    // or, if it has let go, what it named is wanted; one that comes later finds it gone and puts its own bytes there.
    const { mtimeMs } = await lstat(away);
    if (Math.round(mtimeMs) > since || (await this.isHeld(digest)) || (await isWanted())) {
      await this.#putBack(away, digest);
      return false;
    }
    await rm(away, { force: true });
    return true;
  }

  async *leftovers(): AsyncGenerator<Leftover> {
    const work = path.join(this.#folder, workFolder);
    for (const uploader of await namesIn(work)) {
      if (!(await this.#isDead(uploader))) continue;
      const folder = path.join(work, uploader);
      for (const name of await namesIn(folder)) {
        const file = path.join(folder, name);
        const [, written = '', kind] = /^([0-9a-f]{64})\.[0-9a-f]+\.(held|gone)$/.exec(name) ?? [];
        const digest = digestOf(written);
        if (digest === undefined) await rm(file, { force: true, recursive: true });
        else {
          const held = file.replace(/\.gone$/, '.held');
          if (kind === 'gone') {
            await writeFile(held, '');
            await this.#putBack(file, digest);
          }
          yield { digest, forget: () => rm(held, { force: true }) };
        }
      }
      // Not empty, if a hold was not forgotten: the next sweep sees it again.
      await rmdir(folder).catch(() => {});
    }
  }

  /** Writes everything to `part`, durably. */
  async #receive(
    part: string,
    source: ByteSource,
  ): Promise<{ digest: Digest; size: number; stored: number }> {
    await this.#make(this.#own);
    const file = await open(part, 'wx').catch(async (error: unknown) => {
      // Another process may have found the empty folder of this one and taken it away.
      if (!isMissing(error)) throw error;
      await this.#make(this.#own);
      return open(part, 'wx');
    });
    try {
      const { digest, size } = await writeAll(file, source);
      const stored = this.#clock.now();
      await file.utimes(stored / 1000, stored / 1000);
      await file.sync();
      return { digest, size, stored };
    } finally {
      await file.close();
    }
  }

  /** Moves whole bytes to where they belong. Bytes that are there already are kept, and count as stored now. */
  async #place(part: string, digest: Digest, size: number, stored: number): Promise<void> {
    const target = this.#pathOf(digest);
    await this.#make(path.dirname(target));
    const existing = await this.find(digest);
    const kept = existing?.size === size && (await unlessMissing(touched(target, stored)));
    if (kept) await rm(part);
    else await rename(part, target);
    await syncFolder(path.dirname(target));
  }

  async #putBack(away: string, digest: Digest): Promise<void> {
    const target = this.#pathOf(digest);
    if ((await this.find(digest)) === undefined) {
      await unlessMissing(rename(away, target));
      await syncFolder(path.dirname(target));
    } else await rm(away, { force: true });
  }

  async #isDead(uploader: string): Promise<boolean> {
    const state = stateOf(uploader);
    if (state !== 'unknown') return state === 'dead';
    const folder = path.join(this.#folder, workFolder, uploader);
    const times = await Promise.all(
      ['.', ...(await namesIn(folder))].map(async (name) => {
        const found = await unlessMissing(lstat(path.join(folder, name)));
        return found?.mtimeMs ?? 0;
      }),
    );
    return Math.max(...times) < this.#clock.now() - strangerPatience;
  }

  async #make(folder: string): Promise<void> {
    let making = this.#making.get(folder);
    if (making === undefined) {
      making = makeFolder(folder).finally(() => this.#making.delete(folder));
      this.#making.set(folder, making);
    }
    await making;
  }

  #pathOf(digest: Digest): string {
    return path.join(this.#folder, digest.slice(0, 2), digest.slice(2, 4), digest);
  }

  #chance(): string {
    return Buffer.from(this.#random(8)).toString('hex');
  }
}

const noFollow = constants.O_NOFOLLOW ?? 0;

async function touched(file: string, instant: number): Promise<true> {
  await lutimes(file, instant / 1000, instant / 1000);
  return true;
}

/** Names in a folder, in order; none if it is not there or no folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error) || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** While one batch is written the next one is gathered, and no more: a source that is faster waits. */
async function writeAll(file: FileHandle, source: ByteSource): Promise<{ digest: Digest; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  let unsynced = 0;
  let writing = Promise.resolve();
  let syncing = Promise.resolve();
  const flush = async () => {
    await writing;
    if (unsynced >= syncEvery) {
      // Beside the writing that follows; an error is told by the next one who waits, at the latest at the end.
      await syncing;
      syncing = file.datasync();
      syncing.catch(() => {});
      unsynced = 0;
    }
    const bytes = batch.length === 1 ? batch[0]! : Buffer.concat(batch);
    batch = [];
    batchBytes = 0;
    unsynced += bytes.length;
    writing = writeAt(file, bytes, size - bytes.length);
    writing.catch(() => {});
  };
  try {
    for await (const chunk of source) {
      hash.update(chunk);
      batch.push(chunk);
      batchBytes += chunk.length;
      size += chunk.length;
      if (batchBytes >= batchSize) await flush();
    }
    if (batchBytes > 0) await flush();
    await writing;
    await syncing;
  } finally {
    // The file is closed next.
    await Promise.allSettled([writing, syncing]);
  }
  return { digest: hash.digest('hex') as Digest, size };
}

async function writeAt(file: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, start + written);
    written += bytesWritten;
  }
}

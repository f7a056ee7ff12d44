/**
 * The folder a backup is: the store as one file (`cairn.db`), the bytes of artifacts (`artifacts/`), and `manifest.json`,
 * written last, which names every file with its size and SHA-256. A folder without a manifest is a backup that was cut
 * off; one whose files differ from it is damaged. docs/formats/backup.md draws it.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { syncFile, syncFolder } from '../db/sqlite/sqlite-files.ts';
import { CairnError } from '../kernel/errors.ts';

export const backupStoreName = 'cairn.db';
export const backupArtifactsName = 'artifacts';
const manifestName = 'manifest.json';
const manifestFormat = 1;

export interface BackupFile {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface BackupManifest {
  readonly format: typeof manifestFormat;
  /** Version of Cairn that wrote it. */
  readonly cairn: string;
  /** ms since 1970 */
  readonly created: number;
  /** The newest migration of the store. */
  readonly migration: number;
  readonly files: readonly BackupFile[];
}

export const isEmptyFolder = (folder: string): boolean =>
  !existsSync(folder) || readdirSync(folder).length === 0;

/**
 * Copies every file below `from` except below its folder `omit`, synced to disk; resolves to how many. What is neither
 * file nor folder is left out, and what is removed meanwhile: no record names it (parts of an upload that ended).
 */
export async function copyTree(from: string, to: string, omit?: string): Promise<number> {
  const files = filesBelow(from).filter((file) => omit === undefined || !file.startsWith(`${omit}/`));
  const folders = new Set([to]);
  let copied = 0;
  for (const file of files) {
    if (!existsSync(path.join(from, file))) continue;
    const target = path.join(to, file);
    for (let folder = path.dirname(target); folder.length > to.length; folder = path.dirname(folder)) {
      folders.add(folder);
    }
    mkdirSync(path.dirname(target), { recursive: true });
    await pipeline(createReadStream(path.join(from, file)), createWriteStream(target));
    syncFile(target);
    copied++;
  }
  mkdirSync(to, { recursive: true });
  for (const folder of folders) syncFolder(folder);
  return copied;
}

/** Reads back everything in the folder and writes down what it is. */
export async function writeManifest(
  folder: string,
  about: Omit<BackupManifest, 'format' | 'files'>,
): Promise<BackupManifest> {
  const files: BackupFile[] = [];
  for (const file of filesBelow(folder)) files.push(await describeFile(folder, file));
  const manifest: BackupManifest = { format: manifestFormat, ...about, files };
  const target = path.join(folder, manifestName);
  await writeFile(target, `${JSON.stringify(manifest, undefined, 2)}\n`);
  syncFile(target);
  syncFolder(folder);
  return manifest;
}

/** The manifest, every file of which was read and is as it says; `failed_precondition` names the first that is not. */
export async function verifiedManifest(folder: string): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  for (const wanted of manifest.files) {
    const full = path.resolve(folder, wanted.path);
    if (!full.startsWith(path.resolve(folder) + path.sep)) {
      throw damaged(folder, `${wanted.path} lies outside of it`);
    }
    if (!existsSync(full)) throw damaged(folder, `${wanted.path} is missing`);
    const found = await describeFile(folder, wanted.path);
    if (found.bytes !== wanted.bytes || found.sha256 !== wanted.sha256) {
      throw damaged(folder, `${wanted.path} is not what was written`);
    }
  }
  return manifest;
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const file = path.join(folder, manifestName);
  if (!existsSync(file)) {
    throw new CairnError(
      'failed_precondition',
      `${folder} holds no ${manifestName}: it is no backup, or one that was cut off.`,
    );
  }
  let manifest: BackupManifest;
  try {
    manifest = JSON.parse(await readFile(file, 'utf8')) as BackupManifest;
  } catch (error) {
    throw damaged(folder, `${manifestName} is not JSON: ${(error as Error).message}`);
  }
  if (manifest.format !== manifestFormat || !Array.isArray(manifest.files)) {
    throw new CairnError(
      'failed_precondition',
      `The backup in ${folder} has a format this version does not know; restore it with cairn ${manifest.cairn}.`,
    );
  }
  return manifest;
}

async function describeFile(folder: string, file: string): Promise<BackupFile> {
  const full = path.join(folder, file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(full), hash);
  return { path: file, bytes: statSync(full).size, sha256: hash.digest('hex') };
}

/** Paths relative to the folder, with slashes, in order. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

const damaged = (folder: string, why: string): CairnError =>
  new CairnError('failed_precondition', `The backup in ${folder} is damaged: ${why}.`);

/** Tells by its address what kind of store a source is, and opens its reader. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../config.ts';
import { sqlitePath } from '../../db/foreign-db.ts';
import { openDatabaseSource } from './database-source.ts';
import type { Source } from './source.ts';

export interface SourceOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workspace: string | undefined;
}

export async function openSource(address: string, { cwd, env, workspace }: SourceOptions): Promise<Source> {
  if (/^(postgres(ql)?|mysql)(\+[a-z0-9]+)?:\/\//i.test(address))
    return openDatabaseSource(address, { name: withoutSecrets(address), workspace });
  if (/^https?:\/\//i.test(address)) {
    if (!URL.canParse(address)) throw new UsageError('SOURCE is no address of a server');
    const { RestSource } = await import('./rest-source.ts');
    return new RestSource(address, env);
  }
  const isSqlite = /^sqlite(\+[a-z0-9]+)?:\/\//i.test(address);
  if (!isSqlite && /^[a-z][a-z0-9+.-]+:\/\//i.test(address))
    throw new UsageError(`${address.split(':')[0]} is no kind of source: a folder, a database or http(s)://`);
  const file = path.resolve(cwd, isSqlite ? sqlitePath(address) : address);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`there is nothing at ${file}`);
  if (found.isDirectory()) {
    const { FilesSource } = await import('./files-source.ts');
    return new FilesSource(file);
  }
  return openDatabaseSource(file, { name: `sqlite:///${file}`, workspace });
}

/** Below which folders the places of a source are opened, and what `mlflow-artifacts:/` stands for. */
export function artifactRoots(
  address: string,
  given: string | undefined,
  cwd: string,
): { readonly roots: readonly string[]; readonly proxied: string | undefined } {
  const named = (given ?? '')
    .split(',')
    .map((folder) => folder.trim())
    .filter((folder) => folder !== '')
    .map((folder) => path.resolve(cwd, folder));
  if (/^(?!sqlite)[a-z][a-z0-9+.-]+:\/\//i.test(address)) return { roots: named, proxied: named[0] };
  const file = path.resolve(cwd, /^sqlite/i.test(address) ? sqlitePath(address) : address);
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
  const own = isFolder ? file : path.dirname(file);
  return { roots: [own, ...named], proxied: named[0] ?? path.join(own, 'mlartifacts') };
}

/** What may be written down: who and where, no password and no options. */
function withoutSecrets(address: string): string {
  const url = URL.parse(address.replace(/^([a-z]+)\+[a-z0-9]+:/i, '$1:'));
  if (url === null) throw new UsageError('SOURCE is no address of a database');
  url.password = '';
  url.search = '';
  return url.href;
}

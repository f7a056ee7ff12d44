import type { Dialect, Queries, Tx } from '../../db/db.ts';
import type { Digest } from '../../engines/blobs/index.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, rawSql, type Sql, sql, valueRows } from '../../kernel/sql.ts';
import type { ArtifactPath } from './artifact-path.ts';

/** One file of the tree. */
export interface ArtifactRow {
  readonly path: ArtifactPath;
  readonly owner: NodeId;
  readonly digest: Digest;
  readonly size: number;
  /** ms */
  readonly created: number;
  /** ms */
  readonly updated: number;
}

type Stored = Omit<ArtifactRow, 'digest'> & { readonly digest: Uint8Array };

const columns = rawSql('f.path, f.owner, f.digest, f.size, f.created, f.updated');

export const hexOf = (digest: Uint8Array): Digest => Buffer.from(digest).toString('hex') as Digest;
export const bytesOf = (digest: Digest): Uint8Array => Buffer.from(digest, 'hex');

const fromStored = (row: Stored): ArtifactRow => ({ ...row, digest: hexOf(row.digest) });

export async function findFile(
  queries: Queries,
  project: ProjectId,
  path: string,
): Promise<ArtifactRow | undefined> {
  const row = await queries.one<Stored>(
    sql`SELECT ${columns} FROM artifact_file f WHERE f.project = ${project} AND f.path = ${path}`,
  );
  return row && fromStored(row);
}

/** Files below a folder: `/` is followed by `0`, so what begins with `a/` lies from `a/` up to `a0`. */
function below(project: ProjectId, folder: string): Sql {
  if (folder === '') return sql`f.project = ${project}`;
  return sql`f.project = ${project} AND f.path >= ${`${folder}/`} AND f.path < ${`${folder}0`}`;
}

/** Files below a folder in the order of their paths, after one. */
export async function filesAfter(
  queries: Queries,
  project: ProjectId,
  folder: ArtifactPath | '',
  after: string,
  limit: number,
): Promise<ArtifactRow[]> {
  const rows = await queries.many<Stored>(sql`SELECT ${columns} FROM artifact_file f
    WHERE ${below(project, folder)} AND f.path > ${after} ORDER BY f.path LIMIT ${limit}`);
  return rows.map(fromStored);
}

/** Whether anything lies below the path. */
export async function isFolder(queries: Queries, project: ProjectId, path: string): Promise<boolean> {
  const first = await queries.one(
    sql`SELECT 1 AS one FROM artifact_file f WHERE ${below(project, path)} LIMIT 1`,
  );
  return first !== undefined;
}

/** What keeps the path from being a file: a file where one of its folders must be, or something below it. */
export async function obstacleOf(
  queries: Queries,
  project: ProjectId,
  path: ArtifactPath,
): Promise<'file above' | 'folder' | undefined> {
  const segments = path.split('/');
  const folders = segments.slice(1).map((_segment, index) => segments.slice(0, index + 1).join('/'));
  const above = await queries.one(sql`SELECT 1 AS one FROM artifact_file f
    WHERE f.project = ${project} AND f.path ${anyOf(folders)} LIMIT 1`);
  if (above !== undefined) return 'file above';
  return (await isFolder(queries, project, path)) ? 'folder' : undefined;
}

/** Puts the row there, in place of the one that was. */
export async function putFile(tx: Tx, project: ProjectId, row: ArtifactRow): Promise<void> {
  await tx.run(sql`INSERT INTO artifact_file (project, path, owner, digest, size, created, updated)
    VALUES (${project}, ${row.path}, ${row.owner}, ${bytesOf(row.digest)}, ${row.size}, ${row.created}, ${row.updated})
    ON CONFLICT (project, path) DO UPDATE SET owner = excluded.owner, digest = excluded.digest, size = excluded.size,
      updated = excluded.updated`);
}

/** Remembers that files begin or cease to name these bytes now. In the order of the digests, so that writers never wait in a ring. */
export async function seeBlobs(tx: Tx, blobs: ReadonlyMap<Digest, number>, now: number): Promise<void> {
  const rows = [...blobs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([digest, size]) => [bytesOf(digest), size, now]);
  await tx.run(sql`INSERT INTO blob (digest, size, seen) VALUES ${valueRows(rows)}
    ON CONFLICT (digest) DO UPDATE SET seen = excluded.seen`);
}

export interface Removed {
  readonly files: number;
  readonly size: number;
  /** Whether any of it belonged to another node than the one given. */
  readonly foreign: boolean;
}

/** What is at the path (one file) or below it (a folder). */
export async function countAt(
  queries: Queries,
  project: ProjectId,
  path: ArtifactPath,
  owner: NodeId,
): Promise<Removed> {
  const row = await queries.one<{ files: number; size: number | null; foreign_files: number | null }>(sql`
    SELECT count(*) AS files, CAST(sum(f.size) AS BIGINT) AS size,
      sum(CASE WHEN f.owner = ${owner} THEN 0 ELSE 1 END) AS foreign_files
    FROM artifact_file f WHERE ${at(project, path)}`);
  return { files: row?.files ?? 0, size: row?.size ?? 0, foreign: (row?.foreign_files ?? 0) > 0 };
}

/** Removes the file at the path, or all below it. Their bytes stay, and are remembered as let go now. */
export async function removeAt(tx: Tx, project: ProjectId, path: ArtifactPath, now: number): Promise<void> {
  await tx.run(sql`UPDATE blob SET seen = ${now}
    WHERE digest IN (SELECT f.digest FROM artifact_file f WHERE ${at(project, path)})`);
  await tx.run(sql`DELETE FROM artifact_file AS f WHERE ${at(project, path)}`);
}

function at(project: ProjectId, path: ArtifactPath): Sql {
  return sql`(f.project = ${project} AND f.path = ${path} OR ${below(project, path)})`;
}

/** One step of a listing: a file, or the first file of a folder that stands for it. */
export interface ListedRow extends ArtifactRow {
  /** Below the folder that is listed. */
  readonly name: string;
  readonly directory: boolean;
}

/**
 * What stands directly in a folder, files and folders, in the order of their paths, from `from` on. Jumps from one to the
 * next in the index: a folder costs one step whatever it holds. CROSS JOIN, since SQLite else walks all files there are.
 */
export async function listFolder(
  queries: Queries,
  dialect: Dialect,
  project: ProjectId,
  folder: ArtifactPath | '',
  from: string,
  limit: number,
): Promise<ListedRow[]> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const begin = [...prefix].length + 1; // SQL counts characters, from 1
  const position = rawSql(dialect.name === 'sqlite' ? 'instr' : 'strpos');
  // One lower bound, or the planner may take the other one and walk the folder again for each of its entries.
  const end = folder === '' ? sql`` : sql` AND f.path < ${`${folder}0`}`;
  const first = (start: Sql) =>
    sql`SELECT f.path FROM artifact_file f WHERE f.project = ${project} AND f.path >= ${start}${end} ORDER BY f.path LIMIT 1`;
  const rest = sql`substr(e.path, ${begin})`;
  // After a file its path and a blank, the least character a path may hold; after a folder what follows its slash.
  const next = sql`CASE WHEN ${position}(${rest}, '/') > 0
    THEN substr(e.path, 1, CAST(${begin - 2} + ${position}(${rest}, '/') AS INTEGER)) || '0' ELSE e.path || ' ' END`;
  const rows = await queries.many<Stored>(sql`
    WITH RECURSIVE entry(path) AS (
      SELECT (${first(sql`${from}`)})
      UNION ALL
      SELECT (${first(next)}) FROM entry e WHERE e.path IS NOT NULL
    )
    SELECT ${columns} FROM (SELECT path FROM entry WHERE path IS NOT NULL LIMIT ${limit}) found
    CROSS JOIN artifact_file f WHERE f.project = ${project} AND f.path = found.path ORDER BY f.path`);
  return rows.map((row) => {
    const tail = row.path.slice(prefix.length);
    const slash = tail.indexOf('/');
    const name = slash === -1 ? tail : tail.slice(0, slash);
    return { ...fromStored(row), name, directory: slash !== -1 };
  });
}

/** Where a listing goes on after an entry. */
export function pathAfter(folder: ArtifactPath | '', entry: { name: string; directory: boolean }): string {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  return entry.directory ? `${path}0` : `${path} `;
}

/** Rows of uploads in parts, and of the parts that have arrived. */
import { createHash } from 'node:crypto';
import type { Queries, Tx } from '../../db/db.ts';
import type { Digest } from '../../engines/blobs/index.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import { rawSql, sql } from '../../kernel/sql.ts';
import type { ArtifactPath } from './artifact-path.ts';
import { bytesOf, hexOf } from './artifact-store.ts';

export const uploadStates = { open: 0, complete: 1, abandoned: 2 } as const;

export interface UploadKey {
  readonly project: ProjectId;
  readonly id: string;
}

export interface UploadRow extends UploadKey {
  readonly path: ArtifactPath;
  /** How many it is made of. */
  readonly parts: number;
  readonly state: number;
  /** ms */
  readonly created: number;
  /** ms */
  readonly expires: number;
  /** Of a complete one: `partListOf` what it was made from. */
  readonly part_list: Uint8Array | null;
}

export interface PartRow {
  readonly number: number;
  readonly digest: Digest;
  readonly size: number;
}

type StoredPart = Omit<PartRow, 'digest'> & { readonly digest: Uint8Array };

const columns = rawSql('u.project, u.id, u.path, u.parts, u.state, u.created, u.expires, u.part_list');
const partColumns = rawSql('p.number, p.digest, p.size');

const fromStored = (row: StoredPart): PartRow => ({ ...row, digest: hexOf(row.digest) });

/** By what it was made from a complete upload knows a repeated request. */
export function partListOf(digests: readonly string[]): Uint8Array {
  return createHash('sha256').update(digests.join(' ')).digest();
}

export async function insertUpload(tx: Tx, row: Omit<UploadRow, 'state' | 'part_list'>): Promise<void> {
  const { project, id, path, parts, created, expires } = row;
  await tx.run(sql`INSERT INTO artifact_upload (project, id, path, parts, state, created, expires)
    VALUES (${project}, ${id}, ${path}, ${parts}, ${uploadStates.open}, ${created}, ${expires})`);
}

export async function findUpload(
  queries: Queries,
  project: ProjectId,
  id: string,
): Promise<UploadRow | undefined> {
  return queries.one(
    sql`SELECT ${columns} FROM artifact_upload u WHERE u.project = ${project} AND u.id = ${id}`,
  );
}

/** As `findUpload`; what changes it or its parts comes one after the other. */
export async function lockUpload(tx: Tx, project: ProjectId, id: string): Promise<UploadRow | undefined> {
  return tx.one(sql`SELECT ${columns} FROM artifact_upload u
    WHERE u.project = ${project} AND u.id = ${id} ${tx.dialect.forUpdate}`);
}

export async function closeUpload(
  tx: Tx,
  { project, id }: UploadKey,
  state: number,
  partList: Uint8Array | null = null,
): Promise<void> {
  await tx.run(sql`UPDATE artifact_upload SET state = ${state}, part_list = ${partList}
    WHERE project = ${project} AND id = ${id}`);
}

export async function deleteUpload(tx: Tx, { project, id }: UploadKey): Promise<void> {
  await tx.run(sql`DELETE FROM artifact_upload WHERE project = ${project} AND id = ${id}`);
}

/** The part has these bytes from now on; resolves to whether it had others before. */
export async function putPart(
  tx: Tx,
  { project, id }: UploadKey,
  { number, digest, size }: PartRow,
): Promise<boolean> {
  const replaced = await tx.run(sql`UPDATE artifact_part SET is_current = 0
    WHERE project = ${project} AND upload = ${id} AND number = ${number} AND digest <> ${bytesOf(digest)}`);
  await tx.run(sql`INSERT INTO artifact_part (project, upload, number, digest, size, is_current)
    VALUES (${project}, ${id}, ${number}, ${bytesOf(digest)}, ${size}, 1)
    ON CONFLICT (project, upload, number, digest) DO UPDATE SET is_current = 1`);
  return replaced > 0;
}

/** The parts that count, in order. */
export async function currentParts(queries: Queries, { project, id }: UploadKey): Promise<PartRow[]> {
  const rows = await queries.many<StoredPart>(sql`SELECT ${partColumns} FROM artifact_part p
    WHERE p.project = ${project} AND p.upload = ${id} AND p.is_current = 1 ORDER BY p.number`);
  return rows.map(fromStored);
}

/** Parts whose bytes nobody needs. */
export interface SpentParts {
  /** Whether the upload is closed, and these are all it has: no part is added to a closed one. */
  readonly all: boolean;
  readonly parts: readonly PartRow[];
}

/** Of a closed upload all parts; of an open one those that were sent again with other bytes. */
export async function spentParts(queries: Queries, upload: UploadKey): Promise<SpentParts> {
  const { project, id } = upload;
  const all = (await findUpload(queries, project, id))?.state !== uploadStates.open;
  const rows = await queries.many<StoredPart>(sql`SELECT ${partColumns} FROM artifact_part p
    WHERE p.project = ${project} AND p.upload = ${id} AND p.is_current <= ${all ? 1 : 0} ORDER BY p.number`);
  return { all, parts: rows.map(fromStored) };
}

/** Forgets parts that `spentParts` told and whose bytes are gone, unless they have come back since. */
export async function forgetParts(
  tx: Tx,
  { project, id }: UploadKey,
  { all, parts }: SpentParts,
): Promise<void> {
  const ofUpload = sql`project = ${project} AND upload = ${id}`;
  if (all) {
    await tx.run(sql`DELETE FROM artifact_part WHERE ${ofUpload}`);
    return;
  }
  for (const { number, digest } of parts) {
    await tx.run(sql`DELETE FROM artifact_part
      WHERE ${ofUpload} AND number = ${number} AND digest = ${bytesOf(digest)} AND is_current = 0`);
  }
}

/** Uploads that somebody has to clean up after: their time is over, or they hold parts that nobody needs. */
export async function spentUploads(queries: Queries, now: number, limit: number): Promise<UploadRow[]> {
  return queries.many(sql`SELECT ${columns} FROM artifact_upload u
    WHERE u.expires <= ${now} OR EXISTS (SELECT 1 FROM artifact_part p
      WHERE p.project = u.project AND p.upload = u.id AND (p.is_current = 0 OR u.state <> ${uploadStates.open}))
    ORDER BY u.expires, u.id LIMIT ${limit}`);
}

export interface UploadFigures {
  readonly uploads: number;
  readonly parts: number;
  readonly size: number;
}

/** What is under way. */
export async function uploadFigures(queries: Queries): Promise<UploadFigures> {
  const row = await queries.one<{ uploads: number; parts: number; size: number | null }>(sql`
    SELECT (SELECT count(*) FROM artifact_upload u WHERE u.state = ${uploadStates.open}) AS uploads,
      count(*) AS parts, CAST(sum(p.size) AS BIGINT) AS size
    FROM artifact_part p JOIN artifact_upload u ON u.project = p.project AND u.id = p.upload
    WHERE u.state = ${uploadStates.open} AND p.is_current = 1`);
  return { uploads: row?.uploads ?? 0, parts: row?.parts ?? 0, size: row?.size ?? 0 };
}

/** Bytes that open uploads need, after a digest, in the order of the digests. */
export async function neededBlobs(
  queries: Queries,
  after: Uint8Array,
  limit: number,
): Promise<{ digest: Uint8Array; size: number }[]> {
  return queries.many(sql`SELECT p.digest, max(p.size) AS size FROM artifact_part p
    JOIN artifact_upload u ON u.project = p.project AND u.id = p.upload
    WHERE p.digest > ${after} AND u.state = ${uploadStates.open} AND p.is_current = 1
    GROUP BY p.digest ORDER BY p.digest LIMIT ${limit}`);
}

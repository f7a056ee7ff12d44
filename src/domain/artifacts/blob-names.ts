/** Who names bytes: files of the tree (and `blob`, which remembers them a while longer), and parts of open uploads. */
import type { Queries } from '../../db/db.ts';
import { sql } from '../../kernel/sql.ts';
import { uploadStates } from './upload-store.ts';

/** Whether bytes must stay. Of a part whose upload is over the row is there to be cleaned up by: it wants nothing. */
export async function isWanted(queries: Queries, digest: Uint8Array): Promise<boolean> {
  const row = await queries.one(sql`SELECT 1 AS one FROM blob b WHERE b.digest = ${digest}
    UNION ALL SELECT 1 FROM artifact_part p JOIN artifact_upload u ON u.project = p.project AND u.id = p.upload
      WHERE p.digest = ${digest} AND p.is_current = 1 AND u.state = ${uploadStates.open} LIMIT 1`);
  return row !== undefined;
}

/** Whether the store knows the bytes at all, be it to remove them. */
export async function isKnown(queries: Queries, digest: Uint8Array): Promise<boolean> {
  const row = await queries.one(sql`SELECT 1 AS one FROM blob b WHERE b.digest = ${digest}
    UNION ALL SELECT 1 FROM artifact_part p WHERE p.digest = ${digest} LIMIT 1`);
  return row !== undefined;
}

/** Whether a file or a part of an open upload has the bytes now. */
export async function isNamed(queries: Queries, digest: Uint8Array): Promise<boolean> {
  const row = await queries.one(sql`SELECT 1 AS one FROM artifact_file f WHERE f.digest = ${digest}
    UNION ALL SELECT 1 FROM artifact_part p JOIN artifact_upload u ON u.project = p.project AND u.id = p.upload
      WHERE p.digest = ${digest} AND p.is_current = 1 AND u.state = ${uploadStates.open} LIMIT 1`);
  return row !== undefined;
}

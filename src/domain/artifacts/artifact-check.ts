import { createHash } from 'node:crypto';
import type { Finding, Queries } from '../../db/db.ts';
import type { Blob, Blobs, Digest } from '../../engines/blobs/index.ts';
import { sql } from '../../kernel/sql.ts';
import { bytesOf, hexOf } from './artifact-store.ts';
import { isKnown, isNamed } from './blob-names.ts';
import type { Reader } from './blob-upkeep.ts';
import { neededBlobs, uploadFigures } from './upload-store.ts';

/** Blobs a shallow check looks for. By digest, so they are a sample of all. */
const shallowBlobs = 1_000;
const batch = 1_000;

/**
 * Every file's bytes are there, as long as they should be and, when `deep`, are what their digest says. Deep also counts
 * bytes that nothing names: those let go lately, and strays that no record of this store knows. Reads page by page, each
 * in a snapshot of its own, for reading all bytes may take hours.
 */
export async function checkArtifacts(db: Reader, blobs: Blobs, deep: boolean): Promise<Finding[]> {
  const findings = [
    await checkBytes(db, blobs, deep),
    await db.read(checkFiles),
    await checkUploads(db, blobs, deep),
  ];
  return deep ? [...findings, await countLetGo(db), await countStrays(db, blobs)] : findings;
}

async function checkBytes(db: Reader, blobs: Blobs, deep: boolean): Promise<Finding> {
  const { checked, problems } = await checkBlobs(db, blobs, deep, namedBlobs);
  const check = 'artifact_bytes';
  if (problems.length === 0) {
    return { level: 'ok', check, detail: `${checked} blobs ${deep ? 'read back' : 'are there'}` };
  }
  return { level: 'error', check, detail: `${problems.length} of ${checked} blobs: ${some(problems)}` };
}

/** Uploads in parts that are under way. */
async function checkUploads(db: Reader, blobs: Blobs, deep: boolean): Promise<Finding> {
  const { uploads, parts, size } = await db.read(uploadFigures);
  const { problems } = await checkBlobs(db, blobs, deep, neededBlobs);
  const check = 'artifact_uploads';
  const under = `${uploads} uploads under way, with ${parts} parts of ${size} bytes`;
  if (problems.length === 0) return { level: 'ok', check, detail: under };
  return { level: 'error', check, detail: `${under}; ${some(problems)}` };
}

const some = (problems: readonly string[]): string => problems.slice(0, 10).join(', ');

/** Looks for every blob of a list that is read page by page, or for the first ones unless `deep`. */
async function checkBlobs(
  db: Reader,
  blobs: Blobs,
  deep: boolean,
  listed: typeof namedBlobs,
): Promise<{ checked: number; problems: string[] }> {
  const problems: string[] = [];
  let checked = 0;
  let after: Uint8Array = new Uint8Array(0);
  for (;;) {
    const rows = await db.read((queries) => listed(queries, after, batch));
    for (const { digest, size } of rows) {
      const problem = await problemOf(blobs, hexOf(digest), size, deep);
      // What is not as it should be may have been let go meanwhile.
      if (problem !== undefined && (await db.read((queries) => isNamed(queries, digest))))
        problems.push(problem);
    }
    checked += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch || (!deep && checked >= shallowBlobs)) break;
    after = last.digest;
  }
  return { checked, problems };
}

async function namedBlobs(
  queries: Queries,
  after: Uint8Array,
  limit: number,
): Promise<{ digest: Uint8Array; size: number }[]> {
  return queries.many(sql`SELECT f.digest, max(f.size) AS size FROM artifact_file f WHERE f.digest > ${after}
    GROUP BY f.digest ORDER BY f.digest LIMIT ${limit}`);
}

async function problemOf(
  blobs: Blobs,
  digest: Digest,
  size: number,
  deep: boolean,
): Promise<string | undefined> {
  const found = await blobs.find(digest);
  if (found === undefined) return `${digest} is missing`;
  if (found.size !== size) return `${digest} has ${found.size} bytes, not ${size}`;
  if (!deep) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of await blobs.read(digest, 0, size)) hash.update(chunk);
  return hash.digest('hex') === digest ? undefined : `${digest} holds other bytes`;
}

async function checkFiles(queries: Queries): Promise<Finding> {
  const row = await queries.one<{ files: number; size: number | null; lost: number | null }>(sql`
    SELECT count(*) AS files, CAST(sum(f.size) AS BIGINT) AS size,
      sum(CASE WHEN n.id IS NULL OR b.digest IS NULL OR b.size <> f.size THEN 1 ELSE 0 END) AS lost
    FROM artifact_file f LEFT JOIN node n ON n.id = f.owner LEFT JOIN blob b ON b.digest = f.digest`);
  const { files = 0, size, lost } = row ?? {};
  if (lost) {
    return {
      level: 'error',
      check: 'artifact_files',
      detail: `${lost} of ${files} have no owner or no blob on record`,
    };
  }
  return {
    level: 'ok',
    check: 'artifact_files',
    detail: `${files} of ${size ?? 0} bytes, each with an owner`,
  };
}

async function countLetGo(db: Reader): Promise<Finding> {
  const row = await db.read((queries) =>
    queries.one<{ blobs: number; size: number | null }>(sql`SELECT count(*) AS blobs,
      CAST(sum(b.size) AS BIGINT) AS size FROM blob b
      WHERE NOT EXISTS (SELECT 1 FROM artifact_file f WHERE f.digest = b.digest)`),
  );
  const detail = `${row?.blobs ?? 0} blobs of ${row?.size ?? 0} bytes are named by no file any more`;
  return { level: 'ok', check: 'artifact_let_go', detail };
}

/** Strays are what a machine lost power over; or the folder is another store's, so nobody removes them unasked. */
async function countStrays(db: Reader, blobs: Blobs): Promise<Finding> {
  let strays = 0;
  let bytes = 0;
  let page: Blob[] = [];
  const look = async () => {
    for (const blob of await unknownOf(db, page)) {
      // Under way; or its row was committed since.
      if (await blobs.isHeld(blob.digest)) continue;
      if ((await unknownOf(db, [blob])).length === 0) continue;
      strays++;
      bytes += blob.size;
    }
    page = [];
  };
  for await (const blob of blobs.list()) {
    if (page.push(blob) === batch) await look();
  }
  await look();
  const check = 'artifact_strays';
  if (strays === 0) return { level: 'ok', check, detail: 'no bytes that this store does not know' };
  return { level: 'warning', check, detail: `${strays} blobs of ${bytes} bytes are not known to this store` };
}

async function unknownOf(db: Reader, page: readonly Blob[]): Promise<Blob[]> {
  return db.read(async (queries) => {
    const unknown: Blob[] = [];
    for (const blob of page) {
      if (!(await isKnown(queries, bytesOf(blob.digest)))) unknown.push(blob);
    }
    return unknown;
  });
}

/**
 * Keeps bytes and names in step. A blob that no file names is either under way (its upload holds it), a part of an upload
 * (a row in `artifact_part`), let go lately (its row in `blob` says when), or what an upload left that died between its
 * bytes and its row.
 */
import type { Db, Queries } from '../../db/db.ts';
import type { Blob, Blobs } from '../../engines/blobs/index.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import { bytesOf, hexOf } from './artifact-store.ts';
import { isNamed, isWanted } from './blob-names.ts';

/** What looks only; a store that is read beside a running server has no more. */
export type Reader = Pick<Db, 'read'>;

/** ms that bytes are kept after the last file ceased to name them: longer than any backup takes. */
export const blobGrace = 24 * 60 * 60 * 1000;
const batch = 500;

/** Removes bytes whose upload came to nothing, unless another upload holds them or the store knows them. */
export async function removeIfUnnamed(db: Reader, blobs: Blobs, { digest, stored }: Blob): Promise<boolean> {
  const wanted = () => db.read((queries) => isWanted(queries, bytesOf(digest)));
  return !(await wanted()) && blobs.remove(digest, stored, wanted);
}

/** Cleans up after uploads whose process is dead; resolves to how many blobs went. */
export async function sweepLeftovers(db: Reader, blobs: Blobs): Promise<number> {
  let removed = 0;
  for await (const { digest, forget } of blobs.leftovers()) {
    const blob = await blobs.find(digest);
    if (blob !== undefined && (await removeIfUnnamed(db, blobs, blob))) removed++;
    await forget();
  }
  return removed;
}

export interface RemovedBytes {
  readonly blobs: number;
  readonly bytes: number;
  /** The time was up before all were looked at. */
  readonly more?: true;
}

/** Removes bytes that no file has named for `grace` ms; resolves to how many and how large they were. */
export async function removeUnreferenced(
  context: RequestContext,
  db: Db,
  blobs: Blobs,
  grace = blobGrace,
  end = Number.POSITIVE_INFINITY,
): Promise<RemovedBytes> {
  const before = context.clock.now() - grace;
  let count = 0;
  let bytes = 0;
  let after: Uint8Array = new Uint8Array(0);
  for (;;) {
    const rows = await db.scan((queries) => unreferenced(queries, before, after), context.signal);
    for (const row of rows) {
      context.signal.throwIfAborted();
      // The bytes first: a kill in between leaves a row without bytes, which the next time removes.
      const named = () => db.read((queries) => isNamed(queries, row.digest));
      if (await named()) continue;
      if (!(await blobs.remove(hexOf(row.digest), before, named))) continue;
      await db.write((tx) =>
        tx.run(sql`DELETE FROM blob WHERE digest = ${row.digest} AND seen < ${before}
          AND NOT EXISTS (SELECT 1 FROM artifact_file f WHERE f.digest = blob.digest)`),
      );
      count++;
      bytes += row.size;
      if (context.clock.now() > end) return { blobs: count, bytes, more: true };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return { blobs: count, bytes };
    after = last.digest;
  }
}

/** How many blobs no file has named for as long as they are kept then, and how large they are. */
export async function countUnreferenced(context: RequestContext, db: Db): Promise<RemovedBytes> {
  const before = context.clock.now() - blobGrace;
  const row = await db.scan(
    (queries) =>
      queries.one<{ blobs: number; size: number | null }>(sql`SELECT count(*) AS blobs,
        CAST(sum(b.size) AS BIGINT) AS size FROM blob b WHERE b.seen < ${before}
        AND NOT EXISTS (SELECT 1 FROM artifact_file f WHERE f.digest = b.digest)`),
    context.signal,
  );
  return { blobs: row?.blobs ?? 0, bytes: row?.size ?? 0 };
}

async function unreferenced(
  queries: Queries,
  before: number,
  after: Uint8Array,
): Promise<{ digest: Uint8Array; size: number }[]> {
  return queries.many(sql`SELECT b.digest, b.size FROM blob b WHERE b.digest > ${after} AND b.seen < ${before}
    AND NOT EXISTS (SELECT 1 FROM artifact_file f WHERE f.digest = b.digest) ORDER BY b.digest LIMIT ${batch}`);
}

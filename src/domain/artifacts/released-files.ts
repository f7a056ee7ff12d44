/** Files of what is purged: counted, and let go in steps, all but those that something else still reads. */
import type { Queries, Tx } from '../../db/db.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, emptySql, joinSql, type Sql, sql } from '../../kernel/sql.ts';

interface FileFigures {
  readonly files: number;
  readonly bytes: number;
}

interface Files {
  readonly project: ProjectId;
  /** Where they begin; '' for the whole tree. */
  readonly root: string;
  /** Whose they are: a node, or a sub-query of nodes. */
  readonly owner: NodeId | Sql;
  /** Paths that stay, each with all below it. */
  readonly kept: readonly string[];
}

/** How many files there are, and how many bytes they name: bytes that other files name, too, are counted here as well. */
export async function figuresOfFiles(queries: Queries, files: Files): Promise<FileFigures> {
  const row = await queries.one<{ files: number; size: number | null }>(sql`SELECT count(*) AS files,
    CAST(sum(f.size) AS BIGINT) AS size FROM artifact_file f WHERE ${chosen(files)}`);
  return { files: row?.files ?? 0, bytes: row?.size ?? 0 };
}

/** Lets up to `limit` of them go; their bytes are remembered as let go now. Resolves to how many. */
export async function releaseFiles(tx: Tx, files: Files, now: number, limit: number): Promise<number> {
  const rows = await tx.many<{ path: string }>(
    sql`SELECT f.path FROM artifact_file f WHERE ${chosen(files)} ORDER BY f.path LIMIT ${limit}`,
  );
  const paths = rows.map(({ path }) => path);
  if (paths.length === 0) return 0;
  const these = sql`project = ${files.project} AND path ${anyOf(paths)}`;
  await tx.run(
    sql`UPDATE blob SET seen = ${now} WHERE digest IN (SELECT digest FROM artifact_file WHERE ${these})`,
  );
  return tx.run(sql`DELETE FROM artifact_file WHERE ${these}`);
}

function chosen({ project, root, owner, kept }: Files): Sql {
  const owned = typeof owner === 'number' ? sql`f.owner = ${owner}` : sql`f.owner IN (${owner})`;
  const stays = kept.map((path) => sql` AND NOT ${within(path)}`);
  const inside = root === '' ? emptySql : sql` AND ${within(root)}`;
  return sql`f.project = ${project}${inside} AND ${owned}${joinSql(stays, '')}`;
}

/** At the path or below it: `/` is followed by `0`. */
function within(path: string): Sql {
  return sql`(f.path = ${path} OR (f.path >= ${`${path}/`} AND f.path < ${`${path}0`}))`;
}

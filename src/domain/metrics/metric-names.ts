/** The names of the metrics of each run, in their order: what pages and searches of a run with very many of them walk. */
import type { Queries, Tx } from '../../db/db.ts';
import type { NodeId, ProjectId, SeriesId } from '../../kernel/ids.ts';
import { emptySql, type Sql, sql, valueRows } from '../../kernel/sql.ts';

/** Four values a row: far below every store's limit of bound values. */
const rowsPerStatement = 1_000;

/** Series that are new to the run. */
export async function putNames(
  tx: Tx,
  run: { readonly id: NodeId; readonly project: ProjectId },
  names: readonly { readonly name: string; readonly series: SeriesId }[],
): Promise<void> {
  for (let start = 0; start < names.length; start += rowsPerStatement) {
    const rows = names
      .slice(start, start + rowsPerStatement)
      .map(({ name, series }) => [run.id, name, run.project, series]);
    await tx.run(sql`INSERT INTO metric_name (node, name, project, series) VALUES ${valueRows(rows)}`);
  }
}

export interface NameSearch {
  /** The name begins so, exactly. */
  readonly prefix?: string | undefined;
  /** The name holds this text, A–Z equal to a–z. */
  readonly contains?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Names in the order of their UTF-8 bytes. A prefix is sought; a text within names is looked for in the run's own. */
export async function findNames(
  queries: Queries,
  run: NodeId,
  { prefix, contains, after, limit }: NameSearch,
): Promise<{ name: string; series: SeriesId }[]> {
  let where: Sql = emptySql;
  if (prefix) where = sql`${where} AND name >= ${prefix} AND ${startsWith(prefix)}`;
  if (after !== undefined) where = sql`${where} AND name > ${after}`;
  if (contains) where = sql`${where} AND lower(name) LIKE ${`%${escaped(folded(contains))}%`} ESCAPE '\\'`;
  return queries.many(sql`SELECT name, series FROM metric_name WHERE node = ${run} ${where}
    ORDER BY name LIMIT ${limit}`);
}

/** The names that begin with a text stand together; behind them is the least name that is greater and begins otherwise. */
function startsWith(prefix: string): Sql {
  const points = [...prefix];
  for (let length = points.length; length > 0; length--) {
    const next = nextCharacter(points[length - 1]!);
    if (next !== undefined) return sql`name < ${points.slice(0, length - 1).join('') + next}`;
  }
  return sql`1 = 1`;
}

/** The next code point that a text may hold; undefined behind the last. */
function nextCharacter(character: string): string | undefined {
  const code = character.codePointAt(0)! + 1;
  if (code > 0x10ffff) return undefined;
  return String.fromCodePoint(code === 0xd800 ? 0xe000 : code);
}

/** As both stores fold: A–Z alone. */
function folded(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
}

/** Values of one parameter or tag by their beginning, from the value index alone: one step per value, whatever has it. */
import type { Queries } from '../../../db/db.ts';
import { afterPrefix } from '../../../engines/search/pattern.ts';
import type { KeyId, NodeId, ProjectId } from '../../../kernel/ids.ts';
import { anyOf, emptySql, sql, textHead, textHeadLength } from '../../../kernel/sql.ts';
import { propertyScopes } from '../../graph/index.ts';
import type { KnownValue } from '../search.ts';
import { runsLimit } from './column-store.ts';

export async function valuesOfKey(
  queries: Queries,
  project: ProjectId,
  context: NodeId,
  scope: 'param' | 'tag',
  key: KeyId,
  prefix: string,
  limit: number,
): Promise<KnownValue[]> {
  const head = textHead('p.text');
  const least = [...prefix].slice(0, textHeadLength).join('');
  const end = least === '' ? undefined : afterPrefix(least);
  const until = end === undefined ? emptySql : sql` AND ${head} < ${end}`;
  const rows = sql`FROM property p WHERE p.project = ${project} AND p.context = ${context}
    AND p.scope = ${propertyScopes[scope]} AND p.key = ${key}`;
  const found = await queries.many<{ value: string }>(sql`
    WITH RECURSIVE found (value) AS (
      SELECT (SELECT ${head} ${rows} AND ${head} >= ${least}${until} ORDER BY ${head} LIMIT 1)
      UNION ALL
      SELECT (SELECT ${head} ${rows} AND ${head} > found.value${until} ORDER BY ${head} LIMIT 1)
      FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found WHERE value IS NOT NULL LIMIT ${limit}`);
  if (found.length === 0) return [];
  const values = found.map(({ value }) => value);
  const counts = await queries.many<{ id: string; runs: number }>(sql`SELECT v.value AS id,
    (SELECT count(*) FROM (SELECT 1 ${rows} AND ${head} = v.value LIMIT ${runsLimit}) r) AS runs
    FROM (SELECT DISTINCT ${head} AS value ${rows} AND ${head} ${anyOf(values)}) v`);
  const runs = new Map(counts.map((row) => [row.id, row.runs]));
  return values.map((value) => ({
    value,
    runs: runs.get(value) ?? 0,
    isCut: [...value].length === textHeadLength,
  }));
}

/**
 * The keys that runs of one experiment have, from the value indexes alone: a key is found by skipping from one to the
 * next, and looked at by its first and last entries and a bounded count. So a table's columns cost by the number of keys,
 * not of runs.
 */
import type { Queries } from '../../../db/db.ts';
import type { KeyId, NodeId, ProjectId } from '../../../kernel/ids.ts';
import { anyOf, rawSql, type Sql, sql, textHead } from '../../../kernel/sql.ts';
import { propertyScopes, valueKinds } from '../../graph/index.ts';
import type { Column } from '../search.ts';

/** Keys of one kind whose names a request reads, and of which it then looks at the values. */
export const namesLimit = 20_000;
export const keysLimit = 2_000;
/** Runs that are counted per key. */
export const runsLimit = 1_000;
/** Values looked at to tell whether a key is numeric, and whether a metric varies. */
const sampleLimit = 100;

export interface KeyFound {
  readonly scope: Column['scope'];
  readonly key: KeyId;
}

export interface KeyFacts extends KeyFound {
  readonly runs: number;
  readonly varies: boolean;
  readonly numeric: boolean;
}

/** Rows of one kind in the experiment: the leading columns of their value index. */
function rowsOf(scope: Column['scope'], project: ProjectId, context: NodeId): { from: Sql; where: Sql } {
  const common = sql`project = ${project} AND context = ${context}`;
  if (scope === 'metric') return { from: rawSql('series'), where: common };
  return { from: rawSql('property'), where: sql`${common} AND scope = ${propertyScopes[scope]}` };
}

/** Keys in the order of their ids: each step is one lookup, whatever number of runs has the key. */
export async function keysOfExperiment(
  queries: Queries,
  project: ProjectId,
  context: NodeId,
  scope: Column['scope'],
): Promise<KeyFound[]> {
  const { from, where } = rowsOf(scope, project, context);
  const rows = await queries.many<{ key: KeyId }>(sql`
    WITH RECURSIVE found (key) AS (
      SELECT (SELECT min(key) FROM ${from} WHERE ${where})
      UNION ALL
      SELECT (SELECT min(key) FROM ${from} WHERE ${where} AND key > found.key) FROM found WHERE found.key IS NOT NULL
    )
    SELECT key FROM found WHERE key IS NOT NULL LIMIT ${namesLimit + 1}`);
  return rows.map(({ key }) => ({ scope, key }));
}

/** What is known of keys of one kind. */
export async function factsOfKeys(
  queries: Queries,
  project: ProjectId,
  context: NodeId,
  scope: Column['scope'],
  keys: readonly KeyId[],
): Promise<KeyFacts[]> {
  if (keys.length === 0) return [];
  const { from, where } = rowsOf(scope, project, context);
  const ofKey = sql`FROM ${from} WHERE ${where} AND key = k.id`;
  // In the order of the index, so that no store takes the first rows of the table for any rows.
  const indexed = scope === 'metric' ? rawSql('node') : textHead('text');
  const facts = scope === 'metric' ? metricFacts(ofKey) : propertyFacts(ofKey);
  const rows = await queries.many<{ key: KeyId; runs: number; varies: number; numeric: number }>(sql`
    SELECT k.id AS key, (SELECT count(*) FROM (SELECT 1 ${ofKey} ORDER BY ${indexed} LIMIT ${runsLimit}) r) AS runs, ${facts}
    FROM interned_key k WHERE k.id ${anyOf(keys)}`);
  return rows.map(({ key, runs, varies, numeric }) => ({
    scope,
    key,
    runs,
    varies: varies === 1,
    numeric: numeric === 1,
  }));
}

/**
 * Texts vary when the least and the greatest entry of the index differ, or else when they are longer than the index holds
 * and a sample differs. They are numeric when no text at either end of the order is none: letters stand behind digits.
 */
function propertyFacts(ofKey: Sql): Sql {
  const head = textHead('text');
  const least = sql`(SELECT ${head} ${ofKey} AND text IS NOT NULL ORDER BY ${head} LIMIT 1)`;
  const greatest = sql`(SELECT ${head} ${ofKey} AND text IS NOT NULL ORDER BY ${head} DESC LIMIT 1)`;
  const first = sql`(SELECT text, real, kind ${ofKey} ORDER BY ${head} LIMIT ${sampleLimit}) v`;
  const last = sql`(SELECT text, real, kind ${ofKey} ORDER BY ${head} DESC LIMIT ${sampleLimit}) v`;
  const noNumber = sql`v.real IS NULL AND v.kind <> ${valueKinds.nan}`;
  return sql`
    CASE WHEN ${least} <> ${greatest} THEN 1
      WHEN (SELECT min(v.text) FROM ${first}) <> (SELECT max(v.text) FROM ${first}) THEN 1 ELSE 0 END AS varies,
    CASE WHEN EXISTS (SELECT 1 FROM ${last} WHERE ${noNumber}) OR EXISTS (SELECT 1 FROM ${first} WHERE ${noNumber})
      THEN 0 ELSE 1 END AS numeric`;
}

function metricFacts(ofKey: Sql): Sql {
  const sample = sql`(SELECT last_value ${ofKey} ORDER BY node LIMIT ${sampleLimit}) v`;
  return sql`
    CASE WHEN (SELECT min(v.last_value) FROM ${sample}) <> (SELECT max(v.last_value) FROM ${sample}) THEN 1 ELSE 0 END AS varies,
    1 AS numeric`;
}

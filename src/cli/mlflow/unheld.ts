/** What a database of MLflow may hold that Cairn does not hold yet: counted, so that it is named at the end. */
import type { Unheld } from './source.ts';

/** Table → what its rows are. Those of servers' own business (jobs, caches, rollups) are left out: nobody misses them. */
const tables: readonly (readonly [table: string, what: string])[] = [
  ['trace_info', 'traces'],
  ['assessments', 'assessments of traces'],
  ['scorers', 'scorers'],
  ['evaluation_datasets', 'evaluation data sets'],
  ['issues', 'issues'],
  ['label_schemas', 'label schemas'],
  ['review_queues', 'review queues'],
  ['webhooks', 'webhooks'],
  ['endpoints', 'gateway endpoints'],
  ['mcp_servers', 'MCP servers'],
];

export async function unheldIn(
  present: ReadonlySet<string>,
  count: (statement: string, values: readonly string[]) => Promise<number>,
  { workspace }: { readonly workspace: string | undefined },
): Promise<Unheld[]> {
  const found: Unheld[] = [];
  for (const [table, what] of tables) {
    if (!present.has(table)) continue;
    const rows = await count(`SELECT count(*) AS count FROM ${table}`, []);
    if (rows > 0) found.push({ what, count: rows });
  }
  if (workspace !== undefined) {
    const others = await count('SELECT count(*) AS count FROM experiments WHERE workspace <> ?', [workspace]);
    if (others > 0)
      found.push({ what: `experiments of other workspaces than ${workspace} (--workspace)`, count: others });
  }
  return found;
}

import type { Finding, Queries } from '../../db/db.ts';
import { emptySql, rawSql, sql } from '../../kernel/sql.ts';

/** Columns that name a node: [table, column]. 0 stands for none. The owner of a property may be an edge instead. */
const references = [
  ['property', 'owner', 'edge'],
  ['node_key', 'node'],
  ['edge', 'source'],
  ['edge', 'target'],
  ['series', 'node'],
  ['series_by', 'run'],
  ['point_head', 'node'],
  ['node', 'context'],
  ['node', 'project'],
] as const;

/** Every reference to a node has one. Reads all rows, so only a deep check asks. */
export async function checkGraph(queries: Queries, deep: boolean): Promise<Finding[]> {
  const nodes = await queries.one<{ nodes: number }>(sql`SELECT count(*) AS nodes FROM node`);
  if (!deep) return [{ level: 'ok', check: 'graph', detail: `${nodes?.nodes ?? 0} nodes` }];
  const findings: Finding[] = [];
  for (const [table, column, other] of references) {
    const row = await queries.one<{ orphans: number }>(sql`SELECT count(*) AS orphans FROM ${rawSql(table)} r
      WHERE r.${rawSql(column)} <> 0 AND NOT EXISTS (SELECT 1 FROM node n WHERE n.id = r.${rawSql(column)})
        ${other === undefined ? emptySql : sql`AND NOT EXISTS (SELECT 1 FROM ${rawSql(other)} o WHERE o.id = r.${rawSql(column)})`}`);
    const orphans = row?.orphans ?? 0;
    if (orphans === 0) continue;
    findings.push({
      level: 'error',
      check: 'graph',
      detail: `${orphans} rows of ${table}.${column} name no node`,
    });
  }
  if (findings.length > 0) return findings;
  return [
    { level: 'ok', check: 'graph', detail: `${nodes?.nodes ?? 0} nodes, every reference to one holds` },
  ];
}

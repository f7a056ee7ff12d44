/** What `cairn doctor` asks of a store's content: each slice checks what it derived against what was recorded. */
import type { Finding, Queries } from './db/db.ts';
import { checkLog } from './domain/events/index.ts';
import { checkGraph } from './domain/graph/index.ts';
import { checkSeries } from './domain/metrics/index.ts';

/** Shallow: the latest records. Deep: all of them. */
export async function checkDerivedData(queries: Queries, deep: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of [checkGraph, checkSeries, checkLog]) findings.push(...(await check(queries, deep)));
  return findings;
}

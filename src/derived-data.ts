/** What `cairn doctor` and `cairn rebuild` ask of a store's content: each slice holds what it derived against what was recorded. */
import type { Db, Finding, Queries } from './db/db.ts';
import { checkLog } from './domain/events/index.ts';
import { checkGraph } from './domain/graph/index.ts';
import { checkSeries, rebuildSeries } from './domain/metrics/index.ts';

/** Shallow: the latest records. Deep: all of them. */
export async function checkDerivedData(queries: Queries, deep: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of [checkGraph, checkSeries, checkLog]) findings.push(...(await check(queries, deep)));
  return findings;
}

/** Makes again what is not what it should be; resolves to lines that say what was. */
export async function rebuildDerivedData(db: Db): Promise<string[]> {
  const { runs, summaries, outlines, names } = await rebuildSeries(db);
  return [
    `series: ${runs} runs and models read; written again: ${summaries} summaries, ${outlines} outlines, ${names} names`,
  ];
}

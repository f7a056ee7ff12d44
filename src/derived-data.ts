/** What `cairn doctor` and `cairn rebuild` ask of a store's content: each slice holds what it derived against what was recorded. */
import type { Db, Dialect, Finding, Queries } from './db/db.ts';
import { checkIdentity, rebuildIdentity } from './domain/datasets/index.ts';
import { checkDeployments, rebuildDeployments } from './domain/deployments/index.ts';
import { checkLog } from './domain/events/index.ts';
import { checkGraph } from './domain/graph/index.ts';
import { checkSeries, rebuildSeries } from './domain/metrics/index.ts';
import { checkLineage, rebuildLineage } from './domain/pipelines/index.ts';
import { checkRankings, rebuildRankings } from './domain/search/index.ts';
import type { Clock } from './kernel/time.ts';

/** Shallow: the latest records. Deep: all of them. */
export async function checkDerivedData(
  queries: Queries,
  deep: boolean,
  dialect: Dialect,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of [
    checkGraph,
    checkSeries,
    checkLog,
    checkRankings,
    checkIdentity,
    checkLineage,
    checkDeployments,
  ]) {
    findings.push(...(await check(queries, deep, dialect)));
  }
  return findings;
}

/** Makes again what is not what it should be; resolves to lines that say what was. */
export async function rebuildDerivedData(db: Db, clock: Clock): Promise<string[]> {
  const { runs, summaries, outlines, names } = await rebuildSeries(db);
  // Afterwards: an order by a metric is one of its summaries.
  const rankings = await rebuildRankings(db, clock);
  const identity = await rebuildIdentity(db, clock);
  // Afterwards: what was made from what follows from which versions were read.
  const lineage = await rebuildLineage(db, clock);
  const deployments = await rebuildDeployments(db, clock);
  return [
    `series: ${runs} runs and models read; written again: ${summaries} summaries, ${outlines} outlines, ${names} names`,
    `rankings: ${rankings.read} read; made again: ${rankings.made}`,
    `deployments: mended: ${deployments}`,
    `identity: ${identity.projects} projects read; mended: ${identity.mended}`,
    `lineage: ${lineage.runs} runs of jobs and ${lineage.targets} things made from others read; mended: ${lineage.mended}`,
  ];
}

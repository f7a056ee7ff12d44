/** Holds rankings against the runs they order, and makes those again that differ. */
import type { Db, Dialect, Finding, Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import { Graph, type GraphNames, graphNames } from '../../graph/index.ts';
import { compiledOf } from '../runs/run-order.ts';
import { nextRuns, type RankingOrder, type ReadRun } from './ranked-runs.ts';
import { defined, rankingLimits, rankingName } from './ranking.ts';
import {
  changedRuns,
  countRanked,
  type DefinedRanking,
  lastPosition,
  rankedOf,
  readyRankings,
  unplacedRuns,
} from './ranking-store.ts';
import { Rankings } from './rankings.ts';

/** A shallow check looks at the rankings used last, and at the first runs of each. */
const shallowRankings = 10;
const pageSize = 1_000;
/** Events whose runs are looked up at once. */
const eventWindow = 20_000;
/** Differences that are told of one ranking. */
const mostTold = 10;

/** Every run stands in a ranking where its values put it; those that changed since are read beside it, and not looked at. */
export async function checkRankings(queries: Queries, deep: boolean, dialect: Dialect): Promise<Finding[]> {
  const all = await readyRankings(queries);
  const looked = deep ? all : all.slice(0, shallowRankings);
  const wrong: string[] = [];
  const names = looked.length === 0 ? undefined : await graphNames(queries, dialect);
  let runs = 0;
  for (const row of names === undefined ? [] : looked) {
    const checked = await checkRanking(queries, names!, row, deep);
    runs += checked.runs;
    if (checked.faults.length > 0) wrong.push(`${titleOf(row)}: ${told(checked.faults)}`);
  }
  if (wrong.length > 0) {
    const detail = `${wrong.length} of ${looked.length} differ (\`cairn rebuild\` makes them again):\n${wrong.join('\n')}`;
    return [{ level: 'error', check: 'rankings', detail }];
  }
  const detail =
    all.length === 0
      ? 'none'
      : `${looked.length} of ${all.length} looked at, ${runs} runs stand where they belong`;
  return [{ level: 'ok', check: 'rankings', detail }];
}

/** Resolves to how many there are, and how many were made again. */
export async function rebuildRankings(db: Db, clock: Clock): Promise<{ read: number; made: number }> {
  const graph = await Graph.open(db);
  const rankings = new Rankings(db);
  const rows = await db.read(readyRankings);
  let made = 0;
  for (const row of rows) {
    const { faults } = await db.read((queries) => checkRanking(queries, graph, row, true));
    if (faults.length === 0) continue;
    await rankings.remove(row);
    rankings.want(orderOfRanking(graph, row), clock);
    await rankings.settle();
    made += 1;
  }
  await rankings.close();
  return { read: rows.length, made };
}

function titleOf({ id, context, definition }: DefinedRanking): string {
  const keys = defined(definition).order.map(({ field, descending }) => {
    const name = 'key' in field ? `${field.kind} ${field.key}` : `${field.kind} ${field.name}`;
    return descending ? `${name} descending` : name;
  });
  const of = context === 0 ? 'a whole project' : `the experiment of node ${context}`;
  return `ranking ${id} by ${keys.join(', ')} of ${of}`;
}

function told(faults: readonly string[]): string {
  const more = faults.length - mostTold;
  return `${faults.slice(0, mostTold).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function orderOfRanking(graph: GraphNames, { project, context, definition }: DefinedRanking): RankingOrder {
  const { order, keys } = defined(definition);
  const name = rankingName(project, context, order, keys);
  const contexts = context === 0 ? [] : [context];
  return { name, compiled: compiledOf({ graph, project, contexts, keys }, name) };
}

async function checkRanking(
  queries: Queries,
  graph: GraphNames,
  row: DefinedRanking,
  deep: boolean,
): Promise<{ runs: number; faults: string[] }> {
  const order = orderOfRanking(graph, row);
  const changed = await changedSince(queries, row);
  const faults: string[] = [];
  let [runs, found, last] = [0, 0, undefined as ReadRun | undefined];
  for (;;) {
    const at = { built_started: last?.started ?? null, built_uid: last?.uid ?? null };
    const page = await nextRuns(queries, order, at, pageSize);
    const expected = page.filter((run) => run.row !== undefined);
    const nodes = expected.map((run) => run.row!.node);
    const ranked = new Map((await rankedOf(queries, row.id, nodes)).map(({ node, sort }) => [node, sort]));
    for (const { uid, row: wanted } of expected) {
      const sort = ranked.get(wanted!.node);
      if (changed.has(wanted!.node)) continue;
      if (sort === undefined) faults.push(`run ${uid} is missing`);
      else if (Buffer.compare(sort, wanted!.sort) !== 0) faults.push(`run ${uid} stands elsewhere`);
    }
    runs += expected.length;
    found += ranked.size;
    last = page.at(-1);
    if (!deep || page.length < pageSize) break;
  }
  if (deep) {
    const rows = await countRanked(queries, row.id);
    if (rows !== found) faults.push(`${rows - found} rows are of no run that it orders`);
    if (rows !== row.runs) faults.push(`it says ${row.runs} rows and has ${rows}`);
  }
  return { runs, faults };
}

async function changedSince(
  queries: Queries,
  { project, context, position }: DefinedRanking,
): Promise<ReadonlySet<NodeId>> {
  const changed = new Set(await unplacedRuns(queries, project, context, rankingLimits.behind));
  const last = await lastPosition(queries);
  for (let from = position; from < last; from += eventWindow) {
    const until = Math.min(last, from + eventWindow);
    for (const node of await changedRuns(queries, project, context, from, until)) changed.add(node);
  }
  return changed;
}

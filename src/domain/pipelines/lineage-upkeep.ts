/** Holds what follows from events against what they claimed, and mends it: `cairn doctor` and `cairn rebuild`. */
import type { Db, Dialect, Finding, Queries } from '../../db/db.ts';
import { wordOf } from '../../kernel/codes.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { claimingAs } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { Clock } from '../../kernel/time.ts';
import { systemContext } from '../access/index.ts';
import { Journal } from '../events/index.ts';
import { Graph, graphNames } from '../graph/index.ts';
import { runEventCodes } from './codes.ts';
import { derivedDifferences, deriveEdges } from './derivation.ts';
import { joinModels } from './model-arrivals.ts';
import { openClaims } from './model-claims.ts';
import { mendRoles, wrongRoles } from './run-roles.ts';
import { isSamePicture, pictureAfter, type RunPicture, unseenRun } from './run-state.ts';
import { putPictures } from './run-store.ts';
import type { Stamp } from './stamp.ts';

/** Records that are looked at together. */
const together = 500;

/** Shallow: the first ones. Deep: all of them. */
export async function checkLineage(queries: Queries, deep: boolean, dialect: Dialect): Promise<Finding[]> {
  let [targets, runs, faults] = [0, 0, 0];
  for (let after = -1; ; ) {
    const part = await targetsAfter(queries, after);
    targets += part.length;
    const { stale, missing } = await derivedDifferences(
      queries,
      part.map(({ target }) => target),
    );
    faults += stale.length + missing.length;
    if (!deep || part.length < together) break;
    after = part.at(-1)!.target;
  }
  for (let after = -1; ; ) {
    const part = await runsAfter(queries, after);
    runs += part.length;
    faults += (await wrongPictures(queries, part)).length;
    faults += (await wrongRoles(queries, nodesOf(part))).length;
    if (!deep || part.length < together) break;
    after = part.at(-1)!.node;
  }
  const names = await graphNames(queries, dialect);
  for (let after: number | undefined = -1; after !== undefined && names !== undefined; ) {
    const { claims, next } = await openClaims(queries, names, after);
    faults += claims.length;
    after = deep ? next : undefined;
  }
  if (faults > 0)
    return [{ level: 'error', check: 'lineage', detail: `${faults} faults (\`cairn rebuild\` mends them)` }];
  return [
    {
      ...{ level: 'ok', check: 'lineage' },
      detail: `${runs} runs of jobs and ${targets} things made from others looked at`,
    },
  ];
}

/** Resolves to how many runs and targets were read, and how many faults were mended. */
export async function rebuildLineage(
  db: Db,
  clock: Clock,
): Promise<{ readonly runs: number; readonly targets: number; readonly mended: number }> {
  const graph = await Graph.open(db);
  const journal = new Journal(db, () => {});
  // What is made again is what the face claimed.
  const context = claimingAs(systemContext(clock, 'rebuild'), 'openlineage');
  let [targets, runs, mended] = [0, 0, 0];
  for (let after = -1; ; ) {
    const part = await db.read((queries) => runsAfter(queries, after));
    runs += part.length;
    const wrong = await db.read((queries) => wrongPictures(queries, part));
    for (const { node, project, stored, told } of wrong) {
      await db.write((tx) =>
        putPictures(tx, project, [{ run: node, before: stored, picture: told, told: [node] }], clock.now()),
      );
      mended += 1;
    }
    const roles = await db.read((queries) => wrongRoles(queries, nodesOf(part)));
    for (const [project, wrongOnes] of Map.groupBy(roles, (row) => row.project)) {
      await journal.write(context, project, 'lineage.rebuild', async (tx) => {
        await mendRoles(tx, graph, context, wrongOnes);
        tx.record({ node: wrongOnes[0]!.run, body: { changed: wrongOnes.length } });
      });
      mended += wrongOnes.length;
    }
    if (part.length < together) break;
    after = part.at(-1)!.node;
  }
  for (let after: number | undefined = -1; after !== undefined; ) {
    const from: number = after;
    const { claims, next } = await db.read((queries) => openClaims(queries, graph, from));
    for (const [project, open] of Map.groupBy(claims, (row) => row.project)) {
      await journal.write(context, project, 'lineage.rebuild', async (tx) => {
        await joinModels(tx, graph, context, project, open);
        tx.record({ node: open[0]!.owner, body: { changed: open.length } });
      });
      mended += open.length;
    }
    after = next;
  }
  for (let after = -1; ; ) {
    const part = await db.read((queries) => targetsAfter(queries, after));
    targets += part.length;
    for (const [project, rows] of Map.groupBy(part, (row) => row.project)) {
      const nodes = rows.map(({ target }) => target);
      mended += await journal.write(context, project, 'lineage.rebuild', async (tx) => {
        const changed = await deriveEdges(tx, graph, context, tx.eventId, nodes);
        if (changed > 0) tx.record({ node: nodes[0]!, body: { changed } });
        return changed;
      });
    }
    if (part.length < together) break;
    after = part.at(-1)!.target;
  }
  return { runs, targets, mended };
}

const nodesOf = (runs: readonly { readonly node: NodeId }[]): NodeId[] => runs.map(({ node }) => node);

function targetsAfter(
  queries: Queries,
  after: number,
): Promise<{ readonly target: NodeId; readonly project: ProjectId }[]> {
  return queries.many(sql`SELECT DISTINCT target, project FROM derivation WHERE target > ${after}
    ORDER BY target LIMIT ${together}`);
}

interface StoredRun extends RunPicture {
  readonly node: NodeId;
  readonly project: ProjectId;
}

function runsAfter(queries: Queries, after: number): Promise<StoredRun[]> {
  return queries.many(sql`SELECT node, project, first, started, ended, state, rank, stamp FROM job_run
    WHERE node > ${after} ORDER BY node LIMIT ${together}`);
}

/** Runs whose picture is not the one that the states make which were told of them. */
async function wrongPictures(
  queries: Queries,
  runs: readonly StoredRun[],
): Promise<
  (Pick<StoredRun, 'node' | 'project'> & { readonly stored: RunPicture; readonly told: RunPicture })[]
> {
  const rows = await queries.many<{ run: NodeId; type: number; at: number; stamp: Stamp }>(
    sql`SELECT run, type, at, stamp FROM run_state WHERE run ${anyOf(runs.map(({ node }) => node))}`,
  );
  const told = Map.groupBy(rows, ({ run }) => run);
  return runs.flatMap(({ node, project, ...stored }) => {
    let picture = unseenRun;
    for (const { type, at, stamp } of told.get(node) ?? [])
      picture = pictureAfter(picture, wordOf(runEventCodes, type), at, stamp);
    // Events that told no state count for when the run was first heard of.
    const first = [stored.first, picture.first].filter((time) => time !== null);
    const whole = { ...picture, first: first.length === 0 ? null : Math.min(...first) };
    return isSamePicture(stored, whole) ? [] : { node, project, stored, told: whole };
  });
}

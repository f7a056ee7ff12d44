/** Holds what follows from claims against the claims, and mends it: `cairn doctor` and `cairn rebuild`. */
import type { Db, Dialect, Finding, Queries } from '../../../db/db.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { sql } from '../../../kernel/sql.ts';
import type { Clock } from '../../../kernel/time.ts';
import { systemContext } from '../../access/index.ts';
import { Journal } from '../../events/index.ts';
import { Graph, graphNames } from '../../graph/index.ts';
import {
  auditAssets,
  auditClasses,
  type Classes,
  noRepairs,
  type Repairs,
  strayEdges,
  unclaimedUses,
} from './identity-audit.ts';
import { IdentityRepair } from './identity-repair.ts';
import { IdentityReplay } from './identity-replay.ts';

/** Assets of the classes that are looked at together. */
const assetsAtOnce = 500;
/** Faults that are told. */
const mostTold = 10;

/** Shallow: the first classes. Deep: all of them, and every edge that says what is the same or bound. */
export async function auditIdentity(queries: Queries, deep: boolean, dialect: Dialect): Promise<Finding[]> {
  const names = await graphNames(queries, dialect);
  const projects = names === undefined ? [] : await projectsOf(queries);
  const faults: string[] = [];
  let [datasets, versions, uses] = [0, 0, 0];
  if (names !== undefined && projects.length > 0) {
    const { repairs, classes } = await auditAssets(queries, names, projects);
    for (const fault of repairs.faults) faults.push(fault);
    for (const part of partsOf(classes)) {
      const audit = await auditClasses(queries, part);
      for (const fault of audit.repairs.faults) faults.push(fault);
      datasets += part.reduce((sum, [, assets]) => sum + assets.length, 0);
      versions += audit.versions;
      uses += audit.uses;
      if (!deep) break;
    }
    const strays = deep ? await strayEdges(queries, projects) : [];
    if (strays.length > 0) faults.push(`${strays.length} edges say what follows from nothing`);
  }
  const unclaimed = deep && names !== undefined ? await unclaimedUses(queries, names) : 0;
  if (unclaimed > 0) faults.push(`${unclaimed} reads that are recorded bind nothing`);
  if (faults.length > 0) {
    const told = faults.slice(0, mostTold);
    if (faults.length > mostTold) told.push(`and ${faults.length - mostTold} more`);
    const detail = `${faults.length} faults (\`cairn rebuild\` mends them):\n${told.join('\n')}`;
    return [{ level: 'error', check: 'identity', detail }];
  }
  const pending = await queries.many(sql`SELECT project FROM identity_pending LIMIT 1`);
  const later = pending.length === 0 ? '' : '; older records are looked at when a server opens the store';
  const detail = `${datasets} datasets, ${versions} versions and ${uses} uses looked at${later}`;
  return [{ level: 'ok', check: 'identity', detail }];
}

/** Resolves to how many projects were read, and how many faults were mended. */
export async function mendIdentity(db: Db, clock: Clock): Promise<{ projects: number; mended: number }> {
  const graph = await Graph.open(db);
  const journal = new Journal(db, () => {});
  const context = systemContext(clock, 'rebuild');
  const projects = await db.read(projectsOf);
  return { projects: projects.length, mended: await rebuildProjects(graph, journal, context, projects) };
}

/** Of projects that share no place with others; resolves to how many faults were mended. */
export async function rebuildProjects(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  projects: readonly ProjectId[],
): Promise<number> {
  const [home] = projects;
  if (home === undefined) return 0;
  let mended = 0;
  const replay = new IdentityReplay(graph, journal, context);
  for (const project of projects) mended += await replay.project(project);
  const repair = new IdentityRepair(graph, journal, context);
  const all = await graph.db.read((queries) => auditAssets(queries, graph, projects));
  const assets = await repair.repair(home, [...all.classes.values()].flat(), (tx) =>
    auditAssets(tx, graph, projects),
  );
  mended += assets.mended;
  for (const part of partsOf(assets.classes)) {
    const members = part.flatMap(([, of]) => of);
    mended += (await repair.repair(home, members, (tx) => auditClasses(tx, part))).mended;
  }
  return mended + (await repair.repair(home, [], (tx) => auditStrays(tx, projects))).mended;
}

async function auditStrays(queries: Queries, projects: readonly ProjectId[]): Promise<{ repairs: Repairs }> {
  const strays = await strayEdges(queries, projects);
  return {
    repairs: { ...noRepairs(), strays, faults: strays.map((edge) => `edge ${edge} follows from nothing`) },
  };
}

/** Projects with datasets. */
async function projectsOf(queries: Queries): Promise<ProjectId[]> {
  const rows = await queries.many<{ project: ProjectId }>(
    sql`SELECT DISTINCT n.project FROM node n JOIN type t ON t.id = n.type WHERE t.name = 'dataset' ORDER BY n.project`,
  );
  return rows.map(({ project }) => project);
}

function* partsOf(classes: Classes): Generator<[NodeId, readonly NodeId[]][]> {
  let part: [NodeId, readonly NodeId[]][] = [];
  let assets = 0;
  for (const entry of classes) {
    part.push([...entry]);
    assets += entry[1].length;
    if (assets < assetsAtOnce) continue;
    yield part;
    [part, assets] = [[], 0];
  }
  if (part.length > 0) yield part;
}

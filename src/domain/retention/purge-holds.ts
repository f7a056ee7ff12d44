/** What versions that are not deleted need of what is: never purged, whatever its age. */
import type { Queries } from '../../db/db.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, rawSql, type Sql, sql, textHead, textHeadLength } from '../../kernel/sql.ts';
import { proxiedRoot, treePath } from '../artifacts/index.ts';
import { edgeKinds, type Graph, keySpaces, modelIdOf, nodeKinds, propertyScopes } from '../graph/index.ts';
import type { Candidate } from './purge.ts';

export interface Holds {
  /** The whole record stays. */
  readonly whole: boolean;
  /** Paths in the artifact tree that stay. */
  readonly kept: readonly string[];
}

/** More places than this that versions read within one run are not told apart: all of its files stay, with it. */
const mostPlaces = 50;
const nothing: Holds = { whole: false, kept: [] };
const everything: Holds = { whole: true, kept: [] };

/** With `supposed`, as if everything that was deleted up to that instant were purged already: what a dry run asks. */
export async function holdsOn(
  queries: Queries,
  graph: Graph,
  row: Candidate,
  root: string | undefined,
  supposed?: number,
): Promise<Holds> {
  switch (row.kind) {
    case 'run': {
      const places = await placesOf(queries, graph, row.project, 'run_id', row.uid, root);
      // Read through the run's own record: `runs:/<id>/model`.
      if (places.some((place) => /^runs:/i.test(place)) || places.length > mostPlaces) return everything;
      return { whole: false, kept: pathsOf(places) };
    }
    case 'logged-model': {
      const places = await placesOf(queries, graph, row.project, 'logged_model', modelIdOf(row.uid), root);
      const isNeeded =
        places.length > 0 ||
        (await isDerivedFrom(queries, graph, row.id)) ||
        (await isServed(queries, row.id));
      return isNeeded ? everything : nothing;
    }
    case 'experiment': {
      const isInUse =
        supposed === undefined
          ? await hasMembers(queries, graph, row)
          : await wouldHaveMembers(queries, graph, row, supposed);
      if (isInUse || (await isFirst(queries, row))) return everything;
      const places = await placesWithin(queries, graph, row.project, root);
      return places.length > mostPlaces ? everything : { whole: false, kept: pathsOf(places) };
    }
    case 'model-version':
      return (await isServed(queries, row.id)) ? everything : nothing;
    default:
      return nothing;
  }
}

/** Of a version: it is not deleted, or an endpoint serves it all the same. */
function stands(version: 'n' | 'v'): Sql {
  const id = rawSql(`${version}.id`);
  return sql`(${rawSql(version)}.deleted = 0 OR EXISTS (SELECT 1 FROM edge s WHERE s.source = ${id} AND ${servedNow}))`;
}

const servedNow = sql`s.kind = ${edgeKinds.serves} AND s.valid_to IS NULL AND s.known_to IS NULL`;

async function isServed(queries: Queries, node: NodeId): Promise<boolean> {
  const row = await queries.one(
    sql`SELECT 1 AS one FROM edge s WHERE s.source = ${node} AND ${servedNow} LIMIT 1`,
  );
  return row !== undefined;
}

/**
 * Paths that versions read of files that tombstones own: those at or below the root, and those of versions that say they are
 * of one of these runs or models, however their place is spelled. Undefined where there are too many to tell apart.
 */
export async function keptOf(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  root: string,
  owners: readonly { readonly uid: Uid; readonly type: number }[],
): Promise<string[] | undefined> {
  const places = await placesWithin(queries, graph, project, root);
  for (const { uid, type } of owners) {
    if (type === graph.types.run)
      places.push(...(await placesOf(queries, graph, project, 'run_id', uid, undefined)));
    else if (type === graph.types['logged-model'])
      places.push(...(await placesOf(queries, graph, project, 'logged_model', modelIdOf(uid), undefined)));
    if (places.length > mostPlaces) return undefined;
  }
  return places.length > mostPlaces ? undefined : pathsOf(places);
}

/** Where versions read that say they are of this run or model, and those that lie below its root whatever they say. */
async function placesOf(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  key: 'run_id' | 'logged_model',
  id: string,
  root: string | undefined,
): Promise<string[]> {
  const keys = await graph.keys.find(queries, [key, 'storage_location']);
  const [named, location] = [keys.get(key), keys.get('storage_location')];
  if (named === undefined || location === undefined) return [];
  const context = project as number as NodeId;
  const rows = await queries.many<{ place: string }>(sql`SELECT DISTINCT l.text AS place FROM property p
    JOIN node n ON n.id = p.owner
    JOIN property l ON l.owner = n.id AND l.scope = ${propertyScopes.declared} AND l.key = ${location}
    WHERE p.project = ${project} AND p.context = ${context} AND p.scope = ${propertyScopes.declared} AND p.key = ${named}
      AND ${textHead('p.text')} = ${id} AND p.text = ${id} AND n.type = ${graph.types['model-version']} AND ${stands('n')}
    LIMIT ${mostPlaces + 1}`);
  return [...rows.map(({ place }) => place), ...(await placesWithin(queries, graph, project, root))];
}

async function placesWithin(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  root: string | undefined,
): Promise<string[]> {
  const location = (await graph.keys.find(queries, ['storage_location'])).get('storage_location');
  if (root === undefined || location === undefined) return [];
  const from = `${proxiedRoot}${root}`;
  // What begins with `a/` lies from `a/` up to `a0`; the root of the tree ends with its slash.
  const base = from.replace(/\/$/, '');
  const inside = sql`${textHead('l.text')} >= ${headOf(from)}
    AND (l.text = ${from} OR (l.text >= ${`${base}/`} AND l.text < ${`${base}0`}))`;
  // A version that moved in may read a whole folder of runs.
  const around = foldersAbove(root);
  const outside = sql`${textHead('l.text')} ${anyOf(around.map(headOf))} AND l.text ${anyOf(around)}`;
  const rows: { place: string }[] = [];
  for (const where of [inside, outside])
    rows.push(
      ...(await queries.many<{ place: string }>(sql`SELECT DISTINCT l.text AS place FROM property l
        JOIN node n ON n.id = l.owner
        WHERE l.project = ${project} AND l.context = ${project} AND l.scope = ${propertyScopes.declared} AND l.key = ${location}
          AND ${where} AND n.type = ${graph.types['model-version']} AND ${stands('n')} LIMIT ${mostPlaces + 1}`)),
    );
  return rows.map(({ place }) => place);
}

const headOf = (text: string): string => [...text].slice(0, textHeadLength).join('');

/** The folders that a path lies in, as locations are written: with a slash at the end and without. */
function foldersAbove(root: string): string[] {
  const segments = root.split('/');
  return segments.flatMap((_segment, index) => {
    const folder = `${proxiedRoot}${segments.slice(0, index).join('/')}`;
    return index === 0 ? folder : [folder, `${folder}/`];
  });
}

/** Places that no path can name, or that are not kept here, keep no file of ours. */
function pathsOf(places: readonly string[]): string[] {
  return [...new Set(places.flatMap((place) => pathOf(place) ?? []))];
}

/** Where in the tree a location is; undefined when it is elsewhere. */
export function pathOf(location: string): string | undefined {
  try {
    return treePath(location);
  } catch {
    return undefined;
  }
}

async function isDerivedFrom(queries: Queries, graph: Graph, node: NodeId): Promise<boolean> {
  const row = await queries.one(sql`SELECT 1 AS one FROM edge e JOIN node n ON n.id = e.target
    WHERE e.source = ${node} AND e.kind = ${edgeKinds.derived} AND n.type = ${graph.types['model-version']}
      AND ${stands('n')} LIMIT 1`);
  return row !== undefined;
}

/** Runs and models that are not purged. */
async function hasMembers(queries: Queries, graph: Graph, { id }: Candidate): Promise<boolean> {
  const row =
    await queries.one(sql`SELECT 1 AS one FROM node n WHERE n.context = ${id} AND (n.kind = ${nodeKinds.execution}
    OR (n.kind = ${nodeKinds.artifact} AND n.type = ${graph.types['logged-model']})) LIMIT 1`);
  return row !== undefined;
}

/** Linked members that a dry run looks at one by one; beyond, it takes the experiment for one that is held. */
const mostLinked = 200;

/** Whether a run or model would be left if what was deleted up to the instant were purged. The experiment itself was. */
async function wouldHaveMembers(
  queries: Queries,
  graph: Graph,
  experiment: Candidate,
  before: number,
): Promise<boolean> {
  const stays = await queries.one(sql`SELECT 1 AS one FROM node n WHERE n.context = ${experiment.id}
    AND n.kind = ${nodeKinds.execution} AND n.mark >= ${experiment.mark} AND (n.deleted = 0 OR n.updated > ${before}) LIMIT 1`);
  if (stays !== undefined) return true;
  const served =
    await queries.one(sql`SELECT 1 AS one FROM node n JOIN edge s ON s.source = n.id AND ${servedNow}
    WHERE n.context = ${experiment.id} AND n.kind = ${nodeKinds.artifact} AND n.type = ${graph.types['logged-model']} LIMIT 1`);
  if (served !== undefined) return true;
  const linked = await queries.many<{
    id: NodeId;
    uid: Uid;
    type: number;
  }>(sql`SELECT DISTINCT n.id, n.uid, n.type FROM node n
    JOIN edge e ON e.source = n.id AND e.kind IN (${edgeKinds.derived}, ${edgeKinds.generated})
    JOIN node v ON v.id = e.target AND v.type = ${graph.types['model-version']} AND ${stands('v')}
    WHERE n.context = ${experiment.id} AND n.kind <> ${nodeKinds.tombstone} LIMIT ${mostLinked}`);
  if (linked.length === mostLinked) return true;
  for (const { id, uid, type } of linked) {
    const kind = type === graph.types.run ? 'run' : 'logged-model';
    const { whole } = await holdsOn(queries, graph, { ...experiment, id, uid, kind }, undefined);
    if (whole) return true;
  }
  return false;
}

/** Every project has its first experiment, `Default`: a client that names none logs there. */
async function isFirst(queries: Queries, { id }: Candidate): Promise<boolean> {
  const row = await queries.one(sql`SELECT 1 AS one FROM node_key WHERE node = ${id}
    AND space = ${keySpaces['experiment-id']} AND value = '0'`);
  return row !== undefined;
}

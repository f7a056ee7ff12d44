/** What versions that are not deleted need of what is: never purged, whatever its age. */
import type { Queries } from '../../db/db.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { sql, textHead, textHeadLength } from '../../kernel/sql.ts';
import { proxiedRoot, treePath } from '../artifacts/index.ts';
import { edgeKinds, type Graph, keySpaces, modelIdOf, nodeKinds, propertyScopes } from '../graph/index.ts';
import type { Candidate } from './purge.ts';

export interface Holds {
  /** The whole record stays. */
  readonly whole: boolean;
  /** Paths in the artifact tree that stay. */
  readonly kept: readonly string[];
}

/** More places than this within one run are not told apart: all of its files stay, with it. */
const mostPlaces = 50;
const nothing: Holds = { whole: false, kept: [] };
const everything: Holds = { whole: true, kept: [] };

export async function holdsOn(
  queries: Queries,
  graph: Graph,
  row: Candidate,
  root: string | undefined,
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
      return places.length > 0 || (await isDerivedFrom(queries, graph, row.id)) ? everything : nothing;
    }
    case 'experiment':
      return (await hasMembers(queries, graph, row)) || (await isFirst(queries, row))
        ? everything
        : { whole: false, kept: pathsOf(await placesWithin(queries, graph, row.project, root)) };
    default:
      return nothing;
  }
}

/** Paths that versions read at or below a root, or above it. */
export async function keptWithin(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  root: string,
): Promise<string[]> {
  return pathsOf(await placesWithin(queries, graph, project, root));
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
      AND ${textHead('p.text')} = ${id} AND p.text = ${id} AND n.type = ${graph.types['model-version']} AND n.deleted = 0
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
  const head = [...from].slice(0, textHeadLength).join('');
  const rows = await queries.many<{ place: string }>(sql`SELECT DISTINCT l.text AS place FROM property l
    JOIN node n ON n.id = l.owner
    WHERE l.project = ${project} AND l.context = ${project} AND l.scope = ${propertyScopes.declared} AND l.key = ${location}
      AND ${textHead('l.text')} >= ${head} AND (l.text = ${from} OR (l.text >= ${`${from}/`} AND l.text < ${`${from}0`}))
      AND n.type = ${graph.types['model-version']} AND n.deleted = 0 LIMIT ${mostPlaces + 1}`);
  return rows.map(({ place }) => place);
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
      AND n.deleted = 0 LIMIT 1`);
  return row !== undefined;
}

/** Runs and models that are not purged. */
async function hasMembers(queries: Queries, graph: Graph, { id }: Candidate): Promise<boolean> {
  const row =
    await queries.one(sql`SELECT 1 AS one FROM node n WHERE n.context = ${id} AND (n.kind = ${nodeKinds.execution}
    OR (n.kind = ${nodeKinds.artifact} AND n.type = ${graph.types['logged-model']})) LIMIT 1`);
  return row !== undefined;
}

/** Every project has its first experiment, `Default`: a client that names none logs there. */
async function isFirst(queries: Queries, { id }: Candidate): Promise<boolean> {
  const row = await queries.one(sql`SELECT 1 AS one FROM node_key WHERE node = ${id}
    AND space = ${keySpaces['experiment-id']} AND value = '0'`);
  return row !== undefined;
}

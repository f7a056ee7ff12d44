/**
 * Whose a path in the tree is, told by where clients store: a run at `<experiment's location>/<run id>/artifacts`, a
 * model where its record says, else the experiment with the longest location above it, else the project.
 */
import type { Queries } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, emptySql, sql, textHead, textHeadLength } from '../../kernel/sql.ts';
import { type ExperimentRow, experimentRow, lifecycleOf } from '../contexts/index.ts';
import { type Graph, lockNodes, propertyScopes } from '../graph/index.ts';
import { findRun } from '../runs/index.ts';
import { proxiedRoot, treePath } from './artifact-location.ts';
import type { ArtifactPath } from './artifact-path.ts';

export interface Owner {
  readonly node: NodeId;
  /** Of whose events this is one too. */
  readonly context: NodeId | undefined;
  /** For people: `run 3f…`. */
  readonly label: string;
  readonly deleted: boolean;
  /** Where in the tree what it owns begins. */
  readonly root: ArtifactPath | '';
}

/** The path as its owner sees it; '' for the root of what it owns. */
export function withinOwner(owner: Owner, path: string): string {
  return owner.root === '' ? path : path.slice(owner.root.length + 1);
}

export function requireActiveOwner(owner: Owner): void {
  if (!owner.deleted) return;
  throw new CairnError(
    'failed_precondition',
    `The ${owner.label} must be in the 'active' state. Current state is deleted.`,
    { field: 'path' },
  );
}

/** With `lock` the owner is held until the transaction ends: what is written to it comes one after the other. */
export async function ownerOf(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  path: ArtifactPath,
  lock: boolean,
): Promise<Owner> {
  const segments = path.split('/');
  return (
    (await runOwner(queries, graph, project, segments, lock)) ??
    (await contextOwner(queries, graph, project, segments, lock)) ??
    (await projectOwner(queries, graph, project, lock))
  );
}

async function runOwner(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  segments: readonly string[],
  lock: boolean,
): Promise<Owner | undefined> {
  const at = segments.findIndex(
    (segment, i) => /^[0-9a-f]{32}$/.test(segment) && segments[i + 1] === 'artifacts',
  );
  if (at === -1) return undefined;
  const run = await findRun(queries, graph, project, segments[at]!, lock);
  const experiment = run && (await experimentRow(queries, graph, run.context));
  if (run === undefined || experiment === undefined) return undefined;
  if (treeLocation(experiment) !== segments.slice(0, at).join('/')) return undefined;
  return {
    node: run.id,
    context: run.context,
    label: `run ${run.uid}`,
    deleted: lifecycleOf(run) === 'deleted',
    root: segments.slice(0, at + 2).join('/') as ArtifactPath,
  };
}

async function contextOwner(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  segments: readonly string[],
  lock: boolean,
): Promise<Owner | undefined> {
  const experiment = await experimentAbove(queries, graph, project, segments);
  if (experiment === undefined) return undefined;
  const root = treeLocation(experiment)!;
  const depth = root === '' ? 0 : root.split('/').length;
  const [models, id, artifacts] = segments.slice(depth);
  if (models === 'models' && id !== undefined && artifacts === 'artifacts') {
    const uri = `${experiment.artifact_location.replace(/\/+$/, '')}/models/${id}/artifacts`;
    const model = await modelAt(queries, graph, experiment, uri, lock);
    if (model !== undefined) {
      return {
        node: model.id,
        context: experiment.node,
        label: `model ${id}`,
        deleted:
          lifecycleOf({ ...model, context_mark: experiment.mark, context_deleted: experiment.deleted }) ===
          'deleted',
        root: segments.slice(0, depth + 3).join('/') as ArtifactPath,
      };
    }
  }
  if (lock) await experimentRow(queries, graph, experiment.node, true);
  const label = `experiment ${experiment.id}`;
  return { node: experiment.node, context: undefined, label, deleted: experiment.deleted !== 0, root };
}

/** What is above every experiment belongs to the project, whose node has the project's number. */
async function projectOwner(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  lock: boolean,
): Promise<Owner> {
  const node = project as number as NodeId;
  if (lock)
    await queries.one(sql`SELECT n.id FROM node n WHERE n.id = ${node} ${lockNodes(graph.db.dialect)}`);
  return { node, context: undefined, label: 'project', deleted: false, root: '' };
}

function treeLocation(experiment: ExperimentRow): ArtifactPath | '' | undefined {
  try {
    return treePath(experiment.artifact_location);
  } catch {
    return undefined; // a place that no path can name
  }
}

/** The experiment whose location is the longest beginning of the path; the oldest, where several share it. */
async function experimentAbove(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  segments: readonly string[],
): Promise<ExperimentRow | undefined> {
  const beginnings = segments.map((_segment, index) => segments.slice(0, index).join('/'));
  const locations = beginnings.flatMap((path) => [`${proxiedRoot}${path}`, `${proxiedRoot}${path}/`]);
  const found = await queries.many<{ owner: NodeId; text: string }>(sql`SELECT p.owner, p.text FROM property p
    WHERE p.project = ${project} AND p.context = ${project} AND p.scope = ${propertyScopes.system}
      AND p.key = ${graph.systemKeys.artifact_location} AND ${textHead('p.text')} ${anyOf(heads(locations))}
      AND p.text ${anyOf(locations)} ORDER BY p.owner`);
  const [longest] = found.sort((a, b) => b.text.replace(/\/$/, '').length - a.text.replace(/\/$/, '').length);
  return longest && experimentRow(queries, graph, longest.owner);
}

async function modelAt(
  queries: Queries,
  graph: Graph,
  experiment: ExperimentRow,
  uri: string,
  lock: boolean,
): Promise<{ id: NodeId; mark: number; deleted: number } | undefined> {
  return queries.one(sql`SELECT n.id, n.mark, n.deleted FROM property p JOIN node n ON n.id = p.owner
    WHERE p.project = ${experiment.project} AND p.context = ${experiment.node} AND p.scope = ${propertyScopes.system}
      AND p.key = ${graph.systemKeys.artifact_uri} AND ${textHead('p.text')} ${anyOf(heads([uri]))}
      AND p.text = ${uri} ${lock ? lockNodes(graph.db.dialect) : emptySql}`);
}

const heads = (texts: readonly string[]): string[] => [
  ...new Set(texts.map((text) => [...text].slice(0, textHeadLength).join(''))),
];

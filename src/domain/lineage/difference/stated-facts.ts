/**
 * What is recorded of code, parameters, environment and results at the nearest run of a version, at its logged model, and in the files beside
 * that: MLflow's tags, the facets of OpenLineage, what conda and pip were asked for.
 */
import type { Queries } from '../../../db/db.ts';
import { CairnError } from '../../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Artifacts } from '../../artifacts/index.ts';
import { propertiesOf, propertyScopes, textOf } from '../../graph/index.ts';
import { latestFromRow, latestOfRuns, seriesOfModels } from '../../metrics/index.ts';
import { loadModels } from '../../models/index.ts';
import { saidOfRun } from '../../pipelines/index.ts';
import { loadVersions } from '../../registry/index.ts';
import type { World } from '../answers/labels.ts';
import { seenNode } from '../nodes/node-store.ts';
import type { NodeView } from '../questions.ts';
import { codeIn, environmentIn } from './code-facets.ts';
import { condaEnvironmentOf, packagesOf, pythonEnvironmentOf } from './packages.ts';

/** Metrics of one side that are looked at, those of the least names. */
const mostMetrics = 1_000;

export interface Measured {
  readonly name: string;
  /** What it was measured on; null: nobody said. */
  readonly dataset: string | null;
  readonly value: number;
}

export interface Stated {
  readonly code: ReadonlyMap<string, string>;
  readonly params: ReadonlyMap<string, string>;
  readonly environment: ReadonlyMap<string, string>;
  /** By name and dataset. */
  readonly metrics: ReadonlyMap<string, Measured>;
  /** Where files of the model may lie. */
  readonly places: readonly string[];
}

/** Tags by which MLflow's clients tell the code, and what people call them. */
const codeTags: Readonly<Record<string, string>> = {
  'mlflow.source.git.commit': 'commit',
  'mlflow.source.git.branch': 'branch',
  'mlflow.source.git.repoURL': 'repository',
  'mlflow.source.name': 'source',
  'mlflow.source.type': 'kind of source',
  'mlflow.project.entryPoint': 'entry point',
  'mlflow.project.env': 'project environment',
  'mlflow.databricks.notebookPath': 'notebook',
  'mlflow.databricks.notebookRevisionID': 'revision of the notebook',
  'mlflow.docker.image.uri': 'image',
};

export async function statedAt(
  queries: Queries,
  { graph, scope }: World,
  project: ProjectId,
  of: NodeView,
  run: NodeView | null,
  model: NodeView | null,
): Promise<Stated> {
  const idOf = async (node: NodeView | null) =>
    node === null ? undefined : (await seenNode(queries, scope, project, node.uid))?.id;
  const [own, runId, modelId] = [await idOf(of), await idOf(run), await idOf(model)];
  const rows = await propertiesOf(
    queries,
    [runId, modelId].filter((id) => id !== undefined),
  );
  const names = await graph.keys.names(
    queries,
    rows.map(({ key }) => key),
  );
  const said = runId === undefined ? undefined : await saidOfRun(queries, graph, runId);
  const code = new Map(said && codeIn(said));
  const environment = new Map(said && environmentIn(said));
  const params = new Map<string, string>();
  for (const row of rows) {
    const name = names.get(row.key) ?? '';
    const called = codeTags[name];
    if (row.scope === propertyScopes.tag && called !== undefined) code.set(called, textOf(row));
    else if (row.scope === propertyScopes.param) params.set(name, textOf(row));
    else if (row.scope === propertyScopes['model-param'] && !params.has(name)) params.set(name, textOf(row));
  }
  const places = [
    own === undefined ? undefined : (await loadVersions(queries, graph, [own])).get(own)?.location,
    modelId === undefined
      ? undefined
      : (await loadModels(queries, graph, [modelId])).get(modelId)?.artifactUri,
  ].filter((place) => place !== undefined && place !== '');
  const metrics = await metricsAt(queries, graph, runId, modelId);
  return { code, params, environment, metrics, places: [...new Set(places as string[])] };
}

/** What measures the model itself, by the dataset; what its run logged besides. */
async function metricsAt(
  queries: Queries,
  graph: World['graph'],
  run: NodeId | undefined,
  model: NodeId | undefined,
): Promise<ReadonlyMap<string, Measured>> {
  const found: Measured[] = [];
  if (model !== undefined) {
    // In the order of their times: the last one counts.
    for (const { key, dataset, summary } of (await seriesOfModels(queries, graph, [model])).get(model) ??
      []) {
      const on = dataset === undefined ? null : `${dataset.name}@${dataset.digest}`;
      found.push({ name: key, dataset: on, value: summary.last.value });
    }
  }
  if (run !== undefined) {
    const ofModel = new Set(found.map(({ name }) => name));
    const rows = await latestOfRuns(queries, [run], mostMetrics);
    const names = await graph.keys.names(
      queries,
      rows.map(({ key }) => key),
    );
    for (const row of rows) {
      const { key: name, last } = latestFromRow(row, names.get(row.key) ?? '');
      if (!ofModel.has(name)) found.push({ name, dataset: null, value: last.value });
    }
  }
  const byPlace = new Map(found.map((one) => [JSON.stringify([one.name, one.dataset]), one]));
  return new Map([...byPlace].sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, mostMetrics));
}

/** Bytes of a file that are read; a longer one is no list of packages. */
const longestFile = 1_000_000;

export interface Environment {
  readonly packages: ReadonlyMap<string, string>;
  /** Files that they were read from. */
  readonly files: readonly string[];
}

/** Each with how it is read; what an earlier one says counts. */
const environmentFiles = [
  ['requirements.txt', packagesOf],
  ['python_env.yaml', pythonEnvironmentOf],
  ['conda.yaml', condaEnvironmentOf],
] as const;

/** What the files beside a model ask for, at the first of these places that has any. */
export async function environmentAt(
  artifacts: Artifacts,
  context: RequestContext,
  project: ProjectId,
  places: readonly string[],
): Promise<Environment> {
  for (const place of places) {
    const packages = new Map<string, string>();
    const files: string[] = [];
    for (const [name, read] of environmentFiles) {
      const text = await fileAt(artifacts, context, project, place, name);
      if (text === undefined) continue;
      files.push(`${place.replace(/\/$/, '')}/${name}`);
      for (const [what, asked] of read(text)) if (!packages.has(what)) packages.set(what, asked);
    }
    if (files.length > 0) return { packages, files };
  }
  return { packages: new Map(), files: [] };
}

/** Undefined where there is no such file, or the server does not open that place. */
async function fileAt(
  artifacts: Artifacts,
  context: RequestContext,
  project: ProjectId,
  place: string,
  name: string,
): Promise<string | undefined> {
  try {
    const { size, read } = await artifacts.open(context, project, place, name);
    if (size > longestFile) return undefined;
    const parts: Uint8Array[] = [];
    for await (const part of await read(0, size, context.signal)) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    if (error instanceof CairnError && error.code !== 'internal' && error.code !== 'unavailable')
      return undefined;
    throw error;
  }
}

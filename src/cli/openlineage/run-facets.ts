/** Facets of a run, its job, what it read and made. */
import { mlFacets } from '../../domain/pipelines/index.ts';
import type { DatasetPlace } from './dataset-naming.ts';
import {
  type Facet,
  type Facets,
  instant,
  type Json,
  ownFacet,
  standardFacet,
  told,
} from './facet-writing.ts';
import type {
  Deployment,
  LoggedModel,
  MetricSummary,
  ModelVersion,
  NamedRun,
  RunFacts,
  RunInput,
} from './run-facts.ts';

/** A run as an event names it. */
export interface RunName {
  readonly runId: string;
  readonly job: { readonly namespace: string; readonly name: string };
}

export function parentFacets(parent: RunName | undefined, root: RunName | undefined): Facets {
  if (parent === undefined) return {};
  const facet = (of: RunName) => ({ run: { runId: of.runId }, job: { ...of.job } });
  return {
    parent: standardFacet('ParentRunFacet', '1-1-0', {
      ...facet(parent),
      ...(root !== undefined && { root: facet(root) }),
    }),
  };
}

const isOwnTag = (key: string) => key.startsWith('mlflow.');

/** Since its beginning. */
export function trainingFacets({ run, experiment }: NamedRun): Facets {
  const { tags } = run;
  const source = told({
    name: tags['mlflow.source.name'],
    type: tags['mlflow.source.type'],
    entryPoint: tags['mlflow.project.entryPoint'],
    commit: tags['mlflow.source.git.commit'],
  });
  return {
    [mlFacets.training]: ownFacet(
      'CairnTrainingRunFacet',
      told({
        tool: 'mlflow',
        run: run.id,
        name: run.name,
        experiment: { id: run.experiment, name: experiment },
        user: run.user,
        source: Object.keys(source).length === 0 ? undefined : source,
      }),
    ),
  };
}

/** What is known at its end. */
export function resultFacets({ run, metrics }: RunFacts): Facets {
  const parameters = sorted(run.params).map(([key, value]) => ({ key, value }));
  const labels = sorted(run.tags)
    .filter(([key]) => !isOwnTag(key))
    .map(([key, value]) => ({ key, value }));
  return {
    ...(parameters.length > 0 && {
      [mlFacets.hyperParameters]: ownFacet('CairnHyperParametersRunFacet', { parameters }),
    }),
    ...(metrics.length > 0 && {
      [mlFacets.metrics]: ownFacet('CairnMetricsRunFacet', {
        metrics: metrics.map(([key, summary]) => metric(key, summary)),
      }),
    }),
    ...(labels.length > 0 && { tags: standardFacet('TagsRunFacet', '1-0-0', { tags: labels }) }),
  };
}

function metric(
  key: string,
  { last, lastStep, lastTime, min, max, points }: MetricSummary,
  model?: string,
): Facet {
  return told({
    key,
    value: last,
    step: lastStep,
    timestamp: instant(lastTime),
    min: points > 1 ? min : undefined,
    max: points > 1 ? max : undefined,
    points,
    model,
  });
}

/** JSON objects keep the order of their making: by key, so that the same run gives the same bytes. */
const sorted = (record: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

export function jobFacets(processing: 'BATCH' | 'SERVICE', jobType: string): Facets {
  return {
    jobType: standardFacet('JobTypeJobFacet', '2-0-3', {
      processingType: processing,
      integration: 'MLFLOW',
      jobType,
    }),
  };
}

/** Where the code of a run stands, as far as it is in a repository. */
export function sourceFacets({ run: { tags } }: NamedRun): Facets {
  const repository = URL.parse(tags['mlflow.source.git.repoURL'] ?? '');
  if (repository === null) return {};
  // A token that is part of the address is nobody else's.
  repository.username = '';
  repository.password = '';
  const repoUrl = repository.href;
  const location = told({
    type: 'git',
    url: repoUrl,
    repoUrl,
    path: tags['mlflow.source.name'],
    version: tags['mlflow.source.git.commit'],
    branch: tags['mlflow.source.git.branch'],
  });
  return { sourceCodeLocation: standardFacet('SourceCodeLocationJobFacet', '1-0-1', location) };
}

export function datasetFacets({ version }: RunInput, place: DatasetPlace, named: string | undefined): Facets {
  const fields = nested(version.schema ?? []);
  const uri = place.uri !== undefined && URL.canParse(place.uri) ? place.uri : undefined;
  return {
    ...(named !== undefined && versionFacets(named)),
    ...(fields.length > 0 && { schema: standardFacet('SchemaDatasetFacet', '1-1-1', { fields }) }),
    ...(uri !== undefined && {
      dataSource: standardFacet('DatasourceDatasetFacet', '1-0-1', { name: place.namespace, uri }),
    }),
  };
}

export function versionFacets(datasetVersion: string): Facets {
  return { version: standardFacet('DatasetVersionDatasetFacet', '1-0-1', { datasetVersion }) };
}

/** Fields stand one after the other, each before those inside it. */
function nested(
  rows: readonly { path: string; depth: number; type: string | null; description: string | null }[],
): Json[] {
  const roots: Json[] = [];
  const open: { readonly path: string; readonly fields: Json[] }[] = [];
  for (const { path, depth, type, description } of rows) {
    open.length = Math.min(open.length, depth);
    const above = open.at(-1);
    const name =
      above !== undefined && path.startsWith(`${above.path}.`) ? path.slice(above.path.length + 1) : path;
    const fields: Json[] = [];
    (above?.fields ?? roots).push({ ...told({ name, type, description }), fields });
    open.push({ path, fields });
  }
  return roots.map(withoutEmpty);
}

function withoutEmpty(field: Json): Json {
  const { fields, ...rest } = field as { readonly fields: readonly Json[] };
  return fields.length === 0 ? rest : { ...rest, fields: fields.map(withoutEmpty) };
}

/** Of one reading: what for, how much, and what was measured on it. `same`: all that the run calls this dataset. */
export function inputFacets(
  { input, version }: RunInput,
  same: readonly RunInput[],
  { run, modelsMade, modelsRead }: RunFacts,
): Facets {
  const statistics = told({ rowCount: version.rows, size: version.bytes, fileCount: version.files });
  const models = new Map([...modelsMade, ...modelsRead].map((model) => [model.id, model]));
  const measured = [...models.values()].flatMap(({ id, metrics }) =>
    metrics
      .filter(
        ({ run: by, dataset }) =>
          by === run.id &&
          same.some((read) => dataset?.name === read.input.name && dataset.digest === read.input.digest),
      )
      .map(({ key, run: _, dataset: __, ...summary }) => metric(key, summary, `models:/${id}`)),
  );
  return {
    ...(input.context !== null && {
      [mlFacets.datasetRole]: ownFacet('CairnDatasetRoleInputDatasetFacet', {
        role: input.context,
        name: input.name,
        digest: input.digest,
      }),
    }),
    ...(measured.length > 0 && {
      [mlFacets.evaluation]: ownFacet(
        'CairnEvaluationInputDatasetFacet',
        // One that says no role is for evaluation alone, which nobody said.
        { role: input.context ?? 'unspecified', metrics: measured },
      ),
    }),
    ...(Object.keys(statistics).length > 0 && {
      inputStatistics: standardFacet('InputStatisticsInputDatasetFacet', '1-0-0', statistics),
    }),
  };
}

const isModel: Facets = {
  datasetType: standardFacet('DatasetTypeDatasetFacet', '1-0-0', { datasetType: 'MODEL' }),
};

const modelFacet = (content: Facet): Facets => ({
  [mlFacets.model]: ownFacet('CairnModelDatasetFacet', content, 'CairnModelFacet'),
});

export function loggedModelFacets({ id, name, type, status, sourceRun, artifactUri }: LoggedModel): Facets {
  const run = sourceRun;
  return {
    ...versionFacets(id),
    ...isModel,
    ...modelFacet(
      told({ uri: `models:/${id}`, modelId: id, title: name, type, status, run, location: artifactUri }),
    ),
  };
}

export function modelVersionFacets({ model, version, loggedModel, run, location }: ModelVersion): Facets {
  const [name, number] = [model, String(version)];
  return {
    ...versionFacets(number),
    ...isModel,
    ...modelFacet(
      told({ uri: `models:/${name}/${number}`, name, version: number, modelId: loggedModel, run, location }),
    ),
  };
}

export function deploymentFacets({
  uid,
  jobRun,
  endpoint,
  slot,
  model,
  traffic,
  platform,
  ending,
  note,
}: Deployment): Facets {
  return {
    [mlFacets.deployment]: ownFacet(
      'CairnDeploymentRunFacet',
      told({
        ...{ endpoint: endpoint.name, slot, model: model.uri, traffic },
        platform: platform as unknown as Json,
        ...{ ending, note },
        // Whoever has that record is told nothing new. What a run of a job told is that run's.
        record: jobRun === null ? uid : undefined,
      }),
    ),
  };
}

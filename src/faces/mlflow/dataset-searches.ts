import { invalid } from '../../kernel/errors.ts';
import { endpoint } from './endpoint.ts';
import { experimentId } from './experiment-ids.ts';
import { listOf, nested, text } from './message-schema.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

export const datasetSearchLimits = {
  /** Experiments of one request. */
  experiments: 20,
  /** Datasets of one answer. */
  summaries: 1000,
} as const;

/** Called by MLflow's own pages. The two odd paths are the release's: its definition of the route lacks a slash. */
export function datasetEndpoints({ datasets }: MlflowServices): WorkspaceOperation[] {
  return endpoint({
    id: 'experiments.search-datasets',
    methods: ['POST'],
    path: 'experiments/search-datasets',
    paths: [
      '/ajax-api/2.0/mlflow/experiments/search-datasets',
      '/api/2.0mlflow/experiments/search-datasets',
      '/ajax-api/2.0mlflow/experiments/search-datasets',
    ],
    permission: 'metadata:read',
    summary: 'Datasets that runs of experiments use, each once per context.',
    request: { experiment_ids: listOf(text) },
    response: {
      dataset_summaries: listOf(nested({ experiment_id: text, name: text, digest: text, context: text })),
    },
    async run(context, input, project) {
      const count = input.experiment_ids.length;
      if (count === 0) {
        throw invalid('experiment_ids', 'SearchDatasets request must specify at least one experiment_id.');
      }
      if (count > datasetSearchLimits.experiments) {
        throw invalid(
          'experiment_ids',
          `SearchDatasets request cannot specify more than ${datasetSearchLimits.experiments} experiment_ids. Received ${count} experiment_ids.`,
        );
      }
      const ids = input.experiment_ids.map((id) => experimentId('experiment_ids', id));
      const uses = await datasets.usesIn(context, project.id, ids, datasetSearchLimits.summaries);
      return {
        dataset_summaries: uses.map(({ experiment, name, digest, context: use }) => ({
          ...{ experiment_id: experiment, name, digest },
          context: use || undefined,
        })),
      };
    },
  });
}

/**
 * The MLflow face: the REST protocol of MLflow's tracking server, for its unmodified clients. Translates requests into calls
 * of the domain and its answers and errors back; knows no store. What is not built stands in gaps.md.
 */
import type { HttpFace } from '../../kernel/operation.ts';
import { artifactEndpoints } from './artifacts.ts';
import { transferEndpoints } from './artifacts-transfers.ts';
import { uploadOperations } from './artifacts-uploads.ts';
import { datasetEndpoints } from './dataset-searches.ts';
import { replyToHostError } from './errors.ts';
import { experimentEndpoints } from './experiments.ts';
import { gapOperations } from './gaps.ts';
import { inputEndpoints } from './inputs.ts';
import { loggedModelEndpoints } from './logged-models.ts';
import { loggingEndpoints } from './logging.ts';
import { historyEndpoints } from './metric-history.ts';
import { modelVersionEndpoints } from './model-versions.ts';
import { probeOperations } from './probes.ts';
import { registeredModelEndpoints } from './registered-models.ts';
import { RunTexts } from './run-texts.ts';
import { runEndpoints } from './runs.ts';
import { searchEndpoints } from './searches.ts';
import type { MlflowServices } from './services.ts';
import { webhookEndpoints } from './webhooks.ts';
import { workspaceEndpoints } from './workspace-routes.ts';
import { Workspaces } from './workspaces.ts';

export { mlflowRelease } from './release.ts';
export type { MlflowServices } from './services.ts';

export function mlflowFace(services: MlflowServices): HttpFace {
  const texts = new RunTexts();
  const workspaces = new Workspaces(services);
  return {
    face: 'mlflow',
    operations: [
      ...probeOperations(),
      ...experimentEndpoints(services),
      ...runEndpoints(services, texts),
      ...loggingEndpoints(services),
      ...inputEndpoints(services),
      ...historyEndpoints(services),
      ...searchEndpoints(services, texts),
      ...datasetEndpoints(services),
      ...loggedModelEndpoints(services),
      ...registeredModelEndpoints(services),
      ...modelVersionEndpoints(services),
      ...webhookEndpoints(services),
      ...artifactEndpoints(services),
      ...uploadOperations(services),
      ...transferEndpoints(services),
      ...workspaceEndpoints(services),
      ...gapOperations(),
    ].map((operation) => workspaces.within(operation)),
    prefixes: [
      '/api/2.0',
      '/api/3.0',
      '/ajax-api',
      '/gateway',
      '/v1/traces',
      '/get-artifact',
      '/model-versions',
    ],
    renderError: replyToHostError,
  };
}

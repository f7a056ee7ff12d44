/**
 * Every route of the pinned MLflow release that is not built, so that a client is told so (501) instead of guessing.
 * Routes from which the clients fall back to an older one when they are missing answer 404 ENDPOINT_NOT_FOUND instead.
 * gaps.md is printed from these tables (gaps-page.ts); a test holds both against the routes of the release.
 */
import { CairnError } from '../../kernel/errors.ts';
import type { HttpMethod, Permission } from '../../kernel/operation.ts';
import { answering, bodyLimits } from './endpoint.ts';
import { endpointNotFound } from './errors.ts';
import type { WorkspaceOperation } from './services.ts';

interface GapGroup {
  readonly reason: string;
  /** Lines of methods and a path. `/2.0/…` and `/3.0/…` stand for `/api` and its twin `/ajax-api`; `*` is any rest of a path. */
  readonly routes: string;
}

/** One line of gaps.md. */
export interface Gap {
  readonly method: HttpMethod;
  readonly path: string;
  readonly aliases: readonly string[];
  readonly reason: string;
}

const notBuilt: readonly GapGroup[] = [
  {
    reason: 'Traces come with the slice traces.',
    routes: `
      GET,POST /2.0/mlflow/traces
      PATCH /2.0/mlflow/traces/{trace}
      GET /2.0/mlflow/traces/{trace}/info
      PATCH,DELETE /2.0/mlflow/traces/{trace}/tags
      POST /2.0/mlflow/traces/delete-traces
      POST /2.0/mlflow/traces/link-prompts
      POST /2.0/mlflow/traces/link-to-run
      GET /2.0/mlflow/get-online-trace-details
      GET /2.0/mlflow/unified-traces
      GET /3.0/mlflow/traces/get
      GET /3.0/mlflow/traces/batchGet
      POST /3.0/mlflow/traces/batchGetInfos
      POST /3.0/mlflow/traces/calculate-filter-correlation
      POST /3.0/mlflow/traces/delete-traces
      POST /3.0/mlflow/traces/metrics
      PATCH,DELETE /3.0/mlflow/traces/{trace}/tags
      POST /3.0/mlflow/traces/{trace}/assessments
      GET,PATCH,DELETE /3.0/mlflow/traces/{trace}/assessments/{assessment}
      GET /ajax-api/2.0/mlflow/get-trace-artifact
      GET /ajax-api/3.0/mlflow/get-trace-artifact
      POST /v1/traces`,
  },
  {
    reason: 'Evaluation datasets come with the slice datasets.',
    routes: `
      POST /3.0/mlflow/datasets/create
      GET,POST /3.0/mlflow/datasets/search
      GET,DELETE /3.0/mlflow/datasets/{dataset}
      GET,POST,DELETE /3.0/mlflow/datasets/{dataset}/records
      GET /3.0/mlflow/datasets/{dataset}/experiment-ids
      POST /3.0/mlflow/datasets/{dataset}/add-experiments
      POST /3.0/mlflow/datasets/{dataset}/remove-experiments
      PATCH /3.0/mlflow/datasets/{dataset}/tags
      DELETE /3.0/mlflow/datasets/{dataset}/tags/{key}`,
  },
  {
    reason: 'Issues, label schemas and review queues come with the slice documents.',
    routes: `
      POST /3.0/mlflow/issues
      POST /3.0/mlflow/issues/search
      GET,PATCH /3.0/mlflow/issues/{issue}
      POST /ajax-api/3.0/mlflow/issues/invoke
      POST /3.0/mlflow/label-schemas/create
      GET /3.0/mlflow/label-schemas/get
      GET /3.0/mlflow/label-schemas/get-by-name
      GET /3.0/mlflow/label-schemas/list
      PATCH /3.0/mlflow/label-schemas/update
      DELETE /3.0/mlflow/label-schemas/delete
      POST /3.0/mlflow/review-queues/create
      POST /3.0/mlflow/review-queues/get-or-create-user
      GET /3.0/mlflow/review-queues/get
      GET /3.0/mlflow/review-queues/get-by-name
      GET /3.0/mlflow/review-queues/list
      POST /3.0/mlflow/review-queues/update
      POST /3.0/mlflow/review-queues/delete
      POST /3.0/mlflow/review-queues/items/add
      POST /3.0/mlflow/review-queues/items/remove
      GET /3.0/mlflow/review-queues/items/list
      POST /3.0/mlflow/review-queues/items/set-status`,
  },
  {
    reason: 'Scorers, prompt optimisation and jobs run code on the server, which a metadata store does not.',
    routes: `
      POST /3.0/mlflow/scorers/register
      GET /3.0/mlflow/scorers/list
      GET /3.0/mlflow/scorers/versions
      GET /3.0/mlflow/scorers/get
      DELETE /3.0/mlflow/scorers/delete
      GET /3.0/mlflow/scorers/online-configs
      PUT /3.0/mlflow/scorers/online-config
      POST /ajax-api/3.0/mlflow/scorer/invoke
      POST /ajax-api/3.0/mlflow/genai/evaluate/invoke
      POST /3.0/mlflow/prompt-optimization/jobs
      GET,POST /3.0/mlflow/prompt-optimization/jobs/search
      GET,DELETE /3.0/mlflow/prompt-optimization/jobs/{job}
      POST /3.0/mlflow/prompt-optimization/jobs/{job}/cancel
      GET /ajax-api/3.0/mlflow/jobs/{job}
      PATCH /ajax-api/3.0/mlflow/jobs/cancel/{job}
      GET,POST,PATCH /ajax-api/3.0/jobs/*`,
  },
  {
    reason:
      'The gateway to language models, the assistant and the registry of MCP servers are no part of a metadata store.',
    routes: `
      GET,POST,PATCH,DELETE /3.0/mlflow/gateway/*
      GET,POST /gateway/*
      GET,POST /ajax-api/2.0/mlflow/gateway-proxy
      POST /ajax-api/2.0/mlflow/runs/create-promptlab-run
      GET,POST,PUT,PATCH /ajax-api/3.0/mlflow/assistant/*
      GET,POST /3.0/mlflow/mcp-servers
      GET,POST,PATCH,DELETE /3.0/mlflow/mcp-servers/*`,
  },
  {
    reason: "Serves only MLflow's own web pages; the pages here use /api/v1.",
    routes: `
      GET,POST /graphql
      GET,POST /ajax-api/3.0/mlflow/ui-telemetry
      POST /ajax-api/3.0/mlflow/demo/generate
      POST /ajax-api/3.0/mlflow/demo/delete`,
  },
];

const fallbacks: readonly GapGroup[] = [
  {
    reason: 'Clients go on with the traces of 2.0, which tells them that traces are not built.',
    routes: `
      POST /3.0/mlflow/traces
      POST /3.0/mlflow/traces/search
      GET /3.0/mlflow/traces/{trace}`,
  },
];

/** Answered 501 NOT_IMPLEMENTED. */
export const gaps: readonly Gap[] = notBuilt.flatMap(gapsOf);
/** Answered 404 ENDPOINT_NOT_FOUND. */
export const fallbackGaps: readonly Gap[] = fallbacks.flatMap(gapsOf);

function gapsOf(group: GapGroup): Gap[] {
  return group.routes
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [methods = '', route = ''] = line.trim().split(' ');
      const twins = route.startsWith('/2.0') || route.startsWith('/3.0');
      return methods.split(',').map((method) => ({
        method: method as HttpMethod,
        path: twins ? `/api${route}` : route,
        aliases: twins ? [`/ajax-api${route}`] : [],
        reason: group.reason,
      }));
    });
}

const permissionOf: Readonly<Record<HttpMethod, Permission>> = {
  GET: 'metadata:read',
  POST: 'metadata:write',
  PUT: 'metadata:write',
  PATCH: 'metadata:write',
  DELETE: 'metadata:delete',
};

export function gapOperations(): WorkspaceOperation[] {
  const missing = gaps.map((gap) =>
    gapOperation(gap, () => {
      throw new CairnError(
        'not_implemented',
        `${gap.method} ${gap.path} of MLflow is not built. ${gap.reason}`,
      );
    }),
  );
  const fallingBack = fallbackGaps.map((gap) =>
    gapOperation(gap, async () => endpointNotFound(`${gap.method} ${gap.path} is not served here.`)),
  );
  return [...missing, ...fallingBack];
}

function gapOperation(gap: Gap, handle: WorkspaceOperation['handle']): WorkspaceOperation {
  return {
    id: `mlflow.gap.${gap.method.toLowerCase()}${gap.path.replaceAll(/[^\w*-]+/g, '.')}`,
    method: gap.method,
    path: gap.path,
    aliases: gap.aliases,
    permission: permissionOf[gap.method],
    summary: `Not built: ${gap.reason}`,
    bodyLimit: bodyLimits.texts,
    handle: answering(async (context, request, project) => handle(context, request, project)),
  };
}

/** Logged models: made pending, filled with artifacts and parameters, finished, searched, deleted. */
import { artifactPath, folderPath } from '../../domain/artifacts/index.ts';
import { checkModelName, type LoggedModel } from '../../domain/models/index.ts';
import { invalid } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { artifactLimits } from './artifacts.ts';
import { route } from './artifacts-route.ts';
import { bodyLimits, endpoint } from './endpoint.ts';
import { experimentId } from './experiment-ids.ts';
import { loggedModelMessage, stateOfStatus } from './logged-model-message.ts';
import { bool, enumOf, int32, int64, listOf, nested, required, text } from './message-schema.ts';
import { keyedPair, loggedModel, modelStatuses, nothing } from './messages.ts';
import { modelOrder } from './model-search-names.ts';
import { parseMlflowModelFilter } from './search-grammar.ts';
import type { MlflowServices, Workspace, WorkspaceOperation } from './services.ts';

/** Models of one page of a search, unless told, and at most. */
export const modelPages = { usual: 100, limit: 1000 } as const;

const byId = { model_id: required(text) };
const oneModel = { model: nested(loggedModel) };

export function loggedModelEndpoints(services: MlflowServices): WorkspaceOperation[] {
  return [
    ...recordEndpoints(services),
    ...pairEndpoints(services),
    ...searchEndpoint(services),
    ...artifactEndpoints(services),
  ];
}

function recordEndpoints(services: MlflowServices): WorkspaceOperation[] {
  const { models } = services;
  return [
    endpoint({
      id: 'logged-models.create',
      methods: ['POST'],
      path: 'logged-models',
      permission: 'metadata:write',
      summary: 'Make a logged model, pending until it is finished.',
      bodyLimit: bodyLimits.texts,
      request: {
        experiment_id: required(text),
        name: text,
        model_type: text,
        source_run_id: text,
        params: listOf(nested(keyedPair)),
        tags: listOf(nested(keyedPair)),
      },
      response: oneModel,
      async run(context, input, project) {
        if (input.name) checkModelName(input.name);
        const created = await models.create(context, project.id, {
          experiment: experimentId('experiment_id', input.experiment_id),
          name: input.name,
          type: input.model_type,
          sourceRun: input.source_run_id,
          params: pairs(input.params),
          tags: pairs(input.tags),
        });
        return { model: loggedModelMessage(created, []) };
      },
    }),
    endpoint({
      id: 'logged-models.get',
      methods: ['GET'],
      path: 'logged-models/{model_id}',
      permission: 'metadata:read',
      summary: 'A logged model with its parameters, tags and metrics.',
      request: byId,
      response: oneModel,
      async run(context, input, project) {
        return wholeModel(services, context, await models.get(context, project.id, input.model_id));
      },
    }),
    endpoint({
      id: 'logged-models.finalize',
      methods: ['PATCH'],
      path: 'logged-models/{model_id}',
      permission: 'metadata:write',
      summary: 'Say how the making of a logged model ended.',
      request: { ...byId, status: required(enumOf(modelStatuses)) },
      response: oneModel,
      async run(context, input, project) {
        const state = stateOfStatus[input.status];
        if (state === undefined) {
          throw invalid('status', `Invalid value '${input.status}' for parameter 'status' supplied.`);
        }
        const finished = await models.finish(context, project.id, input.model_id, state);
        return wholeModel(services, context, finished);
      },
    }),
    endpoint({
      id: 'logged-models.delete',
      methods: ['DELETE'],
      path: 'logged-models/{model_id}',
      permission: 'metadata:delete',
      summary: 'Delete a logged model; its traces in runs stay.',
      request: byId,
      response: nothing,
      async run(context, input, project) {
        await models.delete(context, project.id, input.model_id);
        return {};
      },
    }),
  ].flat();
}

function pairEndpoints({ models }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'logged-models.set-tags',
      methods: ['PATCH'],
      path: 'logged-models/{model_id}/tags',
      permission: 'metadata:write',
      summary: 'Set tags of a logged model.',
      bodyLimit: bodyLimits.texts,
      request: { ...byId, tags: listOf(nested(keyedPair)) },
      response: nothing,
      async run(context, input, project) {
        await models.setTags(context, project.id, input.model_id, pairs(input.tags));
        return {};
      },
    }),
    endpoint({
      id: 'logged-models.delete-tag',
      methods: ['DELETE'],
      path: 'logged-models/{model_id}/tags/{tag_key}',
      permission: 'metadata:write',
      summary: 'Delete a tag of a logged model.',
      request: { ...byId, tag_key: required(text) },
      response: nothing,
      async run(context, input, project) {
        await models.deleteTag(context, project.id, input.model_id, input.tag_key);
        return {};
      },
    }),
    endpoint({
      id: 'logged-models.log-params',
      methods: ['POST'],
      path: 'logged-models/{model_id}/params',
      permission: 'metadata:write',
      summary: 'Log parameters of a logged model, which never change.',
      bodyLimit: bodyLimits.texts,
      request: { ...byId, params: listOf(nested(keyedPair)) },
      response: nothing,
      async run(context, input, project) {
        await models.logParams(context, project.id, input.model_id, pairs(input.params));
        return {};
      },
    }),
  ].flat();
}

function searchEndpoint({ models }: MlflowServices): WorkspaceOperation[] {
  return endpoint({
    id: 'logged-models.search',
    methods: ['POST'],
    path: 'logged-models/search',
    permission: 'metadata:read',
    summary: 'Logged models that fit a filter, page by page.',
    bodyLimit: bodyLimits.texts,
    request: {
      experiment_ids: required(listOf(text)),
      filter: text,
      datasets: listOf(nested({ dataset_name: text, dataset_digest: text })),
      max_results: int32,
      order_by: listOf(
        nested({ field_name: text, ascending: bool, dataset_name: text, dataset_digest: text }),
      ),
      page_token: text,
    },
    response: { models: listOf(nested(loggedModel)), next_page_token: text },
    async run(context, input, project) {
      const page = await models.search(context, project.id, {
        experiments: input.experiment_ids.map((id) => experimentId('experiment_ids', id)),
        filter: parseMlflowModelFilter(input.filter ?? ''),
        datasets: input.datasets.map(({ dataset_name: name, dataset_digest: digest }, index) => {
          if (name) return { name, digest: digest || undefined };
          const field = `datasets[${index}].dataset_name`;
          throw invalid(field, '`dataset_name` in the `datasets` clause must be specified.');
        }),
        order: input.order_by.map(modelOrder),
        limit: pageSize(input.max_results || modelPages.usual),
        cursor: input.page_token || undefined,
      });
      const points = await models.points(context, page.items);
      return {
        models: page.items.map((model) => loggedModelMessage(model, points.get(model.node) ?? [])),
        next_page_token: page.cursor,
      };
    },
  });
}

/** The artifacts of a model, wherever they are. */
function artifactEndpoints({ artifacts, models }: MlflowServices): WorkspaceOperation[] {
  const uriOf = async (context: RequestContext, project: Workspace, id: string) =>
    (await models.get(context, project.id, id)).artifactUri;
  return [
    ...endpoint({
      id: 'logged-models.list-artifacts',
      methods: ['GET'],
      path: 'logged-models/{model_id}/artifacts/directories',
      permission: 'metadata:read',
      summary: "What stands in a directory of a logged model's artifacts.",
      request: { ...byId, artifact_directory_path: text, page_token: text },
      response: {
        root_uri: text,
        files: listOf(nested({ path: text, is_dir: bool, file_size: int64 })),
        next_page_token: text,
      },
      async run(context, input, project) {
        // A path that nothing can have is told before it is looked whose it is.
        const path = folderPath('artifact_directory_path', input.artifact_directory_path ?? '');
        const uri = await uriOf(context, project, input.model_id);
        const page = await artifacts.list(context, project.id, uri, path, {
          limit: artifactLimits.page,
          cursor: input.page_token || undefined,
        });
        const files = page.items.map(({ path, directory, size }) => ({
          ...{ path, is_dir: directory, file_size: size },
        }));
        return { root_uri: uri, files, next_page_token: page.cursor };
      },
    }),
    route({
      id: 'logged-models.get-artifact',
      method: 'GET',
      path: '/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files',
      aliases: [],
      permission: 'metadata:read',
      summary: 'The bytes of a file of a logged model, by query.',
      async handle(context, { params, query }, project) {
        const path = query.get('artifact_file_path');
        if (!path) {
          throw invalid(
            'artifact_file_path',
            'Request must include the "artifact_file_path" query parameter.',
          );
        }
        artifactPath('artifact_file_path', path);
        const uri = await uriOf(context, project, params.model_id ?? '');
        return { status: 200, body: await artifacts.open(context, project.id, uri, path) };
      },
    }),
  ];
}

async function wholeModel({ models }: MlflowServices, context: RequestContext, model: LoggedModel) {
  const points = await models.points(context, [model]);
  return { model: loggedModelMessage(model, points.get(model.node) ?? []) };
}

function pairs(
  written: readonly { readonly key: string; readonly value: string | undefined }[],
): { readonly key: string; readonly value: string }[] {
  return written.map(({ key, value = '' }) => ({ key, value }));
}

function pageSize(asked: number): number {
  if (asked >= 1 && asked <= modelPages.limit) return asked;
  throw invalid(
    'max_results',
    `Invalid value ${asked} for parameter 'max_results' supplied. It must be between 1 and ${modelPages.limit}.`,
  );
}

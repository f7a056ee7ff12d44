/**
 * Artifacts: the tree itself below `mlflow-artifacts` (clients rewrite `mlflow-artifacts:/` to it), and the artifacts of a
 * run wherever they are. A path arrives in the URL, where it is decoded once, or as a query parameter.
 */
import {
  type ArtifactEntry,
  type Artifacts,
  artifactPath,
  folderPath,
  proxiedRoot,
  uploadLimits,
} from '../../domain/artifacts/index.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { pathInUrl, route } from './artifacts-route.ts';
import { endpoint, jsonReply, requestValue } from './endpoint.ts';
import { printMessage } from './message-printing.ts';
import { readMessage } from './message-reading.ts';
import { bool, int64, listOf, nested, required, text, withAlias } from './message-schema.ts';
import type { MlflowServices, Workspace, WorkspaceOperation } from './services.ts';

/** docs/reference/limits.md shows them. */
export const artifactLimits = {
  /** Entries of one answer of artifacts/list. */
  page: 10_000,
  /** Entries of a directory that can be listed by `GET mlflow-artifacts/artifacts`, which has no pages. */
  directory: 100_000,
  /** Bytes of one upload-artifact. */
  upload: 10 * 1024 * 1024,
} as const;

const fileInfo = { path: text, is_dir: bool, file_size: int64 };
const files = listOf(nested(fileInfo));

const runId = withAlias(required(text), 'run_uuid');

export function artifactEndpoints(services: MlflowServices): WorkspaceOperation[] {
  return [...treeOperations(services), ...runOperations(services)];
}

/** `mlflow-artifacts/artifacts`: the tree of the project. */
function treeOperations({ artifacts }: MlflowServices): WorkspaceOperation[] {
  return [
    route({
      id: 'artifacts.list-tree',
      method: 'GET',
      path: '/api/2.0/mlflow-artifacts/artifacts',
      permission: 'metadata:read',
      summary: 'What stands in a directory of the artifact tree.',
      async handle(context, request, project) {
        const input = readMessage({ path: text }, requestValue({ path: text }, request));
        const entries = await wholeDirectory(artifacts, context, project.id, input.path ?? '');
        return jsonReply(printMessage({ files }, { files: entries }));
      },
    }),
    route({
      id: 'artifacts.download',
      method: 'GET',
      path: '/api/2.0/mlflow-artifacts/artifacts/*',
      permission: 'metadata:read',
      summary: 'The bytes of a file of the artifact tree; also one range of them.',
      async handle(context, request, project) {
        const body = await artifacts.open(context, project.id, proxiedRoot, pathInUrl(request));
        return { status: 200, body };
      },
    }),
    route({
      id: 'artifacts.upload',
      method: 'PUT',
      path: '/api/2.0/mlflow-artifacts/artifacts/*',
      permission: 'metadata:write',
      summary: 'Store the body as a file of the artifact tree: the whole of it or nothing.',
      bodyLimit: uploadLimits.file,
      streamsBody: true,
      async handle(context, request, project) {
        const bytes = request.stream ?? [request.body];
        await artifacts.put(context, project.id, proxiedRoot, pathInUrl(request), bytes);
        return jsonReply('{}');
      },
    }),
    route({
      id: 'artifacts.delete',
      method: 'DELETE',
      path: '/api/2.0/mlflow-artifacts/artifacts/*',
      permission: 'metadata:delete',
      summary:
        'Delete a file or a directory of the artifact tree; deleting what is not there is done already.',
      async handle(context, request, project) {
        try {
          await artifacts.delete(context, project.id, proxiedRoot, pathInUrl(request));
        } catch (error) {
          if (!(error instanceof CairnError) || error.code !== 'not_found') throw error;
        }
        return jsonReply('{}');
      },
    }),
  ];
}

/** The artifacts of a run, by its id. */
function runOperations({ artifacts, runs }: MlflowServices): WorkspaceOperation[] {
  const uriOf = async (context: RequestContext, project: Workspace, id: string): Promise<string> =>
    (await runs.get(context, project.id, id)).run.artifactUri;
  return [
    ...endpoint({
      id: 'artifacts.list',
      methods: ['GET'],
      path: 'artifacts/list',
      permission: 'metadata:read',
      summary: "What stands in a directory of a run's artifacts.",
      request: { run_id: runId, path: text, page_token: text },
      response: { root_uri: text, files, next_page_token: text },
      async run(context, input, project) {
        const path = folderPath('path', input.path ?? '');
        const uri = await uriOf(context, project, input.run_id);
        const page = await artifacts.list(context, project.id, uri, path, {
          limit: artifactLimits.page,
          cursor: input.page_token || undefined,
        });
        return {
          root_uri: uri,
          files: page.items.map(({ path, directory, size }) => ({
            path,
            is_dir: directory,
            file_size: size,
          })),
          next_page_token: page.cursor,
        };
      },
    }),
    route({
      id: 'artifacts.get',
      method: 'GET',
      path: '/get-artifact',
      aliases: [],
      permission: 'metadata:read',
      summary: 'The bytes of a file of a run, by query.',
      async handle(context, { query }, project) {
        const id = query.get('run_id') || query.get('run_uuid');
        const path = query.get('path');
        if (!id) throw invalid('run_id', "Missing value for required parameter 'run_id'.");
        if (!path) throw invalid('path', "Missing value for required parameter 'path'.");
        const below = artifactPath('path', path);
        return {
          status: 200,
          body: await artifacts.open(context, project.id, await uriOf(context, project, id), below),
        };
      },
    }),
    route({
      id: 'artifacts.upload-small',
      method: 'POST',
      path: '/ajax-api/2.0/mlflow/upload-artifact',
      aliases: [],
      permission: 'metadata:write',
      summary: 'Store a small body as a file of a run.',
      bodyLimit: artifactLimits.upload,
      async handle(context, { query, body }, project) {
        const id = query.get('run_uuid');
        const path = query.get('path');
        if (!id) throw invalid('run_uuid', 'Request must specify run_uuid.');
        if (!path) throw invalid('path', 'Request must specify path.');
        artifactPath('path', path);
        if (body.length === 0) throw invalid('body', 'Request must specify data.');
        await artifacts.put(context, project.id, await uriOf(context, project, id), path, [body]);
        return jsonReply('{}');
      },
    }),
  ];
}

async function wholeDirectory(
  artifacts: Pick<Artifacts, 'list'>,
  context: RequestContext,
  project: Workspace['id'],
  path: string,
) {
  const limit = artifactLimits.directory;
  const page = await artifacts.list(context, project, proxiedRoot, path, { limit });
  if (page.cursor !== undefined) {
    throw new CairnError(
      'query_too_expensive',
      `The directory holds more than ${limit} entries; page through them with artifacts/list or the native API.`,
    );
  }
  return page.items.map((entry) => fileMessage(entry, entry.name));
}

/** As MLflow's server: the size of an empty file is not told. */
function fileMessage({ directory, size }: ArtifactEntry, path: string) {
  return { path, is_dir: directory, file_size: size || undefined };
}

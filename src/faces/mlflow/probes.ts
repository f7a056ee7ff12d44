/** What clients ask before anything else: is it alive, which release is it, what can it do. */
import type { HttpMethod, HttpOperation } from '../../kernel/operation.ts';
import { bodyLimits, jsonReply, operationId } from './endpoint.ts';
import { mlflowRelease } from './release.ts';

/**
 * Capabilities by which clients choose their ways. Downloads in parts work for who asks for them, but a client that is told so
 * asks before each file of any size (docs/decisions/0031-uploads-in-parts.md). The rest is not built.
 */
export const serverInfo = {
  store_type: 'SqlStore',
  workspaces_enabled: true,
  trace_archival_enabled: false,
  multipart_uploads_enabled: true,
  multipart_downloads_enabled: false,
  presigned_upload_run_id_supported: false,
  presigned_upload_model_id_supported: false,
  features_enabled: { gateway: false },
} as const;

export function probeOperations(): HttpOperation[] {
  const methods: readonly HttpMethod[] = ['GET', 'POST'];
  return [
    textProbe('health', '/health', 'Whether the server answers.', 'OK'),
    textProbe('version', '/version', 'The release of MLflow that this face stands in for.', mlflowRelease),
    ...methods.map((method, index) => ({
      id: operationId('server-info', method, index),
      method,
      path: '/api/3.0/mlflow/server-info',
      aliases: ['/ajax-api/3.0/mlflow/server-info'],
      permission: 'public' as const,
      summary: 'What this server can do.',
      bodyLimit: bodyLimits.plain,
      handle: async () => jsonReply(JSON.stringify(serverInfo)),
    })),
  ];
}

function textProbe(id: string, path: string, summary: string, body: string): HttpOperation {
  return {
    id: operationId(id, 'GET', 0),
    method: 'GET',
    path,
    permission: 'public',
    summary,
    bodyLimit: bodyLimits.plain,
    handle: async () => ({ status: 200, contentType: 'text/plain; charset=utf-8', body }),
  };
}

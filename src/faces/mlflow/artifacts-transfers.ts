/**
 * Ways of transfer that need a store which hands out addresses of its own. Here all bytes go through the server, in one
 * stream; clients ask, are told so, and go on with that.
 */
import { artifactPath } from '../../domain/artifacts/index.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { HttpOperation } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { pathInUrl, route } from './artifacts-route.ts';
import { endpoint } from './endpoint.ts';
import { int64, required, text } from './message-schema.ts';
import type { MlflowServices } from './services.ts';

export function transferEndpoints(services: MlflowServices): HttpOperation[] {
  return [
    ...['create', 'complete', 'abort'].map(multipartUpload),
    multipartDownload(),
    ...presignedUrls(services),
  ];
}

/** Clients know the words by which this answer begins. */
const unsupported = (way: string): CairnError =>
  new CairnError('not_implemented', `${way} is not supported for the current artifact repository`);

function multipartUpload(step: string): HttpOperation {
  return route({
    id: `artifacts.multipart-${step}`,
    method: 'POST',
    path: `/api/2.0/mlflow-artifacts/mpu/${step}/*`,
    permission: 'metadata:write',
    summary: 'Not supported: clients upload in one stream instead.',
    async handle(_context, request) {
      artifactPath('path', pathInUrl(request));
      throw unsupported('Multipart upload');
    },
  });
}

function multipartDownload(): HttpOperation {
  return route({
    id: 'artifacts.presigned',
    method: 'GET',
    path: '/api/2.0/mlflow-artifacts/presigned/*',
    permission: 'metadata:read',
    summary: 'Not supported: clients download in one stream instead.',
    async handle(_context, request) {
      artifactPath('path', pathInUrl(request));
      throw unsupported('Multipart download');
    },
  });
}

function presignedUrls({ runs, project }: MlflowServices): HttpOperation[] {
  const wanted = { path: required(text), expiration: int64 };
  /** The scheme, if the artifacts of the run go through the server: then there is no other address for them. */
  const proxiedScheme = async (context: RequestContext, id: string) => {
    const { run } = await runs.get(context, project.id, id);
    return /^(https?|mlflow-artifacts):/i.exec(run.artifactUri)?.[1];
  };
  return [
    ...endpoint({
      id: 'artifacts.presigned-upload-url',
      methods: ['POST'],
      path: 'artifacts/presigned-upload-url',
      permission: 'metadata:write',
      summary: 'Not supported: artifacts go through the server.',
      request: { run_id: text, model_id: text, ...wanted },
      response: {},
      async run(context, input) {
        if (!input.run_id === !input.model_id) {
          throw invalid('run_id', 'Exactly one of run_id and model_id must be provided.');
        }
        artifactPath('path', input.path);
        const scheme = input.run_id ? await proxiedScheme(context, input.run_id) : undefined;
        if (scheme === undefined) throw unsupported('Presigned upload');
        throw invalid(
          'run_id',
          `Presigned upload is not supported for proxied artifact storage (artifact URI scheme: ${scheme}). This endpoint requires a direct cloud storage artifact URI.`,
        );
      },
    }),
    ...endpoint({
      id: 'artifacts.presigned-download-url',
      methods: ['POST'],
      path: 'artifacts/presigned-download-url',
      permission: 'metadata:read',
      summary: 'Not supported: artifacts go through the server.',
      request: { run_id: required(text), ...wanted },
      response: {},
      async run(context, input) {
        artifactPath('path', input.path);
        const scheme = await proxiedScheme(context, input.run_id);
        if (scheme === undefined) throw unsupported('Presigned download');
        throw invalid(
          'run_id',
          `Presigned download is not supported for runs with proxied artifact storage (artifact URI scheme: ${scheme}). This endpoint requires a run with a direct cloud storage artifact URI.`,
        );
      },
    }),
  ];
}

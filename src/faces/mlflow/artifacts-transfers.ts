/**
 * Addresses for single files. Of the artifact tree: one for reading in parts, many at once. For stores in a cloud MLflow's
 * server signs addresses of that cloud; here there are none, which is told in its words.
 */
import { artifactPath, proxiedRoot } from '../../domain/artifacts/index.ts';
import { type CairnError, invalid } from '../../kernel/errors.ts';
import { addressOf, handedHeaders, headersOf, ticketHeader, unsupported } from './artifacts-address.ts';
import { pathInUrl, route } from './artifacts-route.ts';
import { endpoint, jsonReply } from './endpoint.ts';
import { printMessage } from './message-printing.ts';
import { int64, nested, required, text } from './message-schema.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

export function transferEndpoints(services: MlflowServices): WorkspaceOperation[] {
  return [...handedOutDownloads(services), ...presignedUrls(services)];
}

const handedOut = { url: text, headers: nested(handedHeaders), file_size: int64 };

function handedOutDownloads({ artifacts, publicUrl }: MlflowServices): WorkspaceOperation[] {
  const tree = '/api/2.0/mlflow-artifacts';
  return [
    route({
      id: 'artifacts.presigned',
      method: 'GET',
      path: `${tree}/presigned/*`,
      permission: 'metadata:read',
      summary: 'An address from which parts of a file of the artifact tree are read, all of the same bytes.',
      async handle(context, request, project) {
        const path = artifactPath('path', pathInUrl(request));
        const base = addressOf(request, publicUrl, 'Multipart download');
        const { version, size, ticket } = await artifacts.handOut(context, project.id, proxiedRoot, path);
        const name = version.path.split('/').map(encodeURIComponent).join('/');
        const answer = {
          url: `${base}${tree}/versions/${version.digest}/${name}`,
          headers: headersOf(ticket, project),
          file_size: size,
        };
        return jsonReply(printMessage(handedOut, answer));
      },
    }),
    route({
      id: 'artifacts.download-version',
      method: 'GET',
      path: `${tree}/versions/{sha256}/*`,
      aliases: [],
      permission: 'ticket',
      summary: 'The bytes for which an address was handed out; also one range of them.',
      async handle(context, request, project) {
        const version = { path: pathInUrl(request), digest: request.params.sha256 ?? '' };
        const ticket = request.headers[ticketHeader];
        return { status: 200, body: await artifacts.openHandedOut(context, project.id, version, ticket) };
      },
    }),
  ];
}

/** Seconds that MLflow's server takes for the life of an address. */
const expirations = { least: 1, most: 604_800 } as const;

function presignedUrls({ runs, models }: MlflowServices): WorkspaceOperation[] {
  const wanted = { path: required(text), expiration: int64 };
  return [
    ...endpoint({
      id: 'artifacts.presigned-upload-url',
      methods: ['POST'],
      path: 'artifacts/presigned-upload-url',
      permission: 'metadata:write',
      summary: 'Not supported: artifacts go through the server.',
      request: { run_id: text, model_id: text, ...wanted },
      response: {},
      async run(context, { run_id: run, model_id: model, path }, project) {
        if (!run === !model) throw invalid('run_id', 'Exactly one of run_id and model_id must be provided.');
        artifactPath('path', path);
        const uri = run
          ? (await runs.get(context, project.id, run)).run.artifactUri
          : (await models.get(context, project.id, model!)).artifactUri;
        throw unsigned(
          uri,
          'Presigned upload',
          'proxied artifact storage',
          'a direct cloud storage artifact URI',
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
      async run(context, { run_id: run, path, expiration = expirations.least }, project) {
        artifactPath('path', path);
        if (expiration < expirations.least || expiration > expirations.most) {
          throw invalid(
            'expiration',
            `expiration must be between ${expirations.least} and ${expirations.most} seconds (got ${expiration}).`,
          );
        }
        const uri = (await runs.get(context, project.id, run)).run.artifactUri;
        const wants = 'a run with a direct cloud storage artifact URI';
        throw unsigned(uri, 'Presigned download', 'runs with proxied artifact storage', wants);
      },
    }),
  ];
}

/** Why no address is signed for the place: it is the server's own, or none that the server could sign for. */
function unsigned(uri: string, way: string, proxied: string, wants: string): CairnError {
  const scheme = /^(https?|mlflow-artifacts):/i.exec(uri)?.[1];
  if (scheme === undefined) return unsupported(way);
  return invalid(
    'run_id',
    `${way} is not supported for ${proxied} (artifact URI scheme: ${scheme}). This endpoint requires ${wants}.`,
  );
}

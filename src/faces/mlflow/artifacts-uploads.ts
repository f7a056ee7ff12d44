/**
 * Uploads in parts, which clients do with large files: create hands out an address for each part, parts are sent there (at
 * once, in any order, and without saying who sends them: a ticket in a header is all that the client knows), complete makes
 * the file of them. The path of the file is the directory in the URL and the name of the client's file in the body.
 */
import {
  type ArtifactPath,
  artifactPath,
  folderPath,
  joinPath,
  uploadLimits,
} from '../../domain/artifacts/index.ts';
import { invalid } from '../../kernel/errors.ts';
import type { HttpRequest } from '../../kernel/operation.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { addressOf, handedHeaders, headersOf, ticketHeader } from './artifacts-address.ts';
import { pathInUrl, route } from './artifacts-route.ts';
import { bodyLimits, jsonReply, requestValue } from './endpoint.ts';
import { printMessage } from './message-printing.ts';
import { readMessage } from './message-reading.ts';
import { int64, listOf, type Message, nested, type Read, required, text } from './message-schema.ts';
import type { MlflowServices, Workspace, WorkspaceOperation } from './services.ts';

const tree = '/api/2.0/mlflow-artifacts';

const credential = { url: text, part_number: int64, headers: nested(handedHeaders) };
const created = { upload_id: text, credentials: listOf(nested(credential)) };

const sentPart = { part_number: required(int64), etag: required(text), url: text };
const messages = {
  create: { path: required(text), num_parts: required(int64) },
  complete: { path: required(text), upload_id: required(text), parts: listOf(nested(sentPart)) },
  abort: { path: required(text), upload_id: required(text) },
};

export function uploadOperations({ artifacts, publicUrl }: MlflowServices): WorkspaceOperation[] {
  return [
    step(
      'create',
      'Begin an upload in parts: an address for each part.',
      async (context, request, project) => {
        const [input, path] = read(messages.create, request);
        const base = addressOf(request, publicUrl, 'Multipart upload');
        const { id, tickets } = await artifacts.uploads.begin(
          context,
          project.id,
          path,
          Number(input.num_parts),
        );
        const credentials = tickets.map((ticket, index) => ({
          url: `${base}${tree}/mpu/parts/${id}/${index + 1}`,
          part_number: index + 1,
          headers: headersOf(ticket, project),
        }));
        return printMessage(created, { upload_id: id, credentials });
      },
    ),
    route({
      id: 'artifacts.multipart-part',
      method: 'PUT',
      path: `${tree}/mpu/parts/{upload}/{part}`,
      aliases: [],
      permission: 'ticket',
      summary:
        'Store one part at the address that was handed out for it. Its entity tag is what complete asks for.',
      bodyLimit: uploadLimits.part,
      streamsBody: true,
      async handle(context, request, project) {
        const { upload = '', part = '' } = request.params;
        if (!/^[1-9]\d{0,4}$/.test(part) || Number(part) > uploadLimits.parts) {
          throw invalid('part', `part must be a number from 1 to ${uploadLimits.parts}.`);
        }
        const bytes = request.stream ?? [request.body];
        const ticket = request.headers[ticketHeader];
        const { sha256 } = await artifacts.uploads.putPart(
          context,
          project.id,
          upload,
          Number(part),
          ticket,
          bytes,
        );
        return { ...jsonReply('{}'), headers: { etag: `"${sha256}"` } };
      },
    }),
    step(
      'complete',
      'Make the file of its parts: the whole of it or nothing.',
      async (context, request, project) => {
        const [input, path] = read(messages.complete, request);
        const parts = input.parts.map(({ part_number, etag }) => ({
          number: Number(part_number),
          sha256: etag.replace(/^(?:W\/)?"(.*)"$/, '$1'),
        }));
        await artifacts.uploads.complete(context, project.id, input.upload_id, path, parts);
        return '{}';
      },
    ),
    step('abort', 'Give an upload in parts up: its parts are removed.', async (context, request, project) => {
      const [input, path] = read(messages.abort, request);
      await artifacts.uploads.abort(context, project.id, input.upload_id, path);
      return '{}';
    }),
  ];
}

function step(
  name: 'create' | 'complete' | 'abort',
  summary: string,
  answer: (context: RequestContext, request: HttpRequest, project: Workspace) => Promise<string>,
): WorkspaceOperation {
  return route({
    id: `artifacts.multipart-${name}`,
    method: 'POST',
    path: `${tree}/mpu/${name}/*`,
    permission: 'metadata:write',
    summary,
    // The addresses of all parts come back when they are complete.
    bodyLimit: bodyLimits.texts,
    handle: async (context, request, project) => jsonReply(await answer(context, request, project)),
  });
}

/** What the request says, and the path of its file. */
function read<M extends typeof messages.abort | typeof messages.create | typeof messages.complete>(
  message: M,
  request: HttpRequest,
): [Read<M>, ArtifactPath] {
  const folder = folderPath('path', pathInUrl(request));
  const input = readMessage(message as Message, requestValue(message, request)) as Read<M>;
  const path = joinPath('path', folder, fileName((input as { path: string }).path));
  return [input, artifactPath('path', path)];
}

/** Of a file of the client, whose folders say nothing about ours. On Windows both slashes part them. */
function fileName(path: string): ArtifactPath {
  const isWindows = /^[a-z]:|^\\/i.test(path) || !path.includes('/');
  const name = path.slice(Math.max(path.lastIndexOf('/'), isWindows ? path.lastIndexOf('\\') : -1) + 1);
  if (name === '') throw invalid('path', 'Invalid path: it ends with a slash and names no file.');
  return artifactPath('path', name);
}

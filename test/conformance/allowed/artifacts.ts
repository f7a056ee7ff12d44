import type { Difference } from '../compare.ts';
import type { Json } from '../exact-json.ts';
import type { AllowedDifference } from './row.ts';

const upload = 'PUT mlflow-artifacts/artifacts/*';
const oneForm = 'every answer of the protocol is JSON; clients look at the status only';
const empty = 'folders are the beginnings of paths: one without files is none';
const oneReading =
  'a path that file systems and clients read in more than one way is refused on every route: dots, empty segments, backslashes, drives, control characters, broken escapes, names beyond 255 bytes';

interface Listed {
  readonly path: string;
  readonly is_dir?: boolean;
}

/** The real server lists folders that ours does not, and nothing else differs. */
function listsEmptyFolders({ real, cairn }: Difference): boolean {
  const entries = (list: Json | undefined) => (Array.isArray(list) ? (list as unknown as Listed[]) : []);
  const ours = new Set(entries(cairn).map((entry) => JSON.stringify(entry)));
  const extra = entries(real).filter((entry) => !ours.has(JSON.stringify(entry)));
  return (
    extra.length > 0 &&
    extra.every((entry) => entry.is_dir) &&
    entries(real).length - extra.length === ours.size
  );
}

/** Bytes in and out. */
export const artifacts: readonly AllowedDifference[] = [
  ...[upload, 'POST upload-artifact'].map((route) => ({
    route,
    field: 'body',
    real: /^$/,
    cairn: /^\{\}$/,
    reason: oneForm,
  })),
  { route: upload, field: 'contentType', real: /^$/, cairn: /^application\/json$/, reason: oneForm },
  {
    route: '*',
    field: 'body.message',
    real: /^Invalid path$/,
    cairn: /^Invalid path: /,
    reason: 'the message says what is wrong with the path',
  },
  {
    route: '*',
    field: 'status',
    real: /^(200|404|500)/,
    cairn: /^400 INVALID_PARAMETER_VALUE (Invalid path: |The path is not a valid URL path\.)/,
    reason: oneReading,
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Artifact path refers to a directory/,
    cairn: /^Invalid path: /,
    reason: oneReading,
  },
  ...['body.detail', 'body.error_code', 'body.message'].map((field) => ({
    route: '*',
    field,
    request: /mlflow-artifacts\/artifacts\//,
    real:
      field === 'body.detail'
        ? /^Artifact path (refers to a directory|must include a filename)/
        : /^nothing$/,
    cairn:
      field === 'body.detail'
        ? /^nothing$/
        : /^(INVALID_PARAMETER_VALUE|Invalid path: |Artifact path refers to)/,
    reason: 'errors have one form; the real server has another one on this route',
  })),
  {
    route: 'GET artifacts/list',
    field: 'body.files[].path',
    real: /\/A$/,
    cairn: /\/%41$/,
    reason: 'a name is decoded once, and kept',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^(No such artifact|Artifact path refers to a directory, not a file): '[^']*\/artifacts\//,
    cairn: /^(No such artifact|Artifact path refers to a directory, not a file): '/,
    reason: 'the path stands in the message as it was asked for, not as it is stored',
  },
  {
    route: 'GET artifacts/list',
    field: 'status',
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid page token/,
    request: /page_token=bad/,
    reason: 'lists have pages, and a token that is none is told',
  },
  {
    route: 'GET /get-artifact',
    field: 'body',
    real: /^<text>$/,
    cairn: /Missing value for required parameter 'path'/,
    reason: 'errors have one form',
  },
  {
    route: 'GET /get-artifact',
    field: 'status',
    real: /^404 .*Run with id=None not found/,
    cairn: /^400 .*Missing value for required parameter 'run_id'/,
    reason: 'what is missing is named',
  },
  {
    route: '*',
    field: 'contentType',
    request: /\.(html|svg)\b/,
    real: /^(text\/html|image\/svg\+xml)$/,
    cairn: /^application\/octet-stream$/,
    reason: 'what could run in a browser is not called by its name',
  },
  {
    route: '*',
    field: 'contentType',
    request: /\.json\b/,
    real: /^text\/plain$/,
    cairn: /^application\/json$/,
    reason: 'JSON is called by its name',
  },
  {
    route: upload,
    field: 'status',
    real: /^500 /,
    cairn: /^400 INVALID_PARAMETER_VALUE '.*' (is a directory|lies below a file|is where the artifacts)/,
    reason: 'the client repeats a 500 for minutes, and this one would stay',
  },
  {
    route: '*',
    field: 'status',
    real: /^200 /,
    cairn: /^400 INVALID_PARAMETER_VALUE The (run|model|experiment) .* must be in the 'active' state/,
    request: /artifact/,
    reason: 'what is deleted takes no artifacts, as it takes no metrics',
  },
  ...['mpu/create', 'mpu/complete', 'mpu/abort', 'presigned'].map((way) => ({
    route: `${way === 'presigned' ? 'GET' : 'POST'} mlflow-artifacts/${way}/*`,
    field: 'status',
    real: /^501 /,
    cairn: /^[24]/,
    reason: 'a local store of MLflow takes no transfers in parts, Cairn does',
  })),
  ...['PUT mlflow-artifacts/mpu/parts/*', 'GET mlflow-artifacts/versions/*'].map((route) => ({
    route,
    field: /^(status|contentType|body.*)$/,
    real: /^(404|405|nothing$|<text>$|text\/html$|application\/json$|Not Found$)/,
    reason: 'an address that Cairn hands out; the real server has none',
  })),
  {
    route: '*',
    field: 'status',
    request: /artifact/,
    cairn: /^400 INVALID_PARAMETER_VALUE The server does not open artifacts at /,
    reason: 'the server looks only where its operator lets it; clients go to all other places themselves',
  },
  { route: '*', field: 'body.files', when: listsEmptyFolders, reason: empty },
];

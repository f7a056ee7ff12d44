import type { Difference } from '../compare.ts';
import { namesWrongType } from '../wrong-type.ts';
import type { AllowedDifference } from './row.ts';

const nothing = /^nothing$/;
const wrongType = ({ cairn, call }: Difference) => typeof cairn === 'string' && namesWrongType(cairn, call);

/** Fields that a request may name in camelCase, too. */
const camelCase = /"(runId|experimentId|newName|runUuid|metricKey|experimentName)"/;

/** Every route: the form of errors, and what is refused before an operation sees it. */
export const everywhere: readonly AllowedDifference[] = [
  {
    route: '*',
    field: 'body.sqlstate',
    cairn: nothing,
    reason: 'a classification of errors that no client of MLflow reads',
  },
  {
    route: '*',
    field: 'body.error_class',
    cairn: nothing,
    reason: 'a classification of errors that no client of MLflow reads',
  },
  {
    route: '*',
    field: 'status',
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid value /,
    when: wrongType,
    reason:
      'a value of a wrong type is refused by name; the real server drops it with all that follows, or fails',
  },
  {
    route: '*',
    field: 'body.message',
    cairn: /^Invalid value /,
    when: wrongType,
    reason: 'a value of a wrong type is named where it stands, also inside lists',
  },
  {
    route: '*',
    field: 'status',
    request: camelCase,
    real: /^400 INVALID_PARAMETER_VALUE Missing value for required parameter/,
    reason: 'a required field may be named in camelCase as any other may',
  },
  {
    route: '*',
    field: 'body.message',
    request: camelCase,
    real: /^Missing value for required parameter/,
    reason: 'a required field may be named in camelCase as any other may',
  },
  {
    route: '*',
    field: 'status',
    request: /":null/,
    real: /^500 "<text>"/,
    cairn: /^[24]/,
    reason: 'null is unset, as in protobuf JSON; the real server fails on it in some fields',
  },
  {
    route: '*',
    field: 'contentType',
    real: /^text\/html$/,
    cairn: /^application\/(problem\+)?json$/,
    reason:
      'an unknown route or method is told in JSON, as every other error is; the client reads both alike',
  },
  {
    route: '*',
    field: 'body',
    real: /^<text>$/,
    cairn: /^\{"error_code":"ENDPOINT_NOT_FOUND"|"status":404,/,
    reason:
      'an unknown route or method is told in JSON, as every other error is; the client reads both alike',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Invalid page token, /,
    cairn: /^Invalid page token: /,
    reason: 'the token is our own, so is what can be wrong with it',
  },
];

export const probes: readonly AllowedDifference[] = [
  {
    route: 'POST /api/3.0/mlflow/server-info',
    field: 'status',
    real: /^405/,
    cairn: /^200/,
    reason: 'other releases ask by POST',
  },
  {
    route: 'GET /version',
    field: 'contentType',
    real: /^text\/html$/,
    cairn: /^text\/plain$/,
    reason: 'the answer is plain text',
  },
  ...['GET /api', 'GET /ajax-api'].flatMap((begin) => [
    {
      route: `${begin}/3.0/mlflow/server-info`,
      field: /^body\.presigned_upload_(run|model)_id_supported$/,
      real: /^true$/,
      cairn: /^false$/,
      reason: 'no upload past the server yet',
    },
    {
      route: `${begin}/3.0/mlflow/server-info`,
      field: 'body.multipart_uploads_enabled',
      real: /^false$/,
      cairn: /^true$/,
      reason: 'a local store of MLflow takes no uploads in parts, Cairn does',
    },
    {
      route: `${begin}/3.0/mlflow/server-info`,
      field: 'body.workspaces_enabled',
      real: /^false$/,
      cairn: /^true$/,
      reason:
        'Cairn always has workspaces; mlflow-workspaces.test.ts holds them against a server that has them',
    },
    {
      route: `${begin}/3.0/mlflow/server-info`,
      field: 'body.features_enabled.gateway',
      real: /^true$/,
      cairn: /^false$/,
      reason: 'Cairn is no gateway to models',
    },
  ]),
  {
    route: 'GET //api/2.0/mlflow/experiments/get-by-name',
    field: /^(contentType|body\..*)$/,
    reason: 'a path begins with one slash; no client sends two',
  },
];

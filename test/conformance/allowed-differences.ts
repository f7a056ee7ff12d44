/**
 * Every way in which Cairn answers otherwise than the real server, one row each. A difference that no row allows fails the
 * differential test, and so does a row that no call shows any more. The first row that fits counts.
 */
import type { Difference } from './compare.ts';
import { namesWrongType } from './wrong-type.ts';

export interface AllowedDifference {
  /** `POST runs/create`, or `*` for every route. */
  readonly route: string;
  /** `status`, `contentType`, or the place in the body: `body.message`. */
  readonly field: string | RegExp;
  /** What the real server gives there; a text as it is, else as JSON. */
  readonly real?: RegExp;
  readonly cairn?: RegExp;
  /** What of the request (`path?query body`) shows that it is this case. */
  readonly request?: RegExp;
  /** A condition that no pattern can say. */
  readonly when?: (difference: Difference) => boolean;
  readonly reason: string;
}

const nothing = /^nothing$/;
const wrongType = ({ cairn, call }: Difference) => typeof cairn === 'string' && namesWrongType(cairn, call);

/** Fields that a request may name in camelCase, too. */
const camelCase = /"(runId|experimentId|newName|runUuid|metricKey|experimentName)"/;

/** Every route: the form of errors, and what is refused before an operation sees it. */
const everywhere: readonly AllowedDifference[] = [
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
    cairn: /^application\/json$/,
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

const probes: readonly AllowedDifference[] = [
  {
    route: 'GET /version',
    field: 'contentType',
    real: /^text\/html$/,
    cairn: /^text\/plain$/,
    reason: 'the answer is plain text',
  },
  ...['GET /api/3.0/mlflow/server-info', 'GET /ajax-api/3.0/mlflow/server-info'].flatMap((route) => [
    {
      route,
      field: /^body\.presigned_upload_(run|model)_id_supported$/,
      real: /^true$/,
      cairn: /^false$/,
      reason: 'no upload past the server yet',
    },
    {
      route,
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

const experiments: readonly AllowedDifference[] = [
  {
    route: 'POST experiments/create',
    field: 'status',
    request: /-case"/,
    real: /^400 .*Content-Type must be one of/,
    cairn: /^200/,
    reason: 'a media type is compared without regard to case (RFC 9110)',
  },
  {
    route: 'POST experiments/create',
    field: 'body.message',
    real: /^Missing value for required parameter 'name'/,
    cairn: /^body is not valid JSON$/,
    reason: 'a body that is no JSON is named as that, not taken for an empty one',
  },
  {
    route: 'POST experiments/create',
    field: 'status',
    real: /^500 "<text>"/,
    cairn: /^400 INVALID_PARAMETER_VALUE (The request body must be a JSON object\.|body is not valid JSON)$/,
    reason: 'a body that is no JSON object is bad input, not a failure of the server',
  },
  {
    route: 'POST experiments/create',
    field: 'body.message',
    request: /\\ud800/,
    cairn: /^name holds an unpaired surrogate$/,
    reason: 'the real server drops the field; ours says what is wrong with it',
  },
  {
    route: 'POST experiments/create',
    field: 'body.message',
    real: /^Experiment\(name=.*\) already exists\. Error: <SQL>$/s,
    cairn: /^Experiment\(name=.*\) already exists\.$/s,
    reason: 'no SQL in messages',
  },
  {
    route: 'POST experiments/create',
    field: 'status',
    request: /"tags":\[.*"key":"(.*)".*"key":"\1"/,
    real: /^400 RESOURCE_ALREADY_EXISTS .*<SQL>/,
    cairn: /^200/,
    reason:
      'of a tag given twice the last counts, as everywhere else; the real server takes it for a taken name',
  },
  {
    route: 'POST experiments/update',
    field: 'body.error_code',
    real: /^BAD_REQUEST$/,
    cairn: /^RESOURCE_ALREADY_EXISTS$/,
    reason: 'a taken name has one code, at creation and at renaming',
  },
  {
    route: 'POST experiments/update',
    field: 'body.message',
    real: /^<SQL>$/,
    cairn: /^Experiment\(name=.*\) already exists\.$/s,
    reason: 'no SQL in messages',
  },
  {
    route: 'POST experiments/update',
    field: 'status',
    real: /^500 INVALID_STATE Cannot rename a non-active experiment/,
    cairn: /^400 INVALID_PARAMETER_VALUE The experiment .* must be in the 'active' state/,
    reason: 'the client repeats a 500 for minutes, and this one would stay',
  },
  {
    route: 'POST experiments/set-experiment-tag',
    field: 'status',
    request: /"key":"mlflow\.trace\./,
    real: /^400 .*Trace archival config/,
    cairn: /^200/,
    reason: 'traces are not built yet, so their tags have no meaning yet',
  },
  {
    route: '*',
    field: /\.last_update_time$/,
    real: /^<created>$/,
    cairn: /^<updated>$/,
    reason: 'a tag that is set or deleted is a change of the experiment',
  },
  {
    route: '*',
    field: /\.last_update_time$/,
    real: /^<updated>$/,
    cairn: /^<created>$/,
    reason: 'a new name that is the old one changes nothing',
  },
  {
    route: 'GET experiments/get',
    field: 'status',
    request: /experiment_id= /,
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid experiment ID/,
    reason: 'an id is digits and nothing else',
  },
  {
    route: 'GET experiments/get',
    field: 'status',
    real: /^500 INTERNAL_ERROR Python int too large/,
    cairn: /^404 RESOURCE_DOES_NOT_EXIST/,
    reason: 'an id that nothing can have does not exist',
  },
];

const locations: readonly AllowedDifference[] = [
  {
    route: 'POST experiments/create',
    field: 'status',
    request: /"artifact_location":"[^"]*\?/,
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE artifactLocation must not contain a query/,
    reason: 'a location is a place to append paths to: a query in it has led servers of this kind astray',
  },
  {
    route: 'POST experiments/create',
    field: 'body.message',
    request: /"artifact_location":"http:/,
    real: /^'artifact_location' cannot use the 'http' scheme/,
    cairn: /^artifactLocation must not contain dot segments$/,
    reason: 'both refuse it, each for a reason of its own',
  },
  {
    route: 'POST experiments/create',
    field: 'body.message',
    real: /^Invalid artifact path length\. .* To configure this limit,/,
    cairn: /^Invalid artifact path length\. [^.]*\.$/,
    reason: 'the limit is no setting of ours',
  },
];

const runs: readonly AllowedDifference[] = [
  ...['POST runs/create', 'GET runs/get'].map((route) => ({
    route,
    field: 'body.run.info.start_time',
    real: /^0$/,
    cairn: /^1[0-9]{12}$/,
    reason: 'a run without a start begins when it is made, not in 1970',
  })),
  {
    route: 'POST runs/create',
    field: 'status',
    cairn: /^400 INVALID_PARAMETER_VALUE .* is no time in ms\.$|: it is no time in ms\.$/,
    real: /^200/,
    reason: 'a time is one that a clock can show',
  },
  {
    route: 'POST runs/update',
    field: 'status',
    cairn: /: it is no time in ms\.$/,
    real: /^200/,
    reason: 'a time is one that a clock can show',
  },
  {
    route: 'POST runs/create',
    field: 'status',
    real: /^400 BAD_REQUEST <SQL>$/,
    cairn: /^200/,
    request: /"tags":\[.*"key":"(.*)".*"key":"\1"/,
    reason: 'of a tag given twice the last counts',
  },
  {
    route: 'POST runs/create',
    field: 'status',
    real: /^400 BAD_REQUEST <SQL>$/,
    cairn: /^200/,
    request: /"key":"mlflow\.runName","value":""/,
    reason: 'an empty name is no name: one is invented',
  },
  {
    route: 'POST runs/create',
    field: 'status',
    real: /^400 BAD_REQUEST <SQL>$/,
    cairn: /^200/,
    request: /^(?!.*"experiment_id":"[^"]).*$/s,
    reason: 'without an experiment a run belongs to the default one, as the documentation says',
  },
  {
    route: 'POST runs/create',
    field: 'status',
    real: /^200/,
    cairn:
      /^400 INVALID_PARAMETER_VALUE (Missing value for required parameter 'tags\[\d+\]\.key'|'tags\[\d+\]\.key' exceeds the maximum)/,
    reason: 'names of tags are checked at creation as everywhere else',
  },
  {
    route: 'GET runs/get',
    field: 'status',
    request: /run_id=.*&run_uuid=other/,
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE Request specifies different values/,
    reason: 'two ids that differ are refused rather than one of them ignored',
  },
  ...['POST runs/update', 'GET runs/get', 'POST runs/search'].map((route) => ({
    route,
    field: /^body\.(run_info|run\.info|runs\[\]\.info)\.end_time$/,
    real: nothing,
    cairn: /^0$/,
    reason: 'a run may end at 0; the real server takes it for unset',
  })),
  {
    route: '*',
    field: /\.(run_name|tags\[\]\.value)$/,
    real: /^[kx]{8001}$/,
    cairn: /^[kx]{8000}$/,
    reason: 'long names and tags are cut at creation as they are later',
  },
  {
    route: '*',
    field: 'status',
    request: /"(run_name|value)":" "/,
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE (mlflow\.runName|name|run_name) must not be blank$/,
    reason: 'a name of blanks is no name',
  },
  ...['POST runs/set-tag', 'POST runs/log-metric'].map((route) => ({
    route,
    field: 'status',
    request: /"key":"[^"]*\\n"/,
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE .*Names may only contain/,
    reason: 'a line break at the end of a name is one like any other',
  })),
  {
    route: 'POST runs/delete-tag',
    field: 'body.message',
    request: /"run_uuid"/,
    real: /^Run with id= not found$/,
    reason: 'run_uuid is taken wherever run_id is',
  },
  ...['POST runs/delete', 'POST runs/restore', 'POST runs/log-batch'].map((route) => ({
    route,
    field: 'status',
    request: /"run_uuid"/,
    real: /^(404 RESOURCE_DOES_NOT_EXIST Run with id= not found|400 .*Invalid value "" for parameter 'run_id')/,
    cairn: /^200/,
    reason: 'run_uuid is taken wherever run_id is',
  })),
];

const metrics: readonly AllowedDifference[] = [
  {
    route: '*',
    field: /metrics\[\]\.value$/,
    real: /^-?1\.7976931348623157e\+308$/,
    cairn: /^-?Infinity$/,
    reason:
      'the real store keeps an infinite value as the greatest finite one; ours gives back what was logged',
  },
  {
    route: '*',
    field: /metrics\[\]\.value$/,
    real: /^0$/,
    cairn: /^-0$/,
    reason: 'the real store loses the sign of zero',
  },
  {
    route: 'GET metrics/get-history',
    field: /^body\.metrics\[\]\.(value|timestamp)$/,
    request: /metric_key=(word|bare)/,
    real: /^0$/,
    reason:
      'every spelling of NaN and Infinity that Python takes is taken; the real server stores 0 at time 0',
  },
  {
    route: '*',
    field: 'body.metrics order of NaN',
    reason: 'NaN comes after the numbers; the real server orders it as the 0 it is stored as',
  },
  {
    route: 'POST runs/log-metric',
    field: 'status',
    request: /"model_id":"m-/,
    real: /^400 BAD_REQUEST <SQL>/,
    cairn: /^200/,
    reason: 'logged models are not built yet: the point is kept as one of the run',
  },
  {
    route: 'POST runs/log-batch',
    field: 'body.message',
    real: /^Changing param values is not allowed\. Params were already logged=/,
    cairn: /^Changing param values is not allowed\. Param with key=/,
    reason: 'one wording for one parameter and for a batch of them',
  },
  {
    route: 'GET metrics/get-history-bulk',
    field: 'status',
    request: /max_results=(0|-1|x)\b/,
    real: /^(200|500)/,
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid value .* for parameter 'max_results'/,
    reason: 'max_results is checked as in every other list',
  },
];

const searches: readonly AllowedDifference[] = [
  {
    route: '*',
    field: 'status',
    request: /"?filter"?[:=].*( OR |\(|NOT )/,
    real: /^400 INVALID_PARAMETER_VALUE Invalid clause\(s\) in filter string/,
    cairn: /^200/,
    reason: 'OR, NOT and parentheses are our superset of the grammar',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Invalid clause\(s\) in filter string|^Invalid comparison clause|^Search filter contained multiple expression/,
    cairn: /^Invalid /,
    reason: 'another parser stops at another place; the message names it',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Invalid comparator '/,
    cairn: /^Invalid comparator '/,
    reason: 'the message lists the comparators that Cairn knows for the field',
  },
  {
    route: 'POST runs/search',
    field: 'status',
    request: /"filter":" +"/,
    real: /^400 .*Could not be parsed/,
    cairn: /^200/,
    reason: 'a blank filter is none',
  },
  {
    route: 'POST runs/search',
    field: 'status',
    real: /^500 INTERNAL_ERROR Python int too large/,
    cairn: /^200/,
    reason: 'a number beyond int64 compares like any other',
  },
  {
    route: 'POST runs/search',
    field: 'status',
    real: /^500 INTERNAL_ERROR `order_by` contains duplicate fields/,
    cairn: /^400 INVALID_PARAMETER_VALUE `order_by` contains duplicate fields/,
    reason: 'the client repeats a 500 for minutes, and this one would stay',
  },
];

export const allowedDifferences: readonly AllowedDifference[] = [
  ...everywhere,
  ...probes,
  ...experiments,
  ...locations,
  ...runs,
  ...metrics,
  ...searches,
];

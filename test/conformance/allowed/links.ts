import type { AllowedDifference } from './row.ts';

const identity = 'a record that its name and digest do not tell from others is none';
const model = /^404 RESOURCE_DOES_NOT_EXIST Logged model with ID '.*' not found\.$/;
const missing = /^400 INVALID_PARAMETER_VALUE Missing value for required parameter/;
const sqlAnswer = /^400 BAD_REQUEST <SQL>$/;

/** What runs read and made, and logged models. */
export const links: readonly AllowedDifference[] = [
  {
    route: 'POST runs/log-inputs',
    field: 'status',
    real: /^200/,
    cairn: /'datasets\[0\]\.dataset(\.(name|digest))?'/,
    reason: identity,
  },
  {
    route: 'POST runs/log-inputs',
    field: 'status',
    real: /^200/,
    cairn: /'(datasets\[0\]\.tags\[0\]\.key|models\[0\]\.model_id)'/,
    reason: 'a tag has a key, and an input names its model',
  },
  {
    route: 'POST runs/outputs',
    field: 'status',
    real: /^200/,
    cairn: /'models\[0\]\.model_id'/,
    reason: 'an output names its model',
  },
  {
    route: '*',
    field: 'body.error_code',
    real: /^BAD_REQUEST$/,
    cairn: /^INVALID_PARAMETER_VALUE$/,
    request: /runs\/log-inputs|logged-models/,
    reason: 'what the real server leaves to its database is refused by name',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^<SQL>$/,
    cairn: /twice|^Changing param values is not allowed/,
    request: /runs\/log-inputs|logged-models/,
    reason: 'what the real server leaves to its database is refused by name',
  },
  {
    route: '*',
    field: 'status',
    real: sqlAnswer,
    cairn: /^200/,
    request: /runs\/(outputs|log-metric)|\/params/,
    reason:
      'an output, a parameter or a point of a model may come again, and a second value of one instant is kept',
  },
  {
    route: '*',
    field: 'status',
    real: /^(200|400 BAD_REQUEST <SQL>)/,
    cairn: model,
    request: /runs\/(outputs|log-inputs|log-metric)/,
    reason: 'a model that is not there makes and measures nothing',
  },
  {
    route: 'POST runs/log-model',
    field: 'status',
    request: /"\[1\]"/,
    real: /^500/,
    cairn: /^400 INVALID_PARAMETER_VALUE Malformed model info/,
    reason: 'the client repeats a 500 for minutes, and this one would stay',
  },
  {
    route: 'POST logged-models',
    field: 'status',
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE (Invalid model name \(' '\)|\S+ is longer than)/,
    reason: 'names are not blank, and texts have the limits of the documentation, which SQLite does not keep',
  },
  {
    route: 'POST logged-models',
    field: 'status',
    real: /^200/,
    cairn: missing,
    request: /"params":\[\{"value"/,
    reason: 'a parameter has a key',
  },
  {
    route: 'PATCH logged-models/{}',
    field: 'status',
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid value 'LOGGED_MODEL_STATUS_UNSPECIFIED'/,
    reason: 'a model is pending, ready or failed',
  },
  {
    route: '*',
    field: 'status',
    real: /^400 INVALID_PARAMETER_VALUE Missing value for required parameter 'model_id'/,
    cairn: /^200/,
    request: /^\/api\/2\.0\/mlflow\/logged-models\/\{\{/,
    reason: 'the path names the model already',
  },
  {
    route: 'POST logged-models/search',
    field: 'status',
    request: /"filter":"([^"]*( OR |IS NULL)|\(| +")/,
    real: /^400 INVALID_PARAMETER_VALUE Invalid (filter string|comparison):/,
    cairn: /^200/,
    reason:
      'one language of filters for runs and models, with OR, parentheses and IS NULL; a blank filter is none',
  },
  {
    route: 'POST logged-models/search',
    field: 'status',
    request: /"filter":"name (= oak|LIKE 5|IN \(\))"/,
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE/,
    reason: 'one language of filters for runs and models: a text stands in quotes, and a list holds some',
  },
  {
    route: 'POST logged-models/search',
    field: 'body.message',
    request: /"filter":/,
    real: /^Invalid (filter string|comparison operator)/,
    cairn: /^(Invalid clause|Search filter contained multiple|Expected a quoted string)/,
    reason: 'one language of filters for runs and models, in the words of that of runs',
  },
  {
    route: 'POST logged-models/search',
    field: 'status',
    request: /"filter":/,
    real: /^500/,
    cairn: /^400 INVALID_PARAMETER_VALUE/,
    reason: 'the client repeats a 500 for minutes, and this one would stay',
  },
  {
    route: 'POST logged-models/search',
    field: 'body.message',
    request: /"order_by":\["name"\]/,
    real: /^Invalid order by field name: $/,
    reason: 'a value of a wrong type is refused by name',
  },
  {
    route: 'POST logged-models/search',
    field: 'body.models',
    request: /"datasets":\[\{"dataset_name":"rows"\}\]/,
    real: /^nothing$/,
    reason:
      'a dataset without a digest stands for all its digests, as documented; the real server finds none',
  },
  {
    route: 'POST logged-models/search',
    field: 'status',
    request: /"max_results":-1/,
    real: /^200/,
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid value -1 for parameter 'max_results'/,
    reason: 'max_results is checked as in every other list',
  },
  {
    route: 'POST logged-models/search',
    field: 'body.message',
    request: /"page_token":/,
    cairn: /^Invalid page token/,
    reason: 'a token is opaque: it fits its search or does not',
  },
  {
    route: 'POST logged-models/search',
    field: 'status',
    request: /"page_token":/,
    real: /^500/,
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid page token/,
    reason: 'a token is opaque: it fits its search or does not',
  },
];

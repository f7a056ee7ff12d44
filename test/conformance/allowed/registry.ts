/** The registry. */
import type { AllowedDifference } from './row.ts';

const search = 'registered-models/search';
const versions = 'model-versions/search';

export const registry: readonly AllowedDifference[] = [
  {
    route: 'POST model-versions/create',
    field: 'body.message',
    real: /relative path references|local path as a model version source|scheme addresses a host|^Invalid model version source: 'models:/,
    reason: 'a source is refused by the rules of every other location, and in their words',
  },
  {
    route: 'POST model-versions/create',
    field: /^(status|body\.(error_code|message))$/,
    real: /INVALID_PARAMETER_VALUE|^Invalid model version source/,
    cairn: /RESOURCE_DOES_NOT_EXIST|^Registered Model with name=.* not found$/,
    reason: 'of a source that is wrong and a model that is missing, the model is told first',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Model Version \(name=.*\) not found$/,
    cairn: /^Registered Model with name=.* not found$/,
    reason: 'what is missing is named: the model, not only its version',
  },
  {
    route: 'POST registered-models/rename',
    field: 'body.message',
    real: /already exists\. Error: <SQL>/,
    reason: 'the message of the database is no business of a client',
  },
  {
    route: 'GET model-versions/get-download-uri',
    field: 'body.message',
    real: /^Parameter 'version' must be an integer, got ''/,
    cairn: /^Missing value for required parameter 'version'/,
    reason: 'an empty version is a missing one, as on every other route',
  },
  {
    route: 'POST model-versions/transition-stage',
    field: /^(status|body\.(error_code|message))$/,
    request: /archive_existing_versions/,
    real: /INTERNAL_ERROR|cannot archive existing/,
    reason: 'the request is at fault, not the server: clients retry a 500 for minutes',
  },
  {
    route: `GET ${search}`,
    field: 'body.message',
    real: /^Expected a quoted string value or a list|^Invalid order by key|max_results/,
    reason: 'the words of the searches of runs and experiments',
  },
  {
    route: `GET ${versions}`,
    field: 'body.message',
    real: /^Only the '\{.*\}' attributes support comparison|max_results/,
    reason: 'the words of the searches of runs and experiments',
  },
];

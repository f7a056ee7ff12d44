/** What every answer must be, whatever was asked. Each rule returns what is wrong with the answer. */
import type { Case } from './hostile-cases.ts';
import { isGap, type Route } from './registered.ts';
import type { WireAnswer } from './wire.ts';

/** Codes of errors that one value of the request caused. */
const namesItsField = new Set([
  'invalid_argument',
  'payload_too_large',
  'unsupported_media_type',
  'misdirected',
  'already_exists',
]);
/** Ways of transfer of which clients are told, by 501, that this server has none (here). */
const notSupported = /^mlflow\.artifacts\.(multipart-create|presigned(-(up|down)load-url)?)$/;
/** Words of our own house that no client needs. */
const innards =
  /node_modules|\.ts:\d|\bat [\w.]+ \(|SQLITE|sqlite_|pg_|syntax error at|interned_key|\bSELECT\b.*\bFROM\b/;

export function faultsOf(
  route: Route,
  { request, statuses, field, mustRefuse }: Case,
  answer: WireAnswer,
): string[] {
  const { status, headers, text } = answer;
  const faults: string[] = [];
  if (isPage(answer) && !/api/i.test(request.path)) return [];
  const notBuilt = status === 501 && (isGap(route.operation) || notSupported.test(route.operation.id));
  if (status >= 500 && !notBuilt) faults.push(`answered ${status}`);
  if (status < 300 && mustRefuse) faults.push(`took a value of a wrong type (${status})`);
  if (statuses !== undefined && !statuses.includes(status))
    faults.push(`answered ${status} instead of ${statuses.join(' or ')}`);
  if (headers['access-control-allow-origin'] !== undefined)
    faults.push('let a page of another site read the answer');
  if (headers['x-injected'] !== undefined) faults.push('let a header be injected');
  if (status < 400 || text === '') return faults;
  if (innards.test(text)) faults.push('tells of its innards');
  if (text.length > 20_000) faults.push(`repeats ${text.length} bytes of the request`);
  if (/text\/html/.test(String(headers['content-type']))) faults.push('answered an error as HTML');
  return [...faults, ...(isMlflow(text) ? mlflowFaults(answer, field) : problemFaults(answer, field))];
}

/** The UI, which answers every path that could be one of its own. */
const isPage = ({ status, text }: WireAnswer): boolean => status === 200 && text.startsWith('<!doctype html');

const isMlflow = (text: string): boolean => text.startsWith('{"error_code"');

function problemFaults({ status, headers, text }: WireAnswer, field: string | undefined): string[] {
  if (!String(headers['content-type']).startsWith('application/problem+json'))
    return [`an error of ${headers['content-type']}`];
  const problem = JSON.parse(text);
  const faults: string[] = [];
  if (
    problem.status !== status ||
    typeof problem.code !== 'string' ||
    typeof problem.requestId !== 'string'
  ) {
    faults.push('no complete problem');
  }
  if (namesItsField.has(problem.code) && typeof problem.field !== 'string') faults.push('names no field');
  if (field !== undefined && problem.code === 'invalid_argument' && !isAbout(problem.field, field)) {
    faults.push(`names the field ${problem.field} instead of ${field}`);
  }
  return faults;
}

/** The field itself, a part of it, what it is a part of, or (for what is no JSON) the body. */
function isAbout(named: string, field: string): boolean {
  if (named === undefined) return false;
  return (
    named === 'body' || named.startsWith(field) || field.startsWith(named) || field.endsWith(`.${named}`)
  );
}

function mlflowFaults({ headers, text }: WireAnswer, field: string | undefined): string[] {
  if (!String(headers['content-type']).startsWith('application/json')) return ['an error that is not JSON'];
  const { error_code: code, message } = JSON.parse(text);
  if (typeof code !== 'string' || typeof message !== 'string' || message === '')
    return ['no code or no message'];
  if (field === undefined || code !== 'INVALID_PARAMETER_VALUE') return [];
  return namedIn(message, field) ? [] : [`does not name ${field}: ${message.slice(0, 200)}`];
}

/** MLflow's messages call `experiment_id` "experiment ID", and what is inside of a field by its own name. */
function namedIn(message: string, field: string): boolean {
  const name = lastName(field);
  return (
    plain(message).includes(plain(name)) || words[name]?.test(message) === true || /\bbody\b/.test(message)
  );
}

const lastName = (field: string): string =>
  field
    .split('.')
    .at(-1)!
    .replace(/\[\d+\]$/, '');
const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, '');

/** Where MLflow has other words, or a part of the field is at fault. */
const words: Readonly<Record<string, RegExp>> = {
  artifact_location: /artifact path/,
  new_name: /\bname\b/,
  experiment_name: /\bname\b/,
  experiment_id: /\bexperiment\b/i,
  experiment_ids: /experiment[ _]id/i,
  model_json: /model info/i,
  artifact_directory_path: /\bpath\b/,
  artifact_file_path: /\bpath\b/,
  tags: /\bkey\b/,
  params: /\bkey\b/,
  metrics: /\bname\b|\bkey\b/,
  key: /\bname\b/i,
  name: /registered model/i,
  run_id: /\brun\b/i,
  page_token: /page token/i,
  path: /is not supported for/,
  run_name: /\bname\b/,
  filter: /entity type|attribute key|pattern|Expected/,
  stages: /\bstage\b/,
  order_by: /entity type|attribute key/,
};

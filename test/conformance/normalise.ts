/**
 * An answer reduced to what both servers must agree on. What is taken out, and only this: ids (to symbols), times that the
 * server's clock gave, names that the server invented, the text of an SQL error, the opaque page token, and the order of
 * lists that promise none (metrics, parameters, tags, inputs and outputs, latest versions; Python sets printed inside messages) or follow run ids.
 */
import { type Answer, type Call, routeOf } from './call.ts';
import { type Json, parseJson } from './exact-json.ts';
import type { Side, Symbols } from './symbols.ts';

export interface Comparable {
  readonly status: number;
  readonly contentType: string;
  /** The parsed body; for an error without JSON `<text>`, so that only its kind counts. */
  readonly body: Json;
}

/** What both servers invent when a run has no name: adjective, noun, number. */
const inventedName = /^[a-z]+-[a-z]+-\d+$/;
/** MLflow passes the database's own message on, with the statement and its random values. */
const sqlError = /(?:\(raised as a result [^)]*\)\n)?\(sqlite3\.[\s\S]*/;
const unordered = new Set([
  'metrics',
  'params',
  'tags',
  'dataset_inputs',
  'model_inputs',
  'model_outputs',
  'latest_versions',
  // Of a webhook.
  'events',
]);

export function normalise(call: Call, answer: Answer, side: Side, symbols: Symbols): Comparable {
  const parsed = parseJson(answer.text);
  const body = parsed === undefined ? textBody(answer) : walk(parsed, '', side, symbols);
  const isBulk = routeOf(call) === 'GET metrics/get-history-bulk';
  return { status: answer.status, contentType: answer.contentType, body: isBulk ? sortByRun(body) : body };
}

/** Ordered by run id, which each server invents; within a run the order counts. */
function sortByRun(body: Json): Json {
  const metrics = (body as { readonly metrics?: readonly { readonly run_id: string }[] } | null)?.metrics;
  if (!Array.isArray(metrics)) return body;
  return { metrics: metrics.toSorted((a, b) => (a.run_id < b.run_id ? -1 : a.run_id > b.run_id ? 1 : 0)) };
}

function textBody(answer: Answer): Json {
  return answer.status < 400 ? answer.text : '<text>';
}

function walk(value: Json, key: string, side: Side, symbols: Symbols): Json {
  if (typeof value === 'string') return textOf(value, key, side, symbols);
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => walk(item, key, side, symbols));
    return unordered.has(key) ? sortByKey(items) : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const object = value as { readonly [key: string]: Json };
  const result: Record<string, Json> = {};
  for (const [name, item] of Object.entries(object)) {
    // A history or bulk answer is `{metrics: […]}` at the top and ordered; a run's own metrics stand under `data`.
    const isHistory = key === '' && name === 'metrics';
    result[name] = isHistory
      ? (item as readonly Json[]).map((point) => walk(point, '', side, symbols))
      : walk(item, name, side, symbols);
  }
  if ('creation_time' in object) {
    result.last_update_time = object.last_update_time === object.creation_time ? '<created>' : '<updated>';
    result.creation_time = typeof object.creation_time === 'number' ? '<created>' : '<no time>';
  }
  if ('creation_timestamp_ms' in object) {
    const isNew = object.last_updated_timestamp_ms === object.creation_timestamp_ms;
    result.last_updated_timestamp_ms = isNew ? '<created>' : '<updated>';
    result.creation_timestamp_ms =
      typeof object.creation_timestamp_ms === 'number' ? '<created>' : '<no time>';
    if (typeof object.name === 'string') result.name = nameOrInvented(object.name);
  }
  if ('creation_timestamp' in object) {
    // A millisecond may lie between what one server does in one and the other does not.
    result.creation_timestamp = typeof object.creation_timestamp === 'number' ? '<time>' : '<no time>';
    result.last_updated_timestamp =
      typeof object.last_updated_timestamp === 'number' ? '<time>' : '<no time>';
  }
  if (object.key === 'mlflow.runName' && typeof object.value === 'string') {
    result.value = nameOrInvented(object.value);
  }
  return result;
}

function textOf(text: string, key: string, side: Side, symbols: Symbols): Json {
  switch (key) {
    case 'experiment_id':
      return symbols.nameOf('experiment', text, side);
    case 'next_page_token':
      return '<token>';
    case 'run_name':
      return nameOrInvented(text);
    case 'message':
      return symbols.rename(sortPrintedSets(text).replace(sqlError, '<SQL>'), side);
    default:
      return symbols.rename(text, side);
  }
}

const nameOrInvented = (name: string) => (inventedName.test(name) ? '<invented name>' : name);

/** Python prints a set in an order that changes with every process. */
function sortPrintedSets(text: string): string {
  return text.replace(/\{'[^{}]*'\}/g, (set) => `{${set.slice(1, -1).split(', ').sort().join(', ')}}`);
}

/** By key; what has the same one, or none, by all that it says, its value last: NaN is a row of its own. */
function sortByKey(items: readonly Json[]): readonly Json[] {
  const textOf = (item: Json) => {
    const { key = '', value, ...rest } = (item ?? {}) as { readonly [name: string]: Json };
    return [String(key), JSON.stringify(rest, Object.keys(rest).sort()), JSON.stringify(value)].join('\0');
  };
  return items
    .map((item) => ({ item, text: textOf(item) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ item }) => item);
}

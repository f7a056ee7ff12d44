/**
 * An oracle for one family of allowed differences. Where a field holds JSON of a type that it does not take, the real server
 * fills its message up to that field in the order of the request, checks only a few types, and often goes on with the rest
 * unset; Cairn refuses the request and names the field. This says independently of both whether the named value is wrong.
 */
import type { Call } from './call.ts';
import { type Json, parseJson } from './exact-json.ts';

type Kind = 'text' | 'whole' | 'real' | 'choice' | 'list' | 'object';

const kinds: Readonly<Record<string, Kind>> = {
  value: 'text', // but of a metric, see kindOf
  timestamp: 'whole',
  step: 'whole',
  start_time: 'whole',
  end_time: 'whole',
  max_results: 'whole',
  start_step: 'whole',
  end_step: 'whole',
  status: 'choice',
  view_type: 'choice',
  run_view_type: 'choice',
  tags: 'list',
  metrics: 'list',
  params: 'list',
  experiment_ids: 'list',
  order_by: 'list',
  run_ids: 'list',
  datasets: 'list',
  models: 'list',
  dataset: 'object',
};
const choices = [
  'RUNNING',
  'SCHEDULED',
  'FINISHED',
  'FAILED',
  'KILLED',
  'ACTIVE_ONLY',
  'DELETED_ONLY',
  'ALL',
];

/** Whether `message` (of Cairn) names a field of the call whose value is of a type the field does not take. */
export function namesWrongType(message: string, call: Call): boolean {
  const path = /for parameter '([^']+)' supplied: {2}Hint: Value was of type/.exec(message)?.[1];
  if (path === undefined) return false;
  const value = valueAt(requestOf(call), path);
  return value !== undefined && !fits(kindOf(path, call), value, bitsOf(path, call));
}

/** max_results is an int32 wherever runs or points are listed. */
const bitsOf = (path: string, call: Call) =>
  path === 'max_results' && !call.path.includes('experiments/') ? 31n : 63n;

function kindOf(path: string, call: Call): Kind {
  if (path.endsWith(']'))
    return /(tags|metrics|params|datasets|models)\[\d+\]$/.test(path) ? 'object' : 'text';
  const name = path.split('.').at(-1) ?? '';
  const isMetric = path.startsWith('metrics[') || call.path.endsWith('runs/log-metric');
  return name === 'value' && isMetric ? 'real' : (kinds[name] ?? 'text');
}

function fits(kind: Kind, value: Json, bits: bigint): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'real':
      return (
        typeof value === 'number' ||
        (typeof value === 'string' && /^<integer|^[-+]?(\d|\.\d|nan|inf)/i.test(value))
      );
    case 'whole':
      return isWhole(value, bits);
    case 'choice':
      return typeof value === 'number' ? [1, 2, 3, 4, 5].includes(value) : choices.includes(String(value));
    case 'list':
      return Array.isArray(value);
    default:
      return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}

function isWhole(value: Json, bits: bigint): boolean {
  const digits = /^(?:<integer )?([-+]?\d+)(?:\.0*)?>?$/.exec(String(value))?.[1];
  if (!['number', 'string'].includes(typeof value) || digits === undefined) return false;
  const whole = BigInt(digits.replace('+', ''));
  return whole >= -(1n << bits) && whole < 1n << bits;
}

/** The fields that the call sets, with their protocol names. */
function requestOf(call: Call): Json | undefined {
  if (call.body !== undefined) return parseJson(call.body);
  const query: Record<string, Json> = {};
  for (const [name, value] of new URLSearchParams(call.path.split('?')[1] ?? '')) query[name] = value;
  return query;
}

function valueAt(request: Json | undefined, path: string): Json | undefined {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  return steps.reduce<Json | undefined>((inner, step) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    const object = inner as { readonly [key: string]: Json };
    return (
      object[step] ??
      object[step.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())] ??
      (step in object ? null : undefined)
    );
  }, request);
}

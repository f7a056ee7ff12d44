/** Where two normalised answers differ, and which of these differences the table allows. */
import { isDeepStrictEqual } from 'node:util';
import type { AllowedDifference } from './allowed-differences.ts';
import { type Call, routeOf } from './call.ts';
import type { Json } from './exact-json.ts';
import type { Comparable } from './normalise.ts';

export interface Difference {
  /** As `routeOf` writes it. */
  readonly route: string;
  /** `status`, `contentType`, or a place in the body: `body.runs[].info.status`. */
  readonly field: string;
  readonly real: Json | undefined;
  readonly cairn: Json | undefined;
  readonly call: Call;
}

export function differences(call: Call, real: Comparable, cairn: Comparable): Difference[] {
  const route = routeOf(call);
  const found: Difference[] = [];
  const add = (field: string, a: Json | undefined, b: Json | undefined) =>
    found.push({ route, field, real: a, cairn: b, call });
  if (real.status !== cairn.status) {
    // One answer is a result and the other an error, or two errors of another kind: their bodies have nothing in common.
    add('status', summary(real), summary(cairn));
    return found;
  }
  if (real.contentType !== cairn.contentType) add('contentType', real.contentType, cairn.contentType);
  compareJson('body', real.body, cairn.body, add);
  return found;
}

/** The row that allows this difference; undefined when none does. */
export function allowedBy(
  difference: Difference,
  table: readonly AllowedDifference[],
): AllowedDifference | undefined {
  return table.find(
    (row) =>
      (row.route === '*' || row.route === difference.route) &&
      (typeof row.field === 'string' ? row.field === difference.field : row.field.test(difference.field)) &&
      (row.when === undefined || row.when(difference)) &&
      matches(row.real, difference.real) &&
      matches(row.cairn, difference.cairn) &&
      (row.request === undefined ||
        row.request.test(`${decoded(difference.call.path)} ${difference.call.body ?? ''}`)),
  );
}

export function describe({ call, route, field, real, cairn }: Difference): string {
  const shorten = (text: string) =>
    text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;
  return [
    `${route}: ${field}`,
    `  sent   ${shorten(`${call.method} ${call.path} ${call.body ?? ''}`)}`,
    `  mlflow ${shorten(JSON.stringify(real) ?? 'nothing')}`,
    `  cairn  ${shorten(JSON.stringify(cairn) ?? 'nothing')}`,
  ].join('\n');
}

type Add = (field: string, real: Json | undefined, cairn: Json | undefined) => void;

/**
 * Points of one step that hold NaN stand elsewhere: the real server orders NaN as the 0 it is stored as. Told once, then the
 * points are compared with NaN last on both sides.
 */
function comparePoints(field: string, real: readonly Json[], cairn: readonly Json[], add: Add): void {
  const [a, b] = [nanLast(real), nanLast(cairn)];
  if (!isDeepStrictEqual(a, real) || !isDeepStrictEqual(b, cairn)) add(`${field} order of NaN`, real, cairn);
  if (a.length !== b.length) add(field, a, b);
  else for (const [index, item] of a.entries()) compareJson(`${field}[]`, item, b[index], add);
}

function nanLast(points: readonly Json[]): readonly Json[] {
  type Point = {
    readonly run_id?: string;
    readonly timestamp: Json;
    readonly step: Json;
    readonly value: Json;
  };
  const isNan = ({ value }: Point) => Number(value === 'NaN' || value === '<bare NaN>');
  const place = ({ run_id, timestamp, step }: Point) => `${run_id} ${timestamp} ${step}`;
  const sorted: Point[] = [];
  for (const point of points as readonly Json[] as readonly Point[]) {
    let at = sorted.length;
    while (at > 0 && place(sorted[at - 1]!) === place(point) && isNan(sorted[at - 1]!) > isNan(point)) at--;
    sorted.splice(at, 0, point);
  }
  return sorted as readonly Json[];
}

function compareJson(field: string, real: Json | undefined, cairn: Json | undefined, add: Add): void {
  if (isDeepStrictEqual(real, cairn)) return;
  if (field === 'body.metrics' && isArray(real) && isArray(cairn)) {
    comparePoints(field, real, cairn, add);
  } else if (isArray(real) && isArray(cairn) && real.length === cairn.length) {
    for (const [index, item] of real.entries()) compareJson(`${field}[]`, item, cairn[index], add);
  } else if (isObject(real) && isObject(cairn)) {
    for (const key of new Set([...Object.keys(real), ...Object.keys(cairn)])) {
      compareJson(`${field}.${key}`, real[key], cairn[key], add);
    }
  } else if (real === 0 && cairn === 0) {
    add(field, Object.is(real, -0) ? '-0' : '0', Object.is(cairn, -0) ? '-0' : '0');
  } else {
    add(field, real, cairn);
  }
}

function summary({ status, body }: Comparable): Json {
  if (isObject(body) && typeof body.error_code === 'string') {
    return `${status} ${body.error_code} ${String(body.message)}`;
  }
  return `${status} ${JSON.stringify(body)}`;
}

function matches(pattern: RegExp | undefined, value: Json | undefined): boolean {
  if (pattern === undefined) return true;
  return pattern.test(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return path;
  }
}

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

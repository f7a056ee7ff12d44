/**
 * What MLflow allows as the key of a metric, parameter or tag, and how long texts may be. Lengths are counted in code
 * points, as Python counts. Messages are those of MLflow's server: its clients and tests match them.
 */
import { invalid } from '../../kernel/errors.ts';
import { pythonJson } from './message-reading.ts';

export const limits = {
  /** Key of a metric, parameter or tag. */
  key: 250,
  /** Longer values are cut silently, as MLflow does unless told otherwise. */
  paramValue: 6000,
  runTagValue: 8000,
  /** Longer values are refused. */
  experimentTagValue: 20_000,
  experimentName: 500,
  artifactLocation: 2048,
  metricsPerBatch: 1000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  entitiesPerBatch: 1000,
} as const;

/** Nearly every key is: allowed by all rules below, so that a batch of thousands need not pay for them. */
export function isPlainKey(key: string): boolean {
  return /^\w[\w-]{0,249}$/.test(key);
}

/** A key may become a path of a file store: only these characters, and equal to its own normal form. */
export function checkKey(path: string, key: string): void {
  const refuse = (why: string) =>
    invalid(path, `Invalid value ${pythonJson(key)} for parameter '${path}' supplied: ${why}`);
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(key)) {
    throw refuse(
      'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).',
    );
  }
  const normal = normalPath(key);
  if (normal !== key || normal === '.' || normal.startsWith('..') || normal.startsWith('/')) {
    throw refuse(
      `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${normal}'`,
    );
  }
}

/** What MLflow refuses with words of its own; the domain refuses more, in the words of the native API. */
export function checkArtifactLocation(location: string): void {
  const refuse = (message: string) => invalid('artifact_location', message);
  if (/[#;]/.test(location)) throw refuse("'artifact_location' URL can't include fragments or params.");
  if (location.startsWith('runs:')) {
    throw refuse(`Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  }
  if (isLonger(location, limits.artifactLocation)) {
    throw refuse(
      `Invalid artifact path length. The length of the artifact path cannot be greater than ${limits.artifactLocation} characters.`,
    );
  }
}

/** `called` is how the message names the text: `Metric name`, `tags[0].key`. */
export function checkLength(field: string, called: string, text: string, limit: number): void {
  if (isLonger(text, limit))
    throw invalid(field, `'${called}' exceeds the maximum length of ${limit} characters`);
}

/** The first `limit` code points. */
export function cut(text: string, limit: number): string {
  return isLonger(text, limit) ? [...text].slice(0, limit).join('') : text;
}

function isLonger(text: string, limit: number): boolean {
  return text.length > limit && [...text].length > limit;
}

/** POSIX normal form of a path without looking at any disk: `a//b/./c/..` → `a/b`. */
export function normalPath(path: string): string {
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return root + parts.join('/') || '.';
}

/** Where MLflow looks at the form of a run id before it looks for the run. */
export function checkRunId(id: string): void {
  if (/^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u.test(id)) return;
  throw invalid('run_id', `Invalid value ${pythonJson(id)} for parameter 'run_id' supplied.`);
}

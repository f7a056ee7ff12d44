/**
 * Where a version comes from: parsed and held against the rules before anything is looked up. A source is a place that
 * clients read from and that later requests hand out again, so it must not lead the server, nor who loads the model, to a
 * place that its maker had no hand in (CVE-2023-1177 and those that followed).
 */
import { type CairnError, invalid } from '../../kernel/errors.ts';
import { percentDecoded } from '../../kernel/percent-encoding.ts';
import { checkArtifactLocation } from '../contexts/index.ts';
import { registryLimits } from './registered-model.ts';

export type VersionSource =
  /** Of a prompt: nothing is read from there. */
  | { readonly kind: 'placeholder' }
  /** `models:/m-…` */
  | { readonly kind: 'logged-model'; readonly id: string }
  /** `models:/name/3`, `models:/name@alias`, `models:/name/stage`, `models:/name/latest` */
  | { readonly kind: 'version'; readonly named: NamedVersion }
  /** `runs:/<run>/path` */
  | { readonly kind: 'run'; readonly run: string; readonly path: string }
  /** Only within the artifacts of the run or the logged model that is named beside it. */
  | { readonly kind: 'owned' }
  /** A store that the server never opens. */
  | { readonly kind: 'elsewhere' };

export interface NamedVersion {
  readonly name: string;
  readonly version?: number;
  readonly alias?: string;
  /** A stage, or `latest`. */
  readonly stage?: string;
}

/** What MLflow's clients write as the source of a prompt. */
const placeholders: ReadonlySet<string> = new Set(['dummy-source', 'prompt-template']);

export const isPlaceholder = (source: string): boolean => placeholders.has(source);

/** Schemes that name a host to whoever opens them: accepted only below the artifacts that are named beside. */
const hostSchemes: ReadonlySet<string> = new Set(
  'ftp sftp hdfs viewfs http https mlflow-artifacts r2 b2 abfss'.split(' '),
);

export function parseSource(source: string, prompt: boolean): VersionSource {
  if (source === '') throw invalid('source', "Missing value for required parameter 'source'.");
  if (source.length > registryLimits.source) {
    throw invalid('source', `'source' exceeds the maximum length of ${registryLimits.source} characters`);
  }
  if (prompt) {
    if (placeholders.has(source)) return { kind: 'placeholder' };
    throw invalid(
      'source',
      `Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`,
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(source)?.[1]?.toLowerCase();
  if (scheme === 'models') {
    const named = parseModelUri(source);
    return 'id' in named ? { kind: 'logged-model', id: named.id } : { kind: 'version', named };
  }
  checkArtifactLocation('source', source);
  if (scheme === 'runs') return parseRunUri(source);
  // One letter is a drive of Windows.
  if (scheme === undefined || scheme.length === 1 || scheme === 'file') return { kind: 'owned' };
  return { kind: hostSchemes.has(scheme) ? 'owned' : 'elsewhere' };
}

export function refuseSource(source: string, why: string, field = 'source'): CairnError {
  return invalid(field, `Invalid model version source: '${source}'. ${why}`);
}

/** `field` is what is wrong, where that is not the source. */
export function mustIdentify(
  source: string,
  parameter: 'run_id' | 'model_id',
  field: 'source' | 'run' | 'loggedModel' = 'source',
): CairnError {
  return refuseSource(
    source,
    `The ${parameter} request parameter must identify the resource that contains the source.`,
    field,
  );
}

function parseRunUri(source: string): VersionSource {
  const [, run = '', path = ''] = /^runs:\/*([^/]+)(?:\/(.*))?$/i.exec(source) ?? [];
  if (run === '' || /^runs:\/\//i.test(source)) throw mustIdentify(source, 'run_id');
  return { kind: 'run', run, path: path.replaceAll(/\/+/g, '/').replace(/\/$/, '') };
}

/** `models:/…`, of a registered model or (as `id`) of a logged one. The name is taken as it stands, not decoded. */
export function parseModelUri(uri: string, field = 'source'): NamedVersion | { readonly id: string } {
  const refuse = (why: string) => invalid(field, `Not a proper models:/ URI: ${uri}. ${why}`);
  const form =
    "Models URIs must be of the form 'models:/name/version', 'models:/name/stage' or 'models:/name@alias'.";
  if (uri.length > registryLimits.source || uri.includes('\0')) throw refuse(form);
  if (/^models:\/\//i.test(uri))
    throw refuse('The registry is the one of this server: no host may be named.');
  const path = /^models:\/(.+)$/isu.exec(uri)?.[1];
  const parts = path?.split('/') ?? [];
  const [first = '', suffix] = parts;
  if (parts.length > 2 || first.trim() === '') throw refuse(form);
  if (suffix !== undefined) {
    if (suffix.trim() === '') throw refuse(form);
    if (!/^\d+$/.test(suffix)) return { name: first, stage: suffix };
    return { name: first, version: Number(suffix) };
  }
  const at = first.lastIndexOf('@');
  if (at === -1) return { id: first };
  const [name, alias] = [first.slice(0, at), first.slice(at + 1)];
  if (name.trim() === '' || alias.trim() === '') throw refuse(form);
  return { name, alias };
}

/** Whether the place is the root itself or below it. Both are compared decoded, segment by segment. */
export function isWithin(source: string, root: string): boolean {
  const [inner, outer] = [placeOf(source), placeOf(root)];
  return (
    inner.scheme === outer.scheme &&
    inner.host === outer.host &&
    inner.absolute === outer.absolute &&
    outer.segments.length > 0 &&
    outer.segments.every((segment, index) => inner.segments[index] === segment)
  );
}

interface PlaceParts {
  readonly scheme: string;
  readonly host: string;
  readonly absolute: boolean;
  readonly segments: readonly string[];
}

function placeOf(uri: string): PlaceParts {
  const [, scheme = 'file', rest = uri] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(uri) ?? [];
  const [, host = '', path = rest] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  const isOwnHost = scheme.toLowerCase() === 'file' && /^(?:localhost|127\.0\.0\.1)?$/i.test(host);
  return {
    scheme: scheme.toLowerCase(),
    host: isOwnHost ? '' : host.toLowerCase(),
    absolute: path.startsWith('/'),
    segments: path
      .split('/')
      .filter((part) => part !== '')
      .map(fullyDecoded),
  };
}

function fullyDecoded(text: string): string {
  let decoded = text;
  for (let round = 0; round < 8; round++) {
    const next = percentDecoded(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

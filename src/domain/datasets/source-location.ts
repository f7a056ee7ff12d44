/**
 * Where a dataset lies, from the JSON that MLflow's clients write of its source: one spelling for equal places. Replaced
 * by the normaliser of all faces once there is one; until then nothing but the keys of assets depends on it.
 *
 * A place is only what the same text names for everyone: not a path relative to somebody's folder, not a query, not code.
 */
import { parseJsonText } from '../../kernel/json.ts';

export interface SourceLocation {
  /** As the client wrote it. */
  readonly written: string;
  readonly canonical: string;
  /** The version of the place that was read, where the source names one: a Delta version, a git commit. */
  readonly version: string | undefined;
}

/** Schemes that mean the same store. */
const schemes: Readonly<Record<string, string>> = {
  s3a: 's3',
  s3n: 's3',
  gcs: 'gs',
  abfs: 'abfss',
  wasb: 'wasbs',
};

/** Readers of files, which Hugging Face calls datasets too. */
const fileReaders = new Set(
  'arrow audiofolder csv generator imagefolder json pandas parquet sql text webdataset xml'.split(' '),
);

/** Undefined for a source without a place of its own. */
export function locationOf(sourceType: string, source: string): SourceLocation | undefined {
  const fields = fieldsOf(source);
  if (fields === undefined) return undefined;
  const word = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const version = numberOrText(fields.delta_table_version);
  const table = word('delta_table_name') ?? word('table_name');
  if (sourceType === 'hugging_face') return huggingFace(word, fields.data_files);
  const place = word('uri') ?? word('url') ?? word('path');
  if (place !== undefined) return located(place, canonicalUri(place), version);
  if (table === undefined) return undefined;
  return located(table, `table:${table}`, version);
}

/** What a client wrote may be anything: a text that is no JSON object names no place. */
function fieldsOf(source: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseJsonText(source, 'source');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function located(written: string, canonical: string | undefined, version: string | undefined) {
  // A text with U+0000 names no place, and no store keeps it as text.
  if (canonical === undefined || written.includes('\0') || canonical.includes('\0')) return undefined;
  return { written, canonical, version };
}

function huggingFace(word: (name: string) => string | undefined, files: unknown): SourceLocation | undefined {
  const path = word('path');
  if (path === undefined) return undefined;
  if (fileReaders.has(path)) {
    return typeof files === 'string' ? located(files, canonicalUri(files), undefined) : undefined;
  }
  if (/^[./\\]/.test(path)) return located(path, canonicalUri(path), undefined);
  const config = word('config_name');
  const name = config === undefined || config === 'default' ? path : `${path}/${config}`;
  const revision = word('revision');
  // A branch moves; a commit does not.
  const commit = revision !== undefined && /^[0-9a-f]{40}$/.test(revision) ? revision : undefined;
  return located(path, `hf://datasets/${name}`, commit);
}

/** `S3A://Bucket/a/` → `s3://Bucket/a`; undefined for a place that depends on who reads it. */
export function canonicalUri(place: string): string | undefined {
  const windows = /^[A-Za-z]:[\\/]/.test(place);
  const match = windows ? null : /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(place);
  if (match === null) return fileUri(windows ? `/${place.replaceAll('\\', '/')}` : place);
  const written = match[1]!.toLowerCase();
  const scheme = schemes[written] ?? written;
  const rest = match[2]!;
  if (scheme === 'file') {
    const local = /^(?:\/\/(?:localhost)?(?=\/))?(.*)$/s.exec(rest)![1]!;
    return local.startsWith('//') ? `file:${trimmed(local)}` : fileUri(decoded(local));
  }
  if (scheme === 'http' || scheme === 'https') return webUri(`${scheme}:${rest}`);
  if (!rest.startsWith('//')) return `${scheme}:${trimmed(rest)}`;
  return `${scheme}:${trimmed(withoutUser(rest))}`;
}

function fileUri(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `file:///${parts.join('/')}`;
}

/** Without credentials and fragment, which name no other bytes. */
function webUri(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}

/** `//key:secret@bucket/a` → `//bucket/a`. A container is no user: `//container@account.dfs.core.windows.net`. */
function withoutUser(rest: string): string {
  return rest.replace(/^\/\/[^/@]*:[^/@]*@/, '//');
}

const trimmed = (text: string): string => text.replace(/\/+$/, '');

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function numberOrText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

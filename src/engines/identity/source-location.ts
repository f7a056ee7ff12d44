/** Where a dataset lies, from the JSON that MLflow's clients write of its source. A query and code are no places. */
import { parseJsonText } from '../../kernel/json.ts';
import { canonicalUri } from './canonical-uri.ts';

export interface SourceLocation {
  /** As the client wrote it. */
  readonly written: string;
  readonly canonical: string;
  /** The version of the place that was read, where the source names one: a Delta version, a git commit. */
  readonly version: string | undefined;
}

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
  return located(table, canonicalUri(`table:${table}`), version);
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
  return canonical === undefined ? undefined : { written, canonical, version };
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
  return located(path, canonicalUri(`hf://datasets/${name}`), commit);
}

function numberOrText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What OpenLineage calls a dataset that a run of MLflow read: by where it lies, as jobs of other tools call it that write there. */
import { locationOf } from '../../engines/identity/index.ts';

export interface DatasetPlace {
  readonly namespace: string;
  readonly name: string;
  /** As its source names it. */
  readonly version: string | undefined;
  /** Without credentials. */
  readonly uri: string | undefined;
}

/** Stores whose names are paths from the root. */
const rooted = new Set(['hdfs', 'abfss', 'wasbs', 'dbfs']);

/** Undefined for what has no place of its own, such as a table in the memory of its run. */
export function placeOf(sourceType: string, source: string): DatasetPlace | undefined {
  const location = locationOf(sourceType, source);
  if (location === undefined) return undefined;
  const { canonical: uri, version } = location;
  const [, scheme = '', rest = ''] = /^([^:]+):(.*)$/s.exec(uri) ?? [];
  const [, authority, path = ''] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  if (authority === undefined) return { namespace: scheme, name: rest, version, uri };
  if (scheme === 'file' && authority === '')
    return { namespace: 'file', name: path.replaceAll('%25', '%'), version, uri };
  const name = rooted.has(scheme) ? path : path.slice(1);
  return { namespace: `${scheme}://${authority}`, name: name === '' ? '/' : name, version, uri };
}

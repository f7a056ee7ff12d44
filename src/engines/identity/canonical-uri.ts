/**
 * One spelling for every place, whoever names it: a client's URI or path, or OpenLineage's namespace and name. Equal texts mean equal
 * places; what only might be equal keeps apart, so case folds in schemes and hosts alone, and paths stay as they are.
 *
 * A place is what the same text names for everyone: not a path relative to somebody's folder. Credentials name nothing and are dropped.
 */

/** UTF-16 units of a spelling, and of what is spelt; a longer text is no place that anybody else would name. */
export const longestPlace = 4_096;

/** Schemes that mean the same store. */
const schemes: Readonly<Record<string, string>> = {
  s3a: 's3',
  s3n: 's3',
  gcs: 'gs',
  abfs: 'abfss',
  wasb: 'wasbs',
  postgresql: 'postgres',
  sqlserver: 'mssql',
};

/** Stores whose authority is a host, with the port that goes without saying; 0 where none does. */
const hosts: Readonly<Record<string, number>> = {
  awsathena: 0,
  azurecosmos: 0,
  azurekusto: 0,
  cassandra: 9042,
  clickhouse: 0,
  crate: 0,
  db2: 50_000,
  hdfs: 0,
  hive: 10_000,
  kafka: 9092,
  mongodb: 27_017,
  mssql: 1433,
  mysql: 3306,
  oceanbase: 0,
  oracle: 1521,
  postgres: 5432,
  redshift: 5439,
  snowflake: 0,
  teradata: 1025,
  trino: 0,
  unitycatalog: 0,
};

/** Stores whose authority is `container@host`, neither of which knows case. */
const containers = new Set(['abfss', 'wasbs']);
/** Stores whose authority is the name of a bucket. */
const buckets = new Set(['s3', 'gs']);

/** `S3A://Bucket/a/` → `s3://Bucket/a`; undefined for a place that depends on who reads it. Of what it gives it makes the same again. */
export function canonicalUri(place: string): string | undefined {
  if (place.length > longestPlace || place.includes('\0') || !place.isWellFormed()) return undefined;
  const spelt = spellingOf(place);
  return spelt === undefined || spelt.length > longestPlace || spelt.includes('\0') ? undefined : spelt;
}

function spellingOf(place: string): string | undefined {
  if (/^[A-Za-z]:[\\/]/.test(place)) return fileUri(`/${place.replaceAll('\\', '/')}`);
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(place);
  if (match === null) return fileUri(place);
  const written = match[1]!.toLowerCase();
  const scheme = Object.hasOwn(schemes, written) ? schemes[written]! : written;
  const rest = match[2]!;
  if (scheme === 'file') return localOrRemote(rest);
  if (scheme === 'http' || scheme === 'https') return webUri(`${scheme}:${rest}`);
  if (!rest.startsWith('//')) return `${scheme}:${trimmed(rest)}`;
  const [, authority = '', path = ''] = /^\/\/([^/]*)(.*)$/s.exec(withoutCredentials(scheme, rest))!;
  return trimmed(`${scheme}://${authorityOf(scheme, authority)}${path}`);
}

function authorityOf(scheme: string, authority: string): string {
  if (containers.has(scheme)) return lowerCase(authority);
  if (!Object.hasOwn(hosts, scheme)) return authority;
  const host = lowerCase(authority.slice(authority.lastIndexOf('@') + 1));
  const port = hosts[scheme]!;
  return port === 0 ? host : host.replace(new RegExp(`^([^:]+|\\[[^\\]]*\\]):0*${port}$`), '$1');
}

/** ASCII alone: other letters fold differently in different places. */
const lowerCase = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());

function localOrRemote(rest: string): string | undefined {
  const [, host = '', path = rest] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  const of = lowerCase(host);
  return of === '' || of === 'localhost' ? fileUri(decoded(path)) : `file://${of}${trimmed(path)}`;
}

/** Percent signs of the path are spelt `%25`, all else as it is, so that the spelling can be read as a URI again. */
function fileUri(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `file:///${parts.join('/').replaceAll('%', '%25')}`;
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

/**
 * `//key:secret@bucket/a` → `//bucket/a`. A container is no user. A secret key may hold slashes, a bucket's name no colon, save that
 * of an access point (`arn:…`).
 */
function withoutCredentials(scheme: string, rest: string): string {
  const credentials = buckets.has(scheme) ? /^\/\/(?!arn:)[^/@]*:[^@]*@/ : /^\/\/[^/@]*:[^/@]*@/;
  let found = rest;
  while (credentials.test(found)) found = found.replace(credentials, '//');
  return found;
}

/** Without slashes at the end. */
export function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end--;
  return text.slice(0, end);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

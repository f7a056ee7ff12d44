/**
 * Every setting of the server, once: the name, flag, variable, default and words of each. docs/reference/settings.md and
 * the help of every command are made from this table. A value comes from the flag, else the environment, else the file
 * (cairn.json), else the default (cli/invocation.ts reads them); here they are checked and frozen.
 */
import { isIP } from 'node:net';
import path from 'node:path';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Config {
  readonly version: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Names beside loopback, and beside `host`, that a request's Host may carry. */
  readonly allowedHosts: readonly string[];
  /** Under which clients reach the server; without a slash at its end. */
  readonly publicUrl?: string;
  /** Folder of the embedded store. */
  readonly dataDir: string;
  /** The embedded store itself: one file in that folder. */
  readonly storeFile: string;
  /** postgres://… instead of the embedded store. */
  readonly databaseUrl?: string;
  /** Folder of artifact bytes. */
  readonly artifactsDir: string;
  readonly defaultArtifactRoot: string;
  readonly allowedArtifactRoots: readonly string[];
  /** Addresses and ranges beyond the public ones that webhooks may reach, also by http. */
  readonly webhookTargets: readonly string[];
  /** What secrets in the store are sealed with; unless set, a key in the data folder. */
  readonly secretsKey?: string;
  /** When set, every route but the probes asks for it. */
  readonly token?: string;
  readonly logLevel: LogLevel;
  /** Bytes. */
  readonly requestMemory: number;
  /** Bytes of the graph in memory; 0: lineage is always walked over the store. */
  readonly lineageMemory: number;
}

export interface Setting {
  /** Key in cairn.json. */
  readonly name: string;
  /** Without dashes. Absent for secrets: a flag is visible to every user of the machine. */
  readonly flag?: string;
  readonly env: string;
  readonly kind: 'text' | 'integer' | 'list';
  /** How the value is called in help: DIR, URI. */
  readonly value: string;
  /** As a person would write it; absent where nothing is the default. */
  readonly default?: string;
  /** Also taken from the file named by `<env>_FILE`, and never from cairn.json. */
  readonly secret?: true;
  readonly choices?: readonly string[];
  readonly doc: string;
}

export const settings = [
  {
    name: 'port',
    flag: 'port',
    env: 'CAIRN_PORT',
    kind: 'integer',
    value: 'N',
    default: '5000',
    doc: 'Port to listen on; 0 takes any free one.',
  },
  {
    name: 'host',
    flag: 'host',
    env: 'CAIRN_HOST',
    kind: 'text',
    value: 'ADDRESS',
    default: '127.0.0.1',
    doc: 'Address to listen on. Anything but loopback needs CAIRN_TOKEN.',
  },
  {
    name: 'allowedHosts',
    flag: 'allowed-hosts',
    env: 'CAIRN_ALLOWED_HOSTS',
    kind: 'list',
    value: 'NAMES',
    doc: 'Host names clients may use to reach the server, besides loopback and --host (comma-separated).',
  },
  {
    name: 'publicUrl',
    flag: 'public-url',
    env: 'CAIRN_PUBLIC_URL',
    kind: 'text',
    value: 'URL',
    doc: 'Where clients reach the server when a proxy stands between: https://cairn.example.org. Uploads in parts need it then.',
  },
  {
    name: 'data',
    flag: 'data',
    env: 'CAIRN_DATA',
    kind: 'text',
    value: 'DIR',
    default: './cairn-data',
    doc: 'Folder of the embedded store, created if missing.',
  },
  {
    name: 'db',
    flag: 'db',
    env: 'CAIRN_DB',
    kind: 'text',
    value: 'URL',
    secret: true,
    doc: 'PostgreSQL to use instead of the embedded store: postgres://user:password@host:5432/name.',
  },
  {
    name: 'artifacts',
    flag: 'artifacts',
    env: 'CAIRN_ARTIFACTS',
    kind: 'text',
    value: 'DIR',
    doc: 'Folder of artifact bytes. Unless set: artifacts inside the data folder.',
  },
  {
    name: 'defaultArtifactRoot',
    flag: 'default-artifact-root',
    env: 'CAIRN_DEFAULT_ARTIFACT_ROOT',
    kind: 'text',
    value: 'URI',
    default: 'mlflow-artifacts:/',
    doc: 'Where new experiments keep artifacts unless they name a place: clients use it directly. A relative folder is below the one the server is started in.',
  },
  {
    name: 'allowedArtifactRoots',
    flag: 'allow-artifact-root',
    env: 'CAIRN_ALLOW_ARTIFACT_ROOT',
    kind: 'list',
    value: 'URI',
    doc: 'Folder below which the server itself lists and reads artifacts of experiments kept there; none unless given. May be given more than once.',
  },
  {
    name: 'token',
    env: 'CAIRN_TOKEN',
    kind: 'text',
    value: 'SECRET',
    secret: true,
    doc: 'Clients must send it, as Bearer token or Basic password, on every route but the probes.',
  },
  {
    name: 'webhookTargets',
    flag: 'allow-webhook-target',
    env: 'CAIRN_ALLOW_WEBHOOK_TARGET',
    kind: 'list',
    value: 'RANGE',
    doc: 'Address or range (10.0.0.0/8) beyond the public ones that webhooks may reach, also by plain http. May be given more than once.',
  },
  {
    name: 'secretsKey',
    env: 'CAIRN_SECRETS_KEY',
    kind: 'text',
    value: 'SECRET',
    secret: true,
    doc: 'Seals secrets of webhooks in the store. Unless set: a key made in the data folder. Servers that share a PostgreSQL need the same one.',
  },
  {
    name: 'requestMemory',
    flag: 'request-memory',
    env: 'CAIRN_REQUEST_MEMORY',
    kind: 'integer',
    value: 'MIB',
    default: '64',
    doc: 'MiB of request bodies at work at once, and as many of answers that clients have not read; beyond, requests get 429 with Retry-After.',
  },
  {
    name: 'lineageMemory',
    flag: 'lineage-memory',
    env: 'CAIRN_LINEAGE_MEMORY',
    kind: 'integer',
    value: 'MIB',
    default: '512',
    doc: 'MiB that lineage may take to keep the graph in memory, some 110 bytes an edge: taken by the first large question, given back after ten minutes without one. A graph that does not fit is walked over the store; 0 always does that.',
  },
  {
    name: 'logLevel',
    flag: 'log-level',
    env: 'CAIRN_LOG_LEVEL',
    kind: 'text',
    value: 'LEVEL',
    default: 'warn',
    choices: logLevels,
    doc: `Least severe line of the log on stderr: ${logLevels.join(', ')}.`,
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'];

/** Settings as text (or texts of a list), as they were written. */
export type SettingValues = Readonly<Partial<Record<SettingName, string | readonly string[]>>>;

/** Something the person who typed the command, or wrote the file, can put right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The settings of the server, checked. Folders are relative to `cwd`. */
export function configOf(values: SettingValues, version: string, cwd: string): Config {
  const text = (name: SettingName): string | undefined => values[name] as string | undefined;
  const list = (name: SettingName): readonly string[] => Object.freeze([...(values[name] ?? [])]);
  const host = text('host') ?? '127.0.0.1';
  const token = text('token');
  const dataDir = path.resolve(cwd, text('data') ?? 'cairn-data');
  const databaseUrl = text('db');
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new UsageError('db (--db, CAIRN_DB) must be a URL that begins with postgres://');
  }
  if (!isLoopback(host) && token === undefined) {
    throw new UsageError(
      `refusing to listen on ${host} without a token: everyone who reaches that address could read and change the ` +
        `store.\nSet one first, for example: CAIRN_TOKEN=$(openssl rand -hex 32) cairn serve --host ${host}\n` +
        'Clients then send it as Bearer token (MLflow: MLFLOW_TRACKING_TOKEN) or as Basic password.',
    );
  }
  return Object.freeze({
    version,
    host,
    port: portOf(text('port') ?? '5000'),
    allowedHosts: list('allowedHosts'),
    ...publicUrlOf(text('publicUrl')),
    dataDir,
    storeFile: path.join(dataDir, 'cairn.db'),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    artifactsDir: path.resolve(cwd, text('artifacts') ?? path.join(dataDir, 'artifacts')),
    defaultArtifactRoot: defaultRootOf(text('defaultArtifactRoot') ?? 'mlflow-artifacts:/'),
    allowedArtifactRoots: allowedRootsOf(list('allowedArtifactRoots')),
    webhookTargets: webhookTargetsOf(list('webhookTargets')),
    ...secretsKeyOf(text('secretsKey')),
    ...(token === undefined ? {} : { token }),
    logLevel: logLevelOf(text('logLevel') ?? 'warn'),
    requestMemory: requestMemoryOf(text('requestMemory') ?? '64'),
    lineageMemory: lineageMemoryOf(text('lineageMemory') ?? '512'),
  });
}

/** What clients append paths to. */
function defaultRootOf(root: string): string {
  if (root.trim() !== '' && !/[?#]|^runs:/.test(root)) return root;
  throw new UsageError(
    'defaultArtifactRoot (--default-artifact-root, CAIRN_DEFAULT_ARTIFACT_ROOT) must be a folder or a URI without query ' +
      `and fragment, not ${JSON.stringify(root)}`,
  );
}

function webhookTargetsOf(ranges: readonly string[]): readonly string[] {
  for (const range of ranges) {
    const [address = '', width, ...rest] = range.split('/');
    const widest = isIP(address) === 6 ? 128 : 32;
    const fits = width === undefined || (/^\d{1,3}$/.test(width) && Number(width) <= widest);
    if (isIP(address) === 0 || !fits || rest.length > 0) {
      throw new UsageError(
        'webhookTargets (--allow-webhook-target, CAIRN_ALLOW_WEBHOOK_TARGET) must be addresses or ranges like 10.0.0.0/8, ' +
          `not ${JSON.stringify(range)}`,
      );
    }
  }
  return ranges;
}

/** Short ones are guessed by whoever has a copy of the store. */
function secretsKeyOf(key: string | undefined): { secretsKey?: string } {
  if (key === undefined) return {};
  if (key.length >= 32) return { secretsKey: key };
  throw new UsageError(
    'secretsKey (CAIRN_SECRETS_KEY) must have 32 characters or more: openssl rand -hex 32',
  );
}

/** An empty root would be the folder the server was started in, which nobody meant to open. */
function allowedRootsOf(roots: readonly string[]): readonly string[] {
  if (roots.every((root) => root.trim() !== '')) return roots;
  throw new UsageError(
    'allowedArtifactRoots (--allow-artifact-root, CAIRN_ALLOW_ARTIFACT_ROOT) must name a folder, it is empty',
  );
}

/** Addresses that only this machine reaches. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  const hint = text.startsWith('tcp://')
    ? ' (Kubernetes sets CAIRN_PORT for a Service called cairn; set `enableServiceLinks: false`)'
    : '';
  throw new UsageError(
    `port (--port, CAIRN_PORT) must be a whole number from 0 to 65535, not ${text}${hint}`,
  );
}

function requestMemoryOf(text: string): number {
  const mebibytes = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (mebibytes > 0) return mebibytes * 2 ** 20;
  throw new UsageError(
    `requestMemory (--request-memory, CAIRN_REQUEST_MEMORY) must be a whole number of MiB above 0, not ${text}`,
  );
}

function lineageMemoryOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text) * 2 ** 20;
  throw new UsageError(
    `lineageMemory (--lineage-memory, CAIRN_LINEAGE_MEMORY) must be a whole number of MiB, not ${text}`,
  );
}

function publicUrlOf(text: string | undefined): { publicUrl?: string } {
  if (text === undefined) return {};
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!url || !isPlain || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      `publicUrl (--public-url, CAIRN_PUBLIC_URL) must be a URL like https://cairn.example.org or with a path, not ${text}`,
    );
  }
  return { publicUrl: url.href.replace(/\/+$/, '') };
}

function logLevelOf(text: string): LogLevel {
  const level = logLevels.find((known) => known === text);
  if (level !== undefined) return level;
  throw new UsageError(`logLevel (--log-level, CAIRN_LOG_LEVEL) must be one of ${logLevels.join(', ')}`);
}

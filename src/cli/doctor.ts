/** `cairn doctor`: looks at everything a server rests on and says what it found. Changes nothing. */
import { existsSync, statfsSync } from 'node:fs';
import { type Config, configOf } from '../config.ts';
import type { Finding } from '../db/db.ts';
import type { Reader } from '../domain/artifacts/index.ts';
import { systemRandom } from '../kernel/ids.ts';
import { systemClock } from '../kernel/time.ts';
import type { Command } from './command.ts';

/** Less free space than this is worth a warning: a full disk stops even deleting. */
const scarceBytes = 1_073_741_824;

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check the store, its settings, the disk and derived data.',
  about:
    'Looks at everything the server rests on, beside a running server if there is one, and prints a line per finding. ' +
    'Changes nothing, save that --deep removes what uploads left whose server died. Exits with 1 if it found an error.',
  examples: [
    ['cairn doctor', 'the store in ./cairn-data'],
    [
      'cairn doctor --deep',
      'also reads every page, every point and all bytes of artifacts, which takes as long as reading the whole store',
    ],
  ],
  settings: ['data', 'db', 'artifacts'],
  options: [
    {
      flag: 'deep',
      kind: 'switch',
      doc: 'Read every page of the store and all bytes of artifacts, and hold all derived data against its source.',
    },
  ],
  async run(invocation, terminal) {
    const config = configOf(invocation.values, terminal.version, terminal.cwd);
    const deep = invocation.options.deep === true;
    const counts = { ok: 0, warning: 0, error: 0 };
    for (const [subject, check] of checks) {
      const findings = await check(config, deep).catch((error) => [unreadable(subject, error)]);
      for (const { level, check: name, detail } of findings) {
        counts[level]++;
        terminal.out(
          `${level.padEnd(8)} ${name.padEnd(18)} ${detail.replaceAll('\n', `\n${' '.repeat(28)}`)}`,
        );
      }
    }
    terminal.out(`${counts.ok} ok, ${counts.warning} warnings, ${counts.error} errors`);
    return counts.error === 0 ? 0 : 1;
  },
};

type Check = (config: Config, deep: boolean) => Promise<Finding[]>;

/** In the order they are printed. One that fails is a finding, and the others still run. */
const checks: readonly (readonly [subject: string, check: Check])[] = [
  ['version', checkVersions],
  ['store', checkStore],
  ['artifacts', checkArtifacts],
  ['artifact_bytes', checkArtifactBytes],
];

const unreadable = (subject: string, error: unknown): Finding => ({
  level: 'error',
  check: subject,
  detail: `cannot be examined: ${error instanceof Error ? error.message : String(error)}`,
});

async function checkVersions({ version }: Config): Promise<Finding[]> {
  return [{ level: 'ok', check: 'version', detail: `cairn ${version}, Node ${process.versions.node}` }];
}

async function checkStore(config: Config, deep: boolean): Promise<Finding[]> {
  if (config.databaseUrl !== undefined) return checkPostgres(config.databaseUrl, deep);
  if (!existsSync(config.storeFile)) {
    const detail = `no store at ${config.storeFile}; \`cairn serve\` makes one, --data names another folder`;
    return [{ level: 'error', check: 'store', detail }];
  }
  const { inspectSqliteFile, readSqliteFile } = await import('../db/sqlite/sqlite-inspect.ts');
  const { checkDerivedData } = await import('../derived-data.ts');
  const { sqliteDialect } = await import('../db/sqlite/sqlite-text.ts');
  const content = await readSqliteFile(config.storeFile, (queries) =>
    checkDerivedData(queries, deep, sqliteDialect),
  );
  return [...inspectSqliteFile(config.storeFile, deep), ...content];
}

async function checkPostgres(address: string, deep: boolean): Promise<Finding[]> {
  const { openPostgresDb } = await import('../db/postgres/postgres-db.ts');
  const { checkDerivedData } = await import('../derived-data.ts');
  const db = await openPostgresDb({ url: address, clock: systemClock, random: systemRandom });
  try {
    const content = await db.read((queries) => checkDerivedData(queries, deep, db.dialect));
    return [...(await db.inspect(deep)), ...content];
  } finally {
    await db.close();
  }
}

async function checkArtifacts({ artifactsDir }: Config): Promise<Finding[]> {
  if (!existsSync(artifactsDir)) {
    return [{ level: 'ok', check: 'artifacts', detail: `none yet (${artifactsDir})` }];
  }
  const disk = statfsSync(artifactsDir);
  const free = disk.bavail * disk.bsize;
  return [
    { level: 'ok', check: 'artifacts', detail: artifactsDir },
    {
      level: free < scarceBytes ? 'warning' : 'ok',
      check: 'artifacts_free',
      detail: `${free} bytes`,
    },
  ];
}

async function checkArtifactBytes(config: Config, deep: boolean): Promise<Finding[]> {
  if (config.databaseUrl === undefined && !existsSync(config.storeFile)) return [];
  const { LocalBlobs } = await import('../engines/blobs/index.ts');
  const { checkArtifacts: checkRecords, sweepLeftovers } = await import('../domain/artifacts/index.ts');
  const blobs = new LocalBlobs({ folder: config.artifactsDir, clock: systemClock, random: systemRandom });
  return withReader(config, async (db) => {
    if (!deep) return checkRecords(db, blobs, deep);
    const removed = await sweepLeftovers(db, blobs);
    const detail = removed === 0 ? 'none' : `${removed} blobs of dead uploads removed`;
    const swept: Finding = { level: 'ok', check: 'artifact_leftovers', detail };
    return [swept, ...(await checkRecords(db, blobs, deep))];
  });
}

/** The store to read from, beside a running server. */
async function withReader<T>(
  { databaseUrl, storeFile }: Config,
  use: (db: Reader) => Promise<T>,
): Promise<T> {
  if (databaseUrl === undefined) {
    const { readSqliteFile } = await import('../db/sqlite/sqlite-inspect.ts');
    return use({ read: (body) => readSqliteFile(storeFile, body) });
  }
  const { openPostgresDb } = await import('../db/postgres/postgres-db.ts');
  const db = await openPostgresDb({ url: databaseUrl, clock: systemClock, random: systemRandom });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}

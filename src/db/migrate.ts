/**
 * Brings a store to this version. Migrations are numbered .sql files, written once for both dialects, run in order, never
 * changed and never undone: a store that has run another text under the same number, or a number this version does not
 * know, is refused. All that are missing run in one transaction under a lock on a row of ours, so that two servers may
 * start at once. (Not an advisory lock: not every engine that speaks PostgreSQL has one.)
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { CairnError } from '../kernel/errors.ts';
import { rawSql, sql, textHeadLength } from '../kernel/sql.ts';
import type { Clock } from '../kernel/time.ts';
import type { Db, DialectName, Tx } from './db.ts';

export interface Migration {
  readonly number: number;
  /** File name without number and ending: `graph`. */
  readonly name: string;
  /** SHA-256 of the file, in hex. */
  readonly checksum: string;
  readonly text: string;
}

type Word = 'int' | 'double' | 'text' | 'bytes' | 'strict' | 'clustered';
const words: Readonly<Record<DialectName, Readonly<Record<Word, string>>>> = {
  sqlite: {
    int: 'INTEGER',
    double: 'REAL',
    text: 'TEXT',
    bytes: 'BLOB',
    strict: 'STRICT',
    clustered: 'STRICT, WITHOUT ROWID',
  },
  postgres: {
    int: 'BIGINT',
    double: 'DOUBLE PRECISION',
    text: 'TEXT COLLATE "C"',
    bytes: 'BYTEA',
    strict: '',
    clustered: '',
  },
};

/** Tables of the db layer itself. The first row of schema_migration (number 0) is what starting servers lock. */
const ownTables = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    number {int} PRIMARY KEY, name {text} NOT NULL, checksum {text} NOT NULL, applied {int} NOT NULL
  ) {strict};
  CREATE TABLE IF NOT EXISTS id_block (id {int} PRIMARY KEY, next {int} NOT NULL) {strict};
  INSERT INTO schema_migration (number, name, checksum, applied) VALUES (0, 'lock', '', 0) ON CONFLICT DO NOTHING;
  INSERT INTO id_block (id, next) VALUES (1, 1) ON CONFLICT DO NOTHING;
`;

/** The migrations of this version, in order. */
export function migrationsOf(folder: URL = new URL('./migrations/', import.meta.url)): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file);
    if (match === null || Number(match[1]) !== index + 1) {
      throw new CairnError(
        'internal',
        `migration file ${file} is not named 000N-name.sql in an unbroken row`,
      );
    }
    const text = readFileSync(new URL(file, folder), 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    return { number: index + 1, name: match[2]!, checksum, text };
  });
}

/** Runs what is missing; resolves to the numbers it ran. `failed_precondition` if store and version do not fit. */
export async function migrate(
  db: Db,
  clock: Clock,
  migrations: readonly Migration[] = migrationsOf(),
): Promise<number[]> {
  await createOwnTables(db);
  return await db.write(async (tx) => {
    await tx.many(sql`SELECT number FROM schema_migration WHERE number = 0${tx.dialect.forUpdate}`);
    const done = await tx.many<AppliedRow>(
      sql`SELECT number, name, checksum FROM schema_migration WHERE number > 0 ORDER BY number`,
    );
    refuseStrangers(done, migrations);
    const ran: number[] = [];
    for (const migration of migrations.slice(done.length)) {
      for (const statement of statementsOf(migration.text, tx.dialect.name)) await tx.run(rawSql(statement));
      await tx.run(
        sql`INSERT INTO schema_migration (number, name, checksum, applied) VALUES (${migration.number}, ${migration.name}, ${migration.checksum}, ${clock.now()})`,
      );
      ran.push(migration.number);
    }
    return ran;
  });
}

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

function refuseStrangers(done: readonly AppliedRow[], known: readonly Migration[]): void {
  for (const [index, row] of done.entries()) {
    const migration = known[index];
    if (migration === undefined) {
      throw new CairnError(
        'failed_precondition',
        `The store was written by a newer Cairn: it has migration ${row.number} (${row.name}), this version ends with ${known.length}. Run the newer version.`,
      );
    }
    if (row.number !== migration.number || row.checksum !== migration.checksum) {
      throw new CairnError(
        'failed_precondition',
        `Migration ${row.number} (${row.name}) of the store differs from the one of this version. A migration never changes once it has run; run the version that wrote the store, or restore a backup.`,
      );
    }
  }
}

/** Two servers that start at once on an empty PostgreSQL may both create a table; the one that loses begins again. */
async function createOwnTables(db: Db): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.write(async (tx: Tx) => {
        for (const statement of statementsOf(ownTables, tx.dialect.name)) await tx.run(rawSql(statement));
      });
      return;
    } catch (error) {
      const lost =
        error instanceof CairnError && (error.code === 'already_exists' || error.code === 'internal');
      if (!lost || attempt === 5) throw error;
    }
  }
}

/** The statements of a migration in one dialect. A statement ends with `;` at the end of a line; comments are whole lines. */
export function statementsOf(text: string, dialect: DialectName): string[] {
  const table = words[dialect];
  return text
    .replaceAll(/^\s*--.*$/gm, '')
    .replaceAll(/\{(\w+)(?::(\w+))?\}/g, (token, word: string, column: string | undefined) => {
      if (word === 'head' && column !== undefined) {
        return dialect === 'sqlite'
          ? `substr(${column}, 1, ${textHeadLength})`
          : `left(${column}, ${textHeadLength})`;
      }
      if (!(word in table)) throw new CairnError('internal', `unknown word ${token} in a migration`);
      return table[word as Word];
    })
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

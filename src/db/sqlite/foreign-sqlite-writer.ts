/** Filling a SQLite database that another program has made: its tables stay as they are, rows are added. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CairnError } from '../../kernel/errors.ts';

export type ForeignCell = string | number | bigint | null;

export class ForeignSqliteWriter {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** The file must be there. All that is written is one transaction, which `commit` ends. */
  constructor(file: string) {
    try {
      this.#database = new DatabaseSync(file, { allowExtension: false, timeout: 10_000 });
      this.#database.exec('PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE');
    } catch (error) {
      throw new CairnError('invalid_argument', `${file} cannot be written: ${(error as Error).message}`);
    }
  }

  /** The first column of the first row. */
  value(text: string): unknown {
    const row = this.#database.prepare(text).get();
    return row === undefined ? undefined : Object.values(row)[0];
  }

  /** A row; names of tables and columns are ours. */
  insert(table: string, row: Readonly<Record<string, ForeignCell>>): void {
    const names = Object.keys(row);
    const key = `${table} ${names.join()}`;
    let statement = this.#statements.get(key);
    if (statement === undefined) {
      const columns = names.map((name) => `"${name}"`).join(', ');
      statement = this.#database.prepare(
        `INSERT OR REPLACE INTO ${table} (${columns}) VALUES (${names.map(() => '?').join(', ')})`,
      );
      this.#statements.set(key, statement);
    }
    statement.run(...Object.values(row));
  }

  commit(): void {
    this.#database.exec('COMMIT');
    const broken = this.#database.prepare('PRAGMA foreign_key_check').all();
    if (broken.length > 0)
      throw new CairnError('internal', `${broken.length} rows of the export point at nothing`);
  }

  close(): void {
    this.#database.close();
  }
}

/** A SQLite file of another program, opened for reading only. Its schema is not trusted: it runs no functions of its own. */
import { DatabaseSync } from 'node:sqlite';
import { CairnError } from '../../kernel/errors.ts';
import { type ForeignDb, type ForeignRow, foreignChunk } from '../foreign-db.ts';

export async function openForeignSqlite(file: string): Promise<ForeignDb> {
  const database = open(file);
  return {
    kind: 'sqlite',
    async *rows(text, values = []) {
      const statement = database.prepare(text);
      // Whole numbers beyond 2^53 would be errors.
      statement.setReadBigInts(true);
      let chunk: ForeignRow[] = [];
      for (const row of statement.iterate(...values)) {
        if (chunk.push(row as ForeignRow) < foreignChunk) continue;
        yield chunk;
        chunk = [];
      }
      if (chunk.length > 0) yield chunk;
    },
    async tables() {
      const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      return new Set(rows.map((row) => String(row.name)));
    },
    async close() {
      database.close();
    },
  };
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, allowExtension: false, timeout: 10_000 });
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA mmap_size = 0;');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database?.close();
    throw new CairnError(
      'invalid_argument',
      `${file} cannot be read as a SQLite database: ${(error as Error).message}`,
    );
  }
}

/** A MySQL or MariaDB database of another program, read in one transaction: all of it is of one moment. */
import type { Readable } from 'node:stream';
import { createConnection } from 'mysql2';
import { CairnError } from '../../kernel/errors.ts';
import { type ForeignDb, type ForeignRow, foreignChunk } from '../foreign-db.ts';

export async function openForeignMysql(url: string): Promise<ForeignDb> {
  const connection = createConnection({
    uri: url,
    supportBigNumbers: true,
    dateStrings: true,
    // Nothing of the other side is ever asked for a file of ours.
    flags: ['-LOCAL_FILES'],
  });
  // What breaks while nobody asks is told by the next statement.
  connection.on('error', () => {});
  const run = (text: string, values: readonly (string | number)[] = []) =>
    new Promise<ForeignRow[]>((resolve, reject) => {
      connection.query(text, [...values], (error, rows) => {
        if (error) reject(error);
        else resolve(rows as unknown as ForeignRow[]);
      });
    });
  try {
    await run("SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')");
    await run('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  } catch (error) {
    connection.destroy();
    throw new CairnError('invalid_argument', `the database cannot be read: ${(error as Error).message}`);
  }
  return {
    kind: 'mysql',
    async *rows(text, values = []) {
      const stream: Readable = connection.query(text, [...values]).stream({ highWaterMark: foreignChunk });
      let chunk: ForeignRow[] = [];
      for await (const row of stream) {
        if (chunk.push(row as ForeignRow) < foreignChunk) continue;
        yield chunk;
        chunk = [];
      }
      if (chunk.length > 0) yield chunk;
    },
    async tables() {
      const rows = await run(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
      );
      return new Set(rows.map((row) => String(row.name)));
    },
    close: () =>
      new Promise((resolve) => {
        connection.end(() => resolve());
      }),
  };
}

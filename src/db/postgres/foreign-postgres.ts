/** A PostgreSQL database of another program, read in one transaction: all of it is of one moment. */
import pg from 'pg';
import { CairnError } from '../../kernel/errors.ts';
import { type ForeignDb, type ForeignRow, foreignChunk } from '../foreign-db.ts';

const int8 = 20;

export async function openForeignPostgres(url: string): Promise<ForeignDb> {
  const client = new pg.Client({
    connectionString: url,
    types: {
      getTypeParser: ((type: number, format: 'text' | 'binary') =>
        type === int8 ? (text: string) => BigInt(text) : pg.types.getTypeParser(type, format)) as never,
    },
  });
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  } catch (error) {
    await client.end().catch(() => {});
    throw new CairnError('invalid_argument', `the database cannot be read: ${(error as Error).message}`);
  }
  // What breaks while nobody asks is told by the next statement.
  client.on('error', () => {});
  let cursors = 0;
  return {
    kind: 'postgres',
    async *rows(text, values = []) {
      const cursor = `foreign_${++cursors}`;
      let place = 0;
      const numbered = text.replaceAll('?', () => `$${++place}`);
      await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${numbered}`, [...values]);
      for (;;) {
        const { rows } = await client.query<ForeignRow>(`FETCH ${foreignChunk} FROM ${cursor}`);
        if (rows.length > 0) yield rows;
        if (rows.length < foreignChunk) break;
      }
      await client.query(`CLOSE ${cursor}`);
    },
    async tables() {
      const { rows } = await client.query<{ name: string }>(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false))',
      );
      return new Set(rows.map(({ name }) => name));
    },
    close: () => client.end(),
  };
}

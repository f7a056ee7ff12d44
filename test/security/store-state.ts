/** What a store holds, in figures that any change moves: read beside the server, not through it. */
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

export interface StoreState {
  /** Equal before and after a request that changed nothing. */
  read(): Promise<string>;
  close(): Promise<void>;
}

/** Rows of every table, and what a change of a row that stays one row moves. */
function statementFor(tables: readonly string[]): string {
  const counts = tables.filter((table) => !upkeep.has(table)).map((table) => `SELECT count(*) FROM ${table}`);
  const figures = [
    ...counts,
    // As texts: sums of times soon exceed what a JavaScript number holds.
    'SELECT CAST(sum(updated) + sum(mark) + sum(deleted) + sum(coalesce(state, 0)) AS TEXT) FROM node',
    'SELECT CAST(sum(revision) AS TEXT) FROM node',
    'SELECT coalesce(sum(next), 0) FROM counter',
    'SELECT coalesce(sum(points), 0) FROM series',
    'SELECT max(id) FROM event',
  ];
  return `SELECT ${figures.map((figure, index) => `(${figure}) AS f${index}`).join(', ')}`;
}

/** Ids are reserved beforehand; heads of points become chunks in the background. */
const upkeep = new Set(['id_block', 'webhook_delivery', 'point_head', 'point_chunk', 'point_outline']);

export function sqliteState(file: string): StoreState {
  const database = new DatabaseSync(file, { readOnly: true });
  const version = database.prepare('PRAGMA data_version');
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const prepared = database.prepare(statementFor(tables.map((table) => String(table.name))));
  let seen: unknown;
  let state = '';
  return {
    async read() {
      // Stands still while nobody commits; ids that are reserved beforehand move it too, so a move alone proves nothing.
      const now = version.get()?.data_version;
      if (now !== seen) state = JSON.stringify(prepared.get());
      seen = now;
      return state;
    },
    close: async () => database.close(),
  };
}

export async function postgresState(url: string): Promise<StoreState> {
  const client = new pg.Client(url);
  await client.connect();
  const tables = await client.query<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1',
  );
  const statement = statementFor(tables.rows.map((table) => table.name));
  return {
    read: async () => JSON.stringify((await client.query(statement)).rows[0]),
    close: () => client.end(),
  };
}

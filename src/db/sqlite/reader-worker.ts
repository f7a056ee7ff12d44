/** A reader thread: a read-only connection, one snapshot at a time, statements in the order they arrive. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { sqliteCode } from './sqlite-errors.ts';

const { file, busyTimeout } = workerData as ReaderSettings;
const connection = new SqliteConnection(file, 'read', busyTimeout);

say({ kind: 'ready' });
parentPort?.on('message', (message: ToReader) => {
  if (message.kind === 'end') {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    say({ kind: 'ended' });
    return;
  }
  say(answer(message.text, message.values));
});

function answer(text: string, values: Parameters<SqliteConnection['rowSet']>[1]): FromReader {
  try {
    if (!connection.isTransaction) connection.exec('BEGIN');
    return { kind: 'rows', set: connection.rowSet(text, values) };
  } catch (error) {
    return { kind: 'failed', message: String((error as Error).message), errcode: sqliteCode(error) };
  }
}

function say(message: FromReader): void {
  parentPort?.postMessage(message);
}

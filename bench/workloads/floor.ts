/**
 * The floor under batches of 1,000 points: what no server on one machine can do without. The body through JSON.parse, and
 * its points as rows into raw SQLite, one durable transaction for each batch, without HTTP, checks or an index.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Wire } from '../load/connection.ts';
import type { SentMetric } from './points.ts';

/** Resolves to the ms that it took. */
export function jsonAndRowsFloor(requests: readonly Wire[]): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-floor-'));
  const database = new DatabaseSync(path.join(folder, 'floor.db'));
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE metric (run TEXT, key TEXT, value REAL, time INTEGER, step INTEGER)`);
    const insert = database.prepare('INSERT INTO metric VALUES (?, ?, ?, ?, ?)');
    const begun = performance.now();
    for (const [bytes] of requests) {
      const text = Buffer.from(bytes!).toString();
      const body = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as {
        run_id: string;
        metrics: SentMetric[];
      };
      database.exec('BEGIN IMMEDIATE');
      for (const { key, value, timestamp, step } of body.metrics)
        insert.run(body.run_id, key, value, timestamp, step);
      database.exec('COMMIT');
    }
    return performance.now() - begun;
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

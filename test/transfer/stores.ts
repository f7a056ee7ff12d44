/** Stores of MLflow for the tests of moving in and out: made by MLflow's own code, through its own client. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { pythonOf } from '../conformance/python-env.ts';

const run = promisify(execFile);
const script = path.join(import.meta.dirname, 'fill.py');

export const isLong = process.env.CAIRN_LONG === '1';

/** What a team leaves in years, in little: `runs` runs with series of `points` points. */
export async function fill(uri: string, runs: number, points: number): Promise<void> {
  await run(await pythonOf('server'), [script, String(runs), String(points)], {
    env: {
      ...process.env,
      MLFLOW_TRACKING_URI: uri,
      MLFLOW_ALLOW_FILE_STORE: 'true',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
    },
    maxBuffer: 64 << 20,
  });
}

/** Copies every run `times` times under ids of its own, in the tables of a SQLite database; how many runs it then has. */
export function multiply(file: string, times: number): number {
  const db = new DatabaseSync(file);
  const columns = (table: string) =>
    db
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map((row) => String(row.name));
  db.exec('PRAGMA synchronous = OFF; BEGIN; CREATE TEMP TABLE original AS SELECT run_uuid AS id FROM runs');
  for (let copy = 1; copy <= times; copy++) {
    const id = `printf('%03x', ${copy}) || substr(run_uuid, 4)`;
    for (const table of ['runs', 'params', 'tags', 'metrics', 'latest_metrics']) {
      const names = columns(table);
      const values = names.map((name) => {
        if (name === 'run_uuid') return id;
        return name === 'artifact_uri' ? `replace(artifact_uri, run_uuid, ${id})` : `"${name}"`;
      });
      db.exec(`INSERT OR IGNORE INTO ${table} (${names.map((name) => `"${name}"`).join(', ')})
        SELECT ${values.join(', ')} FROM ${table} WHERE run_uuid IN (SELECT id FROM original)`);
    }
  }
  db.exec('COMMIT');
  const row = db.prepare('SELECT count(*) AS runs FROM runs').get();
  db.close();
  return Number(row?.runs);
}

/**
 * Durable writes a second through the db port, at several numbers of concurrent writers, beside plain node:sqlite with a
 * commit for each write. One write is what a small request does: an event with its body, and properties of one run.
 *
 *     node bench/db-writes.ts [--postgres] [--seconds 3]
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import type { Db } from '../src/db/db.ts';
import { openDb } from '../src/db/open-db.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { type SqlValue, sql, valueRows } from '../src/kernel/sql.ts';
import { systemClock } from '../src/kernel/time.ts';
import { createPostgresPlace } from '../test/stores/postgres-server.ts';

const { values } = parseArgs({
  options: { postgres: { type: 'boolean', default: false }, seconds: { type: 'string', default: '3' } },
});
const milliseconds = Number(values.seconds) * 1_000;
const salt = randomBytes(16);
const digest = randomBytes(32);
const body = JSON.stringify({ run: 'r'.repeat(32), metrics: [{ key: 'loss', value: 0.5, step: 17 }] });

interface Figures {
  readonly name: string;
  readonly writers: number;
  readonly properties: number;
  readonly perSecond: number;
  readonly perGroup: number;
  readonly median: number;
  readonly slowest1Percent: number;
}

function propertyRows(id: number, count: number): SqlValue[][] {
  return Array.from({ length: count }, (_, key) => [1, 1, id, 1, key, 2, 3, `value ${id} of ${key}`]);
}

async function writeOnce(db: Db, properties: number): Promise<void> {
  const id = await db.nextIds(1);
  await db.write(async (tx) => {
    await tx.run(
      sql`INSERT INTO property (project, context, owner, scope, key, face, kind, text) VALUES ${valueRows(propertyRows(id, properties))}`,
    );
    await tx.run(
      sql`INSERT INTO event (id, project, recorded, actor, face, action, node, salt, digest) VALUES (${id}, 1, ${id}, 'local', 2, 'run.logged', ${id}, ${salt}, ${digest})`,
    );
    await tx.run(sql`INSERT INTO event_body (event, body) VALUES (${id}, ${body})`);
  });
}

async function measure(name: string, db: Db, writers: number, properties: number): Promise<Figures> {
  const groups = db.gauges().write_groups_total ?? 0;
  const took: number[] = [];
  const begun = performance.now();
  const writer = async () => {
    for (let now = performance.now(); now - begun < milliseconds; ) {
      await writeOnce(db, properties);
      const after = performance.now();
      took.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return figures(name, writers, properties, took, begun, (db.gauges().write_groups_total ?? 0) - groups);
}

function figures(
  name: string,
  writers: number,
  properties: number,
  took: number[],
  begun: number,
  groups: number,
): Figures {
  const seconds = (performance.now() - begun) / 1_000;
  took.sort((a, b) => a - b);
  return {
    name,
    writers,
    properties,
    perSecond: took.length / seconds,
    perGroup: groups === 0 ? 1 : took.length / groups,
    median: took[took.length >> 1] ?? 0,
    slowest1Percent: took[Math.floor(took.length * 0.99)] ?? 0,
  };
}

/** The peer: prepared statements, synchronous=FULL, one commit for each write. */
function measurePlain(file: string, properties: number): Figures {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = FULL');
  const property = database.prepare(
    `INSERT INTO property (project, context, owner, scope, key, face, kind, text) VALUES ${Array(properties).fill('(?,?,?,?,?,?,?,?)').join(', ')}`,
  );
  const event = database.prepare(
    `INSERT INTO event (id, project, recorded, actor, face, action, node, salt, digest) VALUES (?, 1, ?, 'local', 2, 'run.logged', ?, ?, ?)`,
  );
  const eventBody = database.prepare('INSERT INTO event_body (event, body) VALUES (?, ?)');
  const took: number[] = [];
  const begun = performance.now();
  let id = properties * 1_000_000_000;
  for (let now = begun; now - begun < milliseconds; ) {
    id += 1;
    database.exec('BEGIN IMMEDIATE');
    property.run(...(propertyRows(id, properties).flat() as (number | string)[]));
    event.run(id, id, id, salt, digest);
    eventBody.run(id, body);
    database.exec('COMMIT');
    const after = performance.now();
    took.push(after - now);
    now = after;
  }
  database.close();
  return figures('node:sqlite, a commit each', 1, properties, took, begun, 0);
}

function print(rows: readonly Figures[]): void {
  console.log('| store | writers | properties | writes/s | per commit | median ms | 99 % ms |');
  console.log('|---|---|---|---|---|---|---|');
  for (const row of rows) {
    const cells = [row.perSecond.toFixed(0), row.perGroup.toFixed(1), row.median.toFixed(2)];
    console.log(
      `| ${row.name} | ${row.writers} | ${row.properties} | ${cells.join(' | ')} | ${row.slowest1Percent.toFixed(2)} |`,
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'));
const file = join(folder, 'cairn.db');
const place = values.postgres ? await createPostgresPlace() : undefined;
const db = await openDb({ address: place?.url ?? file, clock: systemClock, random: systemRandom });
const rows: Figures[] = [];
try {
  for (const properties of [1, 20]) {
    for (const writers of [1, 16, 64]) rows.push(await measure(db.dialect.name, db, writers, properties));
  }
  await db.close();
  if (place === undefined) for (const properties of [1, 20]) rows.push(measurePlain(file, properties));
} finally {
  await db.close();
  await place?.drop();
  rmSync(folder, { recursive: true });
}
print(rows);

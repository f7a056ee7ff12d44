/**
 * How what follows from claims is found: every statement of many settlements is explained, and none may walk a whole table, a class
 * or the history of one. SQLite plans without statistics, so its plans are those of any store; PostgreSQL is told to avoid whole
 * tables, so that one shows only where no index could serve.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { forEachStore } from '../../../../test/stores/stores.ts';
import type { Db, Tx } from '../../../db/db.ts';
import { type Sql, sql } from '../../../kernel/sql.ts';
import { history } from './arbitrary-claims.ts';
import { IdentityWorld } from './identity-world.ts';

/** What a plan may read of our tables: single rows, a group, the neighbours of a place in time, what is of one asset or class that moves. */
const allowed: readonly RegExp[] = [
  /^(SEARCH|SCAN) (given|link|moved|span|s|g|\(subquery-\d+\)|json_each|\d+ CONSTANT ROWS?|CONSTANT ROW)\b/,
  /^SEARCH (n|f|a|v|r|e|w|u|m|x|node|edge|dataset_use|identity_mark) (EXISTS )?USING INTEGER PRIMARY KEY \(rowid=\?\)( LEFT-JOIN)?$/,
  /^SEARCH node_key USING PRIMARY KEY \(project=\? AND space=\? AND hash=\?\)$/,
  /^SEARCH node USING (COVERING )?INDEX node_class \(class=\?\)$/,
  /^SEARCH edge USING (COVERING )?INDEX edge_(source|target) \((source|target)=\? AND kind=\?( AND (source|target)=\?)?\)$/,
  /^SEARCH (m|h) USING (COVERING )?INDEX identity_mark_group \(project=\? AND scope=\? AND kind=\? AND value=\?\)$/,
  /^SEARCH (m|identity_mark) USING INDEX identity_mark_asset \(asset=\?\)$/,
  /^SEARCH u USING INDEX dataset_use_claim \(run=\? AND asset=\?\)$/,
  /^SEARCH r USING INDEX dataset_use_claim \(run=\?\)$/,
  /^SEARCH dataset_use USING (COVERING )?INDEX dataset_use_asset \(asset=\?( AND direction=\?)?\)$/,
  /^SEARCH dataset_use USING (COVERING )?INDEX dataset_use_version \(class=\? AND version=\?\)$/,
  // The write before a read, the write after a write, the reads between two writes.
  /^SEARCH w USING (COVERING )?INDEX dataset_use_order \(class=\? AND direction=\? AND binds=\? AND at<\?\)$/,
  /^SEARCH x USING (COVERING )?INDEX dataset_use_order \(class=\? AND direction=\? AND binds=\? AND at>\?\)$/,
  /^SEARCH x USING (COVERING )?INDEX dataset_use_order \(class=\? AND direction=\? AND binds=\? AND \(at,uid\)>\(\?,\?\)\)$/,
  /^SEARCH r USING COVERING INDEX dataset_use_order \(class=\? AND direction=\? AND binds=\? AND at>\? AND at<\?\)$/,
  /^(CORRELATED )?(LIST|SCALAR) SUBQUERY \d+|^REUSE LIST SUBQUERY|^CO-ROUTINE |^MATERIALIZE |^CREATE BLOOM FILTER|^MULTI-INDEX OR|^INDEX \d+|^SCAN \d+-ROW VALUES CLAUSE$/,
  /^COMPOUND QUERY|^LEFT-MOST SUBQUERY|^UNION ALL|^USE TEMP B-TREE FOR /,
];

forEachStore((open) => {
  it('settles without walking', async () => {
    const db = await open();
    const statements = new Map<string, Sql>();
    let recording = false;
    const recorder: Db = {
      dialect: db.dialect,
      nextIds: (count) => db.nextIds(count),
      read: (body) => db.read(body),
      scan: (body, signal) => db.scan(body, signal),
      write: (body) => db.write((tx) => body(recorded(tx))),
      inspect: (deep) => db.inspect(deep),
      gauges: () => db.gauges(),
      close: () => db.close(),
    };
    const recorded = (tx: Tx): Tx => {
      const note = (statement: Sql) => {
        if (recording) statements.set(textOf(statement), statement);
        return statement;
      };
      return {
        dialect: tx.dialect,
        many: (query) => tx.many(note(query)),
        one: (query) => tx.one(note(query)),
        run: (statement) => tx.run(note(statement)),
        afterCommit: (task) => tx.afterCommit(task),
      };
    };
    let worlds = 0;
    for (const steps of fc.sample(history(5), { numRuns: 12, seed: 20_261_122 })) {
      const world = await IdentityWorld.open(recorder, 5, `plans ${worlds++}`);
      recording = true;
      for (const claims of steps) await world.claim(claims);
      recording = false;
    }
    const own = [...statements].filter(([text]) => !/\b(event|idempotency|interned_key)\b/.test(text));
    assert.ok(own.length > 20, `${own.length} statements`);
    const bad: string[] = [];
    for (const [text, statement] of own) {
      const why =
        db.dialect.name === 'sqlite' ? await sqliteFault(db, statement) : await postgresFault(db, statement);
      if (why !== undefined) bad.push(`${why}\n${text}`);
    }
    assert.deepEqual(bad, []);
  });
});

async function sqliteFault(db: Db, statement: Sql): Promise<string | undefined> {
  const rows = await db.read((queries) =>
    queries.many<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${statement}`),
  );
  return rows.map((row) => row.detail).find((detail) => !allowed.some((pattern) => pattern.test(detail)));
}

async function postgresFault(db: Db, statement: Sql): Promise<string | undefined> {
  const rows = await db.read(async (queries) => {
    await queries.many(sql`SELECT set_config('enable_seqscan', 'off', true)`);
    return queries.many<Record<string, string>>(sql`EXPLAIN ${statement}`);
  });
  return rows
    .map((row) => Object.values(row)[0]!)
    .find((line) => /Seq Scan on (node|edge|identity_mark|dataset_use|node_key|property)\b/.test(line));
}

/** One text for statements that differ in their values, and in how many. */
function textOf(statement: Sql): string {
  return statement.pieces
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'value' ? '?' : `<${piece.kind}>`))
    .join('')
    .replaceAll(/(<rows>|\(project[^)]*\)|\?)((, | OR )(\?|\(m?\.?(project|class)[^)]*\)))+/g, '$1…');
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { forEachStore } from '../../test/stores/stores.ts';
import { CairnError } from '../kernel/errors.ts';
import { sql } from '../kernel/sql.ts';
import { systemClock } from '../kernel/time.ts';
import { type Migration, migrate, migrationsOf, statementsOf } from './migrate.ts';

const refused = (pattern: RegExp) => (error: unknown) =>
  error instanceof CairnError && error.code === 'failed_precondition' && pattern.test(error.message);

const migration = (number: number, text: string): Migration => ({
  number,
  name: `test-${number}`,
  text,
  checksum: createHash('sha256').update(text).digest('hex'),
});

describe('statementsOf', () => {
  const text = `-- A comment; with a semicolon.
    CREATE TABLE a (id {int} PRIMARY KEY, note {text} NOT NULL, -- trailing
      data {bytes}) {clustered};
    CREATE INDEX a_note ON a ({head:note}, id);
    INSERT INTO a VALUES (1, 'x;y', NULL);`;

  it('puts in the words of each dialect', () => {
    assert.match(
      statementsOf(text, 'sqlite')[0]!,
      /id INTEGER .* note TEXT NOT NULL[\s\S]*BLOB\) STRICT, WITHOUT ROWID$/,
    );
    assert.match(statementsOf(text, 'postgres')[0]!, /id BIGINT .* note TEXT COLLATE "C"[\s\S]*BYTEA\)\s*$/);
    assert.match(statementsOf(text, 'sqlite')[1]!, /substr\(note, 1, 64\)/);
    assert.match(statementsOf(text, 'postgres')[1]!, /left\(note, 64\)/);
  });

  it('cuts at semicolons that end a line', () => {
    assert.equal(statementsOf(text, 'sqlite').length, 3);
    assert.match(statementsOf(text, 'sqlite')[2]!, /'x;y'/);
  });

  it('knows no other word', () => {
    assert.throws(() => statementsOf('SELECT {varchar};', 'sqlite'), CairnError);
  });
});

describe('the migrations of this version', () => {
  it('are numbered without a gap', () => {
    assert.deepEqual(
      migrationsOf().map(({ number }) => number),
      migrationsOf().map((_, index) => index + 1),
    );
  });
});

forEachStore((open) => {
  if (open.dialect === 'sqlite')
    it('no index is of the rows in which a column is one constant', async () => {
      // SQLite holds a bound `kind = ?` against `WHERE kind = 3`: each run of such a statement would compile it anew.
      const db = await open();
      const partial = await db.read((queries) =>
        queries.many<{ name: string; text: string }>(
          sql`SELECT name, sql AS text FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'`,
        ),
      );
      const isOfConstant = ({ text }: { text: string }) =>
        /[ (]\w+ *[=<>]+ *(?:\d|')/.test(text.slice(text.lastIndexOf(' WHERE ')));
      assert.ok(partial.length > 0);
      assert.deepEqual(partial.filter(isOfConstant), []);
    });

  describe('migrate', () => {
    const first = migration(1, 'CREATE TABLE one (id {int} PRIMARY KEY) {strict};');
    const second = migration(
      2,
      'CREATE TABLE two (id {int} PRIMARY KEY) {strict};\nINSERT INTO two VALUES (1);',
    );

    /** openDb has run the real ones; these tests begin before them. */
    const emptied = async () => {
      const db = await open();
      await db.write((tx) => tx.run(sql`DELETE FROM schema_migration WHERE number > 0`));
      return db;
    };

    it('runs what is missing, once', async () => {
      const db = await emptied();
      assert.deepEqual(await migrate(db, systemClock, [first]), [1]);
      assert.deepEqual(await migrate(db, systemClock, [first, second]), [2]);
      assert.deepEqual(await migrate(db, systemClock, [first, second]), []);
      assert.deepEqual(await db.read((queries) => queries.many(sql`SELECT id FROM two`)), [{ id: 1 }]);
    });

    it('refuses a migration that changed after it ran', async () => {
      const db = await emptied();
      await migrate(db, systemClock, [first]);
      const changed = { ...migration(1, `${first.text} `) };
      await assert.rejects(migrate(db, systemClock, [changed]), refused(/differs/));
    });

    it('refuses a store that a newer version wrote', async () => {
      const db = await emptied();
      await migrate(db, systemClock, [first, second]);
      await assert.rejects(migrate(db, systemClock, [first]), refused(/newer Cairn.*migration 2/));
    });

    it('keeps nothing of a row of migrations of which one fails', async () => {
      const db = await emptied();
      const broken = migration(
        2,
        'CREATE TABLE two (id {int} PRIMARY KEY) {strict};\nSELECT nothing FROM nowhere;',
      );
      await assert.rejects(migrate(db, systemClock, [first, broken]), CairnError);
      assert.deepEqual(await migrate(db, systemClock, [first, second]), [1, 2]);
    });
  });
});

/** What db.ts promises of reads and scans, on every store. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forEachStore } from '../../test/stores/stores.ts';
import { insertThing, thingIds, withCode, withThings } from '../../test/stores/things.ts';
import { CairnError } from '../kernel/errors.ts';
import { sql } from '../kernel/sql.ts';

/** Runs long on both engines: some hundred milliseconds a million. */
const longQuery = (millions: number) => sql`
  WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ${millions * 1_000_000})
  SELECT count(*) AS n FROM count`;

forEachStore((open) => {
  const things = async (options = {}) => withThings(await open(options));

  describe('read and scan', () => {
    it('see one snapshot for the whole body', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insertThing(1)));
      const count = sql`SELECT count(*) AS n FROM thing`;
      const counts = await db.scan(async (queries) => {
        const before = await queries.one(count);
        await db.write((tx) => tx.run(insertThing(2)));
        return [before, await queries.one(count)];
      });
      assert.deepEqual(counts, [{ n: 1 }, { n: 1 }]);
      assert.deepEqual(await db.scan((queries) => queries.one(count)), { n: 2 });
      assert.deepEqual(await db.read((queries) => queries.one(count)), { n: 2 });
    });

    it('change nothing', async () => {
      const db = await things();
      await assert.rejects(
        db.read((queries) => queries.many(insertThing(1))),
        CairnError,
      );
      await assert.rejects(
        db.scan((queries) => queries.many(insertThing(1))),
        CairnError,
      );
      assert.deepEqual(await thingIds(db), []);
    });

    it('pass on what their body throws and serve the next one', async () => {
      const db = await things();
      const thrown = new RangeError('mine');
      for (const way of ['read', 'scan'] as const) {
        const failing = db[way](async () => {
          throw thrown;
        });
        await assert.rejects(failing, (error) => error === thrown);
        assert.equal(await db[way](async () => 7), 7);
      }
    });

    it('read many at a time', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insertThing(1)));
      const one = sql`SELECT id FROM thing`;
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          index % 2 === 0 ? db.read((q) => q.one(one)) : db.scan((q) => q.one(one)),
        ),
      );
      assert.ok(answers.every((answer) => (answer as { id: number }).id === 1));
    });

    it('a scan leaves the event loop free', async () => {
      const db = await things();
      const scan = db.scan((queries) => queries.one<{ n: number }>(longQuery(0.5)));
      const first = await Promise.race([
        scan.then(() => 'scan'),
        db.read((q) => q.one(sql`SELECT 1`)).then(() => 'read'),
      ]);
      assert.equal(first, 'read');
      assert.equal((await scan)?.n, 500_000);
    });

    it('a scan over its budget is stopped, and the next one is served', async () => {
      const db = await things({ scanBudget: 50 });
      await assert.rejects(
        db.scan((queries) => queries.one(longQuery(3))),
        withCode('query_too_expensive'),
      );
      assert.deepEqual(await db.scan((queries) => queries.one(sql`SELECT count(*) AS n FROM thing`)), {
        n: 0,
      });
    });

    it('long scans hold up no short one', async () => {
      const db = await things();
      const long = [1, 2].map(() => db.scan((queries) => queries.one(longQuery(4))));
      const short = db.scan((queries) => queries.one(sql`SELECT 1`)).then(() => 'short');
      assert.equal(await Promise.race([short, ...long.map((scan) => scan.then(() => 'long'))]), 'short');
      await Promise.all(long);
    });

    it('a scan whose caller has gone is given up', async () => {
      const db = await things();
      const controller = new AbortController();
      const scan = db.scan((queries) => queries.one(longQuery(3)), controller.signal);
      await db.read((queries) => queries.one(sql`SELECT 1`));
      controller.abort();
      await assert.rejects(scan, withCode('query_too_expensive'));
      await assert.rejects(
        db.scan(async () => 1, controller.signal),
        withCode('query_too_expensive'),
      );
      assert.equal(await db.scan(async () => 7), 7);
    });
  });
});

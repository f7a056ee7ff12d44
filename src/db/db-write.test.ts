/** What db.ts promises of writes and of the store as a whole, on every store. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forEachStore } from '../../test/stores/stores.ts';
import { insertThing, thingIds, withCode, withThings } from '../../test/stores/things.ts';
import { CairnError } from '../kernel/errors.ts';
import { sql, valueRows } from '../kernel/sql.ts';

forEachStore((open) => {
  const things = async (options = {}) => withThings(await open(options));

  describe('write', () => {
    it('keeps nothing of a body that throws, and passes its error on', async () => {
      const db = await things();
      const thrown = new TypeError('mine');
      const failing = db.write(async (tx) => {
        await tx.run(insertThing(1));
        throw thrown;
      });
      await assert.rejects(failing, (error) => error === thrown);
      assert.deepEqual(await thingIds(db), []);
    });

    it('fails a body that throws before its first statement', async () => {
      const db = await things();
      const failing = db.write(() => {
        throw new TypeError('at once');
      });
      await assert.rejects(failing, TypeError);
      assert.equal(await db.write(async () => 7), 7);
    });

    it('keeps bodies of one moment apart: one fails, the others stay', async () => {
      const db = await things();
      const writes = [1, 2, 3, 2, 4].map((id) =>
        db.write(async (tx) => {
          await tx.run(insertThing(id));
          return id;
        }),
      );
      const results = await Promise.allSettled(writes);
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 4);
      const [failed] = results.filter(({ status }) => status === 'rejected');
      assert.ok(withCode('already_exists')((failed as PromiseRejectedResult).reason));
      assert.deepEqual(await thingIds(db), [1, 2, 3, 4]);
    });

    it('sees what it wrote, and what was committed before', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insertThing(1)));
      const seen = await db.write(async (tx) => {
        await tx.run(insertThing(2));
        return await tx.many<{ id: number }>(sql`SELECT id FROM thing ORDER BY id`);
      });
      assert.deepEqual(seen, [{ id: 1 }, { id: 2 }]);
    });

    it('fails a body whose statement failed, even if it went on', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insertThing(1)));
      const failing = db.write(async (tx) => {
        await tx.run(insertThing(2));
        await tx.run(insertThing(1)).catch(() => {});
        await assert.rejects(tx.run(insertThing(3)), withCode('already_exists'));
        return 'content';
      });
      await assert.rejects(failing, withCode('already_exists'));
      assert.deepEqual(await thingIds(db), [1]);
    });

    it('fails with unavailable when the commit fails, and keeps nothing', async () => {
      const db = await things();
      let told = false;
      const failing = db.write(async (tx) => {
        tx.afterCommit(() => {
          told = true;
        });
        await tx.run(sql`INSERT INTO thing (id, parent) VALUES (${1}, ${99})`);
      });
      await assert.rejects(failing, withCode('unavailable'));
      assert.equal(told, false);
      assert.deepEqual(await thingIds(db), []);
      await db.write((tx) => tx.run(insertThing(2)));
      assert.deepEqual(await thingIds(db), [2]);
    });

    it('runs tasks after the commit, in order, before the caller hears, and outlives one that throws', async () => {
      const logged: string[] = [];
      const db = await things({ log: (message: string) => logged.push(message) });
      const steps: string[] = [];
      await db.write(async (tx) => {
        tx.afterCommit(() => steps.push('first'));
        tx.afterCommit(() => {
          throw new Error('a subscriber fell over');
        });
        tx.afterCommit(() => steps.push('second'));
        await tx.run(insertThing(1));
        steps.push('body');
      });
      steps.push('caller');
      assert.deepEqual(steps, ['body', 'first', 'second', 'caller']);
      assert.equal(logged.length, 1);
    });

    it('runs no task of a body that failed', async () => {
      const db = await things();
      let told = 0;
      const failing = db.write(async (tx) => {
        tx.afterCommit(() => told++);
        throw new Error('no');
      });
      await assert.rejects(failing);
      await db.write(async () => {});
      assert.equal(told, 0);
    });

    it('refuses statements after its end', async () => {
      const db = await things();
      const tx = await db.write(async (held) => held);
      await assert.rejects(tx.run(insertThing(1)), withCode('internal'));
      assert.deepEqual(await thingIds(db), []);
    });

    it('counts the rows it changed', async () => {
      const db = await things();
      const counts = await db.write(async (tx) => [
        await tx.run(
          sql`INSERT INTO thing (id, name) VALUES ${valueRows([
            [1, 'a'],
            [2, 'b'],
          ])}`,
        ),
        await tx.run(sql`INSERT INTO thing (id) VALUES (${1}) ON CONFLICT DO NOTHING`),
        await tx.run(sql`UPDATE thing SET name = ${'c'} WHERE id > ${0}`),
        await tx.run(sql`DELETE FROM thing WHERE id = ${3}`),
      ]);
      assert.deepEqual(counts, [2, 0, 2, 0]);
    });

    it('says nothing of SQL in what a caller may see', async () => {
      const db = await things();
      for (const statement of [
        sql`SELECT nothing FROM nowhere`,
        sql`INSERT INTO thing (id) VALUES (${'text'})`,
      ]) {
        const error = await db.write((tx) => tx.run(statement)).catch((caught: unknown) => caught);
        assert.ok(error instanceof CairnError && error.code === 'internal');
        assert.doesNotMatch(error.message, /thing|nowhere|SELECT|INSERT/i);
        assert.ok(error.cause instanceof Error);
      }
    });
  });

  describe('the store', () => {
    it('reports that it is sound', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insertThing(1)));
      const findings = await db.inspect(true);
      assert.ok(findings.length >= 8);
      assert.deepEqual(
        findings.filter(({ level }) => level === 'error'),
        [],
      );
    });

    it('counts', async () => {
      const db = await things();
      const before = db.gauges().writes_total!;
      await db.write((tx) => tx.run(insertThing(1)));
      assert.equal(db.gauges().writes_total, before + 1);
      assert.equal(db.gauges().scans_active, 0);
    });

    it('finishes what was accepted before it closes, then refuses', async () => {
      const address = await open.place();
      const db = await things({ address });
      const writes = [1, 2, 3].map((id) => db.write((tx) => tx.run(insertThing(id))));
      const closing = Promise.all(writes).then(() => db.close());
      await closing;
      await assert.rejects(
        db.write(async () => {}),
        withCode('unavailable'),
      );
      await assert.rejects(
        db.read(async () => {}),
        withCode('unavailable'),
      );
      await assert.rejects(
        db.scan(async () => {}),
        withCode('unavailable'),
      );
      assert.deepEqual(await thingIds(await open({ address })), [1, 2, 3]);
    });
  });
});

/** What db.ts promises, on every store. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { forEachStore } from '../../test/stores/stores.ts';
import { CairnError } from '../kernel/errors.ts';
import { anyOf, rawSql, type Sql, sql, textHead, valueRows } from '../kernel/sql.ts';
import type { Db } from './db.ts';
import { statementsOf } from './migrate.ts';

const table = `
  CREATE TABLE thing (id {int} PRIMARY KEY, parent {int} REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED,
    whole {int}, real {double}, name {text}, data {bytes}) {strict};
  CREATE UNIQUE INDEX thing_name ON thing ({head:name}, id);
`;

async function createThings(db: Db): Promise<Db> {
  await db.write(async (tx) => {
    for (const statement of statementsOf(table, tx.dialect.name)) await tx.run(rawSql(statement));
  });
  return db;
}

const insert = (id: number, name: string | null = null): Sql =>
  sql`INSERT INTO thing (id, name) VALUES (${id}, ${name})`;

async function ids(db: Db): Promise<number[]> {
  const rows = await db.read((queries) =>
    queries.many<{ id: number }>(sql`SELECT id FROM thing ORDER BY id`),
  );
  return rows.map((row) => row.id);
}

const withCode = (code: string) => (error: unknown) => error instanceof CairnError && error.code === code;

/** Runs long on both engines: some hundred milliseconds a million. */
const longQuery = (millions: number) => sql`
  WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ${millions * 1_000_000})
  SELECT count(*) AS n FROM count`;

forEachStore((open) => {
  const things = async (options = {}) => createThings(await open(options));

  describe('write', () => {
    it('keeps nothing of a body that throws, and passes its error on', async () => {
      const db = await things();
      const thrown = new TypeError('mine');
      const failing = db.write(async (tx) => {
        await tx.run(insert(1));
        throw thrown;
      });
      await assert.rejects(failing, (error) => error === thrown);
      assert.deepEqual(await ids(db), []);
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
          await tx.run(insert(id));
          return id;
        }),
      );
      const results = await Promise.allSettled(writes);
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 4);
      const [failed] = results.filter(({ status }) => status === 'rejected');
      assert.ok(withCode('already_exists')((failed as PromiseRejectedResult).reason));
      assert.deepEqual(await ids(db), [1, 2, 3, 4]);
    });

    it('sees what it wrote, and what was committed before', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insert(1)));
      const seen = await db.write(async (tx) => {
        await tx.run(insert(2));
        return await tx.many<{ id: number }>(sql`SELECT id FROM thing ORDER BY id`);
      });
      assert.deepEqual(seen, [{ id: 1 }, { id: 2 }]);
    });

    it('fails a body whose statement failed, even if it went on', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insert(1)));
      const failing = db.write(async (tx) => {
        await tx.run(insert(2));
        await tx.run(insert(1)).catch(() => {});
        await assert.rejects(tx.run(insert(3)), withCode('already_exists'));
        return 'content';
      });
      await assert.rejects(failing, withCode('already_exists'));
      assert.deepEqual(await ids(db), [1]);
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
      assert.deepEqual(await ids(db), []);
      await db.write((tx) => tx.run(insert(2)));
      assert.deepEqual(await ids(db), [2]);
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
        await tx.run(insert(1));
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
      await assert.rejects(tx.run(insert(1)), withCode('internal'));
      assert.deepEqual(await ids(db), []);
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

  describe('values', () => {
    const roundTrip = async (
      db: Db,
      column: string,
      values: readonly (number | bigint | string | Uint8Array | null)[],
    ) => {
      const first = await db.nextIds(values.length);
      await db.write(async (tx) => {
        for (const [index, value] of values.entries()) {
          await tx.run(sql`INSERT INTO thing (id, ${rawSql(column)}) VALUES (${first + index}, ${value})`);
        }
      });
      const query = sql`SELECT ${rawSql(column)} AS value FROM thing WHERE id >= ${first} ORDER BY id`;
      const read = await db.read((queries) => queries.many<{ value: unknown }>(query));
      const scanned = await db.scan((queries) => queries.many<{ value: unknown }>(query));
      const plain = (rows: { value: unknown }[]) =>
        rows.map(({ value }) => (value instanceof Uint8Array ? Buffer.from(value) : value));
      assert.deepEqual(plain(scanned), plain(read));
      return plain(read);
    };

    it('keeps integers to 64 bits', async () => {
      const db = await things();
      const values = [0, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), null];
      assert.deepEqual(await roundTrip(db, 'whole', values), values);
      const [row] = await db.write((tx) =>
        tx.many(
          sql`UPDATE thing SET whole = ${2n ** 62n} WHERE whole = ${0} RETURNING whole, id - id AS zero`,
        ),
      );
      assert.deepEqual(row, { whole: 2n ** 62n, zero: 0 });
    });

    it('keeps doubles, infinities included, and refuses NaN', async () => {
      const db = await things();
      const values = [
        0.1,
        -1e308,
        5e-324,
        3,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        2 ** 60,
        null,
      ];
      assert.deepEqual(await roundTrip(db, 'real', values), values);
      await assert.rejects(
        db.write((tx) => tx.run(sql`UPDATE thing SET real = ${Number.NaN}`)),
        withCode('internal'),
      );
    });

    it('keeps bytes', async () => {
      const db = await things();
      const large = randomBytes(1_000_000);
      const values = [new Uint8Array(0), new Uint8Array([0, 255, 39]), large.subarray(10, 500_000)];
      assert.deepEqual(
        await roundTrip(db, 'data', values),
        values.map((value) => Buffer.from(value)),
      );
    });

    it('keeps texts and orders them by their UTF-8 bytes', async () => {
      const db = await things();
      const texts = [
        'Z',
        'a',
        'é',
        'z',
        '',
        'ä',
        'A b',
        'a_',
        'a%',
        'ﬀ',
        '😀',
        '\uffee',
        "it's",
        '\u0001',
        'a\nb',
        '日本',
      ];
      assert.deepEqual(await roundTrip(db, 'name', texts), texts);
      const rows = await db.read((queries) =>
        queries.many<{ name: string }>(sql`SELECT name FROM thing ORDER BY name`),
      );
      const expected = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual(
        rows.map((row) => row.name),
        expected,
      );
    });

    it('keeps a long text that does not compress, under an index on its head', async () => {
      const db = await things();
      const texts = [randomBytes(48_750).toString('base64'), '𝄞'.repeat(16_384)];
      assert.deepEqual(await roundTrip(db, 'name', texts), texts);
      const head = [...texts[1]!].slice(0, 64).join('');
      const found = await db.read((queries) =>
        queries.many(sql`SELECT id FROM thing WHERE ${textHead('name')} = ${head} AND name = ${texts[1]!}`),
      );
      assert.equal(found.length, 1);
    });

    it('finds members of a list of any length', async () => {
      const db = await things();
      const rows = Array.from({ length: 5_000 }, (_, index) => [index + 1, `n${index + 1}`] as const);
      await db.write((tx) => tx.run(sql`INSERT INTO thing (id, name) VALUES ${valueRows(rows)}`));
      const count = async (where: Sql) =>
        (
          await db.read((queries) =>
            queries.one<{ n: number }>(sql`SELECT count(*) AS n FROM thing WHERE ${where}`),
          )
        )?.n;
      assert.equal(await count(sql`id ${anyOf(rows.map(([id]) => id * 2))}`), 2_500);
      assert.equal(await count(sql`name ${anyOf(['n1', 'n5000', 'n5001', `n'"\\`])}`), 2);
      assert.equal(await count(sql`id ${anyOf([])}`), 0);
      assert.equal(await count(sql`name ${anyOf([])}`), 0);
      assert.equal(await count(sql`NOT (name ${anyOf(['n1'])})`), 4_999);
    });

    it('gives rows as plain objects, sums as numbers, comparisons as 1 and 0', async () => {
      const db = await things();
      await db.write((tx) => tx.run(sql`INSERT INTO thing (id, whole) VALUES (1, 2), (2, 3)`));
      const query = sql`SELECT sum(whole) AS total, count(*) AS n, max(id) > 1 AS several, avg(real) AS mean FROM thing`;
      const expected = { total: 5, n: 2, several: 1, mean: null };
      assert.deepEqual(await db.read((queries) => queries.one(query)), expected);
      assert.deepEqual(await db.scan((queries) => queries.one(query)), expected);
      assert.equal(
        await db.read((queries) => queries.one(sql`SELECT id FROM thing WHERE id = ${9}`)),
        undefined,
      );
    });

    it('takes as many values in one statement as the dialect says', async () => {
      const db = await things();
      const rows = Array.from({ length: Math.floor(db.dialect.maxParameters / 2) }, (_, id) => [id, 'x']);
      assert.equal(
        await db.write((tx) => tx.run(sql`INSERT INTO thing (id, name) VALUES ${valueRows(rows)}`)),
        rows.length,
      );
    });
  });

  describe('read and scan', () => {
    it('see one snapshot for the whole body', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insert(1)));
      const count = sql`SELECT count(*) AS n FROM thing`;
      const counts = await db.scan(async (queries) => {
        const before = await queries.one(count);
        await db.write((tx) => tx.run(insert(2)));
        return [before, await queries.one(count)];
      });
      assert.deepEqual(counts, [{ n: 1 }, { n: 1 }]);
      assert.deepEqual(await db.scan((queries) => queries.one(count)), { n: 2 });
      assert.deepEqual(await db.read((queries) => queries.one(count)), { n: 2 });
    });

    it('change nothing', async () => {
      const db = await things();
      await assert.rejects(
        db.read((queries) => queries.many(insert(1))),
        CairnError,
      );
      await assert.rejects(
        db.scan((queries) => queries.many(insert(1))),
        CairnError,
      );
      assert.deepEqual(await ids(db), []);
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
      await db.write((tx) => tx.run(insert(1)));
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

  describe('ids', () => {
    it('are unique and ascending under concurrency, also beyond a block', async () => {
      const db = await things();
      const sizes = Array.from({ length: 300 }, (_, index) => (index % 7) * 40 + 1);
      const firsts = await Promise.all(sizes.map((size) => db.nextIds(size)));
      const spans = firsts
        .map((first, index) => [first, first + sizes[index]!] as const)
        .sort(([a], [b]) => a - b);
      for (const [index, [, end]] of spans.entries()) {
        const next = spans[index + 1]?.[0];
        assert.ok(next === undefined || next >= end);
      }
      const [later, evenLater] = [await db.nextIds(1), await db.nextIds(25_000)];
      assert.ok(later >= spans.at(-1)![1] && evenLater > later);
    });

    it('are taken inside bodies, more of them than a block has', async () => {
      const db = await things();
      const write = () =>
        db.write(async (tx) => {
          const id = await db.nextIds(4_000);
          await tx.run(insert(id));
          return id;
        });
      const given = await Promise.all(Array.from({ length: 20 }, write));
      assert.equal(new Set(given).size, 20);
      assert.deepEqual(
        await ids(db),
        given.toSorted((a, b) => a - b),
      );
    });

    it('never come again after a restart', async () => {
      const address = await open.place();
      const first = await things({ address });
      await first.nextIds(3);
      const used = await first.nextIds(15_000);
      await first.write((tx) => tx.run(insert(used + 14_999)));
      await first.close();
      const second = await open({ address });
      assert.ok((await second.nextIds(1)) > used + 14_999);
    });
  });

  describe('the store', () => {
    it('reports that it is sound', async () => {
      const db = await things();
      await db.write((tx) => tx.run(insert(1)));
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
      await db.write((tx) => tx.run(insert(1)));
      assert.equal(db.gauges().writes_total, before + 1);
      assert.equal(db.gauges().scans_active, 0);
    });

    it('finishes what was accepted before it closes, then refuses', async () => {
      const address = await open.place();
      const db = await things({ address });
      const writes = [1, 2, 3].map((id) => db.write((tx) => tx.run(insert(id))));
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
      assert.deepEqual(await ids(await open({ address })), [1, 2, 3]);
    });
  });
});

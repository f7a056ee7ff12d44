/** What db.ts promises of values and ids, on every store. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { forEachStore } from '../../test/stores/stores.ts';
import { insertThing, thingIds, withCode, withThings } from '../../test/stores/things.ts';
import { anyOf, lookUp, rawSql, type Sql, sql, textHead, valueRows } from '../kernel/sql.ts';
import type { Db } from './db.ts';

forEachStore((open) => {
  const things = async (options = {}) => withThings(await open(options));

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
      const at = (ids: readonly number[]) =>
        db.read((queries) =>
          queries.many<{ id: number }>(
            sql`SELECT t.id FROM ${lookUp('thing', 't', 'id', ids, sql`t.name <> ${'n6'}`)} ORDER BY t.id LIMIT 5000`,
          ),
        );
      for (const ids of [[], [6], [12, 6, 9], rows.map(([id]) => id * 2)]) {
        const stored = [...new Set(ids)].filter((id) => id <= 5_000 && id !== 6).sort((a, b) => a - b);
        assert.deepEqual(
          (await at(ids)).map(({ id }) => id),
          stored,
        );
      }
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
          await tx.run(insertThing(id));
          return id;
        });
      const given = await Promise.all(Array.from({ length: 20 }, write));
      assert.equal(new Set(given).size, 20);
      assert.deepEqual(
        await thingIds(db),
        given.toSorted((a, b) => a - b),
      );
    });

    it('never come again after a restart', async () => {
      const address = await open.place();
      const first = await things({ address });
      await first.nextIds(3);
      const used = await first.nextIds(15_000);
      await first.write((tx) => tx.run(insertThing(used + 14_999)));
      await first.close();
      const second = await open({ address });
      assert.ok((await second.nextIds(1)) > used + 14_999);
    });
  });
});

/**
 * Graphs and questions that nobody should make, over HTTP: each is answered within bounds and says that it is not all, or is refused by the
 * field. What clients cannot record (an interval that ends before it begins, a record that has no time) is written into the store as an older
 * version or an import could have left it.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Db } from '../../src/db/db.ts';
import { edgeKinds, nodeKinds } from '../../src/domain/graph/index.ts';
import { rawSql, sql } from '../../src/kernel/sql.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const day = 24 * 60 * 60 * 1000;
const began = Date.parse('2026-01-01T00:00:00Z');
const long = process.env.CAIRN_LONG === '1';

interface End {
  readonly node: { readonly uid: string } | null;
  readonly reason: string;
}

forEachStore((open) => {
  let db: Db;
  const served = servedFor(async () => {
    db = await open();
    return db;
  });
  let next = 900_000_000;

  const ask = async (query: string) => served().call('GET', `/api/v1/lineage/${query}`);
  const told = async (query: string) => {
    const { status, body } = await ask(query);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };

  type Kind = 'data' | 'run';
  /** Nodes by the uids `prefix 0` and so on; their ids follow each other. */
  async function nodes(prefix: string, kind: Kind, count: number): Promise<number> {
    const { domain } = served();
    const { types } = domain.graph;
    const first = next;
    next += count;
    const [of, type] =
      kind === 'data' ? [nodeKinds.artifact, types['dataset-version']] : [nodeKinds.execution, types.run];
    await db.write((tx) =>
      tx.run(
        rawSql(`INSERT INTO node (id, uid, project, context, kind, type, number, created, updated, mark, deleted, class)
        WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
        SELECT ${first} + i, '${prefix} ' || CAST(i AS TEXT), ${domain.defaultProject}, 1, ${of}, ${type}, ${first} + i,
          0, 0, 0, 0, ${first} + i FROM n`),
      ),
    );
    return first;
  }

  /** Edges from `source` to `target`, both of which may say `i`. */
  async function edges(
    kind: 'used' | 'generated',
    count: number,
    [source, target]: readonly [string, string],
    [from, to]: readonly [number | null, number | null] = [began, null],
  ): Promise<void> {
    const first = next;
    next += count;
    await db.write((tx) =>
      tx.run(
        rawSql(`INSERT INTO edge (id, project, source, target, kind, face, principal, known, valid_from, valid_to, known_from, asserted_by)
        WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
        SELECT ${first} + i, ${served().domain.defaultProject}, ${source}, ${target}, ${edgeKinds[kind]}, 1, 'local', 1,
          ${from ?? 'NULL'}, ${to ?? 'NULL'}, ${began}, 1 FROM n`),
      ),
    );
  }

  it('ends in a cycle, and finds each of it once', async () => {
    const [data, run] = [await nodes('cycled', 'data', 3), await nodes('cycling', 'run', 3)];
    await edges('used', 3, [`${data} + i`, `${run} + i`]);
    await edges('generated', 3, [`${run} + i`, `${data} + (i + 1) % 3`]);
    for (const question of ['impact', 'ancestry']) {
      const body = await told(`${question}?of=cycled%200`);
      assert.deepEqual([body.nodes, body.complete, body.openEnds], [6, true, []], question);
    }
    const { body } = await served().call('GET', '/api/v1/lineage/common?of=cycled%200&and=cycled%201');
    assert.equal(body.count, 6);
  });

  it('says which edge ended before it began, which tells no time, and which record was purged', async () => {
    const [data, run] = [await nodes('timed', 'data', 5), await nodes('timing', 'run', 4)];
    // From the first by a run whose read is over before it began; whose read has no time; by one in order; to one that is purged.
    await edges('used', 1, [`${data}`, `${run}`], [began + day, began]);
    await edges('used', 1, [`${data}`, `${run} + 1`], [null, null]);
    await edges('used', 2, [`${data}`, `${run} + 2 + i`]);
    await edges('generated', 4, [`${run} + i`, `${data} + 1 + i`]);
    await db.write((tx) => tx.run(sql`UPDATE node SET kind = ${nodeKinds.tombstone} WHERE id = ${data + 4}`));
    const ends = async (query: string) => {
      const body = await told(`impact?of=timed%200${query}`);
      assert.equal(body.complete, body.openEnds.length === 0);
      const reasons = body.openEnds.map(({ node, reason }: End) => `${reason} ${node?.uid}`).sort();
      return [body.counts.derives, reasons];
    };
    // Three versions are made by what did read it; what is contradictory was never so.
    assert.deepEqual(await ends(''), [3, ['contradictory timed 0', 'purged timed 4']]);
    const then = `&as_of=${began + 2 * day}`;
    assert.deepEqual(await ends(then), [3, ['contradictory timed 0', 'purged timed 4', 'untimed timed 0']]);
    assert.deepEqual(await ends(`&as_of=${began - day}`), [0, ['contradictory timed 0', 'untimed timed 0']]);
    assert.deepEqual(await ends(`&known_at=${began - 1}`), [0, []]);
  });

  it('takes any depth and day that can be written, and refuses the others by their field', async () => {
    const [data, run] = [await nodes('deep', 'data', 3), await nodes('deepening', 'run', 2)];
    await edges('used', 2, [`${data} + i`, `${run} + i`]);
    await edges('generated', 2, [`${run} + i`, `${data} + 1 + i`]);
    const found = async (more: string) => (await told(`impact?of=deep%200${more}`)).counts.derives;
    assert.deepEqual(
      [await found('&depth=0'), await found('&depth=1'), await found('&depth=1000')],
      [0, 0, 2],
    );
    assert.equal(await found('&as_of=9999-12-31T23:59:59.999Z'), 2);
    assert.equal(await found('&as_of=0001-01-01'), 0);
    assert.equal(await found(`&known_at=${2 ** 53 - 1}`).catch(() => 'refused'), 'refused');
    for (const [query, field] of [
      ['depth=1001', 'depth'],
      ['depth=-1', 'depth'],
      ['depth=1e400', 'depth'],
      ['depth=0.5', 'depth'],
      ['limit=0', 'limit'],
      ['limit=1000000000', 'limit'],
      ['as_of=NaN', 'as_of'],
      ['as_of=-999999-01-01', 'as_of'],
      ['as_of=2026-02-30', 'as_of'],
      ['known_at=99999999999999999999', 'known_at'],
      ['known_at=', 'known_at'],
    ]) {
      const { status, body } = await ask(`impact?of=deep%200&${query}`);
      assert.deepEqual([status, body.field], [400, field], `${query}: ${JSON.stringify(body)}`);
    }
  });

  const readers = long ? 1_000_000 : 20_000;
  it(`tells a hub of ${readers.toLocaleString('en')} readers within its bounds, and holds up nobody`, async () => {
    await nodes('alone', 'data', 1);
    const data = await nodes('hub', 'data', 1);
    const run = await nodes('reader', 'run', readers);
    await edges('used', readers, [`${data}`, `${run} + i`]);
    let answered = 0;
    let isTold = false;
    const asked = told('impact?of=hub%200&limit=5').finally(() => {
      isTold = true;
    });
    while (!isTold) {
      assert.equal((await told('ancestry?of=alone%200')).count, 0);
      answered++;
    }
    const body = await asked;
    assert.ok(answered > 0);
    // The node itself counts among those that a walk may find.
    assert.equal(body.nodes, Math.min(readers + 1, 1_000_000));
    assert.equal(body.complete, readers < 1_000_000);
    if (!body.complete) assert.ok(body.openEndCounts.some(({ reason }: End) => reason === 'limit'));
    const near = await ask(`neighbours?of=hub%200&direction=down`);
    assert.equal(near.status, 200);
    assert.ok(near.body.nodes.length <= 100, 'a page of them');
  });
});

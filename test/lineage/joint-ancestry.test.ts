/** What two things both come from: over HTTP, of what pipelines said, from the store and from memory. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

forEachStore((open) => {
  const served = servedFor(open);

  it('are told the nearest first, each with both ways', async () => {
    const { call } = served();
    const named = (name: string) => ({ namespace: 's3://lake', name });
    let hour = 1;
    const ran = async (job: string, reads: string, writes: string) => {
      const { status } = await call('POST', '/api/v1/lineage', {
        eventType: 'COMPLETE',
        eventTime: `2026-01-01T0${hour++}:00:00Z`,
        producer: 'https://example.org/made',
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
        run: { runId: `01930000-0000-7000-8000-00000000000${hour}` },
        job: { namespace: 'nightly', name: job },
        inputs: [named(reads)],
        outputs: [named(writes)],
      });
      assert.ok(status < 300);
    };
    await ran('load', 'source', 'raw');
    await ran('clean', 'raw', 'clean');
    await ran('train', 'clean', 'left');
    await ran('report', 'clean', 'right');
    await ran('other', 'elsewhere', 'apart');
    const ask = async (of: string, and: string, more = '') => {
      const ref = (name: string) => encodeURIComponent(`s3://lake/${name}`);
      const answer = await call('GET', `/api/v1/lineage/common?of=${ref(of)}&and=${ref(and)}${more}`);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    interface Item {
      readonly nearest: boolean;
      readonly node: { readonly type: string; readonly label: string };
      readonly ways: readonly { readonly hops: number; readonly path: readonly unknown[] }[];
    }
    const body = await ask('left', 'right');
    const versions = (body.items as Item[]).filter(({ node }) => node.type === 'dataset-version');
    assert.deepEqual(
      versions.map(({ nearest, ways }) => [nearest, ...ways.map(({ hops }) => hops)]),
      [
        [true, 2, 2],
        [false, 4, 4],
      ],
    );
    assert.deepEqual(
      versions[0]!.ways.map(({ path }) => path.length),
      [2, 2],
    );
    assert.equal(body.items.filter(({ nearest }: Item) => nearest).length, 1);
    assert.equal(body.complete, false, 'nobody knows where the source comes from');
    assert.deepEqual(body.openEndCounts, [{ reason: 'unbound', count: 1 }], 'an end of both is one');
    const few = await ask('left', 'right', '&limit=1');
    assert.deepEqual([few.items.length, few.count], [1, body.items.length]);
    const apart = await ask('left', 'apart');
    assert.deepEqual([apart.items, apart.count], [[], 0]);
    assert.equal(apart.openEndCounts[0].count, 2);
    const asOf = await ask('left', 'right', '&as_of=2026-01-01T02:30:00Z');
    assert.equal(asOf.count, 0, 'neither was made yet');
    const unknown = await call('GET', '/api/v1/lineage/common?of=s3://lake/left&and=s3://lake/nothing');
    assert.deepEqual([unknown.status, unknown.body.field], [404, 'and']);
  });
});

/** The routes by which events come: what is taken, how it is answered, and that what is bad changes nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventBodyLimits } from '../../src/faces/openlineage/index.ts';
import { sql } from '../../src/kernel/sql.ts';
import { type Answer, type Served, servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { allSequences, type SentEvent, sequence } from './sequences.ts';

const token = 'open-sesame';
let made = 0;

/** A good run event about things of its own. */
function runEvent(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  made += 1;
  return {
    eventTime: '2026-11-02T00:00:00Z',
    eventType: 'START',
    producer: 'https://example.com/test',
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: `run ${made}` },
    job: { namespace: 'test', name: `job ${made}` },
    inputs: [{ namespace: 's3://in', name: `${made}` }],
    outputs: [{ namespace: 's3://out', name: `${made}` }],
    ...change,
  };
}

describe('receiving events', () => {
  forEachStore((open) => {
    const served = servedFor(open, { token });
    const headers = { authorization: `Bearer ${token}` };
    const send = (path: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> =>
      served().call('POST', path, body, { ...headers, ...more });
    /** Events recorded. */
    const count = (): Promise<number> => countOf(served(), 'lineage_event');

    it('takes single events and arrays under every address that clients make of one', async () => {
      for (const path of ['/api/v1/lineage', '/api/api/v1/lineage', '/api/v1/openlineage/lineage']) {
        const before = await count();
        const { status, body } = await send(path, runEvent());
        assert.equal(status, 201, path);
        assert.deepEqual(body, { status: 'success' });
        assert.equal(await count(), before + 1);
      }
      for (const path of ['/api/v1/lineage', '/api/api/v1/lineage']) {
        const before = await count();
        assert.equal((await send(path, [runEvent(), runEvent()])).status, 201, path);
        assert.equal(await count(), before + 2);
      }
      for (const path of [
        '/api/v1/lineage/batch',
        '/api/api/v1/lineage/batch',
        '/api/v1/openlineage/lineage/batch',
      ]) {
        const before = await count();
        const { status, body } = await send(path, [runEvent(), runEvent()]);
        assert.equal(status, 200, path);
        assert.deepEqual(body, {
          status: 'success',
          summary: { received: 2, successful: 2, failed: 0, retriable: 0, non_retriable: 0 },
          failed_events: [],
        });
        assert.equal((await send(path, { events: [runEvent()] })).body.summary.successful, 1);
        assert.equal(await count(), before + 3);
      }
      assert.deepEqual((await send('/api/v1/lineage', [])).status, 400);
    });

    it('takes gzip, announced or not', async () => {
      const post = (body: Uint8Array<ArrayBuffer>, more: Record<string, string>) =>
        fetch(`${served().url}/api/v1/lineage`, {
          method: 'POST',
          body,
          headers: { ...headers, 'content-type': 'application/json', ...more },
        });
      const before = await count();
      const zipped = () => new Uint8Array(gzipSync(JSON.stringify(runEvent())));
      assert.equal((await post(zipped(), { 'content-encoding': 'gzip' })).status, 201);
      assert.equal((await post(zipped(), {})).status, 201);
      const large = runEvent({ run: { runId: 'large', facets: { big: { text: 'x'.repeat(300_000) } } } });
      assert.equal((await post(new Uint8Array(gzipSync(JSON.stringify(large))), {})).status, 201);
      assert.equal(await count(), before + 3);
      // What is small on the wire may be large.
      const bomb = new Uint8Array(gzipSync(Buffer.alloc(eventBodyLimits.body + 1, ' ')));
      assert.equal((await post(bomb, { 'content-encoding': 'gzip' })).status, 413);
      const liar = new Uint8Array(bomb);
      liar.set([1, 0, 0, 0], liar.length - 4);
      const answer = await post(liar, {});
      assert.ok([400, 413].includes(answer.status), String(answer.status));
      const broken = await post(new Uint8Array([0x1f, 0x8b, 1, 2, 3]), {});
      assert.equal(broken.status, 400);
      assert.equal((await post(new TextEncoder().encode('{}'), { 'content-encoding': 'br' })).status, 415);
      assert.equal(await count(), before + 3);
    });

    it('asks for the token', async () => {
      const { status, body, headers: answered } = await served().call('POST', '/api/v1/lineage', runEvent());
      assert.equal(status, 401);
      assert.equal(body.code, 'unauthenticated');
      assert.match(answered.get('www-authenticate') ?? '', /^Bearer/);
    });

    it('changes nothing at an event that it knows', async () => {
      const event = sequence('airflow')[1]!;
      assert.equal((await send('/api/v1/lineage', event)).status, 201);
      const tables = ['event', 'node', 'edge', 'facet', 'run_state', 'lineage_event'];
      const before = await Promise.all(tables.map((table) => countOf(served(), table)));
      const turned = Object.fromEntries(Object.entries(event).reverse());
      for (const again of [event, turned]) assert.equal((await send('/api/v1/lineage', again)).status, 201);
      assert.deepEqual(await Promise.all(tables.map((table) => countOf(served(), table))), before);
    });

    it('refuses what it cannot keep, naming the field, and keeps nothing of it', async () => {
      const long = 'n'.repeat(10_000);
      const cases: readonly (readonly [field: string, event: unknown])[] = [
        ['body', '{"eventTime": '],
        ['body', '"text"'],
        ['body', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`],
        ['eventTime', runEvent({ eventTime: undefined })],
        ['eventTime', runEvent({ eventTime: 'yesterday' })],
        ['eventTime', runEvent({ eventTime: 1730505600 })],
        ['eventTime', runEvent({ eventTime: '2026-02-30T00:00:00Z' })],
        ['eventTime', runEvent({ eventTime: '2026-02-03T25:00:00Z' })],
        ['eventTime', runEvent({ eventTime: '12026-02-03T00:00:00Z' })],
        ['eventType', runEvent({ eventType: 'BEGIN' })],
        ['eventType', runEvent({ eventType: 3 })],
        ['producer', runEvent({ producer: ['x'] })],
        ['run', runEvent({ run: 'id' })],
        ['run', { eventTime: '2026-11-02T00:00:00Z' }],
        ['run.runId', runEvent({ run: {} })],
        ['run.runId', runEvent({ run: { runId: '' } })],
        ['run.runId', runEvent({ run: { runId: 7 } })],
        ['run.runId', runEvent({ run: { runId: long } })],
        ['run.runId', runEvent({ run: { runId: 'a\0b' } })],
        ['job', runEvent({ job: undefined })],
        ['job.name', runEvent({ job: { namespace: 'n' } })],
        ['job.name', runEvent({ job: { namespace: 'n', name: long } })],
        ['job.namespace', runEvent({ job: { name: 'n' } })],
        ['job.facets', runEvent({ job: { namespace: 'n', name: 'n', facets: [] } })],
        ['job.facets.sql', runEvent({ job: { namespace: 'n', name: 'n', facets: { sql: 'select' } } })],
        ['inputs', runEvent({ inputs: {} })],
        [
          'inputs[3].name',
          runEvent({ inputs: [1, 2, 3, 4].map((n) => ({ namespace: 'n', name: n < 4 ? 'x' : '' })) }),
        ],
        ['inputs[1]', runEvent({ inputs: [{ namespace: 'n', name: 'x' }, 'y'] })],
        ['outputs[0].namespace', runEvent({ outputs: [{ namespace: 5, name: 'x' }] })],
        [
          'outputs[0].outputFacets.a',
          runEvent({ outputs: [{ namespace: 'n', name: 'x', outputFacets: { a: 1 } }] }),
        ],
        ['dataset.name', { eventTime: '2026-11-02T00:00:00Z', dataset: { namespace: 'n' } }],
        ['dataset', { eventTime: '2026-11-02T00:00:00Z', dataset: {}, job: {} }],
        [
          'inputs',
          runEvent({ inputs: Array.from({ length: 2_001 }, (_, n) => ({ namespace: 'n', name: `${n}` })) }),
        ],
      ];
      const before = await countAll(served());
      for (const [field, event] of cases) {
        const { status, body } = await send('/api/v1/lineage', event);
        assert.equal(status, 400, `${field}: ${JSON.stringify(body)}`);
        assert.equal(body.field, field, JSON.stringify(body));
      }
      const huge = await send('/api/v1/lineage', runEvent({ run: { runId: 'x'.repeat(20_000_000) } }));
      assert.equal(huge.status, 413);
      const surrogate = await send('/api/v1/lineage', '{"eventTime":"\\ud800"}');
      assert.equal(surrogate.status, 400);
      assert.equal((await send('/api/v1/lineage', '')).status, 400);
      assert.equal((await send('/api/v1/lineage', 'a=b', { 'content-type': 'text/plain' })).status, 415);
      assert.deepEqual(await countAll(served()), before);
    });

    it('says which events of a batch are bad, and keeps the others', async () => {
      const good = [runEvent(), runEvent(), runEvent()];
      const texts = [
        JSON.stringify(good[0]),
        JSON.stringify(runEvent({ run: {} })),
        '{"eventTime": nothing}',
        JSON.stringify(good[1]),
        `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
        JSON.stringify(good[2]),
      ];
      const before = await count();
      const { status, body } = await send('/api/v1/lineage/batch', `[${texts.join(',\n')}]`);
      assert.equal(status, 200);
      assert.equal(body.status, 'partial_success');
      assert.deepEqual(body.summary, {
        received: 6,
        successful: 3,
        failed: 3,
        retriable: 0,
        non_retriable: 3,
      });
      assert.deepEqual(
        body.failed_events.map(({ index, field, retriable }: Record<string, unknown>) => [
          index,
          field,
          retriable,
        ]),
        [
          [1, 'run.runId', false],
          [2, 'event', false],
          [4, 'event', false],
        ],
      );
      assert.equal(await count(), before + 3);
      // The same through the address of single events.
      const array = await send('/api/v1/lineage', [runEvent({ job: {} }), runEvent()]);
      assert.equal(array.status, 200);
      assert.equal(array.body.failed_events[0].field, 'job.namespace');
      const none = await send('/api/v1/lineage/batch', [
        runEvent({ eventTime: 'now' }),
        runEvent({ run: {} }),
      ]);
      assert.equal(none.status, 400);
      assert.equal(none.body.field, '[0].eventTime');
      assert.deepEqual(
        none.body.failed_events.map(({ field }: Record<string, unknown>) => field),
        ['eventTime', 'run.runId'],
      );
      for (const bad of ['[1, 2', '[{]}', '[1,]', '{"events": 5}', '{}', '[] []']) {
        const refused = await send('/api/v1/lineage/batch', bad);
        assert.ok(
          refused.status === 400 || refused.body.failed_events.length > 0,
          `${bad}: ${refused.status}`,
        );
      }
      const many = await send('/api/v1/lineage/batch', `[${'1,'.repeat(eventBodyLimits.events)}1]`);
      assert.equal(many.status, 400);
      assert.equal(many.body.field, 'body');
    });

    it('takes what is odd and large whole', async () => {
      const { body } = await send('/api/v1/lineage/batch', sequence('odd'));
      assert.deepEqual(body.failed_events, []);
      const wide = runEvent({
        inputs: Array.from({ length: 1_000 }, (_, n) => ({ namespace: 's3://wide', name: `in ${n}` })),
        outputs: Array.from({ length: 1_000 }, (_, n) => ({ namespace: 's3://wide', name: `out ${n}` })),
      });
      assert.equal((await send('/api/v1/lineage', wide)).status, 201);
      const text = JSON.stringify(runEvent()).replace(
        '"run":{',
        '"run":{"facets":{"__proto__":{"a":{"__proto__":1}},"constructor":{}},',
      );
      assert.equal((await send('/api/v1/lineage', text)).status, 201);
      const deep = runEvent({ run: { runId: 'deep', facets: { deep: nested(80) } } });
      assert.equal((await send('/api/v1/lineage', deep)).status, 201);
      const twice = { namespace: 's3://twice', name: 'x', facets: { version: { datasetVersion: '1' } } };
      const again = { ...twice, facets: { version: { datasetVersion: '2' } } };
      assert.equal(
        (await send('/api/v1/lineage', runEvent({ inputs: [twice, again, twice], outputs: [twice, twice] })))
          .status,
        201,
      );
      const strange = runEvent({
        run: { runId: 'strange', facets: { parent: { run: 5 }, lineage: { entries: 3 } } },
        inputs: [
          {
            namespace: 'n',
            name: 'x',
            facets: { symlinks: { identifiers: [1, { name: 2 }] }, version: { datasetVersion: {} } },
          },
        ],
        outputs: [
          {
            namespace: 'n',
            name: 'y',
            facets: {
              columnLineage: { fields: { a: 1, b: { inputFields: [2, {}] } } },
              schema: { fields: 'x' },
            },
          },
        ],
      });
      assert.equal((await send('/api/v1/lineage', strange)).status, 201);
    });

    it('keeps the others where one is found bad only as it is recorded', async () => {
      // Too many links: told by what its facets mean, in the transaction of all of them.
      const inputFields = Array.from({ length: 250 }, () => ({
        namespace: 's3://in',
        name: 'x',
        field: 'y',
      }));
      const fields = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [index, { inputFields }]));
      const bad = runEvent({
        outputs: [{ namespace: 's3://out', name: 'z', facets: { columnLineage: { fields } } }],
      });
      const before = await countAll(served());
      const { body } = await send('/api/v1/lineage/batch', [runEvent(), bad, runEvent()]);
      assert.deepEqual(
        body.failed_events.map(({ index, field }: Record<string, unknown>) => [index, field]),
        [[1, 'facets']],
      );
      assert.equal(await count(), before.lineage_event! + 2);
      assert.equal((await countAll(served())).event, before.event! + 2);
    });

    it('keeps events of every producer', async () => {
      const { body } = await send('/api/v1/lineage/batch', allSequences());
      assert.deepEqual(body.failed_events, []);
    });
  });
});

function nested(levels: number): SentEvent {
  let value: SentEvent = {};
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}

async function countOf(served: Served, table: string): Promise<number> {
  return (await countAll(served))[table] ?? 0;
}

async function countAll({ domain }: Served): Promise<Record<string, number>> {
  const rows = await domain.db.read((queries) =>
    queries.many<{ name: string; rows: number }>(sql`SELECT 'event' AS name, count(*) AS rows FROM event
      UNION ALL SELECT 'node', count(*) FROM node UNION ALL SELECT 'edge', count(*) FROM edge
      UNION ALL SELECT 'facet', count(*) FROM facet UNION ALL SELECT 'run_state', count(*) FROM run_state
      UNION ALL SELECT 'lineage_event', count(*) FROM lineage_event`),
  );
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}

/** More than the server takes on: it refuses before its memory grows, and who reads slowly keeps nobody from writing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ChildServer } from '../conformance/child-server.ts';
import { startCairn } from '../conformance/servers.ts';
import { figureOf, RawClient } from '../fixtures/raw-client.ts';
import { type Served, serveDomain } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';

const mebibyte = 1_048_576;
const mlflow = '/api/2.0/mlflow';

/** About 700 kB that set the tag of this number, and a hundred that fill it up. */
function largeBatch(run: string, number: number): string {
  const filling = Array.from({ length: 99 }, (_, index) => ({
    key: `fill-${index}`,
    value: 'x'.repeat(7_000),
  }));
  return JSON.stringify({ run_id: run, tags: [{ key: `batch-${number}`, value: 'here' }, ...filling] });
}

describe('a server under more than it takes on', () => {
  let server: ChildServer;
  let clients: RawClient[] = [];
  before(async () => {
    server = await startCairn({ CAIRN_REQUEST_MEMORY: '8' });
  });
  after(async () => {
    for (const client of clients) client.close();
    await server.stop();
  });

  const open = async (count: number): Promise<RawClient[]> => {
    const opened = await Promise.all(Array.from({ length: count }, () => RawClient.open(server.url)));
    clients = [...clients, ...opened];
    return opened;
  };
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${server.url}${mlflow}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const newRun = async (): Promise<string> => {
    const made = await post('runs/create', { experiment_id: '0', run_name: 'crowded' });
    return ((await made.json()) as { run: { info: { run_id: string } } }).run.info.run_id;
  };
  const tagsOf = async (run: string): Promise<Set<string>> => {
    const answer = await fetch(`${server.url}${mlflow}/runs/get?run_id=${run}`);
    const { run: found } = (await answer.json()) as { run: { data: { tags: { key: string }[] } } };
    return new Set(found.data.tags.map(({ key }) => key));
  };
  const resident = () => figureOf(server.url, 'process_resident_memory_bytes');
  const load = (figure: string) => figureOf(server.url, `cairn_load{figure="${figure}"}`);

  it('refuses large bodies by their heads, keeps what it acknowledged, and goes on', async () => {
    const run = await newRun();
    const before = await resident();
    const flood = await open(64);
    const bodies = flood.map((_, number) => largeBatch(run, number));
    // All but the last byte: who was let in keeps its share until the test sends it.
    for (const [number, client] of flood.entries()) {
      const body = bodies[number]!;
      client.begin('POST', `${mlflow}/runs/log-batch`, {}, body, body.length - 1);
    }
    const fitting = Math.floor((8 * mebibyte) / bodies[0]!.length);
    while ((await load('refused_total')) < flood.length - fitting) await new Promise(setImmediate);
    assert.ok((await load('body_bytes')) <= 8 * mebibyte);
    const grown = (await resident()) - before;
    assert.ok(grown < 64 * mebibyte, `grew by ${grown} bytes`);

    const small = { run_id: run, key: 'loss', value: 1, timestamp: 1, step: 1 };
    assert.equal((await post('runs/log-metric', small)).status, 200, 'what still fits is taken on');

    for (const [number, client] of flood.entries()) client.socket.write(bodies[number]!.slice(-1));
    const answers = await Promise.all(flood.map((client) => client.answer()));
    const refused = answers.filter(({ status }) => status === 429);
    assert.equal(refused.length, flood.length - fitting);
    for (const { head, text } of refused) {
      assert.match(head, /retry-after: 1/);
      assert.equal(JSON.parse(text).error_code, 'REQUEST_LIMIT_EXCEEDED');
    }
    const acknowledged = answers.flatMap(({ status }, number) => (status === 200 ? [`batch-${number}`] : []));
    assert.equal(acknowledged.length, fitting);
    const stored = [...(await tagsOf(run))].filter((key) => key.startsWith('batch-'));
    assert.deepEqual(
      stored.sort(),
      acknowledged.sort(),
      'all that was acknowledged, and nothing that was refused',
    );
    assert.equal(await load('body_bytes'), 0);
    assert.equal((await post('runs/log-batch', bodies.at(-1))).status, 200, 'and now there is room');
  });

  it('makes nothing ahead for clients that do not read, and writes go on', async () => {
    const run = await newRun();
    const file = `/api/2.0/mlflow-artifacts/artifacts/0/${run}/artifacts/large.bin`;
    const put = await fetch(`${server.url}${file}`, { method: 'PUT', body: new Uint8Array(32 * mebibyte) });
    assert.equal(put.status, 200);
    const before = await resident();
    const readers = await open(16);
    for (const reader of readers) reader.begin('GET', file);
    const followers = await open(8);
    for (const follower of followers) {
      follower.begin('GET', '/api/v1/events?after=0', { accept: 'text/event-stream' });
    }
    await Promise.all([...readers, ...followers].map((client) => client.readThenStop(200)));
    for (let number = 0; number < 40; number++) {
      assert.equal((await post('runs/log-batch', largeBatch(run, number))).status, 200);
    }
    assert.equal((await tagsOf(run)).has('batch-39'), true);
    assert.equal(await load('streams'), followers.length);
    assert.equal(await figureOf(server.url, 'cairn_store{figure="scans_active"}'), 0, 'no snapshot is held');
    // All of it buffered would be 16 times 32 MiB and 8 times 28 MB.
    const grown = (await resident()) - before;
    assert.ok(grown < 256 * mebibyte, `grew by ${grown} bytes`);
  });
});

forEachStore((open) => {
  describe('answers that are not read', () => {
    const opened: { close(): unknown }[] = [];
    after(async () => {
      for (const one of opened.reverse()) await one.close();
    });
    const serve = async (options: Parameters<typeof serveDomain>[1]): Promise<Served> => {
      const served = await serveDomain(await open(), options);
      opened.push(served);
      return served;
    };
    const connect = async ({ url }: Served): Promise<RawClient> => {
      const client = await RawClient.open(url);
      opened.push(client);
      return client;
    };
    const unsent = ({ url }: Served) => figureOf(url, 'cairn_load{figure="unsent_answer_bytes"}');
    const turn = () => new Promise(setImmediate);

    /** A run whose page is larger than all that systems keep between two ends of a connection. */
    async function heavyRun({ call }: Served): Promise<string> {
      const run = (await call('POST', '/api/v1/runs', { experiment: '0', name: 'heavy' })).body.id;
      for (let part = 0; part < 24; part++) {
        const tags = Array.from({ length: 10 }, (_, index) => ({
          key: `${part}-${index}`,
          value: 'x'.repeat(100_000),
        }));
        assert.equal((await call('POST', `/api/v1/runs/${run}/log`, { tags })).status, 204);
      }
      return `/api/v1/runs/${run}`;
    }

    it('are bounded together: the next large one is refused, a write is not', async () => {
      const served = await serve({ admission: { answerBytes: mebibyte } });
      const page = await heavyRun(served);
      const slow = await connect(served);
      slow.begin('GET', page);
      await slow.readThenStop(100);
      while ((await unsent(served)) === 0) await turn();
      const refused = await served.call('GET', page);
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get('retry-after'), '1');
      assert.equal(refused.body.code, 'too_many_requests');
      assert.equal(
        (await served.call('POST', `${page}/log`, { tags: [{ key: 'a', value: 'b' }] })).status,
        204,
      );
      slow.close();
      while ((await unsent(served)) > 0) await turn();
      assert.equal((await served.call('GET', page)).status, 200);
    });

    it('are cut off when nothing of them is taken for long, streams too', async () => {
      const served = await serve({ patience: 100 });
      const page = await heavyRun(served);
      const slow = await connect(served);
      slow.begin('GET', page);
      await slow.readThenStop(100);
      const follower = await connect(served);
      follower.begin('GET', '/api/v1/events?after=0', { accept: 'text/event-stream' });
      await follower.readThenStop(100);
      // What the system had taken already can still be read; then comes the end, before the end of the answer.
      while ((await unsent(served)) > 0) await turn();
      while ((await figureOf(served.url, 'cairn_load{figure="streams"}')) > 0) await turn();
      for (const client of [slow, follower]) {
        client.socket.resume();
        await client.closed;
      }
    });

    it('are never of many large events at once: pages and streams go on where one ended', async () => {
      const served = await serve({});
      await heavyRun(served);
      await served.domain.events.placed();
      const stream = await connect(served);
      stream.begin('GET', '/api/v1/events?after=0', { accept: 'text/event-stream' });
      let after = 0;
      let logged = 0;
      for (;;) {
        const { body } = await served.call('GET', `/api/v1/events?after=${after}`);
        if (body.reached === after) break;
        assert.ok(JSON.stringify(body).length < 2.5 * mebibyte);
        logged += body.items.filter(({ action }: { action: string }) => action === 'run.log').length;
        after = body.reached;
      }
      assert.equal(logged, 24);
      assert.ok((await stream.readThenStop(24 * 1_000_000)).split('event: run.log').length > 23);
    });

    it('include event streams, of which only so many are open', async () => {
      const served = await serve({ admission: { streams: 1 } });
      const first = await connect(served);
      const events = ['GET', '/api/v1/events', { accept: 'text/event-stream' }] as const;
      first.begin(...events);
      await first.readThenStop(100);
      const refused = await served.call('GET', '/api/v1/events', undefined, { accept: 'text/event-stream' });
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get('retry-after'), '1');
      assert.equal((await served.call('GET', '/api/v1/events')).status, 200, 'pages are no streams');
      first.close();
      while ((await figureOf(served.url, 'cairn_load{figure="streams"}')) > 0) await turn();
      const second = await connect(served);
      second.begin(...events);
      assert.match(await second.readThenStop(100), /^HTTP\/1\.1 200/);
    });
  });
});

import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { systemClock } from '../../kernel/time.ts';
import { AddressRules, Outbound, OutboundRefusal, outboundLimits, type Resolve } from './index.ts';

const loopback = new AddressRules(['127.0.0.1']);
const { signal } = new AbortController();

async function receiver(context: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function outbound(more: { rules?: AddressRules; resolve?: Resolve; time?: number } = {}): Outbound {
  return new Outbound({ rules: loopback, clock: systemClock, ...more });
}

describe('a post', () => {
  it('goes to the address that was checked, whatever the name says afterwards', async (context) => {
    const hosts: (string | undefined)[] = [];
    const port = await receiver(context, (request, response) => {
      hosts.push(request.headers.host);
      response.end('seen');
    });
    let asked = 0;
    const resolve: Resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']);
    const answer = await outbound({ resolve }).post(`http://rebinding.test:${port}/x?y=1`, {}, '{}', signal);
    assert.deepEqual([answer.status, answer.text], [200, 'seen']);
    assert.equal(asked, 1);
    assert.deepEqual(hosts, [`rebinding.test:${port}`]);
  });

  it('is refused when one address of the name is not allowed', async () => {
    const resolve: Resolve = async () => ['127.0.0.1', '10.0.0.1'];
    await assert.rejects(outbound({ resolve }).post('http://two.test/', {}, '', signal), OutboundRefusal);
  });

  const open: Resolve = async () => ['1.1.1.1'];
  const cases: readonly [url: string, rules: AddressRules, resolve: Resolve][] = [
    ['https://127.0.0.1/', new AddressRules(), open],
    ['https://2130706433/', new AddressRules(), open],
    ['https://0x7f.1/', new AddressRules(), open],
    ['https://0177.1/', new AddressRules(), open],
    ['https://①②⑦.0.0.1/', new AddressRules(), open],
    ['https://[::ffff:a9fe:a9fe]/', new AddressRules(), open],
    ['https://[64:ff9b::7f00:1]/', new AddressRules(), open],
    ['https://localhost./', new AddressRules(), async () => ['127.0.0.1']],
    ['https://127.0.0.1.nip.example/', new AddressRules(), async () => ['127.0.0.1']],
    ['https://user:word@public.test/', new AddressRules(), open],
    ['https://public.test@127.0.0.1/', new AddressRules(), open],
    ['http://public.test/', new AddressRules(), open],
    ['http://public.test/', loopback, open],
    ['file:///etc/passwd', loopback, open],
    ['gopher://public.test/', loopback, open],
    ['no url', loopback, open],
    ['https://gone.test/', new AddressRules(), () => Promise.reject(new Error('ENOTFOUND'))],
    ['https://empty.test/', new AddressRules(), async () => []],
  ];
  for (const [url, rules, resolve] of cases) {
    it(`to ${url} is refused`, async () => {
      await assert.rejects(outbound({ rules, resolve }).check(url), OutboundRefusal);
      await assert.rejects(outbound({ rules, resolve }).post(url, {}, '', signal), OutboundRefusal);
    });
  }

  it('follows no redirect', async (context) => {
    const paths: (string | undefined)[] = [];
    const port = await receiver(context, (request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await outbound().post(`http://127.0.0.1:${port}/`, {}, '', signal);
    assert.equal(answer.status, 302);
    assert.deepEqual(paths, ['/']);
  });

  it('reads a bounded part of an endless answer', async (context) => {
    const port = await receiver(context, (_, response) => {
      const more = () => {
        while (response.writable && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const answer = await outbound().post(`http://127.0.0.1:${port}/`, {}, '', signal);
    assert.equal(answer.text.length, outboundLimits.answer);
  });

  it('ends when there is no answer in time, or none is waited for any more', async (context) => {
    const port = await receiver(context, (_, response) => void response.write('a'));
    await assert.rejects(
      outbound({ time: 50 }).post(`http://127.0.0.1:${port}/`, {}, '', signal),
      /within 50 ms/,
    );
    const stop = new AbortController();
    const waiting = outbound().post(`http://127.0.0.1:${port}/`, {}, '', stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
  });
});

/**
 * Who may do what: every registered operation, on every path it has, asked by every principal. The host is the real one;
 * in place of each handler stands one that only tells that it was reached, and by whom.
 */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { configOf } from '../../src/config.ts';
import { Access } from '../../src/domain/access/index.ts';
import { Admission, HttpHost, RequestFigures } from '../../src/faces/http/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import type { HttpFace } from '../../src/kernel/operation.ts';
import { type Permission, permissions } from '../../src/kernel/operation.ts';
import type { RequestContext } from '../../src/kernel/request-context.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { ServerProcess } from '../durability/server-process.ts';
import { type Route, registeredOperations } from './registered.ts';
import { Wire, type WireRequest } from './wire.ts';

const token = 'open: sesame, ünïcode';
const { faces, routes, close } = await registeredOperations();
after(close);

const idsOf = (...asked: Permission[]) =>
  new Set(
    routes
      .filter(({ operation }) => asked.includes(operation.permission))
      .map(({ operation }) => operation.id),
  );
/** Reached by anyone: what is public, and what asks for a ticket itself. */
const publicIds = idsOf('public', 'ticket');

interface Reached {
  readonly operation: string;
  readonly context: RequestContext;
}

/** The real host over handlers that only note that they were reached. */
class Gate {
  readonly #host: HttpHost;
  readonly #reached: Reached[] = [];
  readonly fastifyRoutes: string[] = [];
  wire!: Wire;

  constructor(access: Access) {
    // What Fastify is told, by whomever: it announces each instance before it has a route.
    const watch = (message: unknown) => {
      const { fastify } = message as { fastify: FastifyInstance };
      fastify.addHook('onRoute', ({ method, url }) => {
        for (const one of [method].flat()) this.fastifyRoutes.push(`${one} ${url}`);
      });
    };
    subscribe('fastify.initialization', watch);
    this.#host = new HttpHost({
      access,
      faces: faces.map((face) => this.#watched(face)),
      ui: undefined,
      allowedHosts: [],
      clock: systemClock,
      random: systemRandom,
      log: { error: (fields) => assert.fail(String(fields.err)), info: () => {} },
      figures: new RequestFigures(() => ({})),
      admission: new Admission(),
    });
    unsubscribe('fastify.initialization', watch);
  }

  async open(): Promise<void> {
    this.wire = new Wire(await this.#host.listen('127.0.0.1', 0));
  }

  async close(): Promise<void> {
    this.wire.close();
    await this.#host.close();
  }

  /** The status, and the operation that was reached, if any. */
  async ask(request: WireRequest): Promise<{ status: number; text: string; reached: Reached | undefined }> {
    this.#reached.length = 0;
    const { status, text } = await this.wire.send(request);
    assert.ok(this.#reached.length <= 1);
    return { status, text, reached: this.#reached[0] };
  }

  #watched(face: HttpFace): HttpFace {
    const operations = face.operations.map((operation) => ({
      ...operation,
      handle: async (context: RequestContext) => {
        this.#reached.push({ operation: operation.id, context });
        return { status: 200, body: 'reached' };
      },
    }));
    return { ...face, operations };
  }
}

const pathOf = (path: string): string => path.replaceAll(/\{\w+\}|\*/g, 'x');
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const asLatin1 = (text: string) => Buffer.from(text).toString('latin1');

/** A token goes over the wire in ASCII as Bearer; as Basic it may hold anything. */
const bearerToken = 'sesame-0123456789';

const strangers: readonly (readonly [who: string, authorization: string | undefined])[] = [
  ['nobody', undefined],
  ['an empty header', ''],
  ['a wrong token', 'Bearer wrong'],
  ['a wrong password', basic('user', 'wrong')],
  ['a part of the token', `Bearer ${bearerToken.slice(0, -1)}`],
  ['the token and more', `Bearer ${bearerToken}x`],
  ['the token in capitals', `Bearer ${bearerToken.toUpperCase()}`],
  ['the token as user', basic(bearerToken, '')],
  ['the token without a scheme', bearerToken],
  ['the token under another scheme', `Digest ${bearerToken}`],
  ['a Basic without colon', `Basic ${Buffer.from(bearerToken).toString('base64')}`],
  ['a Basic that is no base64', 'Basic %%%'],
  ['Bearer and nothing', 'Bearer '],
  ['a null', 'Bearer null'],
  ['a long one', `Bearer ${'x'.repeat(8000)}`],
];
const holders: readonly (readonly [how: string, authorization: string])[] = [
  ['Bearer', `Bearer ${bearerToken}`],
  ['bearer in small letters', `bearer ${bearerToken}`],
  ['Basic password', basic('anyone', bearerToken)],
  ['Basic password without user', basic('', bearerToken)],
];

describe('the list of operations', () => {
  it('gives each a permission that exists, an id of its own and paths of its own', () => {
    for (const { operation } of routes) assert.ok(operation.permission in permissions, operation.id);
    const ids = faces.flatMap((face) => face.operations.map((operation) => operation.id));
    assert.equal(new Set(ids).size, ids.length);
    const paths = routes.map(({ operation, path }) => `${operation.method} ${path}`);
    assert.equal(new Set(paths).size, paths.length);
  });

  it('keeps for the public what tells nothing of what is stored', () => {
    const open = faces.flatMap((face) => face.operations).filter(({ permission }) => permission === 'public');
    for (const { id } of open)
      assert.match(id, /^(server\.(live|ready)|mlflow\.(health|version|server-info(\.post)?))$/);
  });

  it('takes a ticket for addresses that are handed out', () => {
    assert.deepEqual(
      [...idsOf('ticket')],
      ['mlflow.artifacts.multipart-part', 'mlflow.artifacts.download-version'],
    );
  });

  it('asks for more than reading where something is changed', () => {
    const safe = new Set(['public', 'metadata:read', 'server:observe']);
    for (const { operation } of routes) {
      // Questions too long for an address.
      const isQuestion =
        /search|anchors|groups|facets|draw|presigned-download|presigned-upload|server-info|lookup|get-latest-versions|series\.read/.test(
          operation.id,
        );
      if (operation.method === 'GET' || isQuestion) continue;
      assert.ok(!safe.has(operation.permission) || operation.id.startsWith('mlflow.gap.'), operation.id);
    }
  });
});

describe('a server that asks for its token', () => {
  const gate = new Gate(new Access({ token: bearerToken }));
  before(() => gate.open());
  after(() => gate.close());

  it('has no route that is not an operation', () => {
    const known = routes.map(
      ({ operation, path }) => `${operation.method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    assert.deepEqual([...new Set(gate.fastifyRoutes)].sort(), known.sort());
  });

  for (const [who, authorization] of strangers) {
    it(`lets ${who} reach only what is public`, async () => {
      for (const route of routes) await assertRefused(gate, route, pathOf(route.path), { authorization });
    });
  }

  for (const [how, authorization] of holders) {
    it(`lets who has it reach everything: ${how}`, async () => {
      for (const { operation, path } of routes) {
        const { status, reached } = await gate.ask({
          method: operation.method,
          path: pathOf(path),
          headers: { authorization },
        });
        assert.equal(status, 200, `${operation.method} ${path}`);
        assert.equal(reached?.operation, operation.id);
        assert.equal(reached.context.actor.kind, 'token');
        assert.deepEqual(reached.context.scope, { projects: 'all' });
      }
    });
  }

  it('is not reached around the token by another spelling of a path', async () => {
    for (const route of routes) {
      const path = pathOf(route.path);
      const cut = path.lastIndexOf('/');
      const spellings = [
        `/${path}`,
        `${path}/`,
        `${path.slice(0, cut)}/.${path.slice(cut)}`,
        `${path.slice(0, cut)}//${path.slice(cut + 1)}`,
        `${path.slice(0, cut)}%2f${path.slice(cut + 1)}`,
        `${path};token=${bearerToken}`,
        `${path}?token=${bearerToken}&access_token=${bearerToken}`,
        `/${[...path.slice(1)].map((letter) => (letter === '/' ? letter : `%${letter.charCodeAt(0).toString(16)}`)).join('')}`,
        `/x/..${path}`,
        path.toUpperCase(),
      ];
      for (const spelling of spellings)
        await assertRefused(gate, route, spelling, { cookie: `token=${bearerToken}` });
    }
  });

  it('answers before it looks at the body', async () => {
    for (const { operation, path } of routes) {
      if (publicIds.has(operation.id) || operation.method === 'GET') continue;
      const request = {
        method: operation.method,
        path: pathOf(path),
        declaredLength: operation.bodyLimit + 1,
      };
      const { status } = await gate.ask(request);
      assert.equal(status, 401, `${operation.method} ${path}`);
    }
  });

  it('says how to come in, and the same whether a thing exists or not', async () => {
    const { wire } = gate;
    const answers: string[] = [];
    for (const path of [
      '/api/v1/runs/1',
      '/api/v1/runs/..',
      '/api/v1/runs/%2e%2e%2f',
      '/api/v1/experiments/0',
    ]) {
      const { status, headers, text } = await wire.send({ method: 'GET', path });
      assert.equal(status, 401);
      assert.match(String(headers['www-authenticate']), /Bearer.*Basic/);
      const { requestId: _, ...rest } = JSON.parse(text);
      answers.push(JSON.stringify(rest));
    }
    assert.equal(new Set(answers).size, 1, answers.join('\n'));
    const { status, headers, text } = await wire.send({
      method: 'GET',
      path: '/api/2.0/mlflow/runs/get?run_id=x',
    });
    assert.equal(status, 401);
    assert.match(String(headers['www-authenticate']), /^Basic/);
    assert.equal(JSON.parse(text).error_code, 'UNAUTHENTICATED');
  });

  it('tells nothing by paths that do not exist', async () => {
    const paths = [
      '/api/v1/nothing',
      '/api/v1',
      '/api',
      '/.git/config',
      '/package.json',
      '/..%2fpackage.json',
      '/src/app.ts',
      '/cairn.db',
      '/admin',
      '/debug',
      '/api/2.0/mlflow/nothing',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status, headers, text } = await gate.wire.send({ method, path });
        assert.equal(status, 404, `${method} ${path}`);
        assert.equal(headers.server, undefined);
        assert.equal(headers['x-powered-by'], undefined);
        assert.ok(text.length < 400 && !/["']?(dependencies|stack|at )\b.*\n/.test(text), text);
      }
    }
  });
});

/** Whoever asks is nobody: they get what is public, or are told to say who they are, or that there is no such path. */
async function assertRefused(
  gate: Gate,
  { operation }: Route,
  path: string,
  headers: Record<string, string | undefined>,
): Promise<void> {
  const { status, text, reached } = await gate.ask({ method: operation.method, path, headers });
  const about = `${operation.method} ${path}: ${status} ${text.slice(0, 200)}`;
  if (reached === undefined) {
    assert.ok([400, 401, 404, 405].includes(status), about);
    if (status === 401) assert.match(text, /unauthenticated/i, about);
    return;
  }
  assert.ok(publicIds.has(reached.operation), about);
  assert.equal(reached.context.actor.kind, 'nobody', about);
}

describe('a server without a token', () => {
  const gate = new Gate(new Access({}));
  before(() => gate.open());
  after(() => gate.close());

  for (const [who, authorization] of strangers.slice(0, 4)) {
    it(`takes everyone on its machine as local: ${who}`, async () => {
      for (const { operation, path } of routes) {
        const { status, reached } = await gate.ask({
          method: operation.method,
          path: pathOf(path),
          headers: { authorization },
        });
        assert.equal(status, 200, `${operation.method} ${path}`);
        assert.equal(reached?.operation, operation.id);
        assert.equal(reached.context.actor.kind, 'local');
      }
    });
  }
});

describe('a token with letters of any kind', () => {
  const gate = new Gate(new Access({ token }));
  before(() => gate.open());
  after(() => gate.close());

  it('is taken as password of Basic', async () => {
    const request = { method: 'GET', path: '/api/v1/projects' };
    assert.equal((await gate.ask({ ...request, headers: { authorization: basic('u', token) } })).status, 200);
    assert.equal(
      (await gate.ask({ ...request, headers: { authorization: asLatin1(`Bearer ${token}`) } })).status,
      401,
    );
  });
});

describe('beyond loopback', () => {
  const beyond = [
    '0.0.0.0',
    '::',
    '192.168.1.10',
    '10.0.0.1',
    'example.org',
    '127.0.0.1.example.org',
    '128.0.0.1',
    '',
  ];
  const within = ['127.0.0.1', '127.8.9.10', 'localhost', '::1'];

  it('a server without a token is no configuration', () => {
    for (const host of beyond) assert.throws(() => configOf({ host }, '0', '/'), /CAIRN_TOKEN/, host);
    for (const host of within) assert.equal(configOf({ host }, '0', '/').host, host);
    for (const host of beyond) assert.equal(configOf({ host, token: 'x' }, '0', '/').token, 'x');
  });

  it('a server does not start without a token, and asks for it when it has one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-permissions-'));
    const start = (CAIRN_TOKEN: string) =>
      new ServerProcess({ dataDir: join(folder, 'data'), env: { CAIRN_HOST: '0.0.0.0', CAIRN_TOKEN } });
    try {
      const refused = start('');
      await assert.rejects(
        refused.ready(),
        /refusing to listen on 0\.0\.0\.0 without a token[\s\S]*CAIRN_TOKEN/,
      );
      const server = start(bearerToken);
      const wire = new Wire((await server.ready()).replace('0.0.0.0', '127.0.0.1'));
      const ask = async (authorization?: string) =>
        (await wire.send({ method: 'GET', path: '/api/v1/projects', headers: { authorization } })).status;
      assert.deepEqual(
        [await ask(), await ask('Bearer wrong'), await ask(`Bearer ${bearerToken}`)],
        [401, 401, 200],
      );
      assert.equal((await wire.send({ method: 'GET', path: '/healthz' })).status, 200);
      wire.close();
      assert.equal(await server.stop(), 0);
      assert.ok(!server.output.includes(bearerToken), 'the token stands in the log');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

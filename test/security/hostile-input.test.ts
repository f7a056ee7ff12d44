/**
 * Bad input: every registered route, its aliases too, is walked with generated hostile requests. None may end in a 5xx
 * (but 501 on a route listed as not built), an error names what is wrong, a request that is refused changes nothing, and
 * the server answers everybody else meanwhile.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ServerProcess } from '../durability/server-process.ts';
import { createPostgresPlace, type PostgresPlace, postgresMissing } from '../stores/postgres-server.ts';
import { faultsOf } from './answer-rules.ts';
import type { Example, Subject } from './example.ts';
import { examples, newSubject } from './examples.ts';
import { Heartbeat, mainThreadMs } from './heartbeat.ts';
import {
  type Case,
  cursorCases,
  goodRequest,
  type RouteExample,
  requestCases,
  valueCases,
} from './hostile-cases.ts';
import { isGap, type Route, registeredOperations } from './registered.ts';
import { postgresState, type StoreState, sqliteState } from './store-state.ts';
import { Wire, type WireAnswer } from './wire.ts';

/** A probe that waits longer than this has met a stall. */
const stallMs = 1000;

const { routes, close } = await registeredOperations();
after(close);
const built = routes.filter(({ operation }) => !isGap(operation));
const gaps = routes.filter(({ operation }) => isGap(operation));

/** A server on one store and everything to attack and to watch it with. */
class Target {
  readonly wire: Wire;
  readonly #server: ServerProcess;
  readonly #state: StoreState;
  readonly #heartbeat: Heartbeat;
  readonly faults: string[] = [];

  private constructor(server: ServerProcess, url: string, state: StoreState) {
    this.#server = server;
    this.wire = new Wire(url);
    this.#state = state;
    this.#heartbeat = new Heartbeat(url);
  }

  static async open(dataDir: string, databaseUrl?: string): Promise<Target> {
    const server = new ServerProcess({
      dataDir,
      databaseUrl,
      env: { CAIRN_ALLOW_WEBHOOK_TARGET: '127.0.0.1' },
    });
    const url = await server.ready();
    const state =
      databaseUrl === undefined ? sqliteState(join(dataDir, 'cairn.db')) : await postgresState(databaseUrl);
    return new Target(server, url, state);
  }

  /** Sends the request of a case and notes what is wrong. */
  async attempt(route: Route, hostile: Case): Promise<WireAnswer | undefined> {
    const before = await this.#state.read();
    this.#heartbeat.reset();
    const answer = await this.wire.send(hostile.request).catch((error: Error) => error);
    if (answer instanceof Error) {
      this.#note(route, hostile, String(answer));
      return undefined;
    }
    if (this.#heartbeat.slowest > stallMs && (await this.#stallsAgain(hostile)))
      this.#note(route, hostile, 'stalls the server');
    for (const fault of faultsOf(route, hostile, answer))
      this.#note(route, hostile, `${fault}: ${answer.text.slice(0, 300)}`);
    if (answer.status >= 300) {
      const afterwards = await this.#state.read();
      if (afterwards !== before && (await this.#changesAgain(hostile)))
        this.#note(route, hostile, `answered ${answer.status} and changed ${before} to ${afterwards}`);
    }
    return answer;
  }

  /** What was found since the last time. */
  takeFaults(): string[] {
    return this.faults.splice(0);
  }

  async close(): Promise<void> {
    await this.#heartbeat.close();
    this.wire.close();
    await this.#state.close();
    assert.equal(await this.#server.stop(), 0, this.#server.output);
  }

  /**
   * A slow probe may be the doing of a machine that is busy with all else. It is a stall if the same request is slow three
   * times and the thread that answers was at work all the while.
   */
  async #stallsAgain(hostile: Case): Promise<boolean> {
    for (let count = 0; count < 2; count++) {
      this.#heartbeat.reset();
      const before = mainThreadMs(this.#server.pid);
      await this.wire.send(hostile.request);
      const worked = mainThreadMs(this.#server.pid) - before;
      if (this.#heartbeat.slowest <= stallMs || worked < stallMs) return false;
    }
    return true;
  }

  /** What follows from earlier requests is written meanwhile (who is told of what is wrong): a request that changes something does so each time. */
  async #changesAgain(hostile: Case): Promise<boolean> {
    for (let count = 0; count < 2; count++) {
      const before = await this.#state.read();
      await this.wire.send(hostile.request);
      if ((await this.#state.read()) === before) return false;
    }
    return true;
  }

  #note({ operation, path }: Route, { name }: Case, fault: string): void {
    this.faults.push(`${operation.method} ${path}, ${name}: ${fault}`);
  }
}

function exampleOf({ operation }: Route, subject: Subject): RouteExample {
  const example: Example = examples[operation.id]!(subject);
  return { params: {}, query: {}, ...example };
}

/**
 * Sends all cases that `casesOf` makes; a request that succeeds may use its subject up, so the next gets a new one. Resolves to
 * the last.
 */
async function walk(
  target: Target,
  route: Route,
  casesOf: (example: RouteExample) => Iterable<Case>,
  only: (index: number) => boolean,
  first?: Subject,
): Promise<Subject> {
  let subject = first ?? (await newSubject(target.wire, route.operation.id));
  const isDestructive = /delete|untag|restore/.test(route.operation.id);
  const count = [...casesOf(exampleOf(route, subject))].length;
  let cases = [...casesOf(exampleOf(route, subject))];
  for (let index = 0; index < count; index++) {
    if (!only(index)) continue;
    const answer = await target.attempt(route, cases[index]!);
    if (answer !== undefined && answer.status < 300 && isDestructive) {
      subject = await newSubject(target.wire, route.operation.id);
      cases = [...casesOf(exampleOf(route, subject))];
    }
  }
  return subject;
}

function assertNoFaults(target: Target): void {
  const faults = target.takeFaults();
  assert.ok(faults.length === 0, `${faults.length} faults:\n${faults.slice(0, 40).join('\n')}`);
}

it('has a good request for every operation that is built', () => {
  const missing = built.filter(({ operation }) => examples[operation.id] === undefined);
  assert.deepEqual(
    missing.map(({ operation }) => operation.id),
    [],
  );
  const known = new Set(routes.map(({ operation }) => operation.id));
  assert.deepEqual(
    Object.keys(examples).filter((id) => !known.has(id)),
    [],
    'operations that are no more',
  );
});

describe('on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-hostile-'));
  let target: Target;
  before(async () => {
    target = await Target.open(join(folder, 'data'));
  });
  after(async () => {
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [index, route] of built.entries()) {
    const { operation, path } = route;
    const isAlias = path !== operation.path;
    it(`${operation.method} ${path}`, async () => {
      const { wire } = target;
      const requests = (example: RouteExample) => requestCases(route, example, wire.server, isAlias);
      const walked = await walk(target, route, requests, share(isAlias ? 36 : 12, index));
      if (!isAlias) {
        const values = (example: RouteExample) => valueCases(route, example);
        await walkCursors(target, route, await walk(target, route, values, share(12, index), walked));
      }
      const subject = await newSubject(wire, route.operation.id);
      const example = exampleOf(route, subject);
      const good = await wire.send(goodRequest(route, example));
      const isGood = example.answers === undefined ? good.status < 300 : good.status === example.answers;
      assert.ok(isGood, `the good request: ${good.status} ${good.text.slice(0, 500)}`);
      // What comes to derive from what is declared wrong is told of as long as it is.
      if (/taint/.test(operation.id)) await withdrawTaints(wire);
      assertNoFaults(target);
    });
  }
});

async function withdrawTaints(wire: Wire): Promise<void> {
  const { text } = await wire.send({ method: 'GET', path: '/api/v1/lineage/taints' });
  for (const { node } of JSON.parse(text).items as { node: { uid: string } }[]) {
    await wire.send({ method: 'DELETE', path: `/api/v1/lineage/taints?of=${node.uid}` });
  }
}

/** Of cases that are alike on many routes, one in `of`, others on each route; all of them in the long run. */
function share(of: number, route: number): (index: number) => boolean {
  return (index) => process.env.CAIRN_LONG === '1' || (index + route) % of === 0;
}

/** Operations whose good request has a next page. */
const paged = new Set<string>();

async function walkCursors(target: Target, route: Route, subject: Subject): Promise<void> {
  const example = exampleOf(route, subject);
  const { headers, text } = await target.wire.send(goodRequest(route, example));
  const page = /json/.test(String(headers['content-type'])) && text !== '' ? JSON.parse(text) : {};
  const cursor = page.cursor ?? page.next_page_token;
  if (cursor === undefined) return;
  paged.add(route.operation.id);
  for (const hostile of cursorCases(route, example, cursor)) await target.attempt(route, hostile);
}

describe('routes that are not built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-hostile-'));
  let target: Target;
  before(async () => {
    target = await Target.open(join(folder, 'data'));
  });
  after(async () => {
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`say so, whatever is sent to them (${gaps.length} paths)`, async () => {
    for (const [index, route] of gaps.entries()) {
      const isIn = share(12, index);
      const example = { params: {}, query: {}, ...(route.operation.method !== 'GET' && { body: {} }) };
      const cases = [...requestCases(route, example, target.wire.server, true)];
      for (const [number, hostile] of cases.entries()) if (isIn(number)) await target.attempt(route, hostile);
    }
    assertNoFaults(target);
  });

  it('methods that a path does not have', async () => {
    const methods = [
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'QUERY',
    ];
    for (const [path, of] of Map.groupBy(routes, (route) => route.path)) {
      // Paths outside of the APIs are pages of the UI to a browser that asks for their head.
      const isApi = /^\/(ajax-)?api\//.test(path);
      const known = new Set<string>(of.map(({ operation }) => operation.method));
      for (const method of methods.filter((method) => !known.has(method))) {
        const statuses = [...(method === 'HEAD' && !isApi ? [200] : []), 400, 403, 404, 405, 415, 501];
        const request = { method, path: path.replaceAll(/\{\w+\}|\*/g, 'x') };
        await target.attempt(of[0]!, { name: method, request, statuses });
      }
    }
    assertNoFaults(target);
  });

  it('bytes that are no HTTP', async () => {
    for (const bytes of noRequests) {
      const answer = await target.wire.raw(bytes);
      assert.ok(!/^HTTP\/1\.1 (2|5)\d\d/.test(answer), `${bytes.slice(0, 80)}: ${answer.slice(0, 200)}`);
      assert.equal((await target.wire.send({ method: 'GET', path: '/healthz' })).status, 200);
    }
  });
});

const head = 'Host: 127.0.0.1\r\nContent-Type: application/json\r\n';
const noRequests: readonly string[] = [
  'hello\r\n\r\n',
  '\0\0\0\0\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'GET /api/v1/projects HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n',
  'GET /api/v1/projects\r\n\r\n',
  'GET /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n',
  'GET http://evil.example/api/v1/projects HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  `POST /api/v1/projects HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST /api/v1/projects HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n{}`,
  `POST /api/v1/projects HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `,
  `POST /api/v1/projects HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}`,
  `POST /api/v1/projects HTTP/1.1\r\n${head}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
  `GET /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\n${'x: y\r\n'.repeat(10_000)}\r\n`,
  `GET /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
  `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
  'GET /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nx y: z\r\n\r\n',
  'GET /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nx: a\0b\r\n\r\n',
  'GET /api/v1/pro jects HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'GET /api/v1/\xff\xfe HTTP/1.1\r\nHost: evil.example\r\n\r\n',
];

const missing = postgresMissing();
describe('on PostgreSQL', { skip: missing ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-hostile-'));
  let place: PostgresPlace;
  let target: Target;
  before(async () => {
    place = await createPostgresPlace();
    target = await Target.open(folder, place.url);
  });
  after(async () => {
    await target.close();
    await place.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  // Requests differ by store only in the values that reach it: of those a part, another one in each operation of every second.
  const isIn = share(2, 0);
  const own = built.filter(({ operation, path }) => path === operation.path);
  for (const [index, route] of own.filter((_, index) => isIn(index)).entries()) {
    it(`${route.operation.method} ${route.path}`, async () => {
      const values = (example: RouteExample) => valueCases(route, example);
      await walkCursors(target, route, await walk(target, route, values, share(32, index)));
      assertNoFaults(target);
    });
  }
});

/** Makes hostile requests out of a good one: a case is a request and what must come of it beside what every answer must be. */
import { gzipSync } from 'node:zlib';
import type { HttpMethod } from '../../src/kernel/operation.ts';
import type { Example, Value } from './example.ts';
import { brokenBodies, deepBodies, oddBodies } from './hostile-bodies.ts';
import {
  cursorParts,
  cursors,
  jsonValues,
  largeJsonValues,
  pathValues,
  queryValues,
  valuesForField,
} from './hostile-values.ts';
import { isGap, type Route } from './registered.ts';
import type { WireRequest } from './wire.ts';

export interface Case {
  readonly name: string;
  readonly request: WireRequest;
  /** Statuses that are right; any below 500 when absent. */
  readonly statuses?: readonly number[];
  /** What an error must name: the value that was changed. */
  readonly field?: string;
  /** The value is of a wrong type: it must be refused. */
  readonly mustRefuse?: boolean;
}

export type RouteExample = Required<Pick<Example, 'params' | 'query'>> &
  Pick<Example, 'body' | 'bytes' | 'headers' | 'answers' | 'keeps'>;

/** Large values go into every field only in the long run; else into one of each operation. */
const isLong = process.env.CAIRN_LONG === '1';

/** The good request itself. */
export function goodRequest(route: Route, example: RouteExample): WireRequest {
  const body = bodyOf(example);
  return {
    method: route.operation.method,
    path: pathOf(route, example),
    ...(example.headers !== undefined && { headers: example.headers }),
    ...(body !== undefined && { body }),
  };
}

function bodyOf({ body, bytes }: RouteExample): string | Uint8Array | undefined {
  return body === undefined ? bytes : JSON.stringify(body);
}

/** Each value of the good request replaced, in turn, by each hostile one. */
export function* valueCases(route: Route, example: RouteExample): Generator<Case> {
  yield* pathCases(route, example);
  yield* queryCases(route, example);
  if (example.body !== undefined) yield* bodyCases(route, example, example.body);
}

function* pathCases(route: Route, example: RouteExample): Generator<Case> {
  const { method, permission } = route.operation;
  const { headers = {} } = example;
  const body = bodyOf(example);
  // A ticket is of one thing: with another one it is a wrong one.
  const refused = permission === 'ticket' ? [400, 403, 404, 405] : [400, 404, 405, 409, 501];
  for (const name of Object.keys(example.params)) {
    for (const value of pathValues) {
      const path = pathOf(route, { ...example, params: { ...example.params, [name]: value } }, true);
      yield {
        name: `${name} in the path: ${shown(value)}`,
        request: { method, path, headers, body },
        // Any rest of a path may be a path of a file, unless it leads out of where it stands.
        ...((name !== '*' || /\.\.|%2e%2e|%5c|%00/i.test(value)) && { statuses: refused }),
      };
    }
  }
}

function* queryCases(route: Route, example: RouteExample): Generator<Case> {
  const { method } = route.operation;
  const base = goodRequest(route, example);
  const plain = pathOf(route, { ...example, query: {} });
  const pairs = Object.entries(example.query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const withQuery = (parts: readonly string[]) => ({ ...base, method, path: `${plain}?${parts.join('&')}` });
  for (const [index, name] of Object.keys(example.query).entries()) {
    const others = pairs.filter((_, other) => other !== index);
    const special = valuesForField(name).map((value) => encodeURIComponent(unquoted(value)));
    for (const value of [...queryValues, ...special.filter((value) => value.length < 15_000)]) {
      yield {
        name: `${name}=${shown(value)}`,
        request: withQuery([...others, `${name}=${value}`]),
        field: name,
      };
    }
    yield { name: `${name} twice`, request: withQuery([...pairs, pairs[index]!]), field: name };
    yield { name: `no ${name}`, request: withQuery(others), field: name };
  }
  for (const part of [
    '__proto__=1',
    'constructor=1',
    'unknown=1',
    '%',
    '%ZZ=1',
    '=1',
    '&&&',
    '%00=1',
    'a'.repeat(12_000),
  ]) {
    yield { name: `query ${shown(part)}`, request: withQuery([...pairs, part]) };
  }
  yield {
    name: 'a query longer than any header may be',
    request: withQuery(['x'.repeat(60_000)]),
    statuses: [414, 431],
  };
}

interface Leaf {
  /** As an error names it: `tags[0].key`. */
  readonly path: string;
  readonly value: Value;
  put(mark: Value): Value;
}

/** A text that stands for the hostile one until the body is printed: that one need not be a value of JavaScript. */
const mark = '@@hostile@@';

function* bodyCases(
  route: Route,
  example: RouteExample,
  body: NonNullable<Example['body']>,
): Generator<Case> {
  const base = goodRequest(route, example);
  const leaves = [...leavesOf(body, '', (value) => value)];
  const largeAt = leaves[route.path.length % leaves.length]?.path;
  const print = (value: Value, text: string) => JSON.stringify(value).replace(`"${mark}"`, () => text);
  for (const leaf of leaves) {
    const changed = leaf.put(mark);
    const name = leaf.path
      .split('.')
      .at(-1)!
      .replace(/\[\d+\]$/, '');
    const large = isLong || leaf.path === largeAt ? largeJsonValues : [];
    for (const text of [...jsonValues, ...large, ...valuesForField(name)]) {
      yield {
        name: `${leaf.path} = ${shown(text)}`,
        request: { ...base, body: print(changed, text) },
        field: leaf.path,
        mustRefuse: example.keeps?.test(leaf.path) !== true && isOfAnotherType(leaf.value, text),
      };
    }
  }
  for (const name of Object.keys(body)) {
    const { [name]: _, ...rest } = body;
    yield { name: `no ${name}`, request: { ...base, body: JSON.stringify(rest) }, field: name };
  }
  const inside = JSON.stringify(body).slice(1, -1);
  const comma = inside === '' ? '' : ',';
  for (const extra of [
    '"__proto__":{"polluted":"yes"}',
    '"constructor":1',
    '"unknown":1',
    '"":1',
    '"\\u0000":1',
    `"${'k'.repeat(100_000)}":1`,
  ]) {
    yield { name: `beside it ${shown(extra)}`, request: { ...base, body: `{${inside}${comma}${extra}}` } };
  }
  yield { name: 'every field twice', request: { ...base, body: `{${inside}${comma}${inside}}` } };
}

function* leavesOf(value: Value, path: string, put: (mark: Value) => Value): Generator<Leaf> {
  if (path !== '') yield { path, value, put };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* leavesOf(item, `${path}[${index}]`, (inner) => put(value.with(index, inner)));
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value as { [name: string]: Value })) {
      yield* leavesOf(item, path === '' ? name : `${path}.${name}`, (inner) =>
        put({ ...(value as object), [name]: inner }),
      );
    }
  }
}

/** Plainly: texts, lists, objects and truth for one another, and numbers for all but texts that spell one. */
function isOfAnotherType(value: Value, text: string): boolean {
  const kind = kindOf(text);
  if (kind === 'null' || kind === 'none') return false;
  const own = Array.isArray(value) ? 'list' : typeof value;
  if (own === 'number') return kind !== 'number' && !(kind === 'string' && text !== '"x"');
  return own === 'string' ? kind !== 'string' : own !== kind;
}

function kindOf(text: string): string {
  if (/^(NaN|-?Infinity)/.test(text)) return 'none';
  const first = text[0]!;
  if (first === '"') return 'string';
  if (first === '[') return 'list';
  if (first === '{') return 'object';
  if (text === 'null') return 'null';
  return text === 'true' || text === 'false' ? 'boolean' : 'number';
}

/** A real cursor with each of its parts replaced: whoever holds one can read how it is made. */
export function* cursorCases(route: Route, example: RouteExample, real: string): Generator<Case> {
  const name = route.face.face === 'mlflow' ? 'page_token' : 'cursor';
  const withCursor = (cursor: string): WireRequest =>
    example.body === undefined
      ? goodRequest(route, { ...example, query: { ...example.query, [name]: cursor } })
      : goodRequest(route, { ...example, body: { ...example.body, [name]: cursor } });
  for (const cursor of cursors) {
    yield {
      name: `cursor ${shown(cursor)}`,
      request: withCursor(cursor),
      statuses: [400, 414, 431],
      field: name,
    };
  }
  const parts = JSON.parse(Buffer.from(real, 'base64url').toString()) as unknown[];
  for (const index of parts.keys()) {
    for (const part of cursorParts) {
      const forged = Buffer.from(JSON.stringify(parts.with(index, part))).toString('base64url');
      yield {
        name: `cursor part ${index} = ${shown(JSON.stringify(part))}`,
        request: withCursor(forged),
        field: name,
      };
    }
  }
  yield {
    name: 'cursor with a part more',
    request: withCursor(Buffer.from(JSON.stringify([...parts, 1])).toString('base64url')),
    statuses: [400],
  };
}

/** What is wrong with the request as a whole, for any operation. `isBrief` leaves out the large ones. */
export function* requestCases(
  route: Route,
  example: RouteExample,
  server: URL,
  isBrief: boolean,
): Generator<Case> {
  const good = goodRequest(route, example);
  const { operation } = route;
  yield* strangers(good, operation.permission === 'public', operation.method, server);
  yield* otherPaths(good, route.path.endsWith('*'));
  const isPublic = operation.permission === 'public';
  const hasBody =
    operation.method !== 'GET' &&
    example.bytes === undefined &&
    (example.body !== undefined || isNative(route));
  const over = operation.bodyLimit + 1;
  yield {
    name: 'a body that is said to be too large',
    request: { ...good, declaredLength: over },
    statuses: [413],
  };
  const zipped = { ...good, body: gzipSync(good.body ?? '{}'), headers: { 'content-encoding': 'gzip' } };
  yield {
    name: 'a compressed body',
    request: zipped,
    statuses: operation.takesGzip ? [201, 200] : [400, 415],
  };
  if (!hasBody) return;
  const body = good.body ?? '{}';
  const typed = (type: string | undefined) => ({ ...good, body, headers: { 'content-type': type } });
  const refusals = isPublic ? [200] : isGap(operation) || example.answers === 501 ? [404, 501] : [400, 415];
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    undefined,
  ]) {
    yield { name: `content type ${type}`, request: typed(type), statuses: refusals };
  }
  if (isBrief) return;
  yield {
    name: 'a body in chunks that is too large',
    request: { ...good, body: ' '.repeat(over), isChunked: true },
    statuses: [413],
  };
  for (const [name, text] of [...brokenBodies, ...deepBodies]) {
    yield {
      name,
      request: { ...good, body: text },
      statuses: [...(isPublic ? [200] : []), ...(example.answers === 501 ? [501] : []), 400, 413],
    };
  }
  const many = `{"name":[${'{},'.repeat(Math.floor(operation.bodyLimit / 3) - 10)}{}]}`;
  yield {
    name: 'a body full of objects',
    request: { ...good, body: many },
    statuses: isPublic ? [200] : [400, 501],
  };
  for (const [name, text] of oddBodies) yield { name, request: { ...good, body: text } };
}

const isNative = ({ face }: Route): boolean => face.face === 'native';

/** Pages of other sites, and names that were bent to this address. */
function* strangers(good: WireRequest, isPublic: boolean, method: HttpMethod, server: URL): Generator<Case> {
  const otherPort = `http://127.0.0.1:${Number(server.port) === 5000 ? 5001 : 5000}`;
  for (const origin of [
    'http://evil.example',
    'null',
    otherPort,
    `https://${server.host}.evil.example`,
    'file://',
    'x',
  ]) {
    const request = { ...good, headers: { origin } };
    // A page can always ask; without a word of ours its browser does not show it the answer.
    if (method === 'GET') yield { name: `Origin ${origin}`, request };
    else yield { name: `Origin ${origin}`, request, statuses: [403] };
  }
  const hosts = [
    'evil.example',
    '10.evil.example',
    `127.0.0.1.evil.example:${server.port}`,
    'localhost.evil.example',
    '[::1].evil',
    'localhost@evil.example',
    '',
  ];
  for (const host of hosts) {
    const request = { ...good, headers: { host } };
    yield isPublic
      ? { name: `Host ${host}`, request }
      : { name: `Host ${host}`, request, statuses: [400, 403] };
  }
  yield { name: 'no Host', request: { ...good, headers: { host: undefined } }, statuses: [400] };
}

function* otherPaths(good: WireRequest, isAnyPath: boolean): Generator<Case> {
  const [path = '/', query] = good.path.split('?', 2);
  const rest = query === undefined ? '' : `?${query}`;
  const last = path.lastIndexOf('/');
  const variants = [
    `${path}/`,
    `/${path}`,
    `${path.slice(0, last)}/${path.slice(last)}`,
    `${path.slice(0, last)}%2f${path.slice(last + 1)}`,
    `${path.slice(0, last)}%5c${path.slice(last + 1)}`,
    `${path};x=1`,
    `${path}%00`,
    `${path}%20`,
    `${path}.json`,
    path.toUpperCase(),
    `${path.slice(0, last)}/.${path.slice(last)}`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    `${path}%`,
    `${path}%C0%AF`,
  ];
  for (const variant of variants) {
    yield {
      name: `path ${shown(variant)}`,
      request: { ...good, path: variant + rest },
      ...(!isAnyPath && { statuses: [400, 403, 404, 405, 415, 501] }),
    };
  }
}

function pathOf({ path }: Pick<Route, 'path'>, { params, query }: RouteExample, isEncoded = false): string {
  const filled = path
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = params[name] ?? 'x';
      return isEncoded ? value : encodeURIComponent(value);
    })
    .replace('*', () => {
      const rest = params['*'] ?? 'any/rest';
      return isEncoded ? rest : rest.split('/').map(encodeURIComponent).join('/');
    });
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
}

const unquoted = (json: string): string => {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value.toWellFormed() : String(value);
};

const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}… (${text.length})` : text);

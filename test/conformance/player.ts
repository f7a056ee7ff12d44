/**
 * Plays a story (a few calls that build on each other) on both servers at once and collects where their answers differ.
 */
import { type AllowedDifference, allowedDifferences } from './allowed-differences.ts';
import { type Answer, type Call, routeOf, send } from './call.ts';
import { allowedBy, type Difference, describe, differences } from './compare.ts';
import { type Json, parseJson } from './exact-json.ts';
import { normalise } from './normalise.ts';
import { type Side, type SymbolKind, Symbols } from './symbols.ts';

/** What a story may know when it chooses its next call. */
export interface World {
  readonly symbols: Symbols;
  /** Symbols of what both servers made so far, in order. */
  readonly experiments: readonly string[];
  readonly runs: readonly string[];
  readonly models: readonly string[];
  readonly tokens: readonly string[];
}

export interface Story {
  /** Unique; says how to play it again. */
  readonly name: string;
  /** The next call, written with symbols and with `{{unique}}` (six characters) for this play; undefined ends the story. */
  next(world: World): Call | undefined;
}

export interface Failure {
  readonly story: string;
  readonly differences: readonly Difference[];
  /** The calls of the story up to the one that differs. */
  readonly calls: readonly Call[];
}

export function storyOf(name: string, calls: readonly Call[]): Story {
  const rest = calls[Symbol.iterator]();
  return { name, next: () => rest.next().value };
}

/** What a whole comparison saw: failures, use of the table, and which routes answered how. */
export class Tally {
  readonly failures: Failure[] = [];
  readonly used = new Map<AllowedDifference, number>();
  /** Route → the statuses of the real server. */
  readonly routes = new Map<string, Set<number>>();
  calls = 0;
  stories = 0;
  /** Apart from those of other runs only where the server outlives this one. */
  readonly #prefix =
    process.env.CAIRN_TEST_URL === undefined ? 'u' : `u${process.pid.toString(36).slice(-2)}`;

  /** Six characters that no other story has. */
  nextName(): string {
    return this.#prefix + (++this.stories).toString(36).padStart(6 - this.#prefix.length, '0');
  }

  unused(): AllowedDifference[] {
    return allowedDifferences.filter((row) => !this.used.has(row));
  }

  /** The text of a failed test. */
  report(most: number): string {
    const shown = this.failures.slice(0, most).map(({ story, differences, calls }) => {
      const before = calls
        .slice(0, -1)
        .map((call) => `    ${call.method} ${call.path} ${(call.body ?? '').slice(0, 300)}`);
      return [`── ${story}`, ...differences.map(describe), '  after', ...before].join('\n');
    });
    return [`${this.failures.length} stories differ`, ...shown].join('\n');
  }
}

export interface Servers extends Readonly<Record<Side, string>> {
  /** Where webhooks lead: `{{receiver}}` in a call. */
  readonly receiver?: string;
}

/** Returns the number of calls whose answers were compared before the story ended or the servers parted. */
export async function play(story: Story, servers: Servers, tally: Tally): Promise<number> {
  const symbols = new Symbols();
  const unique = tally.nextName();
  const world: World = {
    symbols,
    get experiments() {
      return symbols.all('experiment');
    },
    get runs() {
      return symbols.all('run');
    },
    get models() {
      return symbols.all('model');
    },
    get tokens() {
      return symbols.all('token');
    },
  };
  const calls: Call[] = [];
  for (let call = story.next(world); call !== undefined; call = story.next(world)) {
    calls.push(call);
    tally.calls++;
    const [real, cairn] = await Promise.all([
      send(servers.real, resolved(call, 'real', symbols, unique, servers.receiver)),
      send(servers.cairn, resolved(call, 'cairn', symbols, unique, servers.receiver)),
    ]);
    learn(call, real, cairn, symbols);
    note(tally, call, real);
    const found = differences(
      call,
      normalise(call, real, 'real', symbols),
      normalise(call, cairn, 'cairn', symbols),
    );
    const disallowed = found.filter((difference) => {
      const row = allowedBy(difference, allowedDifferences);
      if (row) tally.used.set(row, (tally.used.get(row) ?? 0) + 1);
      return row === undefined;
    });
    if (disallowed.length > 0) {
      tally.failures.push({ story: story.name, differences: disallowed, calls });
      return calls.length;
    }
    // One server wrote and the other refused, as a row allows: from here on the two stores rightly differ.
    if (isWrite(call) && (real.status === 200) !== (cairn.status === 200)) break;
  }
  return calls.length;
}

const isWrite = (call: Call) => call.method !== 'GET' && !routeOf(call).endsWith('/search');

function resolved(call: Call, side: Side, symbols: Symbols, unique: string, receiver = ''): Call {
  const own = (text: string) => text.replaceAll('{{unique}}', unique).replaceAll('{{receiver}}', receiver);
  const path = symbols.resolve(own(call.path), side, encodeURIComponent);
  if (call.body === undefined) return { ...call, path };
  return {
    ...call,
    path,
    body: symbols.resolve(own(call.body), side, (value) => JSON.stringify(value).slice(1, -1)),
  };
}

/** Pairs the ids and tokens that both servers gave. */
function learn(call: Call, real: Answer, cairn: Answer, symbols: Symbols): void {
  if (real.status !== 200 || cairn.status !== 200) return;
  const [a, b] = [parseJson(real.text), parseJson(cairn.text)];
  const pair = (kind: SymbolKind, ...path: string[]) => {
    const [x, y] = [at(a, path), at(b, path)];
    if (typeof x === 'string' && typeof y === 'string') symbols.learn(kind, x, y);
  };
  const route = routeOf(call);
  if (route === 'POST experiments/create') pair('experiment', 'experiment_id');
  if (route === 'POST runs/create') pair('run', 'run', 'info', 'run_id');
  if (route === 'POST logged-models') pair('model', 'model', 'info', 'model_id');
  if (route === 'POST webhooks') pair('webhook', 'webhook', 'webhook_id');
  pair('token', 'next_page_token');
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) =>
      inner === undefined || inner === null ? undefined : (inner as { readonly [key: string]: Json })[key],
    value,
  );
}

function note(tally: Tally, call: Call, real: Answer): void {
  const route = routeOf(call);
  const statuses = tally.routes.get(route) ?? new Set();
  tally.routes.set(route, statuses.add(real.status));
}

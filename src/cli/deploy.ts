/** `cairn deploy`: what serves where, told by pipelines and asked by people: record, end, roll back, list, history. */
import type { Cairn, Input } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import { systemRandom } from '../kernel/ids.ts';
import { type Action, actionOf, type Command, type Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';
import {
  countOf,
  instantOf,
  jsonOption,
  limitOf,
  limitOption,
  notAsExpected,
  pagesOf,
  printItems,
  serverOptions,
  textOf,
  withServer,
  wordAt,
} from './server-access.ts';
import { printable } from './text-table.ts';

export const deploy: Command = {
  name: 'deploy',
  summary: 'Tell a running server which model version serves where, and ask it what served when.',
  about:
    '`record` says that a version serves at an endpoint from now on (or from --at): it takes the slot over, or with --traffic shares it ' +
    'with what serves there. `end` and `roll-back` say how that ended. `list`, `show` and `history` tell what serves, and with --at what ' +
    'served then; --known-at as it was known then, before what was told late or corrected. `correct` and `retract` put right what was told ' +
    `wrongly. With --expect a change is made only if exactly that serves; otherwise nothing changes and the exit code is ${notAsExpected}. ` +
    'Cairn keeps the record; it deploys nothing itself.',
  examples: [
    ['cairn deploy', 'what serves where'],
    [
      'cairn deploy record --model models:/churn/3 --to prod/scoring --expect models:/churn/2',
      'version 3 took over, if it was 2 until now',
    ],
    [
      'cairn deploy record --model models:/churn/3 --to prod/scoring --traffic 20',
      'a fifth of the traffic, the rest as before',
    ],
    [
      'cairn deploy record --model models:/churn@champion --to prod/scoring --type kserve --url https://scoring.example --platform \'{"namespace":"prod"}\'',
      'with what it runs on',
    ],
    ['cairn deploy roll-back prod/scoring', 'it serves what it served before'],
    ['cairn deploy end prod/scoring --at 2026-11-20T18:00Z --outcome failed', 'told later'],
    ['cairn deploy show prod/scoring --at 2026-03-01', 'what served on that day'],
  ],
  settings: ['token'],
  words: 2,
  options: [
    {
      flag: 'model',
      kind: 'text',
      value: 'URI',
      doc: 'record: models:/churn/3, models:/churn@champion, models:/m-…. end: only this one. history: only of this one.',
    },
    {
      flag: 'to',
      kind: 'text',
      value: 'ENDPOINT',
      doc: 'record: where, such as prod/scoring; made if it is new.',
    },
    {
      flag: 'slot',
      kind: 'text',
      value: 'NAME',
      doc: 'A place in the endpoint with a traffic of its own. Unless set: main.',
    },
    {
      flag: 'at',
      kind: 'text',
      value: 'TIME',
      doc: 'When it was (2026-11-01, 2026-11-01T12:00Z); now unless set. list, show, history: as of then.',
    },
    {
      flag: 'known-at',
      kind: 'text',
      value: 'TIME',
      doc: 'list, show, history: as it was known then.',
    },
    {
      flag: 'until',
      kind: 'text',
      value: 'TIME',
      doc: 'record: it is over, and was then. correct: when it ended, `none` if it serves still.',
    },
    { flag: 'from', kind: 'text', value: 'TIME', doc: 'correct: when it began.' },
    {
      flag: 'traffic',
      kind: 'text',
      value: 'PERCENT',
      doc: 'record: its part of the traffic. Unless set: 100.',
    },
    {
      flag: 'keep',
      kind: 'switch',
      doc: 'record, end: what else serves there keeps its part of the traffic.',
    },
    {
      flag: 'type',
      kind: 'text',
      value: 'KIND',
      doc: 'record: kserve, seldon, triton, tf-serving, sagemaker, kubernetes, batch or other.',
    },
    { flag: 'url', kind: 'text', value: 'URL', doc: 'record: where it answers.' },
    { flag: 'image', kind: 'text', value: 'IMAGE', doc: 'record: the container image.' },
    { flag: 'region', kind: 'text', value: 'NAME', doc: 'record: sagemaker, batch, other.' },
    { flag: 'replicas', kind: 'text', value: 'N', doc: 'record: how many.' },
    {
      flag: 'platform',
      kind: 'text',
      value: 'JSON',
      doc: 'record: what else the platform has, as the API takes it, such as {"namespace":"prod"}.',
    },
    {
      flag: 'outcome',
      kind: 'text',
      value: 'WORD',
      doc: 'end, correct: retired or failed. Unless set: retired.',
    },
    { flag: 'note', kind: 'text', value: 'TEXT', doc: 'record, roll-back, correct: why.' },
    {
      flag: 'expect',
      kind: 'text',
      value: 'URIS',
      doc: `All that must serve in the slot now, joined by commas, none for nothing; else exit ${notAsExpected} and nothing changes.`,
    },
    {
      flag: 'key',
      kind: 'text',
      value: 'TEXT',
      doc: 'A name for this one change, such as the id of a build. Again under the same key it is done once.',
    },
    { flag: 'search', kind: 'text', value: 'TEXT', doc: 'list: only endpoints whose name holds this.' },
    limitOption,
    jsonOption,
    ...serverOptions,
  ],
  async run(invocation, terminal) {
    const [name = 'list', ...given] = invocation.words;
    return actionOf('deploy', actions, name, given, invocation.options).run(invocation, terminal);
  },
};

const facts = ['type', 'url', 'image', 'region', 'replicas', 'platform'];
const actions: Readonly<Record<string, Action>> = {
  list: { words: 0, flags: ['search', 'at', 'known-at'], run: list },
  show: { words: 1, flags: ['at', 'known-at'], run: show },
  history: { words: 1, flags: ['slot', 'model', 'at', 'known-at'], run: history },
  record: {
    words: 0,
    flags: ['model', 'to', 'slot', 'at', 'until', 'traffic', 'keep', 'note', 'expect', 'key', ...facts],
    run: record,
  },
  end: { words: 1, flags: ['model', 'slot', 'at', 'keep', 'outcome', 'expect', 'key'], run: end },
  'roll-back': { words: 1, flags: ['slot', 'at', 'note', 'expect', 'key'], run: rollBack },
  correct: { words: 1, flags: ['from', 'until', 'outcome', 'note', 'key'], run: correct },
  retract: { words: 1, flags: ['key'], run: retract },
};

const endpointWord = 'the name of the endpoint';
const deploymentWord = 'the uid of the deployment';

function list(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { options } = invocation;
  const limit = limitOf(options.limit);
  const when = whenOf(options);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('endpoint.list', {
        query: { ...when, search: textOf(options.search), limit: Math.min(limit, 500), cursor },
      }),
    );
    const { endpointListLines } = await import('./deploy-tables.ts');
    return printItems(terminal, options.json, found, endpointListLines);
  });
}

function show(invocation: Invocation, terminal: Terminal): Promise<number> {
  const endpoint = wordAt(invocation.words, 1, endpointWord);
  const when = whenOf(invocation.options);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await cairn.call('endpoint.serving', { query: { ...when, endpoint } });
    const { endpointLines } = await import('./deploy-tables.ts');
    return printItems(terminal, invocation.options.json, [found], () => endpointLines(found, cairn.url));
  });
}

function history(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const [endpoint, model] = [words[1], textOf(options.model)];
  if (endpoint === undefined && model === undefined)
    throw new UsageError(`${endpointWord} is missing, or --model`);
  const limit = limitOf(options.limit);
  const when = whenOf(options);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('deployment.list', {
        query: { ...when, endpoint, model, slot: textOf(options.slot), limit: Math.min(limit, 1000), cursor },
      }),
    );
    const { historyLines } = await import('./deploy-tables.ts');
    return printItems(terminal, options.json, found, historyLines);
  });
}

function record(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { options } = invocation;
  const [model, endpoint] = [textOf(options.model), textOf(options.to)];
  if (model === undefined) throw new UsageError('--model is missing: models:/churn/3');
  if (endpoint === undefined) throw new UsageError('--to is missing: the endpoint, such as prod/scoring');
  const platform = platformOf(options);
  const body = given({
    ...{ endpoint, model, slot: textOf(options.slot), note: textOf(options.note), platform },
    ...{ at: instantOf('at', textOf(options.at)), ended: instantOf('until', textOf(options.until)) },
    ...{ traffic: percentOf(options.traffic), expected: expectedOf(options.expect) },
    others: options.keep === true ? ('keep' as const) : undefined,
  });
  return withServer(invocation, terminal, async (cairn) => {
    const made = await cairn.call('deployment.record', { body, ...keyOf(options) });
    const { deploymentText } = await import('./deploy-tables.ts');
    return printItems(terminal, options.json, [made], () => [deploymentText(made)]);
  });
}

function end(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const endpoint = wordAt(words, 1, endpointWord);
  const body = given({
    ...{ endpoint, model: textOf(options.model), slot: textOf(options.slot) },
    ...{ at: instantOf('at', textOf(options.at)), expected: expectedOf(options.expect) },
    ...{ outcome: outcomeOf(options.outcome), others: options.keep === true ? ('keep' as const) : undefined },
  });
  return withServer(invocation, terminal, async (cairn) => {
    const { items } = await cairn.call('deployment.end', { body, ...keyOf(options) });
    const { deploymentText } = await import('./deploy-tables.ts');
    return printItems(terminal, options.json, items, () => items.map(deploymentText));
  });
}

function rollBack(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const endpoint = wordAt(words, 1, endpointWord);
  const body = given({
    ...{ endpoint, slot: textOf(options.slot), note: textOf(options.note) },
    ...{ at: instantOf('at', textOf(options.at)), expected: expectedOf(options.expect) },
  });
  return withServer(invocation, terminal, async (cairn) => {
    const found = await cairn.call('deployment.roll-back', { body, ...keyOf(options) });
    const slot = body.slot ?? 'main';
    const now = found.serving.filter((one) => one.slot === slot);
    const { deploymentText } = await import('./deploy-tables.ts');
    return printItems(terminal, options.json, [found], () => now.map(deploymentText));
  });
}

function correct(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const deployment = wordAt(words, 1, deploymentWord);
  const until = textOf(options.until);
  const body = given({
    ...{ started: instantOf('from', textOf(options.from)), note: textOf(options.note) },
    ...{ ended: until === 'none' ? null : instantOf('until', until), outcome: outcomeOf(options.outcome) },
  });
  if (Object.keys(body).length === 0)
    throw new UsageError('nothing is corrected: --from, --until, --outcome, --note');
  return withServer(invocation, terminal, async (cairn) => {
    const found = await cairn.call('deployment.correct', { params: { deployment }, body, ...keyOf(options) });
    const { deploymentText } = await import('./deploy-tables.ts');
    return printItems(terminal, options.json, [found], () => [deploymentText(found)]);
  });
}

function retract(invocation: Invocation, terminal: Terminal): Promise<number> {
  const deployment = wordAt(invocation.words, 1, deploymentWord);
  return withServer(invocation, terminal, async (cairn: Cairn) => {
    await cairn.call('deployment.retract', { params: { deployment }, ...keyOf(invocation.options) });
    if (invocation.options.json !== true) terminal.out(`${printable(deployment)} never was`);
    return 0;
  });
}

type Options = Invocation['options'];
type Present<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without what was not given. */
function given<T extends object>(values: T): Partial<Present<T>> & RequiredOf<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Present<T>> & RequiredOf<T>;
}
type RequiredOf<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] };

/** The server reads days as this does; what is no day is told before it is asked. */
function whenOf(options: Options): { as_of?: string; known_at?: string } {
  const text = (flag: string) => {
    const at = instantOf(flag, textOf(options[flag]));
    return at === undefined ? undefined : String(at);
  };
  return given({ as_of: text('at'), known_at: text('known-at') });
}

/** One request that is sent again after a fault must not be two. */
const keyOf = (options: Options) => ({
  idempotencyKey: textOf(options.key) ?? Buffer.from(systemRandom(16)).toString('hex'),
});

function percentOf(value: string | true | undefined): number | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const percent = Number(text.replace(/ ?%$/, ''));
  if (text.trim() === '' || !(percent >= 0 && percent <= 100)) {
    throw new UsageError(`--traffic must be a number from 0 to 100, not ${printable(text)}`);
  }
  return percent;
}

function expectedOf(value: string | true | undefined): string[] | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  if (text === 'none') return [];
  return text.split(',').map((uri) => uri.trim());
}

function outcomeOf(value: string | true | undefined): 'retired' | 'failed' | undefined {
  const text = textOf(value);
  if (text === undefined || text === 'retired' || text === 'failed') return text;
  throw new UsageError(`--outcome must be retired or failed, not ${printable(text)}`);
}

type Platform = NonNullable<Input<'deployment.record'>['body']['platform']>;

function platformOf(options: Options): Platform | undefined {
  const told = given({
    ...{ url: textOf(options.url), image: textOf(options.image), region: textOf(options.region) },
    replicas: textOf(options.replicas) === undefined ? undefined : countOf('replicas', options.replicas, 1),
  });
  const json = textOf(options.platform);
  const more = json === undefined ? {} : objectOf(json);
  const kind = textOf(options.type);
  const isTold = Object.keys(told).length > 0 || json !== undefined;
  if (kind === undefined && !isTold) return undefined;
  // What is no kind is refused by the server, with the list of them.
  return { kind: 'other', ...more, ...(kind !== undefined && { kind }), ...told } as Platform;
}

function objectOf(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw new UsageError('--platform must be a JSON object, such as {"namespace":"prod"}');
}

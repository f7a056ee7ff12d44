/** `cairn webhooks`: who is told of changes in the registry and of deployments, what they were sent, and sending it again. */
import type { Cairn, Input } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import { type Action, actionOf, type Command, type Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';
import {
  jsonOption,
  limitOf,
  limitOption,
  pagesOf,
  printItems,
  serverOptions,
  textOf,
  withServer,
  wordAt,
} from './server-access.ts';
import { printable } from './text-table.ts';

export const webhooks: Command = {
  name: 'webhooks',
  summary: 'Make, try out and look after the webhooks of a running server; send deliveries again.',
  about:
    '`list` and `show` tell who is told of what, `create` makes a webhook, `test` sends it an example now. `deliveries` tells what it ' +
    'was sent, what waits and what was given up; `replay` sends one again, or with --failed all that were given up, under the ids they ' +
    'have. `disable`, `enable` and `delete` do what they say. A webhook is named by its id, or by its name where only one has it. ' +
    'Asks a running server, by the client for TypeScript.',
  examples: [
    ['cairn webhooks', 'who is told of what'],
    [
      'cairn webhooks create deploy https://ci.example.org/hook --events model_version_alias.created --secret-file hook.secret',
      'one that is told when an alias moves, and signed for',
    ],
    ['cairn webhooks test deploy', 'an example, now; exit code 1 unless it is taken'],
    ['cairn webhooks deliveries deploy --state failed', 'what it never took'],
    ['cairn webhooks replay deploy --failed', 'all of that again'],
    ['cairn webhooks disable deploy', 'what happens meanwhile is not told'],
  ],
  settings: ['token'],
  words: 3,
  options: [
    {
      flag: 'events',
      kind: 'text',
      value: 'NAMES',
      doc: 'create: what it is told of, separated by commas. test: the one event to send an example of.',
    },
    {
      flag: 'secret-file',
      kind: 'text',
      value: 'FILE',
      doc: 'create: holds the secret by which deliveries are signed. It is never told again.',
    },
    { flag: 'description', kind: 'text', value: 'TEXT', doc: 'create: what it is for.' },
    {
      flag: 'state',
      kind: 'text',
      value: 'STATE',
      doc: 'deliveries: only those that are waiting, delivered or failed.',
    },
    { flag: 'failed', kind: 'switch', doc: 'replay: all that were given up.' },
    limitOption,
    jsonOption,
    ...serverOptions,
  ],
  async run(invocation, terminal) {
    const [name = 'list', ...given] = invocation.words;
    return actionOf('webhooks', actions, name, given, invocation.options).run(invocation, terminal);
  },
};

const actions: Readonly<Record<string, Action>> = {
  list: { words: 0, run: list },
  show: { words: 1, run: show },
  create: { words: 2, run: create },
  test: { words: 1, run: test },
  deliveries: { words: 1, run: deliveries },
  replay: { words: 2, run: replay },
  disable: { words: 1, run: (invocation, terminal) => setActive(invocation, terminal, false) },
  enable: { words: 1, run: (invocation, terminal) => setActive(invocation, terminal, true) },
  delete: { words: 1, run: remove },
};

const webhookWord = 'the id or the name of the webhook';
/** A project has fewer. */
const most = 1000;

function list(invocation: Invocation, terminal: Terminal): Promise<number> {
  const limit = limitOf(invocation.options.limit);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('webhook.list', { query: { limit: Math.min(limit, most), cursor } }),
    );
    const { webhookListLines } = await import('./webhook-tables.ts');
    return printItems(terminal, invocation.options.json, found, webhookListLines);
  });
}

function show(invocation: Invocation, terminal: Terminal): Promise<number> {
  return withWebhook(invocation, terminal, async (_cairn, found) => {
    const { webhookLines } = await import('./webhook-tables.ts');
    return printItems(terminal, invocation.options.json, [found], () => webhookLines(found));
  });
}

function create(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const [name, url] = [wordAt(words, 1, 'the name of the webhook'), wordAt(words, 2, 'its address')];
  const events = textOf(options.events);
  if (events === undefined) throw new UsageError('--events is missing: what it is to be told of');
  const description = textOf(options.description);
  const file = textOf(options['secret-file']);
  const secret = file === undefined ? undefined : terminal.readFile(file)?.trim();
  if (file !== undefined && !secret) throw new UsageError(`--secret-file: there is no secret in ${file}`);
  return withServer(invocation, terminal, async (cairn) => {
    const made = await cairn.call('webhook.create', {
      body: {
        ...{ name, url, events: events.split(',').map((event) => event.trim() as EventName) },
        ...(description !== undefined && { description }),
        ...(secret !== undefined && { secret }),
      },
    });
    const { webhookLines } = await import('./webhook-tables.ts');
    return printItems(terminal, options.json, [made], () => webhookLines(made));
  });
}

function test(invocation: Invocation, terminal: Terminal): Promise<number> {
  const event = textOf(invocation.options.events) as EventName | undefined;
  return withWebhook(invocation, terminal, async (cairn, { id: webhook }) => {
    const body = event === undefined ? {} : { event };
    const result = await cairn.call('webhook.test', { params: { webhook }, body });
    const { testText } = await import('./webhook-tables.ts');
    printItems(terminal, invocation.options.json, [result], () => [testText(result)]);
    return result.success ? 0 : 1;
  });
}

function deliveries(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { options } = invocation;
  const limit = limitOf(options.limit);
  const state = stateOf(textOf(options.state));
  return withWebhook(invocation, terminal, async (cairn, { id: webhook }) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('webhook-delivery.list', {
        params: { webhook },
        query: { state, limit: Math.min(limit, most), cursor },
      }),
    );
    const { deliveryListLines } = await import('./webhook-tables.ts');
    return printItems(terminal, options.json, found, deliveryListLines);
  });
}

function replay(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const one = words[2];
  if ((one === undefined) === (options.failed === undefined))
    throw new UsageError('replay takes the id of a delivery, or --failed');
  return withWebhook(invocation, terminal, async (cairn, { id: webhook }) => {
    const wanted = one === undefined ? await failedOf(cairn, webhook) : [one];
    for (const delivery of wanted) {
      const sent = await cairn.call('webhook-delivery.replay', { params: { webhook, delivery } });
      if (options.json === true) terminal.out(JSON.stringify(sent));
    }
    if (options.json === true) return 0;
    const what =
      one === undefined ? `${wanted.length} ${wanted.length === 1 ? 'delivery' : 'deliveries'}` : one;
    terminal.out(`${what} ${wanted.length === 1 ? 'is' : 'are'} sent again`);
    return 0;
  });
}

async function failedOf(cairn: Cairn, webhook: string): Promise<string[]> {
  const found = await pagesOf(most, (cursor) =>
    cairn.call('webhook-delivery.list', {
      params: { webhook },
      query: { state: 'failed', limit: most, cursor },
    }),
  );
  // In the order in which it happened.
  return found.map(({ id }) => id).reverse();
}

function setActive(invocation: Invocation, terminal: Terminal, active: boolean): Promise<number> {
  return withWebhook(invocation, terminal, async (cairn, { id: webhook }) => {
    const changed = await cairn.call('webhook.update', { params: { webhook }, body: { active } });
    return printItems(terminal, invocation.options.json, [changed], () => [
      `${printable(changed.name)} is ${active ? 'told again, of what happens from now on' : 'told nothing any more'}`,
    ]);
  });
}

function remove(invocation: Invocation, terminal: Terminal): Promise<number> {
  return withWebhook(invocation, terminal, async (cairn, { id: webhook, name }) => {
    await cairn.call('webhook.delete', { params: { webhook } });
    if (invocation.options.json !== true) terminal.out(`${printable(name)} is deleted, with its deliveries`);
    return 0;
  });
}

type EventName = Input<'webhook.create'>['body']['events'][number];
type Webhook = Awaited<ReturnType<typeof all>>[number];

function all(cairn: Cairn) {
  return pagesOf(most, (cursor) => cairn.call('webhook.list', { query: { limit: most, cursor } }));
}

/** With the webhook that the first word names. */
function withWebhook(
  invocation: Invocation,
  terminal: Terminal,
  body: (cairn: Cairn, webhook: Webhook) => Promise<number>,
): Promise<number> {
  const word = wordAt(invocation.words, 1, webhookWord);
  return withServer(invocation, terminal, async (cairn) => {
    const known = await all(cairn);
    const found = known.filter(({ id }) => id === word);
    const named = found.length > 0 ? found : known.filter(({ name }) => name === word);
    if (named.length === 1) return body(cairn, named[0]!);
    const ids = named.map(({ id }) => id).join(', ');
    terminal.err(
      named.length === 0
        ? `cairn: no webhook has the id or the name ${printable(word)}`
        : `cairn: ${named.length} webhooks are called ${printable(word)}; name one by its id: ${ids}`,
    );
    return 1;
  });
}

const states = ['waiting', 'delivered', 'failed'] as const;

function stateOf(text: string | undefined): (typeof states)[number] | undefined {
  const found = states.find((state) => state === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`--state is ${states.join(', ')}; not ${printable(text)}`);
  return found;
}

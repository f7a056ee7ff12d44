/** `cairn models`: the registry of a running server, for people and for pipelines: look, register, promote, roll back. */
import type { Cairn, RequestError } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import { type Action, actionOf, type Command, type Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';
import {
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

/** What a version is promoted to unless `--alias` says otherwise. */
const usualAlias = 'champion';

export const models: Command = {
  name: 'models',
  summary: 'Look into the model registry of a running server, register versions, promote and roll back.',
  about:
    '`list`, `show`, `versions` and `history` tell what is registered and what was named when and by whom; `resolve` prints the ' +
    'version that a models:/ URI leads to, also as of a day. `register` makes the next version of a model (and the model, where ' +
    `there is none), \`promote\` lets an alias name a version, \`rollback\` puts it back to what it named before. With --expect the ` +
    `alias moves only if it names that version now; otherwise nothing changes and the exit code is ${notAsExpected}. Asks a running ` +
    'server, by the client for TypeScript.',
  examples: [
    ['cairn models', 'what is registered'],
    ['cairn models show fraud', 'one model: its aliases and latest versions'],
    [
      'cairn models register fraud runs:/01a2…/model',
      'the next version, from a run; models:/m-… from a logged model',
    ],
    ['cairn models promote fraud 4 --expect 3', 'champion becomes 4, if it is 3 now'],
    ['cairn models rollback fraud --expect 4', 'champion goes back to what it was before'],
    ['cairn models alias set fraud challenger 5 --expect none', 'another alias, if it names nothing yet'],
    ['cairn models resolve models:/fraud@champion --at 2026-11-01', 'what it was on that day'],
  ],
  settings: ['token'],
  words: 5,
  options: [
    { flag: 'search', kind: 'text', value: 'TEXT', doc: 'list: only those whose name holds this.' },
    limitOption,
    {
      flag: 'alias',
      kind: 'text',
      value: 'NAME',
      doc: `promote, rollback: the alias, ${usualAlias} unless set. history: only of this alias. register: let it name the new version.`,
    },
    {
      flag: 'expect',
      kind: 'text',
      value: 'VERSION',
      doc: `The version that the alias must name now, none for nothing; else exit ${notAsExpected} and nothing changes.`,
    },
    { flag: 'description', kind: 'text', value: 'TEXT', doc: 'register: what the version is.' },
    {
      flag: 'key',
      kind: 'text',
      value: 'TEXT',
      doc: 'register, promote, rollback, alias: a name for this one change, such as the id of a build. Again under the same key it is done once.',
    },
    {
      flag: 'at',
      kind: 'text',
      value: 'TIME',
      doc: 'resolve: as of this day or time (2026-11-01, 2026-11-01T12:00Z).',
    },
    jsonOption,
    ...serverOptions,
  ],
  async run(invocation, terminal) {
    const [first = 'list', second] = invocation.words;
    const name = first === 'alias' ? `alias ${second ?? ''}`.trim() : first;
    const given = invocation.words.slice(first === 'alias' ? 2 : 1);
    return actionOf('models', actions, name, given, invocation.options).run(invocation, terminal);
  },
};

const actions: Readonly<Record<string, Action>> = {
  list: { words: 0, run: list },
  show: { words: 1, run: show },
  versions: { words: 1, run: versions },
  register: { words: 2, run: register },
  promote: {
    words: 2,
    run: (invocation, terminal) => {
      const { words, options } = invocation;
      const alias = textOf(options.alias) ?? usualAlias;
      const model = wordAt(words, 1, modelWord);
      return setAlias({ model, alias, version: versionAt(words, 2) }, invocation, terminal);
    },
  },
  rollback: { words: 1, run: rollback },
  'alias set': {
    words: 3,
    run: (invocation, terminal) => {
      const { words } = invocation;
      const [model, alias] = [wordAt(words, 2, modelWord), wordAt(words, 3, 'the alias')];
      return setAlias({ model, alias, version: versionAt(words, 4) }, invocation, terminal);
    },
  },
  'alias remove': { words: 2, run: removeAlias },
  history: { words: 1, run: history },
  resolve: { words: 1, run: resolve },
};

const modelWord = 'the name of the model';

function list({ options, ...rest }: Invocation, terminal: Terminal): Promise<number> {
  const limit = limitOf(options.limit);
  const search = textOf(options.search);
  return withServer({ options, ...rest }, terminal, async (cairn) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('registered-model.list', {
        query: { search, order: '-updated', limit: Math.min(limit, 1000), cursor },
      }),
    );
    const { modelListLines } = await import('./model-tables.ts');
    return printItems(terminal, options.json, found, modelListLines);
  });
}

function show(invocation: Invocation, terminal: Terminal): Promise<number> {
  const model = wordAt(invocation.words, 1, modelWord);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await cairn.call('registered-model.get', { params: { model } });
    const { modelLines } = await import('./model-tables.ts');
    return printItems(terminal, invocation.options.json, [found], () => modelLines(found, cairn.url));
  });
}

function versions(invocation: Invocation, terminal: Terminal): Promise<number> {
  const model = wordAt(invocation.words, 1, modelWord);
  const limit = limitOf(invocation.options.limit);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('model-version.list', {
        params: { model },
        query: { limit: Math.min(limit, 1000), cursor },
      }),
    );
    const { versionListLines } = await import('./model-tables.ts');
    return printItems(terminal, invocation.options.json, found, versionListLines);
  });
}

function register(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const [model, source] = [wordAt(words, 1, modelWord), wordAt(words, 2, 'the URI of what is registered')];
  const description = textOf(options.description);
  const alias = textOf(options.alias);
  const expected = expectedOf(options.expect);
  if (expected !== undefined && alias === undefined) throw new UsageError('--expect needs --alias here');
  return withServer(invocation, terminal, async (cairn) => {
    await makeModel(cairn, model);
    const made = await cairn.call('model-version.create', {
      ...keyOf(invocation),
      params: { model },
      body: { ...sourceOf(source), ...(description !== undefined && { description }) },
    });
    if (options.json !== true)
      terminal.out(`version ${made.version} of ${printable(model)}, from ${printable(source)}`);
    try {
      if (alias === undefined) return 0;
      await cairn.call('model-alias.set', {
        ...keyOf(invocation),
        params: { model, alias },
        body: { version: made.version, ...(expected !== undefined && { expected }) },
      });
      if (options.json !== true) terminal.out(`${printable(alias)} names version ${made.version}`);
      return 0;
    } finally {
      // The version is there whatever became of the alias.
      const params = { model, version: String(made.version) };
      if (options.json === true)
        terminal.out(JSON.stringify(await cairn.call('model-version.get', { params })));
    }
  });
}

/** Somebody may make it at the same moment: that is as good. */
async function makeModel(cairn: Cairn, model: string): Promise<void> {
  try {
    await cairn.call('registered-model.get', { params: { model } });
    return;
  } catch (error) {
    if ((error as Partial<RequestError>).status !== 404) throw error;
  }
  try {
    await cairn.call('registered-model.create', { body: { name: model } });
  } catch (error) {
    if ((error as Partial<RequestError>).code !== 'already_exists') throw error;
    // A name that only reads like this one is taken too, and is no reason to go on.
    await cairn.call('registered-model.get', { params: { model } }).catch(() => {
      throw error;
    });
  }
}

/** What the server asks to be named beside a URI: the run, or the logged model, that the files are of. */
function sourceOf(source: string): { source: string; run?: string; loggedModel?: string } {
  const run = /^runs:\/([^/]+)\//i.exec(source)?.[1];
  const loggedModel = /^models:\/(m-[^/@]+)$/i.exec(source)?.[1];
  return { source, ...(run !== undefined && { run }), ...(loggedModel !== undefined && { loggedModel }) };
}

function setAlias(
  { model, alias, version }: { model: string; alias: string; version: number },
  invocation: Invocation,
  terminal: Terminal,
): Promise<number> {
  const expected = expectedOf(invocation.options.expect);
  return withServer(invocation, terminal, async (cairn) => {
    const changed = await cairn.call('model-alias.set', {
      ...keyOf(invocation),
      params: { model, alias },
      body: { version, ...(expected !== undefined && { expected }) },
    });
    return printItems(terminal, invocation.options.json, [changed], () => [
      `${printable(alias)} of ${printable(model)} names version ${version}`,
    ]);
  });
}

function rollback(invocation: Invocation, terminal: Terminal): Promise<number> {
  const model = wordAt(invocation.words, 1, modelWord);
  const alias = textOf(invocation.options.alias) ?? usualAlias;
  const expected = expectedOf(invocation.options.expect);
  return withServer(invocation, terminal, async (cairn) => {
    const changed = await cairn.call('model-alias.undo', {
      ...keyOf(invocation),
      params: { model, alias },
      body: { ...(expected !== undefined && { expected }) },
    });
    const now = changed.aliases.find((each) => each.alias === alias)?.version;
    return printItems(terminal, invocation.options.json, [changed], () => [
      `${printable(alias)} of ${printable(model)} names ${now === undefined ? 'nothing' : `version ${now}`} again`,
    ]);
  });
}

function removeAlias(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { words, options } = invocation;
  const [model, alias] = [wordAt(words, 2, modelWord), wordAt(words, 3, 'the alias')];
  const expected = expectedOf(options.expect);
  if (expected === null) throw new UsageError('--expect none: there would be nothing to remove');
  return withServer(invocation, terminal, async (cairn) => {
    await cairn.call('model-alias.remove', {
      ...keyOf(invocation),
      params: { model, alias },
      query: { expected },
    });
    if (options.json !== true) terminal.out(`${printable(alias)} of ${printable(model)} names nothing`);
    return 0;
  });
}

function history(invocation: Invocation, terminal: Terminal): Promise<number> {
  const model = wordAt(invocation.words, 1, modelWord);
  const { options } = invocation;
  const limit = limitOf(options.limit);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('registered-model.history', {
        params: { model },
        query: { alias: textOf(options.alias), limit: Math.min(limit, 1000), cursor },
      }),
    );
    const { historyLines } = await import('./model-tables.ts');
    return printItems(terminal, options.json, found, historyLines);
  });
}

function resolve(invocation: Invocation, terminal: Terminal): Promise<number> {
  const uri = wordAt(invocation.words, 1, 'a URI such as models:/fraud@champion');
  const at = instantOf('at', textOf(invocation.options.at));
  return withServer(invocation, terminal, async (cairn) => {
    const found = await cairn.call('model-version.resolve', { query: { uri, at } });
    const { versionText } = await import('./model-tables.ts');
    return printItems(terminal, invocation.options.json, [found], () => [versionText(found)]);
  });
}

function versionAt(words: readonly string[], index: number): number {
  const word = wordAt(words, index, 'the number of the version');
  return numberOf(word, 'a version is');
}

function keyOf({ options }: Invocation): { idempotencyKey?: string } {
  const key = textOf(options.key);
  return key === undefined ? {} : { idempotencyKey: key };
}

function expectedOf(text: string | true | undefined): number | null | undefined {
  if (typeof text !== 'string') return undefined;
  return text === 'none' ? null : numberOf(text, '--expect is none, or');
}

function numberOf(text: string, what: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new UsageError(`${what} a number such as 3, not ${printable(text)}`);
  return number;
}

/** `cairn datasets`: what data a running server knows of, its versions, what differs between two; a version is recorded. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import type { Cairn, Input } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import { notFound } from '../kernel/errors.ts';
import { type Action, actionOf, type Command, type Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';
import {
  instantOf,
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

const recordFlags = [
  ...['uri', 'namespace', 'version', 'file', 'sha256', 'md5', 'at', 'schema', 'rows', 'bytes', 'files'],
  ...['run', 'note', 'body', 'key'],
];

export const datasets: Command = {
  name: 'datasets',
  summary: 'Ask a running server about datasets and their versions, and record a version.',
  about:
    '`list`, `show` and `versions` tell which datasets are known, where they lie, who wrote and who read them; a dataset is named by its ' +
    'name or its uid. `diff` tells what differs between two versions: columns that came, went, changed or moved, and figures. `record` says ' +
    'that a version exists, with what is known of it; told again it gains what was not told before, and what contradicts is refused.',
  examples: [
    ['cairn datasets', 'what is known, written last first'],
    ['cairn datasets versions orders', 'versions of one dataset, the latest first'],
    ['cairn datasets diff 01a2… 01b3…', 'what differs between two versions, by their uids'],
    [
      'cairn datasets record orders --file /data/orders.parquet --rows 1200 --run 01a2…',
      'a file of this machine: its place, SHA-256 and size are read off it',
    ],
    [
      'cairn datasets record orders --uri s3://bucket/orders --version 4711 --schema \'[{"name":"id","type":"long"}]\'',
      'a snapshot of a table',
    ],
  ],
  settings: ['token'],
  words: 3,
  options: [
    { flag: 'search', kind: 'text', value: 'TEXT', doc: 'list: only those whose name holds this.' },
    limitOption,
    { flag: 'uri', kind: 'text', value: 'URI', doc: 'record: where it lies.' },
    {
      flag: 'namespace',
      kind: 'text',
      value: 'TEXT',
      doc: 'record: in place of --uri, the namespace in which OpenLineage gives it its name.',
    },
    {
      flag: 'version',
      kind: 'text',
      value: 'TEXT',
      doc: 'record: as its source names it, such as a snapshot or a commit.',
    },
    {
      flag: 'file',
      kind: 'text',
      value: 'PATH',
      doc: 'record: a file here; its place (unless --uri is set), SHA-256 and size are read off it. It is not sent.',
    },
    { flag: 'sha256', kind: 'text', value: 'HEX', doc: 'record: the digest of all its bytes.' },
    { flag: 'md5', kind: 'text', value: 'HEX', doc: 'record: another digest; it proves nothing.' },
    {
      flag: 'at',
      kind: 'text',
      value: 'TIME',
      doc: 'record: when it came to be (2026-11-01, 2026-11-01T12:00Z). Unless set: when its run ended, or now.',
    },
    {
      flag: 'schema',
      kind: 'text',
      value: 'JSON',
      doc: 'record: its fields in their order, [{"name":"id","type":"long"}], or @FILE that holds them.',
    },
    { flag: 'rows', kind: 'text', value: 'N', doc: 'record: how many rows.' },
    { flag: 'bytes', kind: 'text', value: 'N', doc: 'record: how many bytes.' },
    { flag: 'files', kind: 'text', value: 'N', doc: 'record: of how many files.' },
    { flag: 'run', kind: 'text', value: 'ID', doc: 'record: the run that wrote it.' },
    { flag: 'note', kind: 'text', value: 'TEXT', doc: 'record: what to know of it.' },
    {
      flag: 'body',
      kind: 'text',
      value: 'JSON',
      doc: 'record: more of it, as the API takes it (statistics, preview, tags), or @FILE that holds it.',
    },
    {
      flag: 'key',
      kind: 'text',
      value: 'TEXT',
      doc: 'record: a name for this one change, such as the id of a build. Again under the same key it is done once.',
    },
    jsonOption,
    ...serverOptions,
  ],
  async run(invocation, terminal) {
    const [name = 'list', ...given] = invocation.words;
    return actionOf('datasets', actions, name, given, invocation.options).run(invocation, terminal);
  },
};

const actions: Readonly<Record<string, Action>> = {
  list: { words: 0, flags: ['search'], run: list },
  show: { words: 1, run: show },
  versions: { words: 1, run: versions },
  diff: { words: 2, run: diff },
  record: { words: 1, flags: recordFlags, run: record },
};

const datasetWord = 'the name or uid of the dataset';

function list(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { options } = invocation;
  const limit = limitOf(options.limit);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('dataset.list', {
        query: { search: textOf(options.search), order: '-latest', limit: Math.min(limit, 500), cursor },
      }),
    );
    const { datasetListLines } = await import('./dataset-tables.ts');
    return printItems(terminal, options.json, found, datasetListLines);
  });
}

/** By its uid; else by its name, which several may bear. */
async function datasetNamed(cairn: Cairn, word: string) {
  if (/^[0-9a-f]{32}$/.test(word)) return cairn.call('dataset.get', { params: { dataset: word } });
  const { items } = await cairn.call('dataset.list', { query: { search: word, limit: 500 } });
  const found = items.filter(({ name, records }) =>
    [name, ...records.map((each) => each.name)].includes(word),
  );
  if (found.length === 1) return found[0]!;
  if (found.length === 0) throw notFound(`No dataset is called ${printable(word)}.`);
  const uids = found.map(({ uid, uri }) => `${uid} (${uri ?? 'without a place'})`).join(', ');
  throw new UsageError(
    `${found.length} datasets are called ${printable(word)}: name one by its uid, ${uids}`,
  );
}

function show(invocation: Invocation, terminal: Terminal): Promise<number> {
  const word = wordAt(invocation.words, 1, datasetWord);
  return withServer(invocation, terminal, async (cairn) => {
    const found = await datasetNamed(cairn, word);
    const { datasetLines } = await import('./dataset-tables.ts');
    return printItems(terminal, invocation.options.json, [found], () => datasetLines(found, cairn.url));
  });
}

function versions(invocation: Invocation, terminal: Terminal): Promise<number> {
  const word = wordAt(invocation.words, 1, datasetWord);
  const limit = limitOf(invocation.options.limit);
  return withServer(invocation, terminal, async (cairn) => {
    const { uid: dataset } = await datasetNamed(cairn, word);
    const found = await pagesOf(limit, (cursor) =>
      cairn.call('dataset-version.list', {
        params: { dataset },
        query: { limit: Math.min(limit, 200), cursor },
      }),
    );
    const { versionLines } = await import('./dataset-tables.ts');
    return printItems(terminal, invocation.options.json, found, versionLines);
  });
}

function diff(invocation: Invocation, terminal: Terminal): Promise<number> {
  const left = wordAt(invocation.words, 1, 'the uid of the earlier version');
  const right = wordAt(invocation.words, 2, 'the uid of the later version');
  return withServer(invocation, terminal, async (cairn) => {
    const found = await cairn.call('dataset-version.difference', { query: { left, right } });
    const { differenceLines } = await import('./dataset-tables.ts');
    return printItems(terminal, invocation.options.json, [found], () => differenceLines(found));
  });
}

type NewVersion = Input<'dataset-version.record'>['body'];

async function record(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { options, words } = invocation;
  const name = wordAt(words, 1, 'the name of the dataset');
  const body = await bodyOf(name, options);
  const key = textOf(options.key);
  return withServer(invocation, terminal, async (cairn) => {
    const made = await cairn.call('dataset-version.record', {
      ...(key !== undefined && { idempotencyKey: key }),
      body,
    });
    const { versionName } = await import('./dataset-tables.ts');
    return printItems(terminal, options.json, [made], () => [
      `${printable(versionName(made))} of ${printable(name)}  ${made.uid}`,
      `  page  ${cairn.url}/dataset-versions/${made.uid}`,
    ]);
  });
}

async function bodyOf(name: string, options: Invocation['options']): Promise<NewVersion> {
  const more = await jsonOf('body', textOf(options.body));
  if (more !== undefined && (typeof more !== 'object' || more === null || Array.isArray(more))) {
    throw new UsageError('--body must be a JSON object');
  }
  const file = textOf(options.file);
  const read = file === undefined ? undefined : await factsOfFile(file);
  const schema = await jsonOf('schema', textOf(options.schema));
  const count = (flag: string) => {
    const text = textOf(options[flag]);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${flag} must be a whole number, not ${text}`);
    return Number(text);
  };
  const digests = [
    ...(read === undefined ? [] : [{ algorithm: 'sha256' as const, value: read.sha256 }]),
    ...(['sha256', 'md5'] as const).flatMap((algorithm) => {
      const value = textOf(options[algorithm]);
      return value === undefined ? [] : { algorithm, value };
    }),
  ];
  const namespace = textOf(options.namespace);
  const told = {
    uri: textOf(options.uri) ?? (namespace === undefined ? read?.uri : undefined),
    ...{ namespace, version: textOf(options.version), note: textOf(options.note), run: textOf(options.run) },
    ...{ created: instantOf('at', textOf(options.at)), digests: digests.length > 0 ? digests : undefined },
    ...{ rows: count('rows'), bytes: count('bytes') ?? read?.bytes, files: count('files') },
    schema: schema === undefined ? undefined : Array.isArray(schema) ? { fields: schema } : schema,
  };
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  // The server checks it, and names what is wrong.
  return { ...(more as object), ...given, name } as NewVersion;
}

async function jsonOf(flag: string, text: string | undefined): Promise<unknown> {
  if (text === undefined) return undefined;
  try {
    const json = text.startsWith('@') ? await readFile(text.slice(1), 'utf8') : text;
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new UsageError(`--${flag} cannot be read: ${(error as Error).message}`);
  }
}

async function factsOfFile(path: string) {
  try {
    const { size: bytes } = await stat(path);
    const hash = createHash('sha256');
    for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
    return { uri: await realpath(path), bytes, sha256: hash.digest('hex') };
  } catch (error) {
    throw new UsageError(`--file cannot be read: ${(error as Error).message}`);
  }
}

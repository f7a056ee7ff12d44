/** `cairn source`: that nothing comes before a dataset or a model, declared and taken back. */
import type { Output } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import type { Command } from './command.ts';
import {
  countOf,
  instantOf,
  jsonOption,
  pagesOf,
  printItems,
  serverOptions,
  textOf,
  withServer,
} from './server-access.ts';
import { printable, textTable, timeText } from './text-table.ts';

type Declared = Output<'lineage.sources'>['items'][number];

export const source: Command = {
  name: 'source',
  summary:
    'Declare to a running server that nothing comes before a dataset or a model, so that answers about what derives from it can be complete.',
  about:
    'Without a name it lists what is declared. A dataset or a model stands for all its versions; a version for itself. --withdraw takes a ' +
    'declaration back: what was answered until then stays as it was known then.',
  examples: [
    ['cairn source', 'what is declared'],
    ['cairn source s3://bucket/raw --note "export of the shop, by hand"', 'nothing comes before it, and why'],
    ['cairn source s3://bucket/raw --until 2026-05-01', 'only until a pipeline began to write it'],
    ['cairn source s3://bucket/raw --withdraw', 'that was wrong'],
  ],
  settings: ['token'],
  words: 1,
  options: [
    { flag: 'note', kind: 'text', value: 'TEXT', doc: 'Why.' },
    { flag: 'from', kind: 'text', value: 'TIME', doc: 'Only from then on (2026-03-01, 2026-03-01T12:00Z).' },
    { flag: 'until', kind: 'text', value: 'TIME', doc: 'Only until then.' },
    { flag: 'withdraw', kind: 'switch', doc: 'Take the declaration back.' },
    { flag: 'all', kind: 'switch', doc: 'List also those that were withdrawn.' },
    { flag: 'known-at', kind: 'text', value: 'TIME', doc: 'List those that stood then.' },
    { flag: 'limit', kind: 'text', value: 'N', doc: 'How many are listed at most. Unless set: 100.' },
    jsonOption,
    ...serverOptions,
  ],
  run(invocation, terminal) {
    const { options, words } = invocation;
    const [of] = words;
    const [note, from, to] = [textOf(options.note), options.from, options.until];
    const says = note !== undefined || from !== undefined || to !== undefined;
    if (of === undefined && (says || options.withdraw === true))
      throw new UsageError('the name of the dataset or model is missing: s3://bucket/raw');
    if (options.withdraw === true && says) throw new UsageError('--withdraw takes nothing else');
    const lists = of === undefined || options.all === true || options['known-at'] !== undefined;
    const limit = countOf('limit', options.limit, 100);
    const knownAt = instantOf('known-at', textOf(options['known-at']));
    const between = { from: instantOf('from', textOf(from)), to: instantOf('until', textOf(to)) };
    return withServer(invocation, terminal, async (cairn) => {
      if (options.withdraw === true) {
        await cairn.call('lineage.withdraw-source', { query: { of: of! } });
        terminal.out(`${printable(of!)} is no source any more.`);
        return 0;
      }
      if (lists) {
        const query = {
          of,
          all: options.all === true,
          known_at: knownAt?.toString(),
          limit: Math.min(limit, 1_000),
        };
        const found = await pagesOf(limit, (cursor) =>
          cairn.call('lineage.sources', { query: { ...query, cursor } }),
        );
        return printItems(terminal, options.json, found, sourceLines);
      }
      const body = JSON.parse(JSON.stringify({ of, note, ...between }));
      const declared = await cairn.call('lineage.declare-source', { body });
      const done = `${printable(declared.node.label)} is declared a source: nothing comes before it  ${declared.node.uid}`;
      return printItems(terminal, options.json, [declared], () => [done]);
    });
  },
};

function sourceLines(sources: readonly Declared[]): string[] {
  const heads = ['source', 'what', 'by', 'declared (UTC)', 'withdrawn (UTC)', 'why', 'uid'];
  return textTable(
    heads.map((head) => ({ head })),
    sources.map(({ node, by, declared, withdrawn, note }) => [
      ...[node.uri ?? node.label, node.type.replaceAll('-', ' '), by, timeText(declared)],
      ...[timeText(withdrawn), note ?? '', node.uid],
    ]),
  );
}

/** `cairn taint`: that a version is wrong, what that touches now, and taking it back. */
import type { Output } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import type { Command } from './command.ts';
import { impactLines } from './lineage-tables.ts';
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

type Taint = Output<'lineage.taints'>['items'][number];
type Reach = Output<'lineage.taint-reach'>;

export const taint: Command = {
  name: 'taint',
  summary: 'Declare to a running server that a dataset version is wrong, and see which models that touches.',
  about:
    'With --note or --since it declares that something is wrong: a version, or of a dataset or a model the versions made since then. It tells what ' +
    'derives from it now, deployed models first; each model version that comes to derive from it later is an event `taint.reach` in the log, ' +
    'of which webhooks are told. Without them it tells what a taint that stands touches now; without a name it lists them.',
  examples: [
    ['cairn taint', 'what is declared wrong'],
    [
      'cairn taint s3://bucket/churn@v3 --note "labels are shifted by a day"',
      'this version is wrong, and why',
    ],
    [
      'cairn taint s3://bucket/churn --since 2026-03-01 --note "sensor 4 is dead"',
      'all versions made since then',
    ],
    ['cairn taint s3://bucket/churn@v3', 'what it touches now'],
    ['cairn taint s3://bucket/churn@v3 --withdraw', 'it is right after all'],
  ],
  settings: ['token'],
  words: 1,
  options: [
    { flag: 'note', kind: 'text', value: 'TEXT', doc: 'Why.' },
    {
      flag: 'since',
      kind: 'text',
      value: 'TIME',
      doc: 'Of a dataset or model: only versions made since then (2026-03-01, 2026-03-01T12:00Z).',
    },
    { flag: 'withdraw', kind: 'switch', doc: 'Take the declaration back.' },
    { flag: 'all', kind: 'switch', doc: 'List also those that were withdrawn.' },
    { flag: 'limit', kind: 'text', value: 'N', doc: 'How many are listed at most. Unless set: 100.' },
    jsonOption,
    ...serverOptions,
  ],
  run(invocation, terminal) {
    const { options, words } = invocation;
    const [of] = words;
    const note = textOf(options.note);
    const since = instantOf('since', textOf(options.since));
    const says = note !== undefined || since !== undefined;
    if (of === undefined && (says || options.withdraw === true))
      throw new UsageError('what is wrong is missing: s3://bucket/churn@v3');
    if (options.withdraw === true && says) throw new UsageError('--withdraw takes nothing else');
    const limit = countOf('limit', options.limit, 100);
    return withServer(invocation, terminal, async (cairn) => {
      if (options.withdraw === true) {
        await cairn.call('lineage.withdraw-taint', { query: { of: of! } });
        terminal.out(`${printable(of!)} is not declared wrong any more.`);
        return 0;
      }
      if (of === undefined || options.all === true) {
        const query = { of, all: options.all === true, limit: Math.min(limit, 1_000) };
        const found = await pagesOf(limit, (cursor) =>
          cairn.call('lineage.taints', { query: { ...query, cursor } }),
        );
        return printItems(terminal, options.json, found, taintLines);
      }
      if (says) {
        await cairn.call('lineage.declare-taint', {
          body: { of, ...(note !== undefined && { note }), ...(since !== undefined && { since }) },
        });
      }
      const query = { of, limit: Math.min(limit, 1_000) };
      const reach = await cairn.call('lineage.taint-reach', { query });
      return printItems(terminal, options.json, [reach], () => reachLines(reach));
    });
  },
};

function taintLines(taints: readonly Taint[]): string[] {
  const heads = ['wrong', 'what', 'since (UTC)', 'by', 'declared (UTC)', 'withdrawn (UTC)', 'why', 'uid'];
  return textTable(
    heads.map((head) => ({ head })),
    taints.map(({ node, by, since, declared, withdrawn, note }) => [
      ...[node.label, node.type.replaceAll('-', ' '), timeText(since), by, timeText(declared)],
      ...[timeText(withdrawn), note ?? '', node.uid],
    ]),
  );
}

function reachLines({ taint: { node, note, since, by }, deployed, models, counts }: Reach): string[] {
  const when = since === null ? '' : ` since ${timeText(since)}`;
  const why = note === null ? '' : `: ${printable(note)}`;
  const others = models.map(
    (model) =>
      `  ${printable(model.label)} (${model.type.replaceAll('-', ' ')}): ${model.strength}, uid ${model.uid}`,
  );
  const all = counts.map(
    ({ type, count }) => `${count} ${type.replaceAll('-', ' ')}${count === 1 ? '' : 's'}`,
  );
  return [
    `${printable(node.label)} is declared wrong${when} by ${printable(by)}${why}`,
    '',
    ...impactLines(deployed, true).slice(2),
    ...(others.length === 0
      ? []
      : ['', `Models that derive from it and are not deployed (${others.length}):`, ...others]),
    ...(all.length === 0 ? [] : ['', `In all: ${all.join(', ')}.`]),
  ];
}

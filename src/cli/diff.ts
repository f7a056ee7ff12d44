/** `cairn diff`: which data, code, parameters and packages differ between two versions of a model. */
import type { Output } from '../../sdk/src/index.ts';
import type { Command } from './command.ts';
import { walkOf, walkOptions } from './lineage-options.ts';
import { forwards, nowLines, stepLines } from './lineage-tables.ts';
import { jsonOption, printItems, serverOptions, withServer, wordAt } from './server-access.ts';
import { printable, textTable } from './text-table.ts';

type Difference = Output<'lineage.diff'>;

export const diff: Command = {
  name: 'diff',
  summary:
    'Ask a running server what differs between two versions of a model: data, code, parameters, packages.',
  about:
    'Data are compared by everything that each version comes from, at any distance: of which dataset it has another version, which it alone has; ' +
    'each with the way to it and the evidence. Code and parameters are those of the nearest run, packages those of requirements.txt, ' +
    'python_env.yaml and conda.yaml that lie with the model. The last values of the metrics of both stand beside each other.',
  examples: [
    ['cairn diff models:/churn/2 models:/churn/3', 'what is new in version 3'],
    ['cairn diff models:/churn@champion models:/churn@challenger', 'by the names they have now'],
    ['cairn diff runs:/0190… runs:/0191… --json', 'of two runs, for a program'],
  ],
  settings: ['token'],
  words: 2,
  options: [
    ...walkOptions.filter(({ flag }) => flag === 'as-of' || flag === 'known-at'),
    jsonOption,
    ...serverOptions,
  ],
  run(invocation, terminal) {
    const from = wordAt(invocation.words, 0, 'the earlier version, such as models:/churn/2,');
    const to = wordAt(invocation.words, 1, 'the later version, such as models:/churn/3,');
    const { as_of, known_at } = walkOf(invocation);
    return withServer(invocation, terminal, async (cairn) => {
      const found = await cairn.call('lineage.diff', { query: { from, to, as_of, known_at } });
      return printItems(terminal, invocation.options.json, [found], () => diffLines(found));
    });
  },
};

function diffLines(found: Difference): string[] {
  const { from, to, runs, data, evaluation, code, params, environment, metrics, same, complete } = found;
  const run = (node: Difference['runs']['from']) => (node === null ? 'no run' : printable(node.label));
  const isSame = [data, evaluation, code, params, environment].every((list) => list.length === 0);
  return [
    `${printable(from.label)} (${run(runs.from)}) → ${printable(to.label)} (${run(runs.to)})`,
    ...dataLines('Data they learned from', data),
    ...dataLines('Data they were judged by', evaluation),
    ...changeLines('Code', code),
    ...changeLines('Parameters', params),
    ...changeLines('Environment', environment),
    ...metricLines(metrics),
    ...nowLines(found.untimed),
    '',
    ...(isSame ? ['Nothing that is known of them differs.'] : []),
    `The same: ${same.data} datasets, ${same.code} facts of code, ${same.params} parameters, ${same.environment} packages.`,
    ...(complete
      ? []
      : ['What they come from is not told to the end: there may be more (cairn ancestry says where).']),
  ];
}

function changeLines(title: string, changes: Difference['code']): string[] {
  if (changes.length === 0) return [];
  const rows = changes.map(({ name, from, to }) => [name, from ?? '(none)', to ?? '(none)']);
  const table = textTable([{ head: 'what' }, { head: 'before' }, { head: 'after' }], rows);
  return ['', `${title}:`, ...table.map((line) => `  ${line}`)];
}

function metricLines(metrics: Difference['metrics']): string[] {
  if (metrics.length === 0) return [];
  const value = (side: (typeof metrics)[number]['from']) => (side === null ? '(none)' : String(side));
  const rows = metrics.map(({ name, dataset, from, to }) => [
    dataset === null ? name : `${name} on ${dataset}`,
    value(from),
    value(to),
  ]);
  const table = textTable([{ head: 'what' }, { head: 'before' }, { head: 'after' }], rows);
  return ['', 'Metrics:', ...table.map((line) => `  ${line}`)];
}

function dataLines(title: string, changes: Difference['data']): string[] {
  if (changes.length === 0) return [];
  const side = (sign: string, known: Difference['data'][number]['from']) =>
    known.flatMap(({ node, path }) => [
      `    ${sign} ${printable(node.label)}`,
      ...stepLines(forwards(path), '        '),
    ]);
  return [
    ...['', `${title}:`],
    ...changes.flatMap(({ change, name, from, to }) => [
      `  ${printable(name)}: ${change}`,
      ...side('-', from),
      ...side('+', to),
    ]),
  ];
}

/** `cairn runs`: find runs on a server, and look at one. */
import type { Cairn, RunRecord } from '../../sdk/src/index.ts';
import { UsageError } from '../config.ts';
import type { Command, Terminal } from './command.ts';
import type { Invocation } from './invocation.ts';
import { countOf, jsonOption, serverOptions, textOf, withServer, wordAt } from './server-access.ts';
import { numberText, printable, textTable, timeText } from './text-table.ts';

/** Columns of a list, unless they are named: as many parameters, and as many metrics. */
const usualColumns = 3;

export const runs: Command = {
  name: 'runs',
  summary: 'Find runs on a running server, or show one.',
  about:
    'Lists the runs that pass a filter, in the order asked for, or shows all of one run. The filter is the language of the search ' +
    'field (docs/guide/search.md). Asks a running server, by the client for TypeScript.',
  examples: [
    ['cairn runs', 'the latest of all experiments'],
    [
      `cairn runs --experiment digits --filter "metrics.loss.min < 0.2" --order "metrics.loss.min"`,
      'the best of one experiment',
    ],
    ['cairn runs --columns params.lr,metrics.loss.max', 'with these columns'],
    ['cairn runs --json | jq .metrics.loss.last', 'for another program'],
    ['cairn runs show 01a2…', 'one run, by its id'],
  ],
  settings: ['token'],
  words: 2,
  options: [
    { flag: 'experiment', kind: 'text', value: 'NAME', doc: 'Only of this experiment.' },
    { flag: 'filter', kind: 'text', value: 'TEXT', doc: 'Only those that pass it.' },
    { flag: 'order', kind: 'text', value: 'KEYS', doc: 'Comma-separated. Unless set: started desc.' },
    {
      flag: 'columns',
      kind: 'text',
      value: 'NAMES',
      doc: 'Comma-separated: params.lr, tags.team, metrics.loss, metrics.loss.min.',
    },
    { flag: 'limit', kind: 'text', value: 'N', doc: 'How many at most. Unless set: 20.' },
    jsonOption,
    ...serverOptions,
  ],
  async run(invocation, terminal) {
    const [action = 'list', ...rest] = invocation.words;
    if (action === 'list' && rest.length === 0) return list(invocation, terminal);
    if (action === 'show') return show(invocation, terminal);
    throw new UsageError(`cairn runs list, or cairn runs show ID, not ${invocation.words.join(' ')}`);
  },
};

async function list(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { options } = invocation;
  const limit = countOf('limit', options.limit, 20);
  const named = listOf(textOf(options.columns))?.map(columnOf);
  const experiment = textOf(options.experiment);
  return withServer(invocation, terminal, async (cairn) => {
    const found: RunRecord[] = [];
    const search = cairn.searchRuns({
      ...(experiment !== undefined && { experiments: [experiment] }),
      filter: textOf(options.filter),
      order: listOf(textOf(options.order)) ?? ['started desc'],
      pageSize: Math.min(limit, 1000),
      // Not whatever else the runs have: of a run with very many metrics only the first would come.
      ...(named !== undefined && !options.json && { columns: keysOf(named) }),
    });
    for await (const run of search) {
      if (options.json) terminal.out(JSON.stringify(run));
      if (found.push(run) === limit) break;
    }
    if (options.json) return 0;
    const columns = named ?? columnsOf(found);
    const heads = [
      { head: 'id' },
      { head: 'name' },
      { head: 'state' },
      { head: 'started (UTC)' },
      ...columns.map(({ head, space }) => ({ head, right: space === 'metrics' })),
    ];
    const rows = found.map((run) => [
      run.id,
      run.name,
      run.state,
      timeText(run.started),
      ...columns.map((column) => cellOf(run, column)),
    ]);
    for (const line of textTable(heads, rows)) terminal.out(line);
    return 0;
  });
}

const figures = ['last', 'min', 'max', 'first', 'mean', 'points'] as const;

interface RunColumn {
  readonly head: string;
  readonly space: 'params' | 'tags' | 'metrics';
  readonly key: string;
  readonly figure: (typeof figures)[number];
}

/** `metrics.loss.min` is the least of the metric `loss`. */
function columnOf(text: string): RunColumn {
  const [, space, name = ''] = /^(params|tags|metrics)\.(.+)$/s.exec(text) ?? [];
  if (space === undefined)
    throw new UsageError(`--columns: ${text} begins with none of params., tags., metrics.`);
  const figure = figures.find((one) => space === 'metrics' && name.endsWith(`.${one}`));
  const key = figure === undefined ? name : name.slice(0, -figure.length - 1);
  return { head: text, space: space as RunColumn['space'], key, figure: figure ?? 'last' };
}

function keysOf(columns: readonly RunColumn[]): Record<RunColumn['space'], string[]> {
  const of = (space: RunColumn['space']) =>
    columns.filter((column) => column.space === space).map(({ key }) => key);
  return { params: of('params'), tags: of('tags'), metrics: of('metrics') };
}

/** The parameters that differ between the runs, and the metrics that most of them have. */
function columnsOf(found: readonly RunRecord[]): RunColumn[] {
  const seen = (space: 'params' | 'metrics') => [...new Set(found.flatMap((run) => Object.keys(run[space])))];
  const varies = (key: string) => new Set(found.map((run) => run.params[key])).size > 1 || found.length === 1;
  const share = (key: string) => found.filter((run) => run.metrics[key] !== undefined).length;
  const params = seen('params').filter(varies).slice(0, usualColumns);
  const metrics = seen('metrics')
    .sort((a, b) => share(b) - share(a))
    .slice(0, usualColumns);
  return [...params.map((key) => `params.${key}`), ...metrics.map((key) => `metrics.${key}`)].map((text) => ({
    ...columnOf(text),
    // A metric may be called `loss.min`.
    key: text.slice(text.indexOf('.') + 1),
    figure: 'last',
  }));
}

function cellOf(run: RunRecord, { space, key, figure }: RunColumn): string {
  if (space !== 'metrics') return run[space][key] ?? '';
  return numberText(run.metrics[key]?.[figure]);
}

async function show(invocation: Invocation, terminal: Terminal): Promise<number> {
  const id = wordAt(invocation.words, 1, 'the id of the run');
  return withServer(invocation, terminal, async (cairn) => {
    const run = await cairn.getRun(id);
    if (invocation.options.json) terminal.out(JSON.stringify(run));
    else for (const line of pageOf(run, cairn)) terminal.out(line);
    return 0;
  });
}

function pageOf(run: RunRecord, cairn: Cairn): string[] {
  const facts: [string, string][] = [
    ['id', run.id],
    ['state', run.lifecycle === 'deleted' ? `${run.state}, deleted` : run.state],
    ['started', `${timeText(run.started)} UTC`],
    ...(run.ended === null ? [] : [['ended', `${timeText(run.ended)} UTC`] as [string, string]]),
    ...(run.user === '' ? [] : [['user', printable(run.user)] as [string, string]]),
    ['experiment', run.experiment],
    ['page', `${cairn.url}/runs/${run.id}`],
  ];
  const metrics = Object.entries(run.metrics).map(([key, { last, lastStep, min, max, points }]) => [
    key,
    numberText(last),
    String(lastStep),
    numberText(min),
    numberText(max),
    String(points),
  ]);
  const right = ['last', 'at step', 'min', 'max', 'points'].map((head) => ({ head, right: true }));
  return [
    printable(run.name),
    ...facts.map(([name, value]) => `  ${name.padEnd(10)}  ${value}`),
    ...pairs('Parameters', run.params),
    ...pairs('Tags', run.tags),
    ...(metrics.length === 0 ? [] : ['', ...textTable([{ head: 'Metrics' }, ...right], metrics)]),
    ...(run.moreMetrics === undefined ? [] : ['… and more: these are the first by name']),
  ];
}

function pairs(title: string, values: Readonly<Record<string, string>>): string[] {
  const rows = Object.entries(values);
  if (rows.length === 0) return [];
  const width = Math.min(30, Math.max(...rows.map(([key]) => key.length)));
  return ['', title, ...rows.map(([key, value]) => `  ${printable(key).padEnd(width)}  ${printable(value)}`)];
}

const listOf = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

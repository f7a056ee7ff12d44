import { readFileSync } from 'node:fs';
import { get, post } from '../call.ts';
import type { CaseGroup } from './case-group.ts';

const linesOf = (file: string) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

const experiment = '{{experiment.1}}';
const runs = [0, 1, 2, 3, 4];

/** Five runs: m = NaN, ∞, 1.5, −2, 0; a key with a blank on two of them; a tag on one; two users. */
const setup = [
  post('experiments/create', { name: '{{unique}}', tags: [{ key: 'k', value: 'v' }] }),
  ...runs.flatMap((i) => [
    post('runs/create', {
      experiment_id: experiment,
      run_name: `run-${i}`,
      start_time: 1000 + i,
      user_id: `u${i % 2}`,
      tags: [{ key: 'group', value: 'ab'[i % 2] }, ...(i === 3 ? [{ key: 'only', value: 'Yes' }] : [])],
    }),
    post('runs/log-batch', {
      run_id: `{{run.${i + 1}}}`,
      metrics: [
        { key: 'm', value: ['NaN', 'Infinity', 1.5, -2, 0][i], timestamp: 1 },
        ...(i < 2 ? [{ key: 'sp ace', value: i, timestamp: 1 }] : []),
      ],
      params: [
        { key: 'p', value: String(i) },
        { key: 'dot.ted', value: 'x' },
        { key: 'num', value: String(10 - 3 * i) },
      ],
    }),
  ]),
  post('runs/update', { run_id: '{{run.2}}', status: 'FINISHED', end_time: 3000 }),
];

/** One filter a line; and some that no line can hold. */
const filters = [...linesOf('run-filters.txt'), '', '  ', '\n metrics.m > 0 \n'];

/** One JSON value a line. */
const orders = linesOf('run-orders.txt').map((line) => JSON.parse(line) as unknown);

const pages: readonly object[] = [
  ...[2, 0, -1, 50_000, 50_001, '2', 'x', 2.5, 5, 4].map((max_results) => ({ max_results })),
  ...['bad', '', 5, 'eyJvZmZzZXQiOiAteH0='].map((page_token) => ({ page_token })),
  ...['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL', 'BOGUS', 3, 9].map((run_view_type) => ({ run_view_type })),
  ...[[], null, ['99999'], ['abc'], [''], [0], 'x', [experiment, experiment], [experiment, '99999']].map(
    (ids) => ({ experiment_ids: ids }),
  ),
  { filter: 5 },
  { filter: null },
  { experiment_ids: undefined, experimentIds: [experiment] },
  { experimentIds: [experiment] },
];

const search = (body: object) => post('runs/search', { experiment_ids: [experiment], ...body });

const mine = "name LIKE '{{unique}}%'";
const experimentFilters = linesOf('experiment-filters.txt');
const experimentOrders = linesOf('experiment-orders.txt').map((line) => JSON.parse(line) as unknown);
const searchExperiments = (body: object) =>
  post('experiments/search', { max_results: 10, filter: mine, ...body });

export const searchCases: readonly CaseGroup[] = [
  { name: 'runs/search filters', setup, probes: filters.map((filter) => search({ filter })), readBack: [] },
  {
    name: 'runs/search order_by',
    setup,
    probes: orders.map((order_by) => search({ order_by })),
    readBack: [],
  },
  {
    name: 'runs/search pages, views, types',
    setup,
    probes: [...pages.map(search), post('runs/search', {})],
    readBack: [],
  },
  {
    name: 'runs/search next page',
    setup: [...setup, search({ max_results: 2 })],
    probes: [
      search({ max_results: 2, page_token: '{{token.1}}' }),
      search({ max_results: 3, page_token: '{{token.1}}' }),
      search({ page_token: '{{token.1}}' }),
      search({ max_results: 2, page_token: '{{token.2}}' }),
    ],
    readBack: [],
  },
  {
    name: 'experiments/search',
    setup: [
      ...setup.slice(0, 1),
      ...['-b', '-C', '-a'].map((end) => post('experiments/create', { name: `{{unique}}${end}` })),
      post('experiments/create', { name: '{{unique}}-gone' }),
      post('experiments/delete', { experiment_id: '{{experiment.5}}' }),
    ],
    probes: [
      ...experimentFilters.map((filter) => searchExperiments({ filter: `${filter} AND ${mine}` })),
      ...experimentOrders.map((order_by) => searchExperiments({ order_by })),
      ...[0, -1, 50_001, 'x', 1.5, '2', undefined].map((max_results) => searchExperiments({ max_results })),
      ...['ALL', 'DELETED_ONLY', 'ACTIVE_ONLY', 'BOGUS', 3, 99].map((view_type) =>
        searchExperiments({ view_type }),
      ),
      ...['bad', 5, 'eyJvZmZzZXQiOiAteH0='].map((page_token) => searchExperiments({ page_token })),
      searchExperiments({ filter: 5 }),
      get('experiments/search', {
        max_results: 3,
        filter: mine,
        order_by: ['name ASC', 'experiment_id DESC'],
        view_type: 'ALL',
      }),
      get('experiments/search', {}),
    ],
    readBack: [],
  },
  {
    name: 'experiments/search next page',
    setup: [
      ...['-b', '-C', '-a'].map((end) => post('experiments/create', { name: `{{unique}}${end}` })),
      searchExperiments({ max_results: 2, order_by: ['name'] }),
    ],
    probes: [
      searchExperiments({ max_results: 2, order_by: ['name'], page_token: '{{token.1}}' }),
      searchExperiments({ max_results: 5, order_by: ['name'], page_token: '{{token.1}}' }),
    ],
    readBack: [],
  },
];

/** What bench/search.ts times: pages of searches, their counts, far pages, groups, facets, expressions and completion. */
import {
  type Finder,
  parseNativeField,
  parseNativeFilter,
  parseNativeOrder,
  type Search,
} from '../src/domain/search/index.ts';
import type { ProjectId } from '../src/kernel/ids.ts';
import type { RequestContext } from '../src/kernel/request-context.ts';

export interface SearchCase {
  readonly name: string;
  /** Prepares, and resolves to what is timed. */
  task(): Promise<() => Promise<unknown>>;
}

export interface Searched {
  readonly search: Search;
  readonly finder: Finder;
  readonly context: RequestContext;
  readonly project: ProjectId;
  readonly experiments: readonly string[];
  readonly runs: number;
}

/** Name, filter, order. */
const pages: readonly (readonly [name: string, filter: string, order: string])[] = [
  ['latest runs', '', ''],
  ['param = (10 %)', "params.lr = '0.005'", ''],
  ['param = (0.02 %)', "params.seed = '7'", ''],
  ['metric > (50 %)', 'metrics.acc > 0.5', ''],
  ['metric > (0.02 %)', 'metrics.loss > 1.9996', ''],
  ['metric > (none)', 'metrics.loss > 9', ''],
  ['order by metric', '', 'metrics.loss asc'],
  ['order by metric desc', '', 'metrics.val_loss desc'],
  ['metric > (50 %), by metric', 'metrics.acc > 0.5', 'metrics.loss asc'],
  ['metric > (2 %), by metric', 'metrics.acc > 0.98', 'metrics.loss desc'],
  ['metric > (0.02 %), by metric', 'metrics.loss > 1.9996', 'metrics.acc asc'],
  ['param = (10 %), by metric', "params.lr = '0.005'", 'metrics.loss asc'],
  ['param = (0.02 %), by metric', "params.seed = '7'", 'metrics.loss asc'],
  ['two params, by metric', "params.optimizer = 'adam' AND tags.team = 'text'", 'metrics.acc desc'],
  ['order by param', '', 'params.lr asc'],
  ['order by two keys', '', 'params.optimizer asc, metrics.loss desc'],
  ['LIKE prefix (20 %)', "params.note LIKE 'vision%'", ''],
  ['LIKE inside (2 %)', "tags.host LIKE '%-42.%' OR tags.host LIKE '%-77.%'", ''],
  ['ILIKE (none)', "params.note ILIKE '%nothing%'", ''],
  ['regex (20 %)', "params.note =~ '^vision [0-9]'", ''],
  ['regex (none)', "params.note =~ 'zzzzzz$'", ''],
  ['regex on few values (1 %)', "tags.host =~ '^node-4[0-9]\\.' AND tags.team = 'ads'", ''],
];
const farOrders: readonly (readonly [name: string, order: string])[] = [
  ['by start', ''],
  ['by metric', 'metrics.loss asc'],
];

export function searchCases(searched: Searched): SearchCase[] {
  return [...pageCases(searched), ...farCases(searched), ...groupCases(searched), ...findCases(searched)];
}

function asked({ context, experiments }: Searched, filter: string, order: string) {
  return {
    experiments,
    filter: filter === '' ? undefined : parseNativeFilter(filter, context.clock.now()),
    order: order === '' ? [] : order.split(', ').map((key) => parseNativeOrder(key)),
    view: 'active',
    limit: 100,
  } as const;
}

function pageCases(searched: Searched): SearchCase[] {
  const { search, context, project } = searched;
  return pages.flatMap(([name, filter, order]) => {
    const query = asked(searched, filter, order);
    const page = { name, task: async () => () => search.runs(context, project, query) };
    if (order !== '') return [page];
    const count = async () => () => search.countRuns(context, project, query);
    return [page, { name: `${name}: count`, task: count }];
  });
}

/** A page in the middle, by the cursor before it, by passing over, and by an anchor; and the anchors. */
function farCases(searched: Searched): SearchCase[] {
  const { search, context, project, runs } = searched;
  const middle = Math.floor(runs / 2);
  return farOrders.flatMap(([name, order]) => {
    const query = asked(searched, '', order);
    const anchors = () => search.anchors(context, project, { ...query, every: 500 });
    const atAnchor = async () => {
      const { items } = await anchors();
      const cursor = items[items.length >> 1]?.cursor;
      return () => search.runs(context, project, { ...query, cursor });
    };
    return [
      { name: `second page ${name}`, task: async () => () => secondPage(searched, order) },
      {
        name: `page in the middle ${name}, by skip`,
        task: async () => () => search.runs(context, project, { ...query, skip: middle }),
      },
      { name: `page in the middle ${name}, by anchor`, task: atAnchor },
      { name: `anchors ${name}`, task: async () => anchors },
    ];
  });
}

async function secondPage(searched: Searched, order: string): Promise<unknown> {
  const { search, context, project } = searched;
  const query = asked(searched, '', order);
  const { cursor } = await search.runs(context, project, query);
  return search.runs(context, project, { ...query, cursor });
}

function groupCases(searched: Searched): SearchCase[] {
  const { search, context, project, experiments } = searched;
  const groups = (name: string, by: readonly string[], figures: readonly string[], filter = '') => ({
    name,
    task: async () => () =>
      search.groups(context, project, {
        ...asked(searched, filter, ''),
        by: by.map((text) => parseNativeField(text, 'by')),
        figures: figures.map((text) => parseNativeField(text, 'figures')),
        order: 'runs',
        cursor: undefined,
      }),
  });
  const values = (name: string, key: string, prefix: string) => ({
    name,
    task: async () => () =>
      search.values(context, project, experiments[0]!, { scope: 'param', key, prefix, limit: 20 }),
  });
  return [
    groups('groups by a param', ['params.lr'], []),
    groups(
      'groups by a param, 3 figures',
      ['params.lr'],
      ['metrics.loss', 'metrics.acc', 'metrics.val_loss'],
    ),
    groups('groups by two params, 1 figure', ['params.optimizer', 'tags.team'], ['metrics.acc']),
    groups('groups by state', ['state'], []),
    groups('groups of few (0.02 %)', ['params.lr'], ['metrics.loss'], "params.seed = '7'"),
    values('values of a param', 'seed', ''),
    values('values by prefix', 'note', 'vision 1'),
    {
      name: 'columns of an experiment',
      task: async () => () => search.columns(context, project, experiments[0]!, { limit: 100 }),
    },
  ];
}

function findCases({ finder, context, project, runs }: Searched): SearchCase[] {
  const found = (name: string, text: string) => ({
    name,
    task: async () => () => finder.find(context, project, text, 10),
  });
  return [
    found('find by beginning', 'run-5'),
    found('find by name', `run-1-${runs - 976}`),
    found('find in the middle', '77-'),
    found('find nothing', 'nothing at all'),
    found('find, nothing typed', ''),
  ];
}

/** Every address of the UI, as a typed function, and how search parameters look in them. */
import type { ExperimentOrder, Lifecycle } from './api/types.ts';
import { nameOf, onlySite, type SiteSearch, siteSearchOf, textOf } from './url-parts.ts';

export * from './job-urls.ts';
export * from './lineage-urls.ts';
export * from './registry-urls.ts';
export {
  type ChangeOf,
  changedSearch,
  defaultProject,
  onlySite,
  type SiteSearch,
  siteOf,
  siteSearchOf,
} from './url-parts.ts';

/** The state of a run table. All of it, so that a link shows the same table. */
export interface RunsSearch extends SiteSearch, ChartSearch {
  filter?: string;
  /** `[-]<column>`, see runs/sort.ts. Absent = newest first. */
  sort?: string;
  /** Columns with their aggregates, see runs/columns.ts. Absent = those that vary. */
  cols?: string;
  /** Absent = active. */
  view?: 'deleted';
  /** What runs are grouped by, see runs/grouping.ts. Absent = a row for each run. */
  by?: string;
  /** The order of groups, see runs/group-table.tsx. Absent = the largest first. */
  bysort?: string;
  /** Charts beside the table. Absent = where the screen is wide. */
  charts?: 'on' | 'off';
}

/** The state of the page of experiments. */
export interface ExperimentsSearch extends SiteSearch {
  /** Part of the name. */
  search?: string;
  /** Absent = latest run first. */
  sort?: Exclude<ExperimentOrder, '-latest'>;
  /** Absent = active. */
  view?: 'deleted';
}

export function experimentsUrl(search: ExperimentsSearch = {}) {
  return { to: '/experiments', search } as const;
}

const experimentOrders: readonly string[] = ['name', '-name', 'created', '-created', 'latest'];

export function experimentsSearchOf(raw: Record<string, unknown>): ExperimentsSearch {
  const [search, sort] = [textOf(raw.search), textOf(raw.sort)];
  return {
    ...siteSearchOf(raw),
    ...(search === undefined ? {} : { search }),
    ...(sort !== undefined && experimentOrders.includes(sort)
      ? { sort: sort as NonNullable<ExperimentsSearch['sort']> }
      : {}),
    ...(raw.view === ('deleted' satisfies Lifecycle) ? { view: 'deleted' } : {}),
  };
}

/** What stands below charts: the step, the time since the start of the run, the time, or another metric. */
export type XAxis = 'step' | 'relative' | 'wall' | `metrics.${string}`;

/** How charts are drawn. */
export interface ChartSearch {
  /** Absent = step. */
  x?: Exclude<XAxis, 'step'>;
  xscale?: 'log';
  y?: 'log';
  /** `params.<key>` or `tags.<key>`: runs of one value become one line. Absent = a line for each run. */
  group?: string;
  /** The metric whose chart fills the screen. */
  chart?: string;
  /** Part of the names of the metrics that are drawn. Absent = all. */
  find?: string;
  /** Weight of what came before, 0–0.99. Absent = none. */
  smooth?: string;
  /** `<from>~<to>` on the x axis. Absent = all. */
  zoom?: string;
}

export type RunTab = 'charts' | 'children' | 'evaluation' | 'artifacts' | 'events';
const runTabs: readonly unknown[] = [
  'charts',
  'children',
  'evaluation',
  'artifacts',
  'events',
] satisfies RunTab[];

export interface RunSearchParams extends SiteSearch, ChartSearch {
  /** Absent = the charts, or what a run without curves has instead. */
  tab?: RunTab;
  /** The file that is shown of the artifacts. */
  file?: string;
}

export function homeUrl(site: SiteSearch) {
  return { to: '/', search: onlySite(site) } as const;
}

export function experimentUrl(experiment: string, search: RunsSearch = {}) {
  return { to: '/experiments/$experiment', params: { experiment }, search } as const;
}

export function runUrl(run: string, search: RunSearchParams = {}) {
  return { to: '/runs/$run', params: { run }, search } as const;
}

export interface ModelSearchParams extends SiteSearch {
  /** The file that is shown of the artifacts. */
  file?: string;
}

export function modelUrl(model: string, search: ModelSearchParams = {}) {
  return { to: '/models/$model', params: { model }, search } as const;
}

export function modelSearchOf(raw: Record<string, unknown>): ModelSearchParams {
  const file = textOf(raw.file);
  return { ...siteSearchOf(raw), ...(file === undefined ? {} : { file }) };
}

/** The state of the list of datasets. */
export interface DatasetsSearch extends SiteSearch {
  /** Part of the name. */
  search?: string;
  /** Absent = written last first. */
  sort?: 'name';
}

export function datasetsUrl(search: DatasetsSearch = {}) {
  return { to: '/datasets', search } as const;
}

export function datasetsSearchOf(raw: Record<string, unknown>): DatasetsSearch {
  const search = textOf(raw.search);
  return {
    ...siteSearchOf(raw),
    ...(search === undefined ? {} : { search }),
    ...(raw.sort === 'name' ? { sort: 'name' } : {}),
  };
}

export function datasetUrl(dataset: string, site: SiteSearch) {
  return { to: '/datasets/$dataset', params: { dataset }, search: onlySite(site) } as const;
}

export function datasetVersionUrl(version: string, site: SiteSearch) {
  return { to: '/dataset-versions/$version', params: { version }, search: onlySite(site) } as const;
}

/** Uids of two versions, the earlier one at the left. */
export interface CompareDatasetsSearch extends SiteSearch {
  left: string;
  right: string;
}

export function compareDatasetsUrl(left: string, right: string, site: SiteSearch) {
  const search: CompareDatasetsSearch = { ...onlySite(site), left, right };
  return { to: '/datasets/compare', search } as const;
}

export function compareDatasetsSearchOf(raw: Record<string, unknown>): CompareDatasetsSearch {
  return { ...siteSearchOf(raw), left: textOf(raw.left) ?? '', right: textOf(raw.right) ?? '' };
}

/** The state of the list of endpoints. */
export interface DeploymentsSearch extends SiteSearch {
  /** Part of the name. */
  search?: string;
  /** Absent = by name. */
  sort?: '-name' | 'updated' | '-updated';
}

export function deploymentsUrl(search: DeploymentsSearch = {}) {
  return { to: '/deployments', search } as const;
}

export function deploymentsSearchOf(raw: Record<string, unknown>): DeploymentsSearch {
  const search = textOf(raw.search);
  const { sort } = raw;
  return {
    ...siteSearchOf(raw),
    ...(search === undefined ? {} : { search }),
    ...(sort === '-name' || sort === 'updated' || sort === '-updated' ? { sort } : {}),
  };
}

/** An endpoint. Its name holds slashes, and proxies treat escaped ones each in their own way: it is a search parameter. */
export interface EndpointSearch extends SiteSearch {
  name: string;
  /** A day, `2026-11-20`: what served on it. */
  on?: string;
  /** A day: as it was known at its end. */
  known?: string;
  /** uid of the deployment whose evidence is shown. */
  deployment?: string;
}

export function endpointUrl(name: string, site: SiteSearch, more: { deployment?: string } = {}) {
  const search: EndpointSearch = { ...onlySite(site), name, ...more };
  return { to: '/endpoint', search } as const;
}

export function endpointSearchOf(raw: Record<string, unknown>): EndpointSearch {
  const [on, known, deployment] = [textOf(raw.on), textOf(raw.known), textOf(raw.deployment)];
  const isDay = (text: string | undefined) => text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text);
  return {
    ...siteSearchOf(raw),
    name: nameOf(raw),
    ...(isDay(on) ? { on: on! } : {}),
    ...(isDay(known) ? { known: known! } : {}),
    ...(deployment !== undefined && /^[0-9a-f]{32}$/.test(deployment) ? { deployment } : {}),
  };
}

/** Runs that one comparison shows. */
export const compareLimit = 100;

export interface CompareSearch extends SiteSearch, ChartSearch {
  /** Ids, joined by commas. */
  runs?: string;
  /** Which value of a metric counts. Absent = the best, where its name says what best is. */
  agg?: 'last' | 'min' | 'max';
  /** `<column>~<column>` of the scatter plot, such as `params.lr~metrics.loss`. */
  scatter?: string;
  /** The metric that parameters are seen against. */
  target?: string;
}

export function compareUrl(runs: Iterable<string>, site: SiteSearch) {
  return {
    to: '/compare',
    search: { ...onlySite(site), runs: [...runs].join(',') } as CompareSearch,
  } as const;
}

export function compareSearchOf(raw: Record<string, unknown>): CompareSearch {
  const [runs, scatter, target] = [textOf(raw.runs), textOf(raw.scatter), textOf(raw.target)];
  return {
    ...siteSearchOf(raw),
    ...chartSearchOf(raw),
    ...(runs === undefined ? {} : { runs }),
    ...(raw.agg === 'last' || raw.agg === 'min' || raw.agg === 'max' ? { agg: raw.agg } : {}),
    ...(scatter === undefined ? {} : { scatter }),
    ...(target === undefined ? {} : { target }),
  };
}

/** `runUrl` as text, for the many links of a table. */
export function runHref(run: string, site: SiteSearch): string {
  return `/runs/${encodeURIComponent(run)}${stringifySearch({ ...onlySite(site) })}`;
}

export function runsSearchOf(raw: Record<string, unknown>): RunsSearch {
  const [filter, sort, cols] = [textOf(raw.filter), textOf(raw.sort), textOf(raw.cols)];
  const [by, bysort] = [textOf(raw.by), textOf(raw.bysort)];
  return {
    ...siteSearchOf(raw),
    ...chartSearchOf(raw),
    ...(raw.charts === 'on' || raw.charts === 'off' ? { charts: raw.charts } : {}),
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
    ...(cols === undefined ? {} : { cols }),
    ...(by === undefined ? {} : { by }),
    ...(bysort === undefined ? {} : { bysort }),
    ...(raw.view === ('deleted' satisfies Lifecycle) ? { view: 'deleted' } : {}),
  };
}

export function chartSearchOf(raw: Record<string, unknown>): ChartSearch {
  const [smooth, zoom] = [textOf(raw.smooth), textOf(raw.zoom)];
  const [group, chart, find] = [textOf(raw.group), textOf(raw.chart), textOf(raw.find)];
  const weight = Number(smooth);
  return {
    ...(isAxis(raw.x) ? { x: raw.x } : {}),
    ...(raw.xscale === 'log' ? { xscale: 'log' } : {}),
    ...(group !== undefined && /^(params|tags)\../s.test(group) ? { group } : {}),
    ...(chart === undefined ? {} : { chart }),
    ...(find === undefined ? {} : { find }),
    ...(raw.y === 'log' ? { y: 'log' } : {}),
    ...(smooth !== undefined && weight > 0 && weight < 1 ? { smooth } : {}),
    ...(zoom !== undefined && zoomOf(zoom) !== undefined ? { zoom } : {}),
  };
}

function isAxis(x: unknown): x is Exclude<XAxis, 'step'> {
  return x === 'relative' || x === 'wall' || (typeof x === 'string' && /^metrics\../s.test(x));
}

export function zoomOf(text: string | undefined): readonly [number, number] | undefined {
  const [from, to] = (text ?? '').split('~').map(Number);
  return from !== undefined && to !== undefined && from < to ? [from, to] : undefined;
}

export function runSearchOf(raw: Record<string, unknown>): RunSearchParams {
  const file = textOf(raw.file);
  return {
    ...siteSearchOf(raw),
    ...chartSearchOf(raw),
    ...(runTabs.includes(raw.tab) ? { tab: raw.tab as RunTab } : {}),
    ...(file === undefined ? {} : { file }),
  };
}

/** Search parameters are plain text, not JSON: a link is read, edited and sent by people. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, value]) => typeof value === 'string');
  if (pairs.length === 0) return '';
  const text = pairs.map(([key, value]) => `${key}=${readable(value as string)}`).join('&');
  return `?${text}`;
}

/** encodeURIComponent, less what a query may hold as it is. */
function readable(value: string): string {
  return encodeURIComponent(value)
    .replace(/%(2C|3A|2F|40|24|3B)/g, decodeURIComponent)
    .replaceAll('%20', '+');
}

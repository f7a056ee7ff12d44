/**
 * The columns of the run table as values, and their short form in the URL:
 * `metrics.<key>.<aggregate>[:low|high|none]`, `params.<key>`, `tags.<key>`, `run.<attribute>`, joined by commas.
 */
import type { Aggregate, KnownColumn } from '../api/types.ts';
import { fieldText } from '../filter/field-text.ts';
import { achievement, type Goal, guessAggregate, guessGoal } from './goals.ts';

export const aggregates = ['last', 'min', 'max', 'first', 'mean', 'count'] as const satisfies Aggregate[];

/** Facts of a run that every run has; `field` is the word of the filter grammar, where there is one. */
export const attributes = {
  state: { title: 'State', field: 'attributes.status' },
  started: { title: 'Started', field: 'attributes.start_time' },
  user: { title: 'User', field: 'attributes.user_id' },
  duration: { title: 'Duration', field: undefined },
  ended: { title: 'Ended', field: 'attributes.end_time' },
  id: { title: 'Run id', field: 'attributes.run_id' },
} as const;
export type Attribute = keyof typeof attributes;

export type Column =
  | { readonly scope: 'metric'; readonly key: string; readonly aggregate: Aggregate; readonly goal: Goal }
  | { readonly scope: 'param' | 'tag'; readonly key: string }
  | { readonly scope: 'attribute'; readonly key: Attribute };

export type MetricColumn = Extract<Column, { scope: 'metric' }>;

const plural = { metric: 'metrics', param: 'params', tag: 'tags', attribute: 'run' } as const;

/** What the column shows a number or text of, whatever aggregate: the key of widths, of the picker, of what is fetched. */
export function columnSource(column: Column): string {
  return `${plural[column.scope]}.${column.key}`;
}

/** Which column it is. A metric may stand twice, with two aggregates. */
export function columnId(column: Column): string {
  const source = columnSource(column);
  return column.scope === 'metric' ? `${source}.${column.aggregate}` : source;
}

/** The field of the filter grammar that this column shows; undefined where the grammar has none. */
export function columnField(column: Column): string | undefined {
  if (column.scope === 'attribute') return attributes[column.key].field;
  if (column.scope === 'metric') return fieldText('metrics', column.key, column.aggregate);
  return fieldText(plural[column.scope], column.key);
}

export function columnTitle(column: Column): string {
  return column.scope === 'attribute' ? attributes[column.key].title : column.key;
}

export function metricColumn(key: string): Column {
  return { scope: 'metric', key, aggregate: guessAggregate(key), goal: guessGoal(key) };
}

/** The form in the URL. A goal that is the guess is left out. */
export function columnToken(column: Column): string {
  const id = columnId(column);
  return column.scope !== 'metric' || column.goal === guessGoal(column.key) ? id : `${id}:${column.goal}`;
}

/** Undefined for what is no column: an old or mistyped link loses that column, not the page. */
export function columnOfToken(token: string): Column | undefined {
  const dot = token.indexOf('.');
  if (dot < 0) return undefined;
  const [scope, rest] = [token.slice(0, dot), token.slice(dot + 1)];
  if (rest === '') return undefined;
  if (scope === 'params') return { scope: 'param', key: rest };
  if (scope === 'tags') return { scope: 'tag', key: rest };
  if (scope === 'run')
    return Object.hasOwn(attributes, rest) ? { scope: 'attribute', key: rest as Attribute } : undefined;
  const metric = /^(.+)\.(last|min|max|first|mean|count)(?::(low|high|none))?$/s.exec(rest);
  if (scope !== 'metrics' || metric === null) return undefined;
  const [, key, aggregate, goal] = metric as unknown as [string, string, Aggregate, Goal | undefined];
  return { scope: 'metric', key, aggregate, goal: goal ?? guessGoal(key) };
}

export function columnsToken(columns: readonly Column[]): string {
  return columns.map((column) => columnToken(column).replace(/[%,]/g, encodeURIComponent)).join(',');
}

export function columnsOfToken(token: string): Column[] {
  const found = token
    .split(',')
    .map((part) => columnOfToken(part.replaceAll('%2C', ',').replaceAll('%25', '%')));
  return withoutRepeats(found.filter((column) => column !== undefined));
}

export function withoutRepeats(columns: readonly Column[]): Column[] {
  const seen = new Set<string>();
  return columns.filter((column) => {
    const id = columnId(column);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** As many of each kind as a screen holds; the picker has the rest. */
const defaultMetrics = 8;
const defaultParams = 8;

/**
 * The table nobody has set up: state, start, then the metrics and parameters that vary, the metrics that do not, and
 * parameters that do not only where none does (one run). `previous` keeps its order, so that a column that appears while runs log moves no other.
 * `narrow`: a phone, where the first metric matters more than the start.
 */
export function defaultColumns(
  known: readonly KnownColumn[],
  previous: readonly Column[] = [],
  narrow = false,
): Column[] {
  const pick = (scope: 'metric' | 'param', limit: number) => {
    const all = known.filter((column) => column.scope === scope && !column.key.startsWith('system/'));
    const varying = all.filter((column) => column.varies);
    const fixed = all.filter((column) => !column.varies);
    const byWorth = (columns: readonly KnownColumn[]) =>
      columns.map(({ key }) => key).sort((a, b) => achievement(a) - achievement(b));
    // A metric says something even where it is the same in all; a parameter does not.
    if (scope === 'metric') return [...byWorth(varying), ...byWorth(fixed)].slice(0, limit);
    return (varying.length > 0 ? varying : fixed).map(({ key }) => key).slice(0, limit);
  };
  const wanted: Column[] = [
    { scope: 'attribute', key: 'state' },
    ...(narrow ? [] : [{ scope: 'attribute', key: 'started' } as const]),
    ...pick('metric', defaultMetrics).map(metricColumn),
    ...pick('param', defaultParams).map((key): Column => ({ scope: 'param', key })),
  ];
  const place = new Map(previous.map((column, index) => [columnId(column), index]));
  const rank = (column: Column) => place.get(columnId(column)) ?? previous.length;
  const group = (column: Column) => ['attribute', 'metric', 'param', 'tag'].indexOf(column.scope);
  return wanted
    .map((column, index) => ({ column, index }))
    .sort((a, b) => group(a.column) - group(b.column) || rank(a.column) - rank(b.column) || a.index - b.index)
    .map(({ column }) => column);
}

/** The runs of a table by what they have in common: a row for each group with figures of its metrics; a group opens to its runs. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Fragment, useId, useState } from 'react';
import { runGroups } from '../api/operations.ts';
import type { GroupFigure, RunGroup } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText, exactText, realText, runsText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { columnField, columnId, columnTitle, type MetricColumn } from './columns.ts';
import { GroupRuns } from './group-runs.tsx';
import type { GroupField } from './grouping.ts';
import { RunsSkeleton } from './runs-skeleton.tsx';
import type { TableState } from './use-table-state.ts';

const figures = ['min', 'mean', 'max'] as const;
type FigureName = (typeof figures)[number];

/** Metrics with figures: the server's limit is 16. */
const mostMetrics = 8;
/** Groups of a page. */
const groupsAtOnce = 200;
/** ms between looks at a table of which runs still log. */
const liveInterval = 10_000;

/**
 * An order is `runs` or `values`, which are the server's, or `<metric>.<figure>`, where all groups are there; with `-` before
 * it, the greatest first.
 */
const bySize = 'runs';
const byValues = 'values';

export function GroupTable({ state }: { state: TableState }) {
  const { project, experiment, filter, view, by } = state;
  const metrics = (state.columns ?? []).filter((column) => column.scope === 'metric').slice(0, mostMetrics);
  const asked = state.bySort.endsWith(byValues) ? byValues : bySize;
  const body = {
    experiments: [experiment],
    view,
    ...(filter === '' ? {} : { filter }),
    by: by.map(({ field }) => field),
    figures: metrics.map((column) => columnField(column)!),
    order: asked,
    limit: groupsAtOnce,
  } as const;
  const found = useInfiniteQuery({
    queryKey: ['run-groups', project, body],
    queryFn: ({ pageParam, signal }) =>
      runGroups(project, { ...body, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 1 ? false : liveInterval),
  });
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const title = useId();

  if (found.data === undefined)
    return found.error === null ? (
      <RunsSkeleton />
    ) : (
      <ProblemView error={found.error} onRetry={() => void found.refetch()} />
    );
  const total = found.data.pages[0]!.total;
  const groups = found.data.pages.flatMap(({ items }) => items);
  const isAll = groups.length >= total;
  // Where the server has more, its own order is the only one.
  const sorted = isAll ? sortedGroups(groups, state.bySort, metrics) : groups;
  const toggle = (key: string) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const head = { order: state.bySort, onOrder: state.setBySort };
  return (
    <div
      role="region"
      className="group-scroll"
      aria-labelledby={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-busy={found.isPlaceholderData}
    >
      <table className="facts-table group-table">
        <caption id={title} className="visually-hidden">
          Runs by {by.map((field) => field.title).join(' and ')}
        </caption>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              <OrderButton
                {...head}
                by={byValues}
                descends={false}
                text={by.map((field) => field.title).join(' · ')}
              />
            </th>
            <th scope="col" rowSpan={2} className="num">
              <OrderButton {...head} by={bySize} descends text="Runs" />
            </th>
            <th scope="col" rowSpan={2} className="num">
              Latest
            </th>
            {metrics.map((column) => (
              <th key={columnId(column)} scope="colgroup" colSpan={3} className="group-metric">
                {columnTitle(column)} <span className="faint">{column.aggregate}</span>
              </th>
            ))}
          </tr>
          <tr>
            {metrics.flatMap((column) =>
              figures.map((figure) => (
                <th key={`${columnId(column)} ${figure}`} scope="col" className={`num figure-${figure}`}>
                  {isAll ? (
                    <OrderButton
                      {...head}
                      by={figureOrder(column, figure)}
                      descends={column.goal !== 'low'}
                      text={figure}
                      label={`${columnTitle(column)} ${figure}`}
                    />
                  ) : (
                    figure
                  )}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((group) => {
            const key = JSON.stringify(group.values);
            const isOpen = open.has(key);
            return (
              <Fragment key={key}>
                <tr className={isOpen ? 'group-row open' : 'group-row'}>
                  <th scope="row">
                    <button
                      type="button"
                      className="group-opener"
                      aria-expanded={isOpen}
                      onClick={() => toggle(key)}
                    >
                      <Icon name="chevron" size={12} />
                      <GroupValues fields={by} group={group} />
                    </button>
                  </th>
                  <td className="num">{countText(group.runs)}</td>
                  <td className="num dim">
                    <Ago time={group.latest} />
                  </td>
                  {group.figures.map((figure, index) => (
                    <FigureCells
                      key={columnId(metrics[index]!)}
                      figure={figure}
                      goal={metrics[index]!.goal}
                    />
                  ))}
                </tr>
                {isOpen && <GroupRuns state={state} group={group} metrics={metrics} />}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {groups.length === 0 && <p className="quiet">No run passes the filter.</p>}
      {!isAll && (
        <p className="more">
          {countText(groups.length)} of {countText(total)} groups.{' '}
          <button
            type="button"
            className="link-button"
            disabled={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            Show {countText(Math.min(groupsAtOnce, total - groups.length))} more
          </button>
        </p>
      )}
    </div>
  );
}

function figureOrder(column: MetricColumn, figure: FigureName): string {
  return `${columnId(column)}.${figure}`;
}

function sortedGroups(
  groups: readonly RunGroup[],
  order: string,
  metrics: readonly MetricColumn[],
): readonly RunGroup[] {
  const descending = order.startsWith('-');
  const by = descending ? order.slice(1) : order;
  // The server puts the largest first, and values in their order.
  if (by === bySize) return descending ? groups : [...groups].reverse();
  if (by === byValues) return descending ? [...groups].reverse() : groups;
  const metric = metrics.findIndex((column) => by.startsWith(`${columnId(column)}.`));
  const figure = figures.find((name) => by.endsWith(`.${name}`));
  if (metric < 0 || figure === undefined) return groups;
  const value = (group: RunGroup) => group.figures[metric]?.[figure] ?? null;
  return [...groups].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    // Groups without the figure come last, whichever way.
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return descending ? y - x : x - y;
  });
}

function OrderButton(props: {
  order: string;
  onOrder: (order: string) => void;
  by: string;
  /** Whether the first click puts the greatest first. */
  descends: boolean;
  text: string;
  label?: string;
}) {
  const { order, onOrder, by, descends, text } = props;
  const isBy = order === by || order === `-${by}`;
  const isDescending = isBy && order.startsWith('-');
  return (
    <button
      type="button"
      className={isBy ? 'group-sort sorted' : 'group-sort'}
      aria-label={`Sort by ${props.label ?? text}`}
      aria-pressed={isBy}
      onClick={() => onOrder((isBy ? !isDescending : descends) ? `-${by}` : by)}
    >
      {text}
      {isBy && <Icon name={isDescending ? 'down' : 'up'} size={12} />}
    </button>
  );
}

function GroupValues({ fields, group }: { fields: readonly GroupField[]; group: RunGroup }) {
  return (
    <>
      {fields.map(({ token, title }, index) => {
        const value = group.values[index] ?? null;
        return (
          <span key={token} className={value === null ? 'group-value faint' : 'group-value'} title={title}>
            {value === null ? 'not set' : value === '' ? '“”' : String(value)}
          </span>
        );
      })}
    </>
  );
}

function FigureCells({ figure, goal }: { figure: GroupFigure; goal: MetricColumn['goal'] }) {
  const best = goal === 'low' ? 'min' : goal === 'high' ? 'max' : undefined;
  return figures.map((name) => {
    const value = figure[name];
    return (
      <td
        key={name}
        className={`num figure-${name}${name === best ? ' group-best' : ''}`}
        title={
          value === null
            ? 'No run of the group has it'
            : `${exactText(value)}\n${name} of ${runsText(figure.runs)}`
        }
      >
        {value === null ? <span className="missing">–</span> : realText(value, false)}
      </td>
    );
  });
}

/** The runs of one group, below its row. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { runSearch } from '../api/operations.ts';
import type { Run, RunGroup } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText, realOf, realText } from '../format/numbers.ts';
import { durationText } from '../format/times.ts';
import { RunLink } from '../runs/run-link.tsx';
import { columnId, type MetricColumn } from './columns.ts';
import { groupFilter } from './grouping.ts';
import { orderText } from './sort.ts';
import type { TableState } from './use-table-state.ts';
import { metricValue } from './values.ts';

/** Runs that an open group shows before somebody asks for more; the API's largest page. */
const runsAtOnce = 20;
const runsAtMost = 1000;

/** The first runs of a group in the order of the table, and more of them when asked. */
export function GroupRuns(props: { state: TableState; group: RunGroup; metrics: readonly MetricColumn[] }) {
  const { state, group, metrics } = props;
  const { project, experiment, view } = state;
  const [shown, setShown] = useState(runsAtOnce);
  const filter = groupFilter(state.filter, state.by, group.values);
  const found = useQuery({
    queryKey: [
      'group-runs',
      project,
      experiment,
      view,
      filter,
      orderText(state.sort),
      shown,
      metrics.map(columnId),
    ],
    queryFn: ({ signal }) =>
      runSearch(
        project,
        {
          experiments: [experiment],
          view,
          filter: filter!,
          order: orderText(state.sort),
          limit: shown,
          count: false,
          columns: { metrics: metrics.map(({ key }) => key), params: [], tags: [] },
        },
        signal,
      ),
    enabled: filter !== undefined,
    placeholderData: keepPreviousData,
  });
  const width = 3 + 3 * metrics.length;
  const runs = found.data?.items ?? [];
  const rest = group.runs - runs.length;
  return (
    <>
      {runs.map((run) => (
        <GroupRunRow key={run.id} run={run} metrics={metrics} />
      ))}
      <tr className="group-foot">
        <td colSpan={width}>
          {filter === undefined ? (
            'A value that holds both kinds of quotes is no filter: its runs are in the table without groups.'
          ) : found.isPending ? (
            'Loading…'
          ) : found.isError ? (
            <>The runs did not load: {found.error.message}</>
          ) : (
            <>
              {rest > 0 && (
                <button
                  type="button"
                  className="link-button"
                  disabled={found.isPlaceholderData || shown >= runsAtMost}
                  onClick={() => setShown(Math.min(runsAtMost, shown * 3))}
                >
                  {countText(rest)} more
                </button>
              )}
              <button type="button" className="link-button" onClick={() => state.openGroup(filter)}>
                Only these, as a table
              </button>
            </>
          )}
        </td>
      </tr>
    </>
  );
}

function GroupRunRow({ run, metrics }: { run: Run; metrics: readonly MetricColumn[] }) {
  return (
    <tr className="group-run">
      <th scope="row">
        <RunLink run={run} />
      </th>
      <td className="num dim">
        <span className="state">
          <span className={`state-dot ${run.state}`} aria-hidden="true" />
          {run.ended === null ? run.state : durationText(run.ended - run.started)}
        </span>
      </td>
      <td className="num dim">
        <Ago time={run.started} />
      </td>
      {metrics.map((column) => {
        const value = metricValue(run, column);
        const real = value == null ? undefined : realOf(value);
        return (
          <Fragment key={columnId(column)}>
            <td className="figure-min" />
            <td className="num">
              {real === undefined ? (
                <span className="missing">{value === null ? 'NaN' : '–'}</span>
              ) : Number.isFinite(real) ? (
                realText(real, false)
              ) : (
                String(real)
              )}
            </td>
            <td />
          </Fragment>
        );
      })}
    </tr>
  );
}

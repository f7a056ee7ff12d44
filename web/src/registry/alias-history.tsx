/** What aliases named when: a time line of lanes, what held on a day, and every change with who made it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { historyLimit, historyQuery, type NamedInterval } from '../api/registry.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { durationText, exactTime } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { Lane, Lanes, type Span } from '../ui/lanes.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { promptUrl, versionUrl } from '../urls.ts';
import { dayOf, dayText, heldDuring, type Segment, timelineOf } from './timeline.ts';

/** Rows of changes that are drawn. */
const rowLimit = 200;

export function AliasHistory(props: {
  model: string;
  /** A prompt has pages of its own. */
  of?: 'prompt';
  /** The day that is asked about. */
  on: string | undefined;
  onDay: (day: string | undefined) => void;
}) {
  const { project } = useProject();
  const history = useQuery(historyQuery(project, props.model));
  const intervals = history.data?.items ?? [];
  const now = Date.now();
  const timeline = timelineOf(intervals, now);
  const day = props.on === undefined ? undefined : dayOf(props.on);
  if (history.isError && history.data === undefined)
    return <ProblemView error={history.error} onRetry={() => void history.refetch()} />;
  if (history.data === undefined) return <span className="bone" style={{ width: 240 }} />;
  return (
    <div className="model-section alias-history">
      <div className="panel-head">
        <h2 id="history-title">History of names</h2>
        {intervals.length > 0 && (
          <label className="day-field">
            On the day
            <input
              type="date"
              value={props.on ?? ''}
              max={dayText(now)}
              onChange={(event) => props.onDay(event.target.value === '' ? undefined : event.target.value)}
            />
          </label>
        )}
      </div>
      {intervals.length === 0 && (
        <p className="quiet">
          No version has been named yet. Promote one: from then on this tells what it was called, when, and by
          whom.
        </p>
      )}
      {timeline !== undefined && (
        <Lanes label="Time line of aliases" from={timeline.from}>
          {timeline.lanes.map(({ alias, segments }) => {
            const words = segments.map(({ interval }) => `version ${interval.version}`).join(', then ');
            return (
              <Lane key={alias} name={alias} words={`${alias} was ${words}`} timeline={timeline} day={day}>
                {segments.map((segment) => (
                  <Drawn key={segment.interval.from} segment={segment} now={now} />
                ))}
              </Lane>
            );
          })}
        </Lanes>
      )}
      {day !== undefined && props.on !== undefined && (
        <Held model={props.model} of={props.of} day={day} intervals={heldDuring(intervals, day)} />
      )}
      {intervals.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="table-frame" tabIndex={0} role="region" aria-labelledby="history-title">
          <table className="facts-table history-table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Version</th>
                <th scope="col">From</th>
                <th scope="col">By</th>
                <th scope="col">For</th>
                <th scope="col">Ended by</th>
              </tr>
            </thead>
            <tbody>
              {intervals.slice(0, rowLimit).map((interval) => (
                <HistoryRow
                  key={`${interval.kind} ${interval.name} ${interval.versionUid} ${interval.from}`}
                  model={props.model}
                  of={props.of}
                  interval={interval}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(intervals.length > rowLimit || history.data.cursor !== undefined) && (
        <p className="quiet">
          The latest {countText(Math.min(rowLimit, intervals.length))} changes are listed
          {history.data.cursor !== undefined && `, the latest ${countText(historyLimit)} drawn`}.{' '}
          <code>cairn models history {props.model} --limit 100000</code> has all.
        </p>
      )}
    </div>
  );
}

/** Drawn only: the rows below have the same with links, wide enough to be hit. */
function Drawn({ segment, now }: { segment: Segment; now: number }) {
  const { interval, start, width } = segment;
  const { name, version, from, to, by } = interval;
  const ended = to === null ? 'until now' : `until ${exactTime(to)}`;
  return (
    <span
      className={to === null ? 'segment current' : 'segment'}
      style={{ left: `${start * 100}%`, width: `${width * 100}%` }}
      title={`${name} = v${version}, ${durationText((to ?? now) - from)}\nfrom ${exactTime(from)} by ${by}\n${ended}`}
    >
      v{version}
    </span>
  );
}

function Held(props: {
  model: string;
  of: 'prompt' | undefined;
  day: Span;
  intervals: readonly NamedInterval[];
}) {
  const { day, intervals } = props;
  return (
    <div className="held" role="status">
      {intervals.length === 0 ? (
        <p className="quiet">No version had a name on that day.</p>
      ) : (
        <ul>
          {intervals.map((interval) => (
            <li key={`${interval.kind} ${interval.name} ${interval.versionUid} ${interval.from}`}>
              <b>{interval.name}</b> was{' '}
              <VersionLink {...props} version={interval.version} className="text-link">
                version {interval.version}
              </VersionLink>
              {interval.from >= day.from && <> from {clock(interval.from)}</>}
              {interval.to !== null && interval.to <= day.to && <> until {clock(interval.to)}</>}
              {interval.from < day.from && (interval.to === null || interval.to > day.to) && <> all day</>}
              <span className="faint">, set by {interval.by}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const clock = (time: number) => clockFormat.format(time);

function VersionLink(props: {
  model: string;
  of?: 'prompt' | undefined;
  version: number;
  className: string;
  children: ReactNode;
}) {
  const { site } = useProject();
  const { model, version, className, children } = props;
  return props.of === 'prompt' ? (
    <Link {...promptUrl(model, site, version)} className={className}>
      {children}
    </Link>
  ) : (
    <Link {...versionUrl(model, version, site)} className={className}>
      {children}
    </Link>
  );
}

function HistoryRow(props: { model: string; of?: 'prompt' | undefined; interval: NamedInterval }) {
  const { interval } = props;
  const { kind, name, version, from, to, by, endedBy } = interval;
  return (
    <tr>
      <th scope="row">
        {kind === 'alias' ? (
          <span className="alias-chip">{name}</span>
        ) : (
          <span className={`stage-mark ${name.toLowerCase()}`}>{name}</span>
        )}
      </th>
      <td>
        <VersionLink {...props} version={version} className="text-link plain">
          v{version}
        </VersionLink>
      </td>
      <td>
        <Ago time={from} />
      </td>
      <td className="dim">{by}</td>
      <td>{to === null ? <span className="good">still</span> : durationText(to - from)}</td>
      <td className="dim" title={to === null ? undefined : exactTime(to)}>
        {endedBy ?? ''}
      </td>
    </tr>
  );
}

/** What a run's events told: each state with its time, and the events themselves as they were sent. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { jobRunEvents, jobsKey, sentEventQuery, type WholeJobRun } from '../api/jobs.ts';
import { parseJson } from '../artifacts/exact-json.ts';
import { JsonTree } from '../artifacts/json-tree.tsx';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { clockText, durationText, exactTime, minuteText } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { ProblemView } from '../ui/problem-view.tsx';

const words: Readonly<Record<WholeJobRun['states'][number]['type'], string>> = {
  START: 'started',
  RUNNING: 'running',
  COMPLETE: 'complete',
  ABORT: 'aborted',
  FAIL: 'failed',
  OTHER: 'other',
};

/** ms; what was told so soon after the one before is told without its day. */
const nearby = 6 * 60 * 60 * 1000;

export function ToldStates({ states }: { states: WholeJobRun['states'] }) {
  const [first] = states;
  return (
    <section className="side-section" aria-labelledby="states-title">
      <div className="panel-head">
        <h2 id="states-title">What was told</h2>
      </div>
      {first === undefined && <p className="quiet">No event told a state of it.</p>}
      <ol className="told-states">
        {states.map(({ type, at, event }, index) => (
          <li key={`${event} ${type}`} className={type.toLowerCase()}>
            <span>{words[type]}</span>
            <span className="dim" title={exactTime(at)}>
              {at - (states[index - 1]?.at ?? 0) < nearby ? clockText(at) : minuteText(at)}
            </span>
            <span className="faint">{at > first!.at ? `+${durationText(at - first!.at)}` : ''}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const pageSize = 20;

export function SentEvents({ run }: { run: string }) {
  const { project } = useProject();
  const list = useInfiniteQuery({
    queryKey: [...jobsKey(project), 'events', run],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      jobRunEvents(project, run, { limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.cursor,
  });
  const events = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className="side-section" aria-labelledby="events-title">
      <div className="panel-head">
        <h2 id="events-title">
          Events{' '}
          <span className="faint">
            {countText(events.length)}
            {list.hasNextPage ? '+' : ''}
          </span>
        </h2>
      </div>
      <ul className="facet-list">
        {events.map(({ event, recorded, actor }) => (
          <li key={event}>
            <SentEvent event={event}>
              <span>
                received <Ago time={recorded} />
              </span>
              <span className="faint facet-when">{actor === '' ? '' : `from ${actor}`}</span>
            </SentEvent>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="more">
          <button
            type="button"
            className="link-button"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Earlier ones
          </button>
        </p>
      )}
    </section>
  );
}

function SentEvent({ event, children }: { event: number; children: React.ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary>{children}</summary>
      {open && <AsSent event={event} />}
    </details>
  );
}

function AsSent({ event }: { event: number }) {
  const { project } = useProject();
  const sent = useQuery(sentEventQuery(project, event));
  const json = useMemo(() => (sent.data === undefined ? undefined : parseJson(sent.data)), [sent.data]);
  if (sent.isError) return <ProblemView error={sent.error} onRetry={() => void sent.refetch()} />;
  return json === undefined ? (
    <p className="quiet">Reading…</p>
  ) : (
    <JsonTree json={json} label={`Event ${event} as it was sent`} />
  );
}

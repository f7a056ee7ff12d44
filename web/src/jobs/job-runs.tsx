/** The runs of a job, the one heard of last first: as a strip, and as a table that goes on. */
import { Link } from '@tanstack/react-router';
import { type JobRun, jobRunList, jobsKey, type WholeJob } from '../api/jobs.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { exactTime } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { useRowKeys } from '../list/row-keys.tsx';
import { useList } from '../list/use-list.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { type JobRunState, jobRunUrl } from '../urls.ts';
import { StateChoice } from './job-runs-list.tsx';
import { StateMark, shortId, Took } from './run-facts.tsx';
import { RunHistory } from './run-strip.tsx';

export function JobRuns(props: {
  job: WholeJob;
  state: JobRunState | undefined;
  onState: (state: JobRunState | undefined) => void;
}) {
  const { job, state } = props;
  const { project } = useProject();
  const list = useList({
    list: [...jobsKey(project), 'runs-of', job.uid],
    asked: [state],
    read: (part, signal) => jobRunList(project, { job: job.uid, state, ...part }, signal),
  });
  useRowKeys('.job-runs th a');
  const runs = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div>
      <div className="panel-head">
        <h2 id="runs-title">Runs</h2>
        <div className="panel-tool">
          <StateChoice state={state} onState={props.onState} />
        </div>
      </div>
      {list.isError && list.data === undefined && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isSuccess && runs.length === 0 && (
        <p className="quiet">
          {state === undefined ? 'No run of it is known: it is only declared.' : `No run of it is ${state}.`}
        </p>
      )}
      {runs.length > 0 && (
        <>
          <RunHistory runs={runs.slice(0, barsShown)} more={list.hasNextPage || runs.length > barsShown} />
          <RunTable runs={runs} />
        </>
      )}
      {list.hasNextPage && (
        <p className="more">
          The latest {countText(runs.length)}.{' '}
          <button
            type="button"
            className="link-button"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? 'Reading…' : 'Show more'}
          </button>
        </p>
      )}
    </div>
  );
}

/** Bars that the strip has room for. */
const barsShown = 100;

function RunTable({ runs }: { runs: readonly JobRun[] }) {
  const { site } = useProject();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-frame versions-frame" tabIndex={0} role="region" aria-labelledby="runs-title">
      <table className="facts-table versions-table job-runs">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">State</th>
            <th scope="col">Started</th>
            <th scope="col">Ended</th>
            <th scope="col" className="num">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.uid}>
              <th scope="row">
                <Link {...jobRunUrl(run.uid, site)} className="text-link plain mono" title={run.runId}>
                  {shortId(run.runId)}
                </Link>
              </th>
              <td>
                <StateMark state={run.state} />
              </td>
              <td className="dim">
                {run.started === null ? <span className="faint">–</span> : <Ago time={run.started} />}
              </td>
              <td className="dim">
                {run.ended === null ? <span className="faint">–</span> : exactTime(run.ended)}
              </td>
              <td className="num">
                <Took run={run} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

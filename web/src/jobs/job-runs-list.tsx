/** Runs of all jobs, the one heard of last first; those in one state only where it is asked for. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Connection } from '../api/event-stream.ts';
import { type JobRun, jobRunList, jobsKey } from '../api/jobs.ts';
import { Ago } from '../format/ago.tsx';
import { useProject } from '../layout/use-project.ts';
import { ListPage } from '../list/list-page.tsx';
import { type ListColumn, ListTable } from '../list/list-table.tsx';
import { FootKeys } from '../list/row-keys.tsx';
import { useList } from '../list/use-list.ts';
import { type JobRunState, jobRunStates, jobRunUrl, jobUrl } from '../urls.ts';
import { StateMark, shortId, Took } from './run-facts.tsx';

export function JobRunsList(props: {
  connection: Connection;
  state: JobRunState | undefined;
  views: ReactNode;
  onState: (state: JobRunState | undefined) => void;
}) {
  const { state } = props;
  const { project } = useProject();
  const list = useList({
    list: [...jobsKey(project), 'runs'],
    asked: [state],
    read: (part, signal) => jobRunList(project, { state, ...part }, signal),
  });
  return (
    <ListPage
      title="Runs of jobs"
      words={['run', 'runs']}
      connection={props.connection}
      list={list}
      tools={
        <>
          {props.views}
          <StateChoice state={state} onState={props.onState} />
        </>
      }
      empty={
        <div className="notice">
          <h2>{state === undefined ? 'No run of a job is known yet' : `No run is ${state}`}</h2>
          <p>A run appears with its first event.</p>
        </div>
      }
      table={(rows) => (
        <ListTable
          label="Runs of jobs"
          className="job-runs-table"
          columns={columns}
          rows={rows}
          keyOf={({ uid }) => uid}
          cells={(run) => <Cells run={run} />}
        />
      )}
      foot={<FootKeys search={false} />}
    />
  );
}

export function StateChoice(props: {
  state: JobRunState | undefined;
  onState: (state: JobRunState | undefined) => void;
}) {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Which runs</legend>
      {[undefined, ...jobRunStates].map((each) => (
        <button
          key={each ?? 'all'}
          type="button"
          aria-pressed={props.state === each}
          onClick={() => props.onState(each)}
        >
          {each === undefined ? 'All' : each[0]!.toUpperCase() + each.slice(1)}
        </button>
      ))}
    </fieldset>
  );
}

const columns: readonly ListColumn[] = [
  { name: 'Run', kind: 'name' },
  { name: 'Of', kind: 'job' },
  { name: 'Namespace', kind: 'namespace' },
  { name: 'State', kind: 'latest' },
  { name: 'Started', kind: 'time' },
  { name: 'Took', kind: 'num' },
];

function Cells({ run }: { run: JobRun }) {
  const { site } = useProject();
  const { uid, runId, state, started, jobs } = run;
  const [job] = jobs;
  return (
    <>
      <th scope="row" className="name">
        <div className="list-name mono">
          <Link {...jobRunUrl(uid, site)} title={runId}>
            {shortId(runId)}
          </Link>
        </div>
      </th>
      <td className="job" title={job?.name}>
        {job === undefined ? (
          <span className="faint">–</span>
        ) : (
          <Link {...jobUrl(job.uid, site)} className="text-link plain">
            {job.name}
          </Link>
        )}
      </td>
      <td className="namespace" title={job?.namespace}>
        {job?.namespace}
      </td>
      <td className="latest">
        <StateMark state={state} />
      </td>
      <td className="time">{started === null ? <span className="faint">–</span> : <Ago time={started} />}</td>
      <td className="num">
        <Took run={run} />
      </td>
    </>
  );
}

/** All jobs of a project with how their last runs went; or all runs, the one heard of last first. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type Job, jobList, jobsKey } from '../api/jobs.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { ListPage, NoneCalledSo, useListSearch } from '../list/list-page.tsx';
import { type ListColumn, type ListRows, ListTable } from '../list/list-table.tsx';
import { FootKeys, useRowKeys } from '../list/row-keys.tsx';
import { useList } from '../list/use-list.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { type ChangeOf, changedSearch, type JobsSearch, jobRunUrl, jobUrl } from '../urls.ts';
import { JobRunsList } from './job-runs-list.tsx';
import { kindText, Took } from './run-facts.tsx';
import { RunStrip } from './run-strip.tsx';
import { useJobsLive } from './use-jobs-live.ts';

const route = getRouteApi('/jobs');
/** Runs that a row shows. */
const stripLength = 20;

export function JobsPage() {
  const { search: inLink = '', namespace, view, state } = route.useSearch();
  const { project } = useProject();
  const navigate = useNavigate();
  const change = (part: ChangeOf<JobsSearch>) =>
    void navigate({
      to: '/jobs',
      replace: 'search' in part,
      search: (before) => changedSearch<JobsSearch>(before, part),
    });
  const connection = useJobsLive(project);
  useRowKeys();
  const views = (
    <fieldset className="segments">
      <legend className="visually-hidden">What is listed</legend>
      {([undefined, 'runs'] as const).map((each) => (
        <button
          key={each ?? 'jobs'}
          type="button"
          aria-pressed={view === each}
          onClick={() => change({ view: each, state: undefined })}
        >
          {each === undefined ? 'Jobs' : 'Runs'}
        </button>
      ))}
    </fieldset>
  );
  return view === 'runs' ? (
    <JobRunsList
      connection={connection}
      state={state}
      views={views}
      onState={(next) => change({ state: next })}
    />
  ) : (
    <JobsList
      key={project}
      inLink={inLink}
      namespace={namespace}
      connection={connection}
      views={views}
      change={change}
    />
  );
}

function JobsList(props: {
  inLink: string;
  namespace: string | undefined;
  connection: ReturnType<typeof useJobsLive>;
  views: React.ReactNode;
  change: (part: ChangeOf<JobsSearch>) => void;
}) {
  const { namespace, change } = props;
  const { project } = useProject();
  const search = useListSearch(props.inLink, (text) => change({ search: text }));
  const { wanted } = search;
  const list = useList({
    list: [...jobsKey(project), 'list'],
    asked: [wanted, namespace],
    read: (part, signal) =>
      jobList(project, { search: wanted || undefined, namespace, recent: stripLength, ...part }, signal),
  });
  return (
    <ListPage
      title="Jobs"
      words={['job', 'jobs']}
      connection={props.connection}
      search={search}
      list={list}
      tools={
        <>
          {namespace !== undefined && (
            <button
              type="button"
              className="button"
              aria-label={`Show the jobs of all namespaces, not of ${namespace} only`}
              onClick={() => change({ namespace: undefined })}
            >
              in {namespace} <Icon name="close" size={12} />
            </button>
          )}
          {props.views}
        </>
      }
      empty={
        wanted !== '' ? (
          <NoneCalledSo what="job" search={search} />
        ) : namespace === undefined ? (
          <NoJobs />
        ) : (
          <div className="notice">
            <h2>No job is in this namespace</h2>
            <p>Nothing that was told of {namespace} is here.</p>
          </div>
        )
      }
      table={(rows) => <JobTable rows={rows} onNamespace={(next) => change({ namespace: next })} />}
      foot={<FootKeys />}
    />
  );
}

const columns: readonly ListColumn[] = [
  { name: 'Name', kind: 'name' },
  { name: 'Namespace', kind: 'namespace' },
  { name: 'Kind', kind: 'kind' },
  { name: 'Last runs', kind: 'strip' },
  { name: 'Latest', kind: 'latest' },
  { name: 'Took', kind: 'num' },
  { name: 'Reads', kind: 'num' },
  { name: 'Writes', kind: 'num' },
];

function JobTable(props: { rows: ListRows<Job>; onNamespace: (namespace: string) => void }) {
  return (
    <ListTable
      label="Jobs"
      className="jobs-table"
      columns={columns}
      rows={props.rows}
      keyOf={({ uid }) => uid}
      cells={(job) => <Cells job={job} onNamespace={props.onNamespace} />}
    />
  );
}

function Cells({ job, onNamespace }: { job: Job; onNamespace: (namespace: string) => void }) {
  const { site } = useProject();
  const { uid, name, namespace, latestRun: latest, recent, data } = job;
  const kind = kindText(job);
  return (
    <>
      <th scope="row" className="name">
        <div className="list-name">
          <Link {...jobUrl(uid, site)} title={name}>
            {name}
          </Link>
        </div>
      </th>
      <td className="namespace">
        <button
          type="button"
          className="cell-button"
          title={`${namespace}\nShow the jobs of this namespace only`}
          onClick={() => onNamespace(namespace)}
        >
          {namespace}
        </button>
      </td>
      <td className="kind" title={kind}>
        {kind === '' ? <span className="faint">–</span> : kind}
      </td>
      <td className="strip">
        <RunStrip runs={recent} most={stripLength} />
      </td>
      <td className="latest">
        {latest === null ? (
          <span className="faint">no run yet</span>
        ) : (
          <span className="state">
            <span
              className={`state-dot ${latest.state ?? 'untold'}`}
              role="img"
              aria-label={latest.state ?? 'no state told'}
            />
            <Link {...jobRunUrl(latest.uid, site)} className={`text-link plain ${latest.state ?? ''}`}>
              {latest.started === null ? 'only named' : <Ago time={latest.ended ?? latest.started} />}
            </Link>
          </span>
        )}
      </td>
      <td className="num">{latest === null ? <span className="faint">–</span> : <Took run={latest} />}</td>
      <Count count={data.inputs} declared={data.run === null} />
      <Count count={data.outputs} declared={data.run === null} />
    </>
  );
}

function Count({ count, declared }: { count: number; declared: boolean }) {
  return (
    <td
      className="num"
      title={
        count === 0
          ? undefined
          : declared
            ? 'As it is declared: no run has told it'
            : 'Of its latest run that tells'
      }
    >
      {count === 0 ? <span className="faint">–</span> : countText(count)}
    </td>
  );
}

function NoJobs() {
  const code = [
    'from openlineage.client import OpenLineageClient',
    `client = OpenLineageClient(config={"transport": {"type": "http", "url": "${location.origin}"}})`,
    'client.emit(event)',
  ].join('\n');
  return (
    <div className="notice first-run">
      <h2>No job is known yet</h2>
      <p>
        Airflow, Spark, dbt, Flink and whatever else speaks OpenLineage tell of their jobs by themselves once
        they know this address. A job appears with its first event: what it read, what it wrote, and how its
        run went.
      </p>
      <CodeToCopy code={code} />
      <p>It appears here by itself.</p>
    </div>
  );
}

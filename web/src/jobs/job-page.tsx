/** One job: how its runs went, what it reads and writes, its code, and everything that is told of it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { type DatasetName, type DatasetUse, jobQuery, jobRunQuery, type WholeJob } from '../api/jobs.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { useRecent } from '../palette/recent.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { useFirst } from '../ui/use-first.tsx';
import { changedSearch, datasetVersionUrl, type JobSearch, jobsUrl, siteOf } from '../urls.ts';
import { FacetList } from './facet-list.tsx';
import { codesOf, descriptionOf, jobFacts } from './facet-words.ts';
import { FactPairs } from './fact-pairs.tsx';
import { JobHead } from './job-head.tsx';
import { JobRuns } from './job-runs.tsx';
import { DatasetLink, kindText, StateMark } from './run-facts.tsx';
import { useJobsLive } from './use-jobs-live.ts';

const route = getRouteApi('/jobs/$job');

export function JobPage() {
  const { job: uid } = route.useParams();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const { project, site } = useProject();
  const query = useQuery(jobQuery(project, uid));
  const connection = useJobsLive(project);
  const job = query.data;
  useEffect(() => {
    document.title = job === undefined ? 'Cairn' : `${job.name} · Cairn`;
  }, [job]);
  useRecent(
    project,
    job === undefined ? undefined : { kind: 'job', id: job.uid, name: job.name, within: job.namespace },
  );

  if (job === undefined)
    return (
      <Absent query={query} none="There is no such job here">
        <Link {...jobsUrl(site)} className="button primary">
          All jobs
        </Link>
      </Absent>
    );
  const { name, namespace, latestRun: latest, created, facets } = job;
  const kind = kindText(job);
  const description = descriptionOf(facets);
  return (
    <>
      <JobHead title={name} connection={connection}>
        <dl className="run-facts">
          {latest !== null && (
            <Fact name="latest run" className="run-state">
              <StateMark state={latest.state} />
            </Fact>
          )}
          {latest?.started != null && (
            <Fact name="begun">
              <Ago time={latest.started} />
            </Fact>
          )}
          <Fact name="in">
            <Link {...jobsUrl({ ...site, namespace })} className="text-link plain">
              {namespace}
            </Link>
          </Fact>
          {kind !== '' && (
            <Fact name="kind" unseen>
              {kind}
            </Fact>
          )}
          <Fact name="first known">
            <Ago time={created} />
          </Fact>
        </dl>
      </JobHead>
      <div className="run-page" key={uid}>
        <div className="run-main">
          <JobRuns
            job={job}
            state={state}
            onState={(next) =>
              void navigate({
                replace: true,
                search: (before) => changedSearch<JobSearch>(before, { state: next }),
              })
            }
          />
          {codesOf(facets).map(({ title, language, text }) => (
            <section key={title} aria-label={title} className="job-code">
              <div className="panel-head">
                <h2>
                  {title} {language !== undefined && <span className="faint">{language.toLowerCase()}</span>}
                </h2>
              </div>
              <CodeToCopy code={text} />
            </section>
          ))}
          <FacetList
            text={job.text}
            facets={facets.map(({ key, at }, index) => ({ key, at, path: ['facets', index, 'value'] }))}
          />
        </div>
        <aside className="run-side" aria-label="About the job">
          {description !== undefined && (
            <section className="side-section" aria-labelledby="documentation-title">
              <div className="panel-head">
                <h2 id="documentation-title">Description</h2>
              </div>
              <p className="note-text">{description}</p>
            </section>
          )}
          <Data job={job} />
          <section className="side-section" aria-labelledby="about-title">
            <div className="panel-head">
              <h2 id="about-title">About it</h2>
            </div>
            <FactPairs
              facts={[
                { name: 'Namespace', text: namespace },
                ...(job.integration === null ? [] : [{ name: 'Integration', text: job.integration }]),
                ...(job.type === null ? [] : [{ name: 'Type', text: job.type }]),
                ...(job.processing === null ? [] : [{ name: 'Processing', text: job.processing }]),
                ...jobFacts(facets),
              ]}
            />
          </section>
        </aside>
      </div>
    </>
  );
}

/** What its latest run read and wrote, and what it is declared to. */
function Data({ job }: { job: WholeJob }) {
  const { project } = useProject();
  const { run } = job.data;
  const told = useQuery({ ...jobRunQuery(project, run ?? ''), enabled: run !== null });
  const reading = run !== null && told.data === undefined;
  return (
    <>
      <DataOf title="Reads" uses={told.data?.inputs ?? []} declared={job.inputs} reading={reading} />
      <DataOf title="Writes" uses={told.data?.outputs ?? []} declared={job.outputs} reading={reading} />
    </>
  );
}

function DataOf(props: {
  title: string;
  uses: readonly DatasetUse[];
  declared: readonly DatasetName[];
  reading: boolean;
}) {
  const { title, uses } = props;
  const known = new Set(uses.map(({ dataset }) => dataset.uid));
  const data: readonly (Pick<DatasetUse, 'dataset' | 'version' | 'named'> & { told: boolean })[] = [
    ...uses.map((use) => ({ ...use, told: true })),
    ...props.declared
      .filter(({ uid }) => !known.has(uid))
      .map((dataset) => ({ dataset, version: null, named: null, told: false })),
  ];
  const { first, rest } = useFirst(data, 50);
  const id = `${title.toLowerCase()}-title`;
  return (
    <section className="side-section" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>
          {title} {data.length > 0 && <span className="faint">{countText(data.length)}</span>}
        </h2>
      </div>
      {data.length === 0 && <p className="quiet">{props.reading ? 'Reading…' : 'No dataset was told.'}</p>}
      <ul className="data-list">
        {first.map(({ dataset, version, named, told }) => (
          <li key={dataset.uid}>
            <DatasetLink dataset={dataset} />
            {!told && <span className="faint data-version">declared</span>}
            {version !== null && (
              <Link
                {...datasetVersionUrl(version.uid, siteOf(version.project))}
                className="text-link plain mono data-version"
                title={`The version of its latest run that tells${named === null ? '' : `\n${named}`}`}
              >
                {named?.slice(0, 10) ?? version.uid.slice(-8)}
              </Link>
            )}
          </li>
        ))}
      </ul>
      {rest}
    </section>
  );
}

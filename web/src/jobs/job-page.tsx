/** One job: how its runs went, what it reads and writes, its code, and everything that is told of it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { jobQuery, jobRunQuery, type WholeJob } from '../api/jobs.ts';
import { Ago } from '../format/ago.tsx';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { useRecent } from '../palette/recent.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { changedSearch, datasetVersionUrl, type JobSearch, jobsUrl } from '../urls.ts';
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
  const { project, site } = useProject();
  const { run } = job.data;
  const told = useQuery({ ...jobRunQuery(project, run ?? ''), enabled: run !== null });
  return (['inputs', 'outputs'] as const).map((direction) => {
    const uses = told.data?.[direction] ?? [];
    const known = new Set(uses.map(({ dataset }) => dataset.uid));
    const declared = job[direction].filter(({ uid }) => !known.has(uid));
    const title = direction === 'inputs' ? 'Reads' : 'Writes';
    return (
      <section key={direction} className="side-section" aria-labelledby={`${direction}-title`}>
        <div className="panel-head">
          <h2 id={`${direction}-title`}>
            {title}{' '}
            {uses.length + declared.length > 0 && (
              <span className="faint">{uses.length + declared.length}</span>
            )}
          </h2>
        </div>
        {uses.length + declared.length === 0 && (
          <p className="quiet">
            {run !== null && told.data === undefined ? 'Reading…' : 'No dataset was told.'}
          </p>
        )}
        <ul className="data-list">
          {uses.map(({ dataset, version }) => (
            <li key={dataset.uid}>
              <DatasetLink dataset={dataset} />
              {version !== null && (
                <Link
                  {...datasetVersionUrl(version.uid, site)}
                  className="text-link plain mono data-version"
                  title="The version of its latest run that tells"
                >
                  {version.uid.slice(-8)}
                </Link>
              )}
            </li>
          ))}
          {declared.map((dataset) => (
            <li key={dataset.uid}>
              <DatasetLink dataset={dataset} />
              <span className="faint data-version">declared</span>
            </li>
          ))}
        </ul>
      </section>
    );
  });
}

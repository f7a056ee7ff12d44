/** One run of a job: how it went, what it read and wrote and in which versions, what failed, what started it and what it started. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { jobRunQuery, type WholeJobRun } from '../api/jobs.ts';
import { Ago } from '../format/ago.tsx';
import { minuteText } from '../format/times.ts';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { LineageLink } from '../lineage/lineage-link.tsx';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { LineageMore, useDeclareWrong } from '../lineage/use-declare-wrong.tsx';
import { useLineageActions } from '../lineage/use-lineage-actions.ts';
import { usePaletteActions } from '../palette/palette-state.ts';
import { CodeToCopy, CopiedValue } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { jobsUrl } from '../urls.ts';
import { ColumnTable } from './column-table.tsx';
import { FacetList, type ShownFacet } from './facet-list.tsx';
import { errorOf, runFacts } from './facet-words.ts';
import { FactPairs } from './fact-pairs.tsx';
import { JobHead } from './job-head.tsx';
import { StateMark, shortId, Took } from './run-facts.tsx';
import { RunChildren, RunParents, useFamily } from './run-family.tsx';
import { SetAndMeasured } from './set-and-measured.tsx';
import { SentEvents, ToldStates } from './told-states.tsx';
import { useJobsLive } from './use-jobs-live.ts';
import { UseList } from './use-rows.tsx';

const route = getRouteApi('/job-runs/$run');

export function JobRunPage() {
  const { run: uid } = route.useParams();
  const { project, site } = useProject();
  const query = useQuery(jobRunQuery(project, uid));
  const family = useFamily(uid);
  const connection = useJobsLive(project);
  const run = query.data;
  const [job] = run?.jobs ?? [];
  // People know the runs of a nightly job by their nights.
  const title = run === undefined ? '' : run.started === null ? shortId(run.runId) : minuteText(run.started);
  const wrong = useDeclareWrong({ uid, name: `${job?.name ?? 'the run'} ${title}`, type: 'job-run' });
  usePaletteActions(useLineageActions(uid, wrong.action));
  useEffect(() => {
    document.title = run === undefined ? 'Cairn' : `${job?.name ?? 'Run'} ${title} · Cairn`;
  }, [run, job?.name, title]);

  if (run === undefined)
    return (
      <Absent query={query} none="There is no such run of a job here">
        <Link {...jobsUrl(site)} className="button primary">
          All jobs
        </Link>
      </Absent>
    );
  return (
    <>
      <JobHead
        within={job}
        title={title}
        connection={connection}
        tools={
          <>
            <LineageLink of={uid} />
            <LineageMore label={title} wrong={wrong} />
          </>
        }
      >
        <dl className="run-facts">
          <Fact name="State" unseen className="run-state">
            <StateMark state={run.state} />
          </Fact>
          <Fact name={run.state === 'running' ? 'for' : 'took'}>
            <Took run={run} />
          </Fact>
          {run.started !== null && (
            <Fact name="started">
              <Ago time={run.started} />
            </Fact>
          )}
          {job !== undefined && <Fact name="in">{job.namespace}</Fact>}
          <Fact name="id">
            <CopiedValue text={run.runId} className="pair-value mono">
              <span className="visually-hidden">Copy the run id </span>
              {shortId(run.runId)}
            </CopiedValue>
          </Fact>
        </dl>
        <TaintNotes uid={uid} />
      </JobHead>
      <div className="run-page" key={uid}>
        <div className="run-main">
          <Failure run={run} />
          <UseList direction="inputs" uses={run.inputs} />
          <UseList direction="outputs" uses={run.outputs} />
          {!run.complete && (
            <p className="quiet">It names more than is shown here; the API has no more of it either.</p>
          )}
          <ColumnTable outputs={run.outputs} />
          <RunChildren family={family} />
          <FacetList text={run.text} facets={facetsOf(run)} />
        </div>
        <aside className="run-side" aria-label="About the run">
          <ToldStates states={run.states} />
          <RunParents run={run} family={family} />
          <SetAndMeasured run={run} />
          <About run={run} />
          <SentEvents run={uid} />
        </aside>
      </div>
    </>
  );
}

function Failure({ run }: { run: WholeJobRun }) {
  const error = errorOf(run.facets);
  if (error === undefined) return null;
  return (
    <section className="run-error job-code" aria-labelledby="error-title">
      <div className="panel-head">
        <h2 id="error-title">
          Error {error.language !== undefined && <span className="faint">{error.language}</span>}
        </h2>
      </div>
      <p className="error-text">{error.message}</p>
      {error.trace !== undefined && (
        <details>
          <summary>Stack trace</summary>
          <CodeToCopy code={error.trace} small />
        </details>
      )}
    </section>
  );
}

function About({ run }: { run: WholeJobRun }) {
  const facts = [
    ...run.jobs.slice(1).map(({ name }) => ({ name: 'Also of', text: name })),
    ...runFacts(run.facets),
  ];
  if (facts.length === 0) return null;
  return (
    <section className="side-section" aria-labelledby="about-title">
      <div className="panel-head">
        <h2 id="about-title">About it</h2>
      </div>
      <FactPairs facts={facts} />
    </section>
  );
}

function facetsOf(run: WholeJobRun): ShownFacet[] {
  const ofUses = (['inputs', 'outputs'] as const).flatMap((direction) =>
    run[direction].flatMap(({ dataset, facets }, use) =>
      facets.map(({ key, at }, index) => ({
        ...{ key, at },
        of: `${direction === 'inputs' ? 'reading' : 'writing'} ${dataset.name}`,
        path: [direction, use, 'facets', index, 'value'],
      })),
    ),
  );
  return [
    ...run.facets.map(({ key, at }, index) => ({ key, at, path: ['facets', index, 'value'] })),
    ...ofUses,
  ];
}

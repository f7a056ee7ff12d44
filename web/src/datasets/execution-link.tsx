/** What ran, as a link: a run of an experiment by its name, a run of a pipeline by its job. */
import { Link } from '@tanstack/react-router';
import type { Execution } from '../api/datasets.ts';
import { OfProject } from '../layout/of-project.tsx';
import { RunLink } from '../runs/run-link.tsx';
import { jobRunUrl, siteOf } from '../urls.ts';

export function ExecutionLink({ run }: { run: Execution }) {
  const site = siteOf(run.project);
  if (run.purged) return <span className="faint">a run that was purged</span>;
  if (run.type === 'run') {
    return (
      <>
        <RunLink run={{ id: run.uid, name: run.name }} site={site} /> <OfProject project={run.project} />
      </>
    );
  }
  const { job } = run;
  return (
    <>
      <Link
        {...jobRunUrl(run.uid, site)}
        className="text-link plain"
        title={job === null ? run.name : `${job.namespace}\n${job.name}\nrun ${run.name}`}
      >
        {job?.name ?? run.name}
      </Link>{' '}
      <OfProject project={run.project} />
    </>
  );
}

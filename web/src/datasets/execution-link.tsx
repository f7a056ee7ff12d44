/** What ran, as a link: a run of an experiment by its name, a run of a pipeline by its job. */
import { Link } from '@tanstack/react-router';
import type { Execution } from '../api/datasets.ts';
import { useProject } from '../layout/use-project.ts';
import { RunLink } from '../runs/run-link.tsx';
import { jobRunUrl } from '../urls.ts';

export function ExecutionLink({ run }: { run: Execution }) {
  const { site } = useProject();
  if (run.purged) return <span className="faint">a run that was purged</span>;
  if (run.type === 'run') return <RunLink run={{ id: run.uid, name: run.name }} />;
  const { job } = run;
  return (
    <Link
      {...jobRunUrl(run.uid, site)}
      className="text-link plain"
      title={job === null ? run.name : `${job.namespace}\n${job.name}\nrun ${run.name}`}
    >
      {job?.name ?? run.name}
    </Link>
  );
}

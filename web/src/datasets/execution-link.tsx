/** What ran: a run of an experiment is a link, a run of a pipeline is told by its job. */
import type { Execution } from '../api/datasets.ts';
import { RunLink } from '../runs/run-link.tsx';

export function ExecutionLink({ run }: { run: Execution }) {
  if (run.purged) return <span className="faint">a run that was purged</span>;
  if (run.type === 'run') return <RunLink run={{ id: run.uid, name: run.name }} />;
  const { job } = run;
  return (
    <span
      className="job-run"
      title={job === null ? run.name : `${job.namespace}\n${job.name}\nrun ${run.name}`}
    >
      {job?.name ?? run.name}
    </span>
  );
}

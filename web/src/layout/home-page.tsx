/** `/` opens the most recently active experiment; this page shows only when there is none. */
import { queryOptions } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { experimentsQuery } from '../api/queries.ts';
import { queries } from '../query-client.ts';
import { FirstRun } from '../runs/first-run.tsx';
import { RunsSkeleton } from '../runs/runs-skeleton.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { byActivity } from './experiment-list.tsx';

/** The id of the most recent experiment; undefined when there is none. */
export async function mostRecentExperiment(project: string): Promise<string | undefined> {
  const options = queryOptions({ ...experimentsQuery(project), staleTime: 2000 });
  const { items } = await queries.fetchQuery(options);
  return [...items].sort(byActivity)[0]?.id;
}

export function HomePage({ empty }: { empty: boolean }) {
  if (!empty) return <RunsSkeleton />;
  return (
    <div className="page-body">
      <h1 className="visually-hidden">Experiments</h1>
      <FirstRun experiment={undefined} />
    </div>
  );
}

export function HomeProblem({ error }: ErrorComponentProps) {
  const router = useRouter();
  return <ProblemView alone error={error} onRetry={() => void router.invalidate()} />;
}

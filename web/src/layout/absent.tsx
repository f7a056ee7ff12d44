import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client.ts';
import { RunsSkeleton } from '../runs/runs-skeleton.tsx';
import { ProblemView } from '../ui/problem-view.tsx';

/** In the place of a page whose record is not there yet, or did not load, or does not exist. */
export function Absent(props: {
  query: UseQueryResult;
  /** What it says when there is none. */
  none: string;
  /** Where to go then. */
  children?: ReactNode;
}) {
  const { query, none, children } = props;
  if (query.error === null) return <RunsSkeleton />;
  if (query.error instanceof ApiProblem && query.error.status === 404)
    return (
      <ProblemView alone error={query.error} what={none}>
        {children}
      </ProblemView>
    );
  return <ProblemView alone error={query.error} onRetry={() => void query.refetch()} />;
}

/**
 * Deleting or restoring a context is one row: it sets the context's `deleted` and counts its `mark` up by one. A member
 * remembers the mark its own state was decided after. Whatever was decided last holds, so a run that is restored inside a
 * deleted experiment is active, and restoring an experiment brings all its runs back.
 */
import type { Lifecycle } from './experiment.ts';

export interface MemberMarks {
  readonly mark: number;
  readonly deleted: number;
  readonly context_mark: number;
  readonly context_deleted: number;
}

export function lifecycleOf(member: MemberMarks): Lifecycle {
  const deleted = member.mark < member.context_mark ? member.context_deleted : member.deleted;
  return deleted === 0 ? 'active' : 'deleted';
}

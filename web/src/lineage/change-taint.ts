/** Declaring that something is wrong and taking it back, each with a way back. */
import type { QueryClient } from '@tanstack/react-query';
import { lineageKey, taintDeclare, taintWithdraw, type Wrong } from '../api/lineage.ts';
import { showToast } from '../ui/toasts.tsx';

interface Where {
  readonly project: string;
  readonly queries: QueryClient;
  /** What people call it. */
  readonly name: string;
}

/** Rejects with the reason. `before`: what was declared of it until now. */
export async function declareWrong(where: Where, wrong: Wrong, before?: Wrong): Promise<void> {
  const { project, queries, name } = where;
  await taintDeclare(project, wrong);
  await queries.invalidateQueries({ queryKey: lineageKey(project) });
  const back = () =>
    before === undefined ? taintWithdraw(project, wrong.of) : taintDeclare(project, before);
  tell(where, `${name} is declared wrong`, back);
}

/** Tells why not, where it may not be. */
export async function withdrawWrong(where: Where, wrong: Wrong): Promise<void> {
  const { project, name } = where;
  const isDone = await done(where, () => taintWithdraw(project, wrong.of));
  if (isDone) tell(where, `${name} is not declared wrong any more`, () => taintDeclare(project, wrong));
}

function tell(where: Where, text: string, back: () => Promise<unknown>): void {
  showToast({ text, kind: 'done', action: { text: 'Undo', run: () => void done(where, back) } });
}

async function done({ project, queries }: Where, change: () => Promise<unknown>): Promise<boolean> {
  try {
    await change();
  } catch (error) {
    showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' });
    return false;
  }
  await queries.invalidateQueries({ queryKey: lineageKey(project) });
  return true;
}

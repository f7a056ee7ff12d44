/**
 * Promote, roll back, take a name away, each with what the page shows as the expectation: where somebody else was faster
 * nothing changes, and the page says so. What was done offers its way back, which expects in its turn.
 */
import { useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/client.ts';
import {
  aliasRemove,
  aliasSet,
  aliasUndo,
  type RegisteredModel,
  registryKey,
  type Stage,
  versionStage,
} from '../api/registry.ts';
import { showToast } from '../ui/toasts.tsx';

export interface Naming {
  /** `from` is what the alias names on the page, null for nothing. */
  promote(alias: string, version: number, from: number | null): Promise<void>;
  /** To what the alias named before its last change. */
  rollBack(alias: string, from: number): Promise<void>;
  takeAway(alias: string, from: number): Promise<void>;
  setStage(version: number, stage: Stage, from: Stage): Promise<void>;
}

export function useNaming(project: string, model: string): Naming {
  const queries = useQueryClient();

  async function attempt<T>(
    work: () => Promise<T>,
    done: (answer: T) => [string, (() => void)?],
  ): Promise<void> {
    try {
      const [text, undo] = done(await work());
      showToast({ text, ...(undo === undefined ? {} : { action: { text: 'Undo', run: undo } }) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isOvertaken = error instanceof ApiProblem && error.field === 'expected';
      showToast({
        kind: 'failed',
        text: isOvertaken ? `Somebody else was faster. ${message} Nothing was changed.` : message,
      });
    }
    await queries.invalidateQueries({ queryKey: registryKey(project) });
  }

  const nowOf = (answer: RegisteredModel, alias: string) =>
    answer.aliases.find((each) => each.alias === alias)?.version ?? null;

  /** Puts the alias back, and offers to take that back. */
  function back(alias: string, expected: number | null, said: (now: number | null) => string): Promise<void> {
    return attempt(
      () => aliasUndo(project, model, alias, expected),
      (answer) => {
        const now = nowOf(answer, alias);
        return [said(now), () => void back(alias, now, (again) => `${alias}: ${named(again)} again`)];
      },
    );
  }

  const naming: Naming = {
    promote: (alias, version, from) =>
      attempt(
        () => aliasSet(project, model, alias, version, from),
        () => [
          `${alias} is version ${version} now${from === null ? '' : `, it was version ${from}`}`,
          () => void back(alias, version, (now) => `${alias}: ${named(now)} again`),
        ],
      ),
    rollBack: (alias, from) =>
      back(alias, from, (now) => `Rolled back: ${alias} is ${named(now)} again, it was version ${from}`),
    takeAway: (alias, from) =>
      attempt(
        () => aliasRemove(project, model, alias, from),
        () => [`${alias} names nothing now`, () => void naming.promote(alias, from, null)],
      ),
    setStage: (version, stage, from) =>
      attempt(
        () => versionStage(project, model, version, stage, from),
        () => [`Version ${version}: stage ${stage}`, () => void naming.setStage(version, from, stage)],
      ),
  };
  return naming;
}

const named = (version: number | null) => (version === null ? 'nothing' : `version ${version}`);

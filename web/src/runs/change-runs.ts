/** Deleting and restoring runs, with a way back. */
import { runDelete, runRestore } from '../api/operations.ts';
import { countText } from '../format/numbers.ts';
import { showToast, updateToast } from '../ui/toasts.tsx';

/** Requests under way at once: a browser allows six to one server, and the event stream needs one. */
const lanes = 4;
/** From here on, progress is counted on the screen. */
const countedFrom = 20;

export type Change = 'delete' | 'restore';

const words = {
  delete: { doing: 'Deleting', done: 'deleted', call: runDelete, undo: 'restore' },
  restore: { doing: 'Restoring', done: 'restored', call: runRestore, undo: 'delete' },
} as const;

export async function changeRuns(options: {
  change: Change;
  project: string;
  ids: readonly string[];
  /** After every change that was made, also the undone ones. */
  onChanged: () => void;
  undone?: boolean;
}): Promise<void> {
  const { change, project, ids, onChanged } = options;
  const { doing, done, call, undo } = words[change];
  const many = ids.length >= countedFrom;
  const progress = (count: number) => ({
    text: `${doing} ${countText(count)} of ${countText(ids.length)} runs`,
    kind: 'working' as const,
  });
  const toast = many ? showToast(progress(0)) : undefined;

  const changed: string[] = [];
  let failure: unknown;
  const left = [...ids];
  await Promise.all(
    Array.from({ length: Math.min(lanes, ids.length) }, async () => {
      for (let id = left.shift(); id !== undefined && failure === undefined; id = left.shift()) {
        try {
          await call(project, id);
          changed.push(id);
          if (toast !== undefined && changed.length % 10 === 0) updateToast(toast, progress(changed.length));
        } catch (error) {
          failure = error;
        }
      }
    }),
  );
  if (changed.length > 0) onChanged();

  const runs = changed.length === 1 ? '1 run' : `${countText(changed.length)} runs`;
  const message =
    failure === undefined
      ? {
          text: options.undone === true ? `Undone: ${runs} ${done}` : `${runs} ${done}`,
          kind: 'done' as const,
        }
      : {
          text: `${runs} ${done}, then it failed: ${failure instanceof Error ? failure.message : String(failure)}`,
          kind: 'failed' as const,
        };
  const action =
    options.undone === true || changed.length === 0
      ? {}
      : {
          action: {
            text: 'Undo',
            run: () => void changeRuns({ change: undo, project, ids: changed, onChanged, undone: true }),
          },
        };
  if (toast === undefined) showToast({ ...message, ...action });
  else updateToast(toast, { ...message, ...action });
}

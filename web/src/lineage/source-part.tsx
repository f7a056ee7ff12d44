/** Whether somebody declared that nothing comes before a node, and doing so: an answer over it can then be all. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lineageKey, marksQuery, sourceDeclare, sourceWithdraw } from '../api/lineage.ts';
import { Ago } from '../format/ago.tsx';
import { useProject } from '../layout/use-project.ts';
import { showToast } from '../ui/toasts.tsx';

export function SourcePart({ uid, name, isOpen }: { uid: string; name: string; isOpen: boolean }) {
  const { project } = useProject();
  const queries = useQueryClient();
  const marks = useQuery(marksQuery(project, uid));
  if (marks.data === undefined) return null;
  const { source } = marks.data;

  async function change(declare: boolean, canUndo: boolean): Promise<void> {
    try {
      await (declare ? sourceDeclare(project, uid) : sourceWithdraw(project, uid));
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' });
      return;
    }
    await queries.invalidateQueries({ queryKey: lineageKey(project) });
    showToast({
      text: declare ? `${name} is declared a source` : `${name} is no declared source any more`,
      kind: 'done',
      ...(canUndo ? { action: { text: 'Undo', run: () => void change(!declare, false) } } : {}),
    });
  }

  if (source === null)
    return !isOpen ? null : (
      <p className="lineage-source">
        <button type="button" className="button small" onClick={() => void change(true, true)}>
          Declare it a source
        </button>
        <span className="faint">nothing comes before it</span>
      </p>
    );
  const { by, declared, note } = source;
  return (
    <p className="lineage-source">
      <span>
        <b>A source</b>, declared by {by} <Ago time={declared} />
        {note !== null && note !== '' && <span className="dim">: {note}</span>}
      </span>
      <button type="button" className="link-button" onClick={() => void change(false, true)}>
        Withdraw
      </button>
    </p>
  );
}

/** The note of a run, as Markdown: edited in place, and never over what somebody else wrote meanwhile without a word. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { runGet } from '../api/operations.ts';
import type { Run } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import { useTags } from './tag-list.tsx';
import { WrittenText } from './written-text.tsx';

/** The tag that MLflow keeps descriptions in. */
const noteTag = 'mlflow.note.content';

export function Note({ run }: { run: Run }) {
  const { project } = useProject();
  const queries = useQueryClient();
  const tags = useTags(run);
  /** The note as it was when editing began, or as the refusal showed it. */
  const base = useRef('');
  const note = run.tags[noteTag] ?? '';

  async function save(next: string): Promise<void> {
    const now = await runGet(project, run.id);
    const theirs = now.tags[noteTag] ?? '';
    if (theirs !== base.current && theirs !== next) {
      base.current = theirs;
      queries.setQueryData(['run', project, run.id], now);
      const told = theirs === '' ? 'deleted it' : `wrote: ${theirs.slice(0, 300)}`;
      throw new Error(`Somebody else changed the note meanwhile and ${told}. Save once more to replace it.`);
    }
    await (next.trim() === '' ? tags.remove(noteTag) : tags.set(noteTag, next));
  }

  return (
    <WrittenText
      title="Note"
      text={note}
      onEdit={() => {
        base.current = note;
      }}
      onSave={save}
    />
  );
}

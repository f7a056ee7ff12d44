/** The note of a run, as Markdown: edited in place, and never over what somebody else wrote meanwhile without a word. */
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState } from 'react';
import { runGet } from '../api/operations.ts';
import type { Run } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import { EditField } from './edit-field.tsx';
import { useTags } from './tag-list.tsx';

/** The tag that MLflow keeps descriptions in. */
const noteTag = 'mlflow.note.content';

const Markdown = lazy(async () => {
  const { MarkdownView } = await import('../artifacts/markdown-view.tsx');
  return { default: MarkdownView };
});

export function Note({ run }: { run: Run }) {
  const { project } = useProject();
  const queries = useQueryClient();
  const tags = useTags(run);
  const [editing, setEditing] = useState(false);
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
    <section className="side-section" aria-labelledby="note-title">
      <div className="panel-head">
        <h2 id="note-title">Note</h2>
        {!editing && (
          <button
            type="button"
            className="link-button"
            onClick={() => {
              base.current = note;
              setEditing(true);
            }}
          >
            {note === '' ? 'Write' : 'Edit'}
          </button>
        )}
      </div>
      {editing ? (
        <EditField lines label="Note" value={note} onSave={save} onClose={() => setEditing(false)} />
      ) : (
        note !== '' && (
          <div className="note-text">
            <Suspense fallback={<p>{note}</p>}>
              <Markdown text={note} />
            </Suspense>
          </div>
        )
      )}
    </section>
  );
}

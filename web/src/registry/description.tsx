/** What a model or a version is, as Markdown, edited in place. */
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { registryKey } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { EditField } from '../run/edit-field.tsx';

const Markdown = lazy(async () => {
  const { MarkdownView } = await import('../artifacts/markdown-view.tsx');
  return { default: MarkdownView };
});

export function Description(props: { text: string | null; onSave: (text: string) => Promise<unknown> }) {
  const { project } = useProject();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const text = props.text ?? '';
  return (
    <section className="side-section" aria-labelledby="description-title">
      <div className="panel-head">
        <h2 id="description-title">Description</h2>
        {!editing && (
          <button type="button" className="link-button" onClick={() => setEditing(true)}>
            {text === '' ? 'Write' : 'Edit'}
          </button>
        )}
      </div>
      {editing ? (
        <EditField
          lines
          label="Description"
          value={text}
          onSave={async (next) => {
            await props.onSave(next);
            await queries.invalidateQueries({ queryKey: registryKey(project) });
          }}
          onClose={() => setEditing(false)}
        />
      ) : (
        text !== '' && (
          <div className="note-text">
            <Suspense fallback={<p>{text}</p>}>
              <Markdown text={text} />
            </Suspense>
          </div>
        )
      )}
    </section>
  );
}

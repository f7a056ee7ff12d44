import { lazy, Suspense, useState } from 'react';
import { EditField } from './edit-field.tsx';

const Markdown = lazy(async () => {
  const { MarkdownView } = await import('../artifacts/markdown-view.tsx');
  return { default: MarkdownView };
});

/** What people wrote about a thing, as Markdown, edited in place. */
export function WrittenText(props: {
  title: string;
  text: string;
  onEdit?: () => void;
  /** Rejects with the reason, if it is refused. */
  onSave: (text: string) => Promise<void>;
}) {
  const { title, text } = props;
  const [editing, setEditing] = useState(false);
  return (
    <section className="side-section" aria-labelledby="written-title">
      <div className="panel-head">
        <h2 id="written-title">{title}</h2>
        {!editing && (
          <button
            type="button"
            className="link-button"
            onClick={() => {
              props.onEdit?.();
              setEditing(true);
            }}
          >
            {text === '' ? 'Write' : 'Edit'}
          </button>
        )}
      </div>
      {editing ? (
        <EditField lines label={title} value={text} onSave={props.onSave} onClose={() => setEditing(false)} />
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

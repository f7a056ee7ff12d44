/** Tags people set, edited in place; those MLflow sets by itself folded below. */
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { runTag, runUntag } from '../api/operations.ts';
import type { Run } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { Icon } from '../ui/icons.tsx';
import { showToast } from '../ui/toasts.tsx';
import { EditField } from './edit-field.tsx';
import { KeyValues } from './param-list.tsx';

/** Ways to change the tags of a run; they resolve when the page shows the change. */
export function useTags(run: Run) {
  const { project } = useProject();
  const queries = useQueryClient();
  const seen = () => queries.invalidateQueries({ queryKey: ['run', project, run.id] });
  return {
    async set(key: string, value: string): Promise<void> {
      await runTag(project, run.id, key, value);
      await seen();
    },
    async remove(key: string): Promise<void> {
      await runUntag(project, run.id, key);
      await seen();
    },
  };
}

export function TagList({ run }: { run: Run }) {
  const { set, remove } = useTags(run);
  return <TagEditor tags={run.tags} onSet={set} onRemove={remove} />;
}

/** Tags of anything that has some. `before`: the value that stood there when the editing began, undefined for none. */
export function TagEditor(props: {
  tags: Readonly<Record<string, string>>;
  onSet: (key: string, value: string, before: string | undefined) => Promise<void>;
  onRemove: (key: string, before: string) => Promise<void>;
}) {
  const [editing, setEditing] = useState<{ readonly key: string; readonly before?: string }>();
  const [adding, setAdding] = useState(false);
  const all = Object.entries(props.tags).sort(([a], [b]) => (a < b ? -1 : 1));
  const own = all.filter(([key]) => !key.startsWith('mlflow.'));
  const ofClient = all.filter(([key]) => key.startsWith('mlflow.'));

  async function save(key: string, value: string, before = props.tags[key]): Promise<void> {
    try {
      await props.onSet(key, value, before);
    } catch (error) {
      // Who is refused has seen by then what stands there, and may say so again.
      setEditing((now) => (now === undefined ? now : { key: now.key }));
      throw error;
    }
  }

  async function remove(key: string, value: string): Promise<void> {
    try {
      await props.onRemove(key, value);
      showToast({
        text: `Tag ${key} deleted`,
        action: { text: 'Undo', run: () => void props.onSet(key, value, undefined) },
      });
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' });
    }
  }

  return (
    <section className="side-section" aria-labelledby="tags-title">
      <div className="panel-head">
        <h2 id="tags-title">
          Tags {own.length > 0 && <span className="faint">{countText(own.length)}</span>}
        </h2>
        <button type="button" className="link-button" onClick={() => setAdding(true)}>
          Add
        </button>
      </div>
      {own.length === 0 && !adding && <p className="quiet">None set.</p>}
      <ul className="tags">
        {own.map(([key, value]) =>
          editing?.key === key ? (
            <li key={key} className="tag editing">
              <span className="tag-key">{key}</span>
              <EditField
                label={`Value of ${key}`}
                value={value}
                onSave={(next) => save(key, next, editing.before)}
                onClose={() => setEditing(undefined)}
              />
            </li>
          ) : (
            <li key={key} className="tag">
              <span className="tag-key" title={key}>
                {key}
              </span>
              <button
                type="button"
                className="pair-value"
                aria-label={`Edit ${key}: ${value}`}
                title={`${value}\nClick to edit`}
                onClick={() => setEditing({ key, before: value })}
              >
                {value === '' ? '“”' : value}
              </button>
              <button
                type="button"
                className="icon-button small"
                aria-label={`Delete the tag ${key}`}
                onClick={() => void remove(key, value)}
              >
                <Icon name="close" size={12} />
              </button>
            </li>
          ),
        )}
      </ul>
      {adding && <NewTag onSave={save} onClose={() => setAdding(false)} />}
      {ofClient.length > 0 && (
        <details className="folded">
          <summary>
            Set by the client <span className="faint">{countText(ofClient.length)}</span>
          </summary>
          <KeyValues pairs={ofClient} />
        </details>
      )}
    </section>
  );
}

function NewTag(props: { onSave: (key: string, value: string) => Promise<void>; onClose: () => void }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState<string>();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (key.trim() === '') return setProblem('A tag needs a name.');
    try {
      await props.onSave(key.trim(), value);
      props.onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <form
      className="new-tag"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
    >
      <input
        aria-label="Name of the tag"
        placeholder="Name"
        value={key}
        // biome-ignore lint/a11y/noAutofocus: somebody just asked for this field
        autoFocus
        onChange={(event) => setKey(event.target.value)}
      />
      <input
        aria-label="Value of the tag"
        placeholder="Value"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <div className="edit-actions">
        <button type="submit" className="button primary small">
          Save
        </button>
        <button type="button" className="button small" onClick={props.onClose}>
          Cancel
        </button>
      </div>
      {problem !== undefined && (
        <p role="alert" className="problem-text">
          {problem}
        </p>
      )}
    </form>
  );
}

import { type FormEvent, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';

/** Asks for a name; stays open with the reason while the server refuses it. */
export function NameDialog(props: {
  title: string;
  action: string;
  value: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}) {
  const [name, setName] = useState(props.value);
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '') return setProblem('It needs a name.');
    if (wanted === props.value) return props.onClose();
    setSaving(true);
    try {
      await props.onSave(wanted);
      props.onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSaving(false);
    }
  }

  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form className="name-form" onSubmit={(event) => void submit(event)}>
        <label>
          Name
          <input
            value={name}
            aria-invalid={problem !== undefined}
            autoFocus
            onFocus={(event) => event.target.select()}
            onChange={(event) => {
              setName(event.target.value);
              setProblem(undefined);
            }}
          />
        </label>
        {problem !== undefined && (
          <p role="alert" className="problem-text">
            {problem}
          </p>
        )}
        <div className="edit-actions">
          <button type="submit" className="button primary" disabled={saving}>
            {props.action}
          </button>
          <button type="button" className="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

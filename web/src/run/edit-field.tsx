/** A text that is edited where it stands: Enter keeps it (Ctrl+Enter where it has lines), Escape leaves it as it was. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

export function EditField(props: {
  label: string;
  value: string;
  /** A text of several lines. */
  lines?: boolean;
  required?: boolean;
  /** Rejects to stay open. */
  onSave: (value: string) => Promise<void>;
  onClose: () => void;
}) {
  const [value, setValue] = useState(props.value);
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);

  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  async function save(): Promise<void> {
    if (saving) return;
    if (value === props.value) return props.onClose();
    if (props.required === true && value.trim() === '') return setProblem('It cannot be empty.');
    setSaving(true);
    try {
      await props.onSave(value);
      props.onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSaving(false);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') props.onClose();
    else if (event.key === 'Enter' && (props.lines !== true || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    } else return;
    event.stopPropagation();
  }

  const common = {
    ref: field,
    'aria-label': props.label,
    'aria-invalid': problem !== undefined,
    value,
    onKeyDown,
  };
  return (
    <div className="edit-field">
      {props.lines === true ? (
        <textarea
          {...common}
          rows={Math.min(12, Math.max(3, value.split('\n').length + 1))}
          onChange={(event) => setValue(event.target.value)}
        />
      ) : (
        <input {...common} onChange={(event) => setValue(event.target.value)} />
      )}
      <div className="edit-actions">
        <button type="button" className="button primary small" disabled={saving} onClick={() => void save()}>
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
    </div>
  );
}

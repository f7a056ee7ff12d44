import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';

/** Asks for some values; stays open with the reason while they are refused. */
export function FormDialog(props: {
  title: string;
  action: string;
  /** What it does cannot be taken back: the focus begins at the way out. */
  isDangerous?: boolean;
  /** Something is still missing. */
  isHeld?: boolean;
  className?: string;
  /** Rejects with the reason, if they are refused. */
  onSave: () => Promise<void>;
  onClose: () => void;
  /** The fields. */
  children: (isRefused: boolean) => ReactNode;
}) {
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSaving(true);
    try {
      await props.onSave();
      props.onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSaving(false);
    }
  }

  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      {...(props.className === undefined ? {} : { className: props.className })}
    >
      <form
        className="name-form"
        onSubmit={(event) => void submit(event)}
        onChange={() => setProblem(undefined)}
      >
        {props.children(problem !== undefined)}
        {problem !== undefined && (
          <p role="alert" className="problem-text">
            {problem}
          </p>
        )}
        <div className="edit-actions">
          <button
            type="submit"
            className={props.isDangerous === true ? 'button danger' : 'button primary'}
            disabled={saving || props.isHeld === true}
          >
            {props.action}
          </button>
          <button
            type="button"
            className="button"
            // biome-ignore lint/a11y/noAutofocus: Enter must not do what cannot be taken back
            autoFocus={props.isDangerous === true}
            onClick={props.onClose}
          >
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A name as it was typed; an error that says so when there is none. */
export function checkName(typed: string): string {
  const name = typed.trim();
  if (name === '') throw new Error('It needs a name.');
  return name;
}

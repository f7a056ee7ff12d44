import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Dialog } from './dialog.tsx';

/** Asks for some values, the first of which has the focus; stays open with the reason while they are refused. */
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
  const form = useRef<HTMLFormElement>(null);
  const out = useRef<HTMLButtonElement>(null);
  const { isDangerous = false } = props;

  // Once it is open: what is in a closed dialog takes no focus, and the browser would begin at its Close.
  useEffect(() => {
    const first = form.current!.querySelector<HTMLElement>('input, textarea, select');
    (first ?? (isDangerous ? out.current : form.current!.querySelector('button')))?.focus();
  }, [isDangerous]);

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
        ref={form}
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
            className={isDangerous ? 'button danger' : 'button primary'}
            disabled={saving || props.isHeld === true}
          >
            {props.action}
          </button>
          <button ref={out} type="button" className="button" onClick={props.onClose}>
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

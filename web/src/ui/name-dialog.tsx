import { useState } from 'react';
import { checkName, FormDialog } from './form-dialog.tsx';

/** Asks for a name; stays open with the reason while the server refuses it. */
export function NameDialog(props: {
  title: string;
  action: string;
  value: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}) {
  const [name, setName] = useState(props.value);

  async function save(): Promise<void> {
    const wanted = checkName(name);
    if (wanted !== props.value) await props.onSave(wanted);
  }

  return (
    <FormDialog title={props.title} action={props.action} onSave={save} onClose={props.onClose}>
      {(isRefused) => (
        <label>
          Name
          <input
            value={name}
            aria-invalid={isRefused}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      )}
    </FormDialog>
  );
}

import { type ReactNode, useState } from 'react';
import { FormDialog } from './form-dialog.tsx';

/** Asks before what cannot be taken back; stays open with the reason while the server refuses it. */
export function ConfirmDialog(props: {
  title: string;
  /** Names what is lost. */
  children: ReactNode;
  /** What the button does: `Delete`. */
  action: string;
  /** Must be typed first, where much is lost. */
  typed?: string | undefined;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const { typed: wanted } = props;
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      title={props.title}
      action={props.action}
      isDangerous
      isHeld={wanted !== undefined && typed !== wanted}
      onSave={props.onConfirm}
      onClose={props.onClose}
    >
      {() => (
        <>
          {props.children}
          {wanted !== undefined && (
            <label>
              <span>
                Type <b className="typed-name">{wanted}</b> to go on
              </span>
              <input
                value={typed}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
          )}
        </>
      )}
    </FormDialog>
  );
}

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './icons.tsx';

/** A modal dialog. Mount it to open it. Without `onClose` it cannot be left. */
export function Dialog(props: {
  title: string;
  className?: string;
  onClose?: () => void;
  children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();

  useEffect(() => {
    const dialog = element.current!;
    if (!dialog.open) dialog.showModal();
    return () => dialog.close();
  }, []);

  return (
    <dialog
      ref={element}
      className={props.className === undefined ? 'dialog' : `dialog ${props.className}`}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose?.();
      }}
      onClick={(event) => {
        if (event.target === element.current) props.onClose?.();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={title}>{props.title}</h2>
          {props.onClose !== undefined && (
            <button type="button" className="icon-button" aria-label="Close" onClick={props.onClose}>
              <Icon name="close" />
            </button>
          )}
        </div>
        {props.children}
      </div>
    </dialog>
  );
}

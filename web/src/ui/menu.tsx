import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { Popover } from './popover.tsx';

export type MenuEntry =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'divider' }
  | {
      readonly kind: 'action';
      readonly text: ReactNode;
      /** Plain words, where `text` is not; also what typing a letter jumps to. */
      readonly name?: string;
      readonly icon?: IconName;
      readonly hint?: string;
      /** Present = one of a group; true = the chosen one. */
      readonly checked?: boolean;
      readonly disabled?: boolean;
      readonly run: () => void;
    };

/** A menu beside an element: arrows move, Enter chooses, Escape leaves. */
export function Menu(props: {
  anchor: Element;
  label: string;
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
  onClose: () => void;
}) {
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const all = items(list.current!);
    (all.find((item) => item.getAttribute('aria-checked') === 'true') ?? all[0])?.focus();
  }, []);

  function onKeyDown(event: KeyboardEvent): void {
    const all = items(list.current!);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all.at(to % all.length)?.focus();
    } else if (event.key === 'Tab') props.onClose();
    event.stopPropagation();
  }

  return (
    <Popover
      anchor={props.anchor}
      label={props.label}
      role="menu"
      align={props.align ?? 'start'}
      onClose={props.onClose}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the menu around it */}
      <div ref={list} className="menu" onKeyDown={onKeyDown}>
        {props.entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the entries of a menu do not move while it is open
          <Entry key={index} entry={entry} onClose={props.onClose} />
        ))}
      </div>
    </Popover>
  );
}

function Entry({ entry, onClose }: { entry: MenuEntry; onClose: () => void }) {
  if (entry.kind === 'heading') return <div className="menu-heading">{entry.text}</div>;
  if (entry.kind === 'divider') return <hr className="menu-divider" />;
  return (
    <button
      type="button"
      className="menu-item"
      {...(entry.checked === undefined
        ? { role: 'menuitem' }
        : { role: 'menuitemradio', 'aria-checked': entry.checked })}
      aria-label={entry.name}
      disabled={entry.disabled}
      tabIndex={-1}
      onClick={() => {
        onClose();
        entry.run();
      }}
    >
      <span className="menu-mark">
        {entry.checked === true && <Icon name="check" size={14} />}
        {entry.icon !== undefined && <Icon name={entry.icon} size={14} />}
      </span>
      <span className="menu-text">{entry.text}</span>
      {entry.hint !== undefined && <span className="menu-hint">{entry.hint}</span>}
    </button>
  );
}

function items(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('.menu-item:not(:disabled)')];
}

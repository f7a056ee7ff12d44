import { useState } from 'react';
import { Icon } from './icons.tsx';
import { Menu, type MenuEntry } from './menu.tsx';

/** Three dots that open what else can be done. */
export function MoreButton(props: { label: string; entries: readonly MenuEntry[]; small?: boolean }) {
  const [anchor, setAnchor] = useState<Element>();
  return (
    <>
      <button
        type="button"
        className={props.small === true ? 'icon-button small' : 'icon-button'}
        aria-label={`More about ${props.label}`}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <Icon name="dots" />
      </button>
      {anchor !== undefined && (
        <Menu
          anchor={anchor}
          label={props.label}
          align="end"
          entries={props.entries}
          onClose={() => setAnchor(undefined)}
        />
      )}
    </>
  );
}

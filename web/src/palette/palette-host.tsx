/** Opens the palette: by ⌘K or Ctrl+K from anywhere, or by its button at the top of the navigation. */
import { useEffect } from 'react';
import { Icon } from '../ui/icons.tsx';
import { Palette } from './palette.tsx';
import { palette, usePaletteState } from './palette-state.ts';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const paletteKeys = isMac ? '⌘K' : 'Ctrl K';

export function PaletteHost() {
  const { open } = usePaletteState();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const held = isMac ? event.metaKey : event.ctrlKey;
      if (!held || event.shiftKey || event.altKey || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      palette.toggle();
    };
    // Before fields and dialogs hear it: the palette opens from anywhere.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
  return open ? <Palette onClose={palette.close} /> : null;
}

export function PaletteButton() {
  return (
    <button type="button" className="palette-button" aria-haspopup="dialog" onClick={palette.open}>
      <Icon name="search" size={14} />
      <span>Find or do…</span>
      <kbd>{paletteKeys}</kbd>
    </button>
  );
}

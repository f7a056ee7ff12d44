/** Dark and light follow the system until pinned. The pin is applied before the first paint by public/theme.js. */
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const slot = 'cairn.theme';
const listeners = new Set<() => void>();

function read(): Theme {
  const pinned = document.documentElement.dataset.theme;
  return pinned === 'light' || pinned === 'dark' ? pinned : 'system';
}

export function pinTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(slot);
    else localStorage.setItem(slot, theme);
  } catch {
    // Storage is blocked: the pin lasts until the page is reloaded.
  }
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
}

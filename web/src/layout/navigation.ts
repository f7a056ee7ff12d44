/** Whether the navigation lies open over the page, where the screen is too narrow for both. */
import { useSyncExternalStore } from 'react';

let open = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (next === open) return;
  open = next;
  for (const listener of listeners) listener();
}

/** As in layout.css. */
export function narrowScreen(): boolean {
  return innerWidth <= 760;
}

/** Room for the table and charts beside it. */
export function wideScreen(): boolean {
  return innerWidth >= 1600;
}

export const navigation = {
  open: () => set(true),
  close: () => set(false),
};

export function useNavigationOpen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}

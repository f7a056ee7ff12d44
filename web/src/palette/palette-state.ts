/** Whether the palette is open, and what the page that shows adds to it. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { IconName } from '../ui/icons.tsx';

/** Something that can be done on this page now. */
export interface PaletteAction {
  readonly text: string;
  readonly icon: IconName;
  /** More words it is found by. */
  readonly also?: string;
  readonly hint?: string;
  readonly run: () => void;
}

interface State {
  readonly open: boolean;
  readonly actions: readonly PaletteAction[];
}

let state: State = { open: false, actions: [] };
const listeners = new Set<() => void>();

function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export const palette = {
  open: () => set({ open: true }),
  close: () => set({ open: false }),
  toggle: () => set({ open: !state.open }),
};

export function usePaletteState(): State {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** What this page offers, as long as it is there. Runs always do what the page would do now. */
export function usePaletteActions(actions: readonly PaletteAction[]): void {
  const now = useRef(actions);
  now.current = actions;
  const key = actions.map(({ text }) => text).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts stand for the actions
  useEffect(() => {
    const mine = now.current.map((action, index) => ({ ...action, run: () => now.current[index]?.run() }));
    set({ actions: mine });
    return () => {
      if (state.actions === mine) set({ actions: [] });
    };
  }, [key]);
}

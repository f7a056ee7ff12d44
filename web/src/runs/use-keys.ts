/** The keys of the table. Single letters can be turned off (WCAG 2.1.4): speech input and slips of the hand type them. */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export const keyList = [
  ['/', 'Write a filter'],
  ['Ctrl-K', 'Find any run or experiment, do anything (⌘K on a Mac)'],
  ['j k', 'Next, previous run (also arrow keys)'],
  ['← →', 'Previous, next value of the run'],
  ['Enter', 'Open the run'],
  ['m', 'What the cell offers: filter by it, copy it (also Enter, on a value)'],
  ['x', 'Select the run (also Space); Shift-click selects a range'],
  ['c', 'Compare the selected runs'],
  ['Delete', 'Delete the selected runs, or restore them'],
  ['u', 'Undo'],
  ['g G', 'First run, last run'],
  ['PgUp PgDn', 'One screen'],
  ['Esc', 'Leave what is open, then the selection'],
  ['?', 'This list'],
] as const;

const slot = 'cairn.letters';
const listeners = new Set<() => void>();
let lettersOn = read();

function read(): boolean {
  try {
    return localStorage.getItem(slot) !== 'off';
  } catch {
    return true;
  }
}

export function setLetters(on: boolean): void {
  lettersOn = on;
  try {
    localStorage.setItem(slot, on ? 'on' : 'off');
  } catch {
    // Storage is blocked: it lasts until the page is reloaded.
  }
  for (const listener of listeners) listener();
}

export function useLetters(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => lettersOn,
  );
}

/** Key → what it does; true when it did something. Letters and signs are looked up by what they type. */
export type KeyMap = Readonly<Record<string, () => boolean>>;

export function useKeys(keys: KeyMap): void {
  const current = useRef(keys);
  current.current = keys;

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target as Element;
      // What is typed into belongs to the typist; what is open has its own keys.
      if (target.closest('input:not([type=checkbox]), textarea, select, [popover], dialog') !== null) return;
      const undo = (event.ctrlKey || event.metaKey) && event.key === 'z';
      if (!undo && (event.ctrlKey || event.metaKey || event.altKey)) return;
      const letter = event.key.length === 1 && event.key !== ' ';
      if (letter && !undo && !lettersOn) return;
      // Enter and Space press the button that has the focus.
      const pressing = event.key === 'Enter' || event.key === ' ';
      if (pressing && target.closest('button, a, input, label') !== null) return;
      if (current.current[undo ? 'u' : event.key]?.() === true) event.preventDefault();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

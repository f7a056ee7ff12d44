/** Short messages at the foot of the page, some with a way back. They wait while looked at. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Icon } from './icons.tsx';

export interface Toast {
  readonly text: string;
  readonly kind?: 'done' | 'working' | 'failed';
  readonly action?: { readonly text: string; readonly run: () => void };
}

interface ShownToast extends Toast {
  readonly id: number;
}

const shownFor = 10_000;
let toasts: readonly ShownToast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly ShownToast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function showToast(toast: Toast): number {
  const id = nextId++;
  set([...toasts.slice(-2), { ...toast, id }]);
  return id;
}

export function updateToast(id: number, toast: Toast): void {
  if (toasts.some((shown) => shown.id === id)) {
    set(toasts.map((shown) => (shown.id === id ? { ...toast, id } : shown)));
  } else set([...toasts, { ...toast, id }]);
}

function dismissToast(id: number): void {
  set(toasts.filter((shown) => shown.id !== id));
}

/** What the undo key does: the action of the newest message that has one. False when there is none. */
export function runLatestAction(): boolean {
  const latest = toasts.findLast((toast) => toast.action !== undefined);
  if (latest === undefined) return false;
  dismissToast(latest.id);
  latest.action?.run();
  return true;
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <section className="toasts" aria-label="Messages" aria-live="polite">
      {shown.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastView({ toast }: { toast: ShownToast }) {
  const [held, setHeld] = useState(false);
  const working = toast.kind === 'working';
  useEffect(() => {
    if (held || working) return;
    const timer = setTimeout(() => dismissToast(toast.id), shownFor);
    return () => clearTimeout(timer);
  }, [held, working, toast]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointer and focus only hold the message, they do nothing
    <div
      className={`toast ${toast.kind ?? 'done'}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.action !== undefined && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            dismissToast(toast.id);
            toast.action?.run();
          }}
        >
          {toast.action.text}
        </button>
      )}
      {!working && (
        <button
          type="button"
          className="icon-button"
          aria-label="Dismiss message"
          onClick={() => dismissToast(toast.id)}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

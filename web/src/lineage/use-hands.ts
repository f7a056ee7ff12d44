/** The graph moved by a mouse, a wheel, a trackpad, one finger or two. */
import { type RefObject, useEffect, useRef } from 'react';
import { type View, zoomed } from './view.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Pixels that a press may move and still be a click. */
const still = 4;

export function useHands(
  host: RefObject<HTMLElement | null>,
  view: () => View | undefined,
  setView: (view: View) => void,
  onClick: (at: Place) => void,
): void {
  const now = useRef({ view, setView, onClick });
  now.current = { view, setView, onClick };
  useEffect(() => {
    const element = host.current!;
    const fingers = new Map<number, Place>();
    let moved = 0;
    const placeOf = (event: MouseEvent): Place => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest('button') !== null) return;
      fingers.set(event.pointerId, placeOf(event));
      element.setPointerCapture(event.pointerId);
      element.classList.add('moving');
      moved = 0;
    };
    const move = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId);
      const at = now.current.view();
      if (before === undefined || at === undefined) return;
      const place = placeOf(event);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, place);
      moved += Math.abs(place.x - before.x) + Math.abs(place.y - before.y);
      if (other === undefined) {
        now.current.setView({ ...at, x: at.x + place.x - before.x, y: at.y + place.y - before.y });
        return;
      }
      const ratio = distance(place, other) / Math.max(1, distance(before, other));
      const middle = { x: (place.x + other.x) / 2, y: (place.y + other.y) / 2 };
      now.current.setView(zoomed(at, ratio, middle));
    };
    const up = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return;
      if (fingers.size === 0) element.classList.remove('moving');
      if (moved < still && event.type === 'pointerup') now.current.onClick(placeOf(event));
    };
    const wheel = (event: WheelEvent) => {
      const at = now.current.view();
      if (at === undefined) return;
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      // A pinch on a trackpad comes as a wheel with Ctrl.
      if (event.ctrlKey || event.metaKey)
        now.current.setView(zoomed(at, Math.exp(-event.deltaY * lines * 0.004), placeOf(event)));
      else {
        const [x, y] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY];
        now.current.setView({ ...at, x: at.x - x * lines, y: at.y - y * lines });
      }
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('wheel', wheel);
    };
  }, [host]);
}

const distance = (one: Place, other: Place) => Math.hypot(one.x - other.x, one.y - other.y);

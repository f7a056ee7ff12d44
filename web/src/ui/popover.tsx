import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * A panel beside an element, in the browser's top layer. Mount it to open it; it asks to be closed (`onClose`) by a
 * click outside, by Escape, and when what it stands beside scrolls away. Focus goes back where it was.
 */
export function Popover(props: {
  anchor: Element;
  onClose: () => void;
  align?: 'start' | 'end';
  className?: string;
  role?: 'dialog' | 'menu';
  label: string;
  children: ReactNode;
}) {
  const { anchor, align = 'start' } = props;
  const panel = useRef<HTMLDivElement>(null);
  const close = useRef(props.onClose);
  close.current = props.onClose;

  useLayoutEffect(() => {
    const element = panel.current!;
    const before = document.activeElement;
    element.showPopover();
    place(element, anchor, align);
    return () => {
      const inside = element.contains(document.activeElement);
      element.hidePopover();
      if (inside && before instanceof HTMLElement && before.isConnected)
        before.focus({ preventScroll: true });
    };
  }, [anchor, align]);

  useEffect(() => {
    const element = panel.current!;
    const toggled = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') close.current();
    };
    const scrolled = (event: Event) => {
      if (event.target instanceof Node && event.target.contains(anchor)) close.current();
    };
    element.addEventListener('toggle', toggled);
    window.addEventListener('scroll', scrolled, { capture: true, passive: true });
    window.addEventListener('resize', close.current);
    return () => {
      element.removeEventListener('toggle', toggled);
      window.removeEventListener('scroll', scrolled, { capture: true });
      window.removeEventListener('resize', close.current);
    };
  }, [anchor]);

  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: dialog and menu both take a name
    <div
      ref={panel}
      popover="auto"
      role={props.role ?? 'dialog'}
      aria-label={props.label}
      className={`popover ${props.className ?? ''}`}
    >
      {props.children}
    </div>
  );
}

const gap = 4;
const margin = 8;

/** Below the anchor where there is room, else above; never out of the window. */
function place(element: HTMLElement, anchor: Element, align: 'start' | 'end'): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const wanted = align === 'start' ? at.left : at.right - width;
  const left = Math.max(margin, Math.min(wanted, innerWidth - width - margin));
  const below = at.bottom + gap;
  const top = below + height + margin <= innerHeight ? below : Math.max(margin, at.top - gap - height);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}

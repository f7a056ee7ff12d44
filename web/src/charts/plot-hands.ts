/** Wheel, drag and keys on a plot: they move and scale what is shown of its x axis. */
import type uPlot from 'uplot';
import type { Range } from './curve-parts.ts';
import { moved, scaled } from './zoom.ts';

interface View {
  /** What is shown, and all there is. */
  readonly range: Range;
  readonly extent: Range;
  readonly wheel: 'plain' | 'with-key';
  onZoom(range: Range | undefined, moving?: boolean): void;
}

/** px of a wheel that show half or twice as much. */
const wheelHalf = 300;

/** Until what it returns is called. `view` tells how things are at this moment. */
export function listenToHands(plot: uPlot, view: () => View): () => void {
  const { over } = plot;

  function onWheel(event: WheelEvent): void {
    const { range, extent, wheel, onZoom } = view();
    const hasKey = event.ctrlKey || event.metaKey;
    const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    const isZoomed = range[0] > extent[0] || range[1] < extent[1];
    if (event.shiftKey && isZoomed) {
      event.preventDefault();
      onZoom(moved(range, across / Math.max(1, over.clientWidth), extent), true);
      return;
    }
    if (event.shiftKey || (!hasKey && wheel === 'with-key')) return;
    event.preventDefault();
    const at = plot.posToVal(event.clientX - over.getBoundingClientRect().left, 'x');
    // Lines or pages of a mouse that tells no pixels.
    const pixels = event.deltaY * (event.deltaMode === 0 ? 1 : 30);
    onZoom(scaled(range, at, 2 ** (pixels / wheelHalf), extent), true);
  }

  function onDown(event: PointerEvent): void {
    if (!event.shiftKey || event.button !== 0) return;
    const { range } = view();
    const begun = event.clientX;
    over.setPointerCapture(event.pointerId);
    const onMove = (next: PointerEvent) => {
      const { extent, onZoom } = view();
      onZoom(moved(range, (begun - next.clientX) / Math.max(1, over.clientWidth), extent), true);
    };
    over.addEventListener('pointermove', onMove);
    over.addEventListener('lostpointercapture', () => over.removeEventListener('pointermove', onMove), {
      once: true,
    });
  }

  over.addEventListener('wheel', onWheel, { passive: false });
  over.addEventListener('pointerdown', onDown);
  return () => {
    over.removeEventListener('wheel', onWheel);
    over.removeEventListener('pointerdown', onDown);
  };
}

/** What a key does to a range; undefined for keys that do nothing. */
export function keyZoom(
  key: string,
  range: Range,
  extent: Range,
): { readonly range: Range | undefined } | 'all' | undefined {
  const middle = (range[0] + range[1]) / 2;
  switch (key) {
    case '+':
    case '=':
      return { range: scaled(range, middle, 0.5, extent) };
    case '-':
      return { range: scaled(range, middle, 2, extent) };
    case 'ArrowLeft':
      return { range: moved(range, -0.25, extent) };
    case 'ArrowRight':
      return { range: moved(range, 0.25, extent) };
    case '0':
    case 'Escape':
      return 'all';
    default:
      return undefined;
  }
}

/** What a chart shows of its x axis, moved and scaled within what there is. Pure. */
import type { Range } from './curve-parts.ts';

/** Beyond it two points of a double could not be told apart. */
const finest = 1e-12;

/** Undefined = all of it. `at` stays where it is on the screen; `factor` below 1 shows less. */
export function scaled(range: Range, at: number, factor: number, extent: Range): Range | undefined {
  const span = (range[1] - range[0]) * factor;
  if (span >= extent[1] - extent[0]) return undefined;
  const least = Math.max(Math.abs(extent[0]), Math.abs(extent[1]), 1e-300) * finest;
  if (span < least) return range;
  const share = (at - range[0]) / (range[1] - range[0]);
  return within([at - span * share, at + span * (1 - share)], extent);
}

/** `by`: in widths of what is shown. */
export function moved(range: Range, by: number, extent: Range): Range {
  const step = (range[1] - range[0]) * by;
  return within([range[0] + step, range[1] + step], extent);
}

function within([from, to]: Range, extent: Range): Range {
  const shift = from < extent[0] ? extent[0] - from : to > extent[1] ? extent[1] - to : 0;
  return [from + shift, to + shift];
}

/** What a line cannot show, drawn at the edges of a chart. */
import type uPlot from 'uplot';
import type { Buckets } from './line-data.ts';

/** NaN as a cross at the foot, +∞ and −∞ as triangles at the edge they left by. */
export function drawOdd(plot: uPlot, lines: readonly Buckets[], colour: string): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const size = 4 * ratio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 1.5 * ratio;
  let last = Number.NEGATIVE_INFINITY;
  for (const { odd } of lines) {
    for (const { x, kind } of odd) {
      const left = plot.valToPos(x, 'x', true);
      if (left < bbox.left - 1 || left > bbox.left + bbox.width + 1 || Math.abs(left - last) < 2) continue;
      last = left;
      const foot = bbox.top + bbox.height - size;
      ctx.beginPath();
      if (kind === 'NaN') {
        ctx.moveTo(left - size / 1.5, foot - size);
        ctx.lineTo(left + size / 1.5, foot + size / 3);
        ctx.moveTo(left + size / 1.5, foot - size);
        ctx.lineTo(left - size / 1.5, foot + size / 3);
        ctx.stroke();
      } else {
        const up = kind === '+∞';
        const tip = up ? bbox.top : bbox.top + bbox.height;
        const base = up ? tip + size * 1.6 : tip - size * 1.6;
        ctx.moveTo(left, tip);
        ctx.lineTo(left - size, base);
        ctx.lineTo(left + size, base);
        ctx.fill();
      }
    }
  }
  ctx.restore();
}

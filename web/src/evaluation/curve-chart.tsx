/** ROC, precision against recall, calibration: a square of 0 to 1, its diagonal, a line for each class, areas computed. */
import { type PointerEvent, useMemo, useState } from 'react';
import type { Curve, CurveKind, CurvePoint } from './evaluation-data.ts';

/** Pixels, as it is drawn where there is room: beside it stands a legend, and a confusion matrix is no taller. */
const size = 260;
const margin = { left: 40, right: 8, top: 6, bottom: 34 };
const inner = { width: size - margin.left - margin.right, height: size - margin.top - margin.bottom };
/** Points of a line that are drawn: more than two for each pixel of its length. */
const pointLimit = 1200;
const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];

const words: Readonly<Record<CurveKind, { x: string; y: string; area: string }>> = {
  roc: { x: 'False positive rate', y: 'True positive rate', area: 'AUC' },
  'precision-recall': { x: 'Recall', y: 'Precision', area: 'Average precision' },
  calibration: { x: 'Mean predicted probability', y: 'Fraction of positives', area: '' },
};

const across = (x: number) => margin.left + x * inner.width;
const down = (y: number) => margin.top + (1 - y) * inner.height;

export function CurveChart({
  kind,
  curves,
  label,
}: {
  kind: CurveKind;
  curves: readonly Curve[];
  label: string;
}) {
  const [near, setNear] = useState<{ curve: number; point: CurvePoint }>();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const drawn = useMemo(() => curves.map(({ points }) => pathOf(thinned(points))), [curves]);
  const { x, y, area } = words[kind];

  function onPointerMove(event: PointerEvent<SVGSVGElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const at = {
      x: ((event.clientX - box.left) / box.width) * size,
      y: ((event.clientY - box.top) / box.height) * size,
    };
    setNear(nearest(curves, hidden, at));
  }

  return (
    <div className="curves">
      <svg
        className="curve-chart"
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label={`${label}. ${curves
          .map((curve) => `${curve.name} ${curve.area === undefined ? '' : `${area} ${digits(curve.area)}`}`)
          .join('; ')}`}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setNear(undefined)}
      >
        {ticks.map((tick) => (
          <g key={tick} className="curve-grid">
            <line x1={across(tick)} x2={across(tick)} y1={down(0)} y2={down(1)} />
            <line x1={across(0)} x2={across(1)} y1={down(tick)} y2={down(tick)} />
            <text x={across(tick)} y={down(0) + 13} textAnchor="middle">
              {tick}
            </text>
            <text x={margin.left - 6} y={down(tick) + 3.5} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {kind !== 'precision-recall' && (
          <line className="curve-diagonal" x1={across(0)} y1={down(0)} x2={across(1)} y2={down(1)} />
        )}
        {drawn.map((path, index) =>
          hidden.has(index) ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: curves of a file do not move
            <path key={index} className="curve-line" d={path} style={{ stroke: colour(index) }} />
          ),
        )}
        {kind === 'calibration' &&
          curves.flatMap(({ points }, index) =>
            hidden.has(index)
              ? []
              : points.map((point, place) => (
                  <circle
                    // biome-ignore lint/suspicious/noArrayIndexKey: points of a file do not move
                    key={`${index} ${place}`}
                    cx={across(point.x)}
                    cy={down(point.y)}
                    r="2.6"
                    fill={colour(index)}
                  />
                )),
          )}
        {near !== undefined && (
          <circle
            className="curve-mark"
            cx={across(near.point.x)}
            cy={down(near.point.y)}
            r="4"
            stroke={colour(near.curve)}
          />
        )}
        <text className="curve-title" x={across(0.5)} y={size - 5} textAnchor="middle">
          {x}
        </text>
        <text
          className="curve-title"
          transform={`translate(11 ${down(0.5)}) rotate(-90)`}
          textAnchor="middle"
        >
          {y}
        </text>
      </svg>
      <div className="curve-side">
        <ul className="curve-legend">
          {curves.map((curve, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: curves of a file do not move
            <li key={index}>
              <button
                type="button"
                aria-pressed={!hidden.has(index)}
                disabled={curves.length === 1}
                onClick={() => setHidden(toggled(hidden, index))}
              >
                <span className="swatch" style={{ background: colour(index) }} aria-hidden="true" />
                <span className="curve-name">
                  {curve.name === '' ? (area === '' ? 'Model' : area) : curve.name}
                </span>
                {curve.area !== undefined && <b>{digits(curve.area)}</b>}
              </button>
            </li>
          ))}
          {kind !== 'precision-recall' && (
            <li className="faint">
              <span className="swatch dashed" aria-hidden="true" />
              {kind === 'roc' ? 'Chance 0.5' : 'Perfectly calibrated'}
            </li>
          )}
        </ul>
        {curves.length > 1 && area !== '' && <p className="faint">{area} by class</p>}
        <p className="curve-readout" aria-live="off">
          {near === undefined ? (
            <span className="faint">Point at the curve</span>
          ) : (
            <>
              {near.point.threshold !== undefined && (
                <span>
                  threshold <b>{thresholdText(near.point.threshold)}</b>
                </span>
              )}
              <span>
                {x.toLowerCase()} <b>{digits(near.point.x)}</b>
              </span>
              <span>
                {y.toLowerCase()} <b>{digits(near.point.y)}</b>
              </span>
            </>
          )}
        </p>
      </div>
    </div>
  );
}

function toggled(before: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const after = new Set(before);
  if (!after.delete(index)) after.add(index);
  return after;
}

function colour(index: number): string {
  return `var(--c${(index % 8) + 1})`;
}

function digits(value: number): string {
  return value.toFixed(4).replace(/0{1,2}$/, '');
}

function thresholdText(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(4) : '∞';
}

function nearest(
  curves: readonly Curve[],
  hidden: ReadonlySet<number>,
  at: { x: number; y: number },
): { curve: number; point: CurvePoint } | undefined {
  let best: { curve: number; point: CurvePoint } | undefined;
  let least = 32 ** 2;
  curves.forEach(({ points }, curve) => {
    if (hidden.has(curve)) return;
    for (const point of points) {
      const distance = (across(point.x) - at.x) ** 2 + (down(point.y) - at.y) ** 2;
      if (distance >= least) continue;
      least = distance;
      best = { curve, point };
    }
  });
  return best;
}

/** Points that lie in the same half pixel as the one before are left out, the last one never. */
function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  if (points.length <= pointLimit) return points;
  const least = 2 / pointLimit;
  let last = points[0]!;
  return points.filter((point, index) => {
    const far = Math.abs(point.x - last.x) + Math.abs(point.y - last.y) >= least;
    if (!far && index > 0 && index < points.length - 1) return false;
    last = point;
    return true;
  });
}

function pathOf(points: readonly CurvePoint[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${across(x).toFixed(1)} ${down(y).toFixed(1)}`)
    .join('');
}

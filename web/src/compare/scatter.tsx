/** Runs as dots between two columns. What many decades part stands on a logarithmic axis, which then says so. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Run } from '../api/types.ts';
import { realText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { swatchOf } from '../runs/swatch.ts';
import { runUrl } from '../urls.ts';
import { type PlacedColumn, scaleOf } from './compare-columns.ts';

const [width, height] = [520, 268];
const edge = { left: 58, right: 14, top: 10, bottom: 34 };

export function Scatter(props: {
  runs: readonly Run[];
  columns: readonly PlacedColumn[];
  x: PlacedColumn;
  y: PlacedColumn;
  onChange: (x: string, y: string) => void;
}) {
  const { runs, columns, x, y } = props;
  const { site } = useProject();
  const navigate = useNavigate();
  const [pointed, setPointed] = useState<number>();
  const [across, up] = [scaleOf(x, 6), scaleOf(y, 5)];
  const left = (at: number) => edge.left + 8 + at * (width - edge.left - edge.right - 16);
  const top = (at: number) => height - edge.bottom - 8 - at * (height - edge.top - edge.bottom - 16);
  const dots = runs.flatMap((run, index) => {
    const [a, b] = [x.values[index], y.values[index]];
    return a === undefined || b === undefined
      ? []
      : [{ run, index, cx: left(across.at(a)), cy: top(up.at(b)), a, b }];
  });
  const missing = runs.length - dots.length;
  const told = dots.find(({ index }) => index === pointed);
  const choice = (label: string, value: string, set: (id: string) => void) => (
    <label className="chart-option">
      {label}
      <select
        aria-label={`Column of the ${label} axis`}
        value={value}
        onChange={(event) => set(event.target.value)}
      >
        {columns.map(({ id, key }) => (
          <option key={id} value={id}>
            {key}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <figure className="chart explained" aria-label={`${y.key} against ${x.key}`}>
      <figcaption className="chart-head tall">
        {choice('y', y.id, (id) => props.onChange(x.id, id))}
        {choice('x', x.id, (id) => props.onChange(id, y.id))}
        <span className="chart-readout">
          {told !== undefined && `${told.run.name} · ${wordOf(x, told.a)} · ${wordOf(y, told.b)}`}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} className="scatter" role="group" aria-label="Runs as dots">
        {up.ticks.map((tick) => (
          <g key={tick.at}>
            <line
              className="rule"
              x1={edge.left}
              x2={width - edge.right}
              y1={top(tick.at)}
              y2={top(tick.at)}
            />
            <text x={edge.left - 6} y={top(tick.at) + 3.5} textAnchor="end">
              {short(tick.text, 9)}
            </text>
          </g>
        ))}
        {across.ticks.map((tick) => (
          <g key={tick.at}>
            <line
              className="rule"
              x1={left(tick.at)}
              x2={left(tick.at)}
              y1={edge.top}
              y2={height - edge.bottom}
            />
            <text x={left(tick.at)} y={height - edge.bottom + 14} textAnchor="middle">
              {short(tick.text, 12)}
            </text>
          </g>
        ))}
        <text className="axis-name" x={width - edge.right} y={height - 4} textAnchor="end">
          {x.key}
          {across.log ? ' (log)' : ''}
        </text>
        <text className="axis-name" x={edge.left + 4} y={edge.top + 6}>
          {y.key}
          {up.log ? ' (log)' : ''}
        </text>
        {dots.map(({ run, index, cx, cy, a, b }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same run is a link at the head of its column
          <circle
            key={run.id}
            cx={cx}
            cy={cy}
            r={pointed === index ? 6.5 : 4.5}
            fill={swatchOf(run.id)}
            onMouseEnter={() => setPointed(index)}
            onMouseLeave={() => setPointed(undefined)}
            onClick={() => void navigate(runUrl(run.id, site))}
          >
            <title>{`${run.name}: ${x.key} ${wordOf(x, a)}, ${y.key} ${wordOf(y, b)}`}</title>
          </circle>
        ))}
      </svg>
      <p className="chart-foot">
        {missing > 0 && (
          <span>
            {missing} without {missing === 1 ? 'a value' : 'values'} of both
          </span>
        )}
      </p>
    </figure>
  );
}

export function wordOf({ words }: PlacedColumn, value: number): string {
  return words === undefined ? realText(value, Number.isInteger(value)) : (words[value] ?? '');
}

export function short(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

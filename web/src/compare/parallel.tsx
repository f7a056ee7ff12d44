/** Parallel coordinates: each run a line through its parameters to a metric, the stronger the better it is there. */
import { useState } from 'react';
import type { Run } from '../api/types.ts';
import { guessGoal } from '../runs/goals.ts';
import { type PlacedColumn, scaleOf } from './compare-columns.ts';
import { short, wordOf } from './scatter.tsx';

const [width, height] = [1100, 268];
const edge = { side: 70, top: 30, bottom: 16 };
/** Axes that are told apart on a screen, beside the metric's. */
const mostAxes = 9;

export function Parallel(props: {
  runs: readonly Run[];
  params: readonly PlacedColumn[];
  target: PlacedColumn;
  targets: readonly PlacedColumn[];
  onTarget: (key: string) => void;
}) {
  const { runs, target } = props;
  const [pointed, setPointed] = useState<number>();
  const axes = [...props.params.slice(0, mostAxes), target];
  const scales = axes.map((axis) => scaleOf(axis, 5));
  const left = (index: number) =>
    axes.length === 1 ? width / 2 : edge.side + (index * (width - 2 * edge.side)) / (axes.length - 1);
  const top = (at: number) => height - edge.bottom - at * (height - edge.top - edge.bottom);
  const isLow = guessGoal(target.key) === 'low';
  const lines = runs
    .map((run, index) => {
      const places = axes.map((axis, at) => {
        const value = axis.values[index];
        return value === undefined ? undefined : ([left(at), top(scales[at]!.at(value))] as const);
      });
      const value = target.values[index];
      const worth = value === undefined ? undefined : scales.at(-1)!.at(value);
      return { run, index, places, worth: worth === undefined ? undefined : isLow ? 1 - worth : worth };
    })
    // The best are drawn last, over the others.
    .sort((a, b) => (a.worth ?? -1) - (b.worth ?? -1));
  const told = lines.find(({ index }) => index === pointed);
  return (
    <figure
      className="chart explained"
      aria-label={`Parameters against ${target.key}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, and must be reachable by keyboard
      tabIndex={0}
    >
      <figcaption className="chart-head tall">
        <label className="chart-option">
          Parameters against
          <select value={target.key} onChange={(event) => props.onTarget(event.target.value)}>
            {props.targets.map(({ id, key }) => (
              <option key={id} value={key}>
                {key}
              </option>
            ))}
          </select>
        </label>
        <span className="chart-readout">
          {told !== undefined &&
            [
              told.run.name,
              ...axes.map((axis) => {
                const value = axis.values[told.index];
                return `${axis.key} ${value === undefined ? '–' : wordOf(axis, value)}`;
              }),
            ].join(' · ')}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} className="parallel" role="group" aria-label="Runs as lines">
        {lines.map(({ run, index, places, worth }) => {
          const path = pathOf(places);
          return (
            <g key={run.id} className={pointed === undefined || pointed === index ? '' : 'faded'}>
              <path
                className="run-line"
                d={path}
                style={{
                  stroke:
                    worth === undefined
                      ? 'var(--line2)'
                      : `color-mix(in oklch, var(--accent) ${Math.round(worth * 100)}%, var(--heat-low))`,
                  strokeWidth: pointed === index ? 3 : 1 + (worth ?? 0),
                }}
              />
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the same values stand in the table above */}
              <path
                className="run-hit"
                d={path}
                onMouseEnter={() => setPointed(index)}
                onMouseLeave={() => setPointed(undefined)}
              >
                <title>{titleOf(run, index, axes)}</title>
              </path>
            </g>
          );
        })}
        {axes.map((axis, index) => (
          <g key={axis.id} className={index === axes.length - 1 ? 'axis target' : 'axis'}>
            <line x1={left(index)} x2={left(index)} y1={edge.top - 4} y2={height - edge.bottom + 4} />
            <text className="axis-name" x={left(index)} y={14} textAnchor="middle">
              <title>{axis.key}</title>
              {short(axis.key, Math.max(10, Math.floor(150 / axes.length)))}
              {scales[index]!.log ? ' (log)' : ''}
            </text>
            {scales[index]!.ticks.map((tick) => (
              <text key={tick.at} x={left(index) - 5} y={top(tick.at) + 3.5} textAnchor="end">
                {short(tick.text, 10)}
              </text>
            ))}
          </g>
        ))}
      </svg>
      <p className="chart-foot">
        <span>
          the stronger a line, the {isLow ? 'lower' : 'higher'} its {target.key}
        </span>
        {props.params.length > mostAxes && (
          <span>
            the {mostAxes} parameters that go with it most, of {props.params.length} that vary
          </span>
        )}
      </p>
    </figure>
  );
}

function titleOf(run: Run, index: number, axes: readonly PlacedColumn[]): string {
  const values = axes.map((axis) => {
    const value = axis.values[index];
    return `${axis.key} ${value === undefined ? 'not logged' : wordOf(axis, value)}`;
  });
  return `${run.name}: ${values.join(', ')}`;
}

/** Broken where a run has no value. */
function pathOf(places: readonly (readonly [number, number] | undefined)[]): string {
  let [path, isOn] = ['', false];
  for (const place of places) {
    if (place !== undefined) path += `${isOn ? 'L' : 'M'}${place[0].toFixed(1)} ${place[1].toFixed(1)}`;
    isOn = place !== undefined;
  }
  return path;
}

/** A metric with one value for each run: a bar for each, from 0, with its name and its value. Nothing is read for it. */
import { countText, exactText, realText } from '../format/numbers.ts';
import { ChartHead } from './chart-head.tsx';
import type { ChartSource } from './chart-source.ts';
import { groupColour } from './drawn-lines.ts';
import { type Bar, type BarAxis, barAxis, barsOf, isOneValue } from './metric-shape.ts';

/** Bars of a card beside others, and of one that fills the screen. */
const barsAtOnce = 20;
const barsAtLarge = 200;

export function BarCard(props: {
  title: string;
  sources: readonly ChartSource[];
  /** Shows the values over time, where there are several at one step. */
  onTime: () => void;
  /** Fills the screen; absent where it does already. */
  onExpand?: () => void;
}) {
  const { title, sources } = props;
  const bars = barsOf(sources, groupColour);
  const axis = barAxis(bars.flatMap(({ value, least, most }) => [value, least, most]));
  const shown = bars.slice(0, props.onExpand === undefined ? barsAtLarge : barsAtOnce);
  const points = sources.reduce((sum, source) => sum + source.points, 0);
  const isWhole = bars.every(({ value }) => !Number.isFinite(value) || Number.isInteger(value));
  return (
    <figure className="chart" aria-label={`${title}: ${barCount(bars)}`} data-points={points}>
      <ChartHead title={title} onExpand={props.onExpand} />
      <ul className="bars">
        {shown.map((bar) => (
          <BarRow key={bar.id} bar={bar} axis={axis} isWhole={isWhole} />
        ))}
      </ul>
      <p className="chart-foot">
        {axis.isCut && <span className="warn">bars begin at {axis.base}, not 0: the values are close</span>}
        {bars.some(({ runs }) => runs > 1) && <span>bar: mean of the group, line: least to most</span>}
        {sources.some(({ summary }) => !isOneValue(summary)) && (
          <span>
            the last of {countText(points)} points at one step{' '}
            <button type="button" className="link-button" onClick={props.onTime}>
              show over time
            </button>
          </span>
        )}
        {bars.length > shown.length && (
          <span>
            and {countText(bars.length - shown.length)} more{' '}
            {props.onExpand !== undefined && (
              <button type="button" className="link-button" onClick={props.onExpand}>
                show
              </button>
            )}
          </span>
        )}
      </p>
    </figure>
  );
}

function BarRow({ bar, axis, isWhole }: { bar: Bar; axis: BarAxis; isWhole: boolean }) {
  const { name, colour, value, runs, least, most } = bar;
  const place = (at: number) => (100 * (at - axis.from)) / (axis.to - axis.from);
  const [start, end] = [Math.min(value, axis.base), Math.max(value, axis.base)];
  const isDrawn = Number.isFinite(value);
  return (
    <li>
      <span className="bar-name" title={name}>
        <span className="swatch" style={{ background: colour }} aria-hidden="true" />
        <span>
          {name}
          {runs > 1 && <span className="faint"> {countText(runs)} runs</span>}
        </span>
      </span>
      <span className="bar-track" aria-hidden="true">
        {isDrawn && (
          <span
            className="bar-fill"
            style={{
              insetInlineStart: `${place(start)}%`,
              inlineSize: `${place(end) - place(start)}%`,
              background: colour,
            }}
          />
        )}
        {isDrawn && least < most && (
          <span
            className="bar-range"
            style={{ insetInlineStart: `${place(least)}%`, inlineSize: `${place(most) - place(least)}%` }}
          />
        )}
      </span>
      <span className={isDrawn ? 'bar-value' : 'bar-value warn'} title={exactText(value)}>
        {isDrawn ? realText(value, isWhole) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+∞' : '−∞'}
      </span>
    </li>
  );
}

function barCount(bars: readonly Bar[]): string {
  return bars.length === 1 ? '1 bar' : `${countText(bars.length)} bars`;
}

/** What a chart's picture alone does not say: its range, smoothing, bands, what could not be drawn. */
import { countText } from '../format/numbers.ts';
import type { ChartSettings } from './chart-settings.tsx';
import type { Range } from './curve-parts.ts';

/** What the picture cannot show. */
export interface DrawnFacts {
  readonly odd: number;
  readonly unplaceable: number;
  readonly banded: boolean;
  readonly empty: boolean;
}

export function ChartFoot(props: {
  settings: ChartSettings;
  facts: DrawnFacts;
  /** Points without a place on the x axis. */
  lost: number;
  /** What is in sight; undefined = all. */
  range: Range | undefined;
  onAll: () => void;
}) {
  const { settings, facts, lost, range } = props;
  const { odd, unplaceable, banded } = facts;
  return (
    <p className="chart-foot">
      {range !== undefined && (
        <span>
          {settings.xText(range[0])} to {settings.xText(range[1]).replace(/^step /, '')}{' '}
          <button type="button" className="link-button" onClick={props.onAll}>
            all
          </button>
        </span>
      )}
      {settings.smooth > 0 && <span>smoothed {settings.smooth}, raw faint</span>}
      {settings.group !== undefined && <span>line: mean of the group, band: least to most</span>}
      {settings.group === undefined && banded && <span>band: least to most, line: mean</span>}
      {odd > 0 && <span className="warn">{countText(odd)} not finite (× NaN, ▲ +∞, ▼ −∞)</span>}
      {unplaceable > 0 && (
        <span className="warn">
          {banded && 'at least '}
          {countText(unplaceable)} not above 0: not on a log axis
        </span>
      )}
      {lost > 0 && <span className="warn">{countText(lost)} without a place on this x axis</span>}
    </p>
  );
}

/** What a chart's picture alone does not say: smoothing, bands, what could not be drawn, what is not read yet. */
import { countText } from '../format/numbers.ts';
import type { ChartSettings } from './chart-settings.tsx';
import { readAtOnce } from './run-series.ts';

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
  lines: number;
  read: number;
  total: number;
  loading: boolean;
  onMore: (() => void) | undefined;
}) {
  const { settings, facts, lost, read, total, loading, onMore } = props;
  return (
    <p className="chart-foot">
      {settings.smooth > 0 && <span>smoothed {settings.smooth}, raw faint</span>}
      {settings.group !== undefined && <span>line: mean of the group, band: least to most</span>}
      {settings.group === undefined && facts.banded && <span>band: least to most, line: mean</span>}
      {facts.odd > 0 && <span className="warn">{countText(facts.odd)} not finite (× NaN, ▲ +∞, ▼ −∞)</span>}
      {facts.unplaceable > 0 && (
        <span className="warn">{countText(facts.unplaceable)} not above 0: not on a log axis</span>
      )}
      {lost > 0 && <span className="warn">{countText(lost)} without a place on this x axis</span>}
      {loading && read > 0 && (
        <span>
          {countText(read)} of {countText(total)} points read
        </span>
      )}
      {onMore !== undefined && (
        <span>
          first {countText(read)} of {countText(Math.max(total, read))} points{' '}
          <button type="button" className="link-button" onClick={onMore}>
            read {countText(readAtOnce)} more
          </button>
        </span>
      )}
    </p>
  );
}

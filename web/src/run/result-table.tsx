/** What came out: every metric with its last, best, least and greatest value. */
import { useDeferredValue, useMemo, useState } from 'react';
import type { Int64, MetricSummary, Real, Run } from '../api/types.ts';
import { byWorth, isSystemMetric } from '../charts/sections.ts';
import { countText, exactText, realOf, realText } from '../format/numbers.ts';
import { guessGoal } from '../runs/goals.ts';
import { SearchField } from '../ui/search-field.tsx';
import { useRunMetrics } from './use-run-metrics.ts';

/** Rows drawn; search finds the others. The first ones at once, the rest when the charts below have begun. */
const rowLimit = 200;
const rowsAtOnce = 20;
const searchFrom = 6;

export function ResultTable({ run }: { run: Run }) {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim().toLowerCase());
  const { metrics, isPending } = useRunMetrics(run, search);
  const rows = useDeferredValue(rowLimit, rowsAtOnce);
  const found = useMemo(() => {
    const all = Object.keys(metrics);
    const ofModel = all.filter((key) => !isSystemMetric(key));
    // The machine's metrics are no result; a search finds them, and their charts stand below.
    return byWorth(search === '' && ofModel.length > 0 ? ofModel : all);
  }, [metrics, search]);
  const known = Object.keys(run.metrics).length;
  if (known === 0) return null;
  return (
    <div className="result">
      <div className="panel-head">
        <h2 id="result-title">Result</h2>
        {known >= searchFrom && (
          <SearchField label="Search metrics by name" value={typed} onChange={setTyped} />
        )}
        {run.moreMetrics === undefined
          ? found.length > rowLimit && (
              <span className="faint">
                {countText(rowLimit)} of {countText(found.length)} shown, search finds the others
              </span>
            )
          : search === '' && (
              <span className="faint">
                more than {countText(known)} metrics: search finds those that are not shown
              </span>
            )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="result-scroll" tabIndex={0} role="region" aria-labelledby="result-title">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Last</th>
              <th scope="col">Best</th>
              <th scope="col">Min</th>
              <th scope="col">Max</th>
              <th scope="col">Points</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, rows).map((key) => (
              <ResultRow key={key} name={key} summary={metrics[key]!} />
            ))}
          </tbody>
        </table>
        {found.length === 0 && !isPending && <p className="quiet">No metric is called “{typed.trim()}”.</p>}
      </div>
    </div>
  );
}

function ResultRow({ name, summary }: { name: string; summary: MetricSummary }) {
  const goal = guessGoal(name);
  const best = goal === 'low' ? summary.min : goal === 'high' ? summary.max : null;
  const bestStep = goal === 'low' ? summary.minStep : summary.maxStep;
  const whole = [summary.last, summary.min, summary.max].every(
    (value) => value === null || Number.isInteger(realOf(value)) || !Number.isFinite(realOf(value)),
  );
  return (
    <tr>
      <th scope="row" title={name}>
        {name}
      </th>
      <ValueCell value={summary.last} step={summary.lastStep} whole={whole} />
      {goal === 'none' ? (
        <td className="faint" title="The name does not say which way is better">
          –
        </td>
      ) : (
        <ValueCell value={best} step={bestStep} whole={whole} best />
      )}
      <ValueCell value={summary.min} step={summary.minStep} whole={whole} />
      <ValueCell value={summary.max} step={summary.maxStep} whole={whole} />
      <td className="dim">{countText(summary.points)}</td>
    </tr>
  );
}

function ValueCell(props: { value: Real | null; step: Int64 | null; whole: boolean; best?: boolean }) {
  const { value, step, whole, best = false } = props;
  if (value === null) return <td className="odd">NaN</td>;
  const real = realOf(value);
  const title = `${exactText(value)}${step === null ? '' : `\nat step ${countText(step)}`}`;
  if (!Number.isFinite(real))
    return (
      <td className="odd" title={title}>
        {Number.isNaN(real) ? 'NaN' : real > 0 ? '+∞' : '−∞'}
      </td>
    );
  return (
    <td className={best ? 'best' : ''} title={title}>
      {realText(real, whole)}
      {best && step !== null && <span className="at-step"> @ {countText(step)}</span>}
    </td>
  );
}

/** What stands in a cell, by kind of column. */
import { useState } from 'react';
import type { Real, Run } from '../api/types.ts';
import { Ago, useLiveText } from '../format/ago.tsx';
import { countText, exactText, realOf, realText } from '../format/numbers.ts';
import { durationText, exactTime } from '../format/times.ts';
import { type Column, columnToken, type MetricColumn } from './columns.ts';
import { metricValue, progressStep, stepOf } from './values.ts';

export interface CellFacts {
  /** The best value of the column over all that matches. */
  readonly best: number | undefined;
  /** Whether the column holds whole numbers only. */
  readonly whole: boolean;
  /** Whether the run was fetched with this column. */
  readonly asked: boolean;
}

export function CellContent({ run, column, facts }: { run: Run; column: Column; facts: CellFacts }) {
  switch (column.scope) {
    case 'attribute':
      return <AttributeCell run={run} attribute={column.key} />;
    case 'metric':
      return <MetricCell key={columnToken(column)} run={run} column={column} facts={facts} />;
    default: {
      const value = (column.scope === 'param' ? run.params : run.tags)[column.key];
      if (value === undefined) return facts.asked ? <Missing /> : null;
      if (value === '')
        return (
          <span className="faint" title="The empty text">
            “”
          </span>
        );
      return (
        <span className="cell-text" title={value}>
          {value}
        </span>
      );
    }
  }
}

function Missing() {
  return (
    <span className="missing" title="Not logged">
      –<span className="visually-hidden">not logged</span>
    </span>
  );
}

function AttributeCell({ run, attribute }: { run: Run; attribute: string }) {
  switch (attribute) {
    case 'state':
      return <StateCell run={run} />;
    case 'started':
      return (
        <span className="dim">
          <Ago time={run.started} />
        </span>
      );
    case 'ended':
      return run.ended === null ? <Missing /> : <Ago time={run.ended} />;
    case 'duration':
      return <Duration run={run} />;
    case 'user':
      return run.user === '' ? <Missing /> : <span title={run.user}>{run.user}</span>;
    default:
      return (
        <span className="mono dim" title={run.id}>
          {run.id.slice(0, 6)}…{run.id.slice(-6)}
        </span>
      );
  }
}

/** How long it ran, or has been running. */
function Duration({ run }: { run: Run }) {
  const text = useLiveText((now) => durationText((run.ended ?? now) - run.started));
  return <>{text}</>;
}

function StateCell({ run }: { run: Run }) {
  const title = stateTitle(run);
  const step = progressStep(run);
  return (
    <span className="state" title={title}>
      <span className={`state-dot ${run.state}`} aria-hidden="true" />
      {run.state === 'running' && (
        <>
          <span className="visually-hidden">running, </span>
          {step === undefined ? <Duration run={run} /> : `step ${countText(step)}`}
        </>
      )}
      {run.state === 'finished' && (
        <span className="dim">
          <span className="visually-hidden">finished after </span>
          <Duration run={run} />
        </span>
      )}
      {run.state !== 'running' && run.state !== 'finished' && <span className={run.state}>{run.state}</span>}
    </span>
  );
}

function stateTitle(run: Run): string {
  const lines = [`${run.state}, started ${exactTime(run.started)}`];
  if (run.ended !== null)
    lines.push(`ended ${exactTime(run.ended)} after ${durationText(run.ended - run.started)}`);
  return lines.join('\n');
}

function MetricCell({ run, column, facts }: { run: Run; column: MetricColumn; facts: CellFacts }) {
  const value = metricValue(run, column);
  const flash = useFlash(run.id, value);
  if (value === undefined) return facts.asked ? <Missing /> : null;
  const real = value === null ? Number.NaN : realOf(value);
  const isBest =
    facts.best !== undefined && (column.goal === 'low' ? real <= facts.best : real >= facts.best);
  return (
    <span
      key={flash}
      className={`value${flash > 0 ? ' flash' : ''}${isBest ? ' best' : ''}${Number.isFinite(real) ? '' : ' odd'}`}
      title={metricTitle(run, column, value, isBest)}
    >
      {Number.isFinite(real) ? realText(real, facts.whole || column.aggregate === 'count') : oddText(real)}
      {isBest && <span className="visually-hidden"> (best)</span>}
    </span>
  );
}

function oddText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+∞' : '−∞';
}

function metricTitle(run: Run, column: MetricColumn, value: Real | null, isBest: boolean): string {
  const step = stepOf(run, column);
  const summary = run.metrics[column.key]!;
  const lines = [`${column.key} ${column.aggregate}: ${value === null ? 'NaN' : exactText(value)}`];
  if (step !== undefined) lines.push(`at step ${countText(step)}`);
  lines.push(`${countText(summary.points)} ${summary.points === 1 ? 'point' : 'points'}`);
  if (isBest) lines.push(`best: the ${column.goal === 'low' ? 'lowest' : 'highest'} of all matching runs`);
  return lines.join('\n');
}

/** Grows each time the value changes while it is looked at; not when it first appears, or when another run's does. */
function useFlash(run: string, value: Real | null | undefined): number {
  const [seen, setSeen] = useState({ run, value, changes: 0 });
  if (seen.run === run && Object.is(seen.value, value)) return seen.changes;
  const changes = seen.run !== run ? 0 : seen.value === undefined ? seen.changes : seen.changes + 1;
  setSeen({ run, value, changes });
  return changes;
}

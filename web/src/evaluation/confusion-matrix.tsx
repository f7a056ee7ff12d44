/**
 * A confusion matrix: actual classes down, predicted across, each cell's strength its share of the actual class. One hue
 * from faint to full, so that it reads without colour vision; the text in a cell is black or white by what is behind it.
 */
import { type KeyboardEvent, useMemo, useState } from 'react';
import { countText } from '../format/numbers.ts';
import type { Confusion } from './evaluation-data.ts';

/** With more classes cells have no text, and what is confused most is listed beside. */
const textLimit = 20;
const pairLimit = 12;

export function ConfusionMatrix({ confusion, label }: { confusion: Confusion; label: string }) {
  const { labels, counts } = confusion;
  const [shown, setShown] = useState<'counts' | 'share'>('counts');
  const [at, setAt] = useState<readonly [number, number]>();
  const facts = useMemo(() => factsOf(confusion), [confusion]);
  const dense = labels.length > textLimit;

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const last = labels.length - 1;
    const [row, column] = at ?? [0, 0];
    setAt(at === undefined ? [0, 0] : [clamp(row + step[0]!, last), clamp(column + step[1]!, last)]);
  }

  return (
    <div className="confusion">
      <div className="confusion-bar">
        {!dense && (
          <fieldset className="segments small" aria-label="Numbers of the cells">
            <button type="button" aria-pressed={shown === 'counts'} onClick={() => setShown('counts')}>
              Counts
            </button>
            <button type="button" aria-pressed={shown === 'share'} onClick={() => setShown('share')}>
              Share
            </button>
          </fieldset>
        )}
        <span className="dim">
          accuracy <b>{percent(facts.accuracy)}</b> of {amount(facts.total)}
        </span>
      </div>
      <div className={`confusion-body${dense ? ' dense' : labels.length <= 4 ? ' few' : ''}`}>
        <div className="confusion-scroll">
          <span className="confusion-axis">predicted →</span>
          <table
            className="confusion-table"
            aria-label={`${label}: rows are actual classes, columns predicted ones`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: read cell by cell with the arrows
            tabIndex={0}
            onKeyDown={onKeyDown}
            onMouseLeave={() => setAt(undefined)}
            onBlur={() => setAt(undefined)}
          >
            <thead>
              <tr>
                <th scope="col">actual ↓</th>
                {labels.map((name, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: classes do not move, and may share a name
                  <th key={column} scope="col" title={name} className={at?.[1] === column ? 'at' : ''}>
                    <span>{name}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((name, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: classes do not move, and may share a name
                <tr key={row}>
                  <th scope="row" title={name} className={at?.[0] === row ? 'at' : ''}>
                    <span>{name}</span>
                  </th>
                  {counts[row]!.map((count, column) => {
                    const share = facts.actual[row]! > 0 ? count / facts.actual[row]! : 0;
                    const marked = at?.[0] === row && at[1] === column;
                    return (
                      <td
                        // biome-ignore lint/suspicious/noArrayIndexKey: classes do not move
                        key={column}
                        className={`${inkOf(share)}${marked ? ' at' : ''}${count === 0 ? ' none' : ''}`}
                        style={{ '--share': share } as React.CSSProperties}
                        onMouseEnter={() => setAt([row, column])}
                      >
                        {dense ? (
                          <span className="visually-hidden">{amount(count)}</span>
                        ) : shown === 'counts' ? (
                          amount(count)
                        ) : (
                          percent(share)
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {dense && <MostConfused confusion={confusion} actual={facts.actual} />}
      </div>
      <Readout confusion={confusion} facts={facts} at={at} />
    </div>
  );
}

function Readout(props: { confusion: Confusion; facts: Facts; at: readonly [number, number] | undefined }) {
  const { confusion, facts, at } = props;
  if (at === undefined)
    return <p className="confusion-readout dim">Point at a cell for its class’s recall and precision.</p>;
  const [row, column] = at;
  const { labels, counts } = confusion;
  const count = counts[row]![column]!;
  const right = row === column;
  return (
    <p className="confusion-readout" aria-live="polite">
      <b>{amount(count)}</b> {labels[row]} {right ? 'recognised' : `taken for ${labels[column]}`} ·{' '}
      {percent(share(count, facts.actual[row]!))} of {labels[row]} ·{' '}
      <span className="dim">
        recall {percent(share(counts[row]![row]!, facts.actual[row]!))} · precision of {labels[column]}{' '}
        {percent(share(counts[column]![column]!, facts.predicted[column]!))}
      </span>
    </p>
  );
}

function MostConfused({ confusion, actual }: { confusion: Confusion; actual: readonly number[] }) {
  const { labels, counts } = confusion;
  const pairs = counts
    .flatMap((row, from) => row.map((count, to) => ({ from, to, count })))
    .filter(({ from, to, count }) => from !== to && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, pairLimit);
  if (pairs.length === 0) return null;
  return (
    <div className="confused">
      <h3>Confused most</h3>
      <ol>
        {pairs.map(({ from, to, count }) => (
          <li key={`${from} ${to}`}>
            <span className="confused-pair" title={`${labels[from]} taken for ${labels[to]}`}>
              {labels[from]} <span className="faint">→</span> {labels[to]}
            </span>
            <span>
              {amount(count)} <span className="faint">{percent(share(count, actual[from]!))}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface Facts {
  readonly total: number;
  readonly accuracy: number;
  /** Sums of rows and of columns. */
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
}

function factsOf({ labels, counts }: Confusion): Facts {
  const actual = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const predicted = labels.map((_, column) => counts.reduce((sum, row) => sum + row[column]!, 0));
  const total = actual.reduce((sum, count) => sum + count, 0);
  const right = labels.reduce((sum, _, index) => sum + counts[index]![index]!, 0);
  return { total, actual, predicted, accuracy: share(right, total) };
}

/**
 * Black and white reach 4.5:1 on either side of one luminance, OKLCH lightness 0.58. The light ramp falls through it at
 * a share of 0.69, the dark one rises through it at 0.62 (evaluation.css): between them the themes differ.
 */
function inkOf(value: number): string {
  return value > 0.69 ? 'full' : value > 0.62 ? 'strong' : 'faint-cell';
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function percent(value: number): string {
  if (value > 0 && value < 0.001) return '<0.1%';
  const text = (value * 100).toFixed(1);
  return `${text.endsWith('.0') ? text.slice(0, -2) : text}%`;
}

/** A matrix may also hold shares. */
function amount(count: number): string {
  return Number.isInteger(count) ? countText(count) : count.toPrecision(3);
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(last, value));
}

/** What runs have in common and where they differ, as rows: parameters, results, tags. Pure. */
import type { Run } from '../api/types.ts';
import { byWorth } from '../charts/sections.ts';
import { realOf, realText } from '../format/numbers.ts';
import { guessGoal } from '../runs/goals.ts';

export interface ComparedRow {
  readonly key: string;
  /** One for each run; undefined where it has none. */
  readonly values: readonly ComparedValue[];
  readonly differs: boolean;
}

export interface ComparedValue {
  readonly text: string | undefined;
  /** Every digit, or the whole text. */
  readonly exact: string;
  readonly best: boolean;
  readonly number: boolean;
}

export interface ComparedPart {
  readonly name: 'Parameters' | 'Metrics' | 'Tags';
  readonly rows: readonly ComparedRow[];
}

/** The name stands at the head of the column, and a note is about one run. */
const alwaysDiffer: ReadonlySet<string> = new Set(['mlflow.runName', 'mlflow.note.content']);

export function comparedParts(runs: readonly Run[]): ComparedPart[] {
  return [
    { name: 'Metrics', rows: metricRows(runs) },
    { name: 'Parameters', rows: textRows(runs, (run) => run.params) },
    {
      name: 'Tags',
      rows: textRows(runs, (run) =>
        Object.fromEntries(Object.entries(run.tags).filter(([key]) => !alwaysDiffer.has(key))),
      ),
    },
  ];
}

function textRows(runs: readonly Run[], of: (run: Run) => Readonly<Record<string, string>>): ComparedRow[] {
  const all = runs.map(of);
  const keys = [...new Set(all.flatMap((values) => Object.keys(values)))].sort();
  return keys.map((key) => {
    const texts = all.map((values) => values[key]);
    return {
      key,
      differs: new Set(texts).size > 1,
      values: texts.map((text) => ({
        text,
        exact: text ?? '',
        best: false,
        number: text !== undefined && text.trim() !== '' && Number.isFinite(Number(text)),
      })),
    };
  });
}

/** The best value where the name says what best is, else the last. */
function metricRows(runs: readonly Run[]): ComparedRow[] {
  const keys = byWorth([...new Set(runs.flatMap((run) => Object.keys(run.metrics)))]);
  return keys.map((key) => {
    const goal = guessGoal(key);
    const values = runs.map(({ metrics }) => {
      const summary = metrics[key];
      if (summary === undefined) return undefined;
      const value = goal === 'low' ? summary.min : goal === 'high' ? summary.max : summary.last;
      return value === null ? Number.NaN : realOf(value);
    });
    const finite = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
    const best =
      goal === 'none' || finite.length < 2
        ? undefined
        : goal === 'low'
          ? Math.min(...finite)
          : Math.max(...finite);
    const whole = finite.every(Number.isInteger);
    const differs = values.some((value) => !Object.is(value, values[0]));
    return {
      key,
      differs,
      values: values.map((value) => ({
        text:
          value === undefined ? undefined : Number.isFinite(value) ? realText(value, whole) : String(value),
        exact: String(value ?? ''),
        best: differs && value !== undefined && value === best,
        number: true,
      })),
    };
  });
}

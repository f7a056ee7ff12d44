/** What runs have in common and where they differ, as rows: results, parameters, data, code, tags. Pure. */
import type { MetricSummary, Real, Run, RunLineage } from '../api/types.ts';
import { byWorth } from '../charts/sections.ts';
import { realOf, realText } from '../format/numbers.ts';
import { durationText, exactTime } from '../format/times.ts';
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
  readonly name: string;
  readonly rows: readonly ComparedRow[];
}

/** Which value of a metric counts; `best` is the last where the name does not say what best is. */
export type ComparedAggregate = 'best' | 'last' | 'min' | 'max';

/** The name stands at the head of the column, and a note is about one run. */
const alwaysDiffer: ReadonlySet<string> = new Set(['mlflow.runName', 'mlflow.note.content']);
/** Tags by which clients tell where a run came from. */
const environmentTag = /^mlflow\.(source|project|user|docker|conda|env|databricks|gitRepo|gitBranch)/;

export function comparedParts(
  runs: readonly Run[],
  options: { aggregate?: ComparedAggregate; lineages?: ReadonlyMap<string, RunLineage> } = {},
): ComparedPart[] {
  const { aggregate = 'best', lineages = new Map() } = options;
  const tags = (wanted: (key: string) => boolean) => (run: Run) =>
    Object.fromEntries(Object.entries(run.tags).filter(([key]) => !alwaysDiffer.has(key) && wanted(key)));
  return [
    { name: 'Metrics', rows: metricRows(runs, aggregate) },
    { name: 'Parameters', rows: textRows(runs, (run) => run.params) },
    { name: 'Data sets', rows: textRows(runs, (run) => datasetsOf(lineages.get(run.id))) },
    {
      name: 'Code and environment',
      rows: textRows(
        runs,
        tags((key) => environmentTag.test(key)),
      ),
    },
    {
      name: 'Tags',
      rows: textRows(
        runs,
        tags((key) => !environmentTag.test(key)),
      ),
    },
    { name: 'Run', rows: textRows(runs, factsOf) },
  ];
}

function datasetsOf(lineage: RunLineage | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, digest, context } of lineage?.inputs ?? []) {
    const key = context === null ? name : `${name} (${context})`;
    found[key] = found[key] === undefined ? digest : `${found[key]}, ${digest}`;
  }
  return found;
}

function factsOf(run: Run): Record<string, string> {
  return {
    state: run.state,
    started: exactTime(run.started),
    ...(run.ended === null ? {} : { took: durationText(run.ended - run.started) }),
    ...(run.user === '' ? {} : { user: run.user }),
    experiment: run.experiment,
  };
}

export function textRows<Thing>(
  runs: readonly Thing[],
  of: (run: Thing) => Readonly<Record<string, string>>,
): ComparedRow[] {
  const all = runs.map(of);
  const keys = [...new Set(all.flatMap((values) => Object.keys(values)))].sort();
  return keys.map((key) => {
    const texts = all.map((values) => (Object.hasOwn(values, key) ? values[key] : undefined));
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

/** What counts of a metric, as a number; NaN where all its points are. */
export function metricNumber(key: string, summary: MetricSummary, aggregate: ComparedAggregate): number {
  const goal = guessGoal(key);
  const which =
    aggregate === 'best' ? (goal === 'low' ? 'min' : goal === 'high' ? 'max' : 'last') : aggregate;
  const value: Real | null = summary[which];
  return value === null ? Number.NaN : realOf(value);
}

function metricRows(runs: readonly Run[], aggregate: ComparedAggregate): ComparedRow[] {
  const keys = byWorth([...new Set(runs.flatMap((run) => Object.keys(run.metrics)))]);
  return keys.map((key) => {
    const goal = guessGoal(key);
    const values = runs.map(({ metrics }) => {
      const summary = metrics[key];
      return summary === undefined ? undefined : metricNumber(key, summary, aggregate);
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

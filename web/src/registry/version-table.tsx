/** Versions of a model, the latest first: what each is called, the run and the data behind it, and how good it was. */
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ModelVersion, RegisteredModel } from '../api/registry.ts';
import type { Run } from '../api/types.ts';
import { byWorth, isSystemMetric } from '../charts/sections.ts';
import { metricNumber } from '../compare/differences.ts';
import { Ago } from '../format/ago.tsx';
import { realText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { guessGoal } from '../runs/goals.ts';
import { RunLink } from '../runs/run-link.tsx';
import { versionUrl } from '../urls.ts';
import { AliasMarks, StageMark } from './marks.tsx';
import { PromoteButton } from './promote-button.tsx';
import type { Naming } from './use-naming.ts';
import type { VersionSources } from './use-version-sources.ts';

const metricsShown = 3;

export function VersionTable(props: {
  model: RegisteredModel;
  versions: readonly ModelVersion[];
  sources: VersionSources;
  naming: Naming;
  selected: readonly number[];
  onSelect: (version: number) => void;
  /** The row that keys are about. */
  cursor: number | undefined;
}) {
  const { versions, sources, cursor } = props;
  const metrics = metricsOf([...sources.runs.values()]);
  const best = new Map(metrics.map((key) => [key, bestOf(key, [...sources.runs.values()])]));
  const table = useRef<HTMLTableElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is the trigger
  useEffect(() => {
    table.current?.querySelector('tr.cursor')?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-frame" tabIndex={0} role="region" aria-labelledby="versions-title">
      <table ref={table} className="facts-table versions-table">
        <thead>
          <tr>
            <th scope="col" className="select">
              <span className="visually-hidden">Select to compare</span>
            </th>
            <th scope="col">Version</th>
            <th scope="col">Run</th>
            <th scope="col">Data</th>
            {metrics.map((key) => (
              <th key={key} scope="col" className="num" title={key}>
                {key}
              </th>
            ))}
            <th scope="col">By</th>
            <th scope="col">Made</th>
            <th scope="col">
              <span className="visually-hidden">Promote</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((row) => (
            <VersionRow key={row.uid} row={row} metrics={metrics} best={best} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function VersionRow(
  props: Parameters<typeof VersionTable>[0] & {
    row: ModelVersion;
    metrics: readonly string[];
    best: ReadonlyMap<string, number | undefined>;
  },
) {
  const { row, metrics, sources, selected } = props;
  const { site } = useProject();
  const run = row.run === null ? undefined : sources.runs.get(row.run);
  const inputs = (row.run === null ? undefined : sources.lineages.get(row.run)?.inputs) ?? [];
  return (
    <tr className={props.cursor === row.version ? 'cursor' : undefined}>
      <td className="select">
        <input
          type="checkbox"
          aria-label={`Select version ${row.version}`}
          checked={selected.includes(row.version)}
          onChange={() => props.onSelect(row.version)}
        />
      </td>
      <th scope="row">
        <div className="version-name">
          <Link {...versionUrl(row.model, row.version, site)} className="text-link plain">
            v{row.version}
          </Link>
          <AliasMarks aliases={row.aliases} />
          <StageMark stage={row.stage} />
          {row.description !== null && row.description !== '' && (
            <span className="version-note" title={row.description}>
              {row.description}
            </span>
          )}
        </div>
      </th>
      <td>
        {row.run === null ? (
          <span className="faint">–</span>
        ) : run === undefined ? (
          <span className="dim mono" title={row.run}>
            {row.run.slice(0, 8)}
          </span>
        ) : (
          <RunLink run={run}>
            {run.lifecycle === 'deleted' && <span className="deleted-mark">deleted</span>}
          </RunLink>
        )}
      </td>
      <td className="data">
        {inputs.length === 0 ? (
          <span className="faint">–</span>
        ) : (
          <span title={inputs.map(({ name, digest }) => `${name} ${digest}`).join('\n')}>
            {inputs[0]!.name}
            {inputs.length > 1 && <span className="faint"> +{inputs.length - 1}</span>}
          </span>
        )}
      </td>
      {metrics.map((key) => (
        <MetricCell key={key} name={key} run={run} best={props.best.get(key)} />
      ))}
      <td className="dim">{row.creator}</td>
      <td className="dim">
        <Ago time={row.created} />
      </td>
      <td className="tools">
        <PromoteButton version={row} aliases={props.model.aliases} naming={props.naming} />
      </td>
    </tr>
  );
}

function MetricCell({ name, run, best }: { name: string; run: Run | undefined; best: number | undefined }) {
  const summary = run?.metrics[name];
  if (summary === undefined) return <td className="num faint">–</td>;
  const value = metricNumber(name, summary, 'best');
  return (
    <td className={value === best ? 'num best' : 'num'} title={String(value)}>
      {Number.isFinite(value) ? realText(value, Number.isInteger(value)) : String(value)}
      {value === best && <span className="visually-hidden"> (best)</span>}
    </td>
  );
}

/** What most of the runs are judged by. */
function metricsOf(runs: readonly Run[]): string[] {
  const counts = new Map<string, number>();
  for (const run of runs)
    for (const key of Object.keys(run.metrics))
      if (!isSystemMetric(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const common = [...counts].filter(([, count]) => count * 2 >= runs.length).map(([key]) => key);
  return byWorth(common).slice(0, metricsShown);
}

function bestOf(key: string, runs: readonly Run[]): number | undefined {
  const goal = guessGoal(key);
  const values = runs
    .flatMap(({ metrics }) => metrics[key] ?? [])
    .map((summary) => metricNumber(key, summary, 'best'))
    .filter(Number.isFinite);
  if (goal === 'none' || new Set(values).size < 2) return undefined;
  return goal === 'low' ? Math.min(...values) : Math.max(...values);
}

/** The metrics of the compared runs over each other. */
import { useMemo } from 'react';
import type { Run } from '../api/types.ts';
import { ChartGrid } from '../charts/chart-grid.tsx';
import { ChartBar, useChartSettings } from '../charts/chart-settings.tsx';
import { Legend } from '../charts/legend.tsx';
import { curvesOf } from '../charts/metric-shape.ts';
import { useRunSources } from '../charts/use-run-sources.ts';
import type { ComparedPart } from './differences.ts';

/** Parameters and tags that runs may be grouped by: those that differ, and bring two runs together. */
function groupFields(parts: readonly ComparedPart[]): string[] {
  const prefixes = { Parameters: 'params', Tags: 'tags' } as const;
  return Object.entries(prefixes).flatMap(([name, prefix]) =>
    (parts.find((part) => part.name === name)?.rows ?? [])
      .filter(({ differs, values }) => {
        const texts = values.flatMap(({ text }) => text ?? []);
        return differs && new Set(texts).size < texts.length;
      })
      .map(({ key }) => `${prefix}.${key}`),
  );
}

/** Charts from which on they are searched. */
const searchFrom = 12;

export function Curves(props: { runs: readonly Run[]; parts: readonly ComparedPart[] }) {
  const { runs, parts } = props;
  const settings = useChartSettings();
  const { sourcesOf, dashes } = useRunSources(runs, settings.group);
  const keys = useMemo(() => [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))], [runs]);
  const curves = useMemo(() => curvesOf(runs, settings.x), [runs, settings.x]);
  const groups = useMemo(() => groupFields(parts), [parts]);
  if (keys.length === 0) return null;
  const legend = <Legend runs={runs} dashes={dashes} group={settings.group} />;
  return (
    <>
      <div className="run-bar">
        <h2>{curves.size > 0 ? 'Curves' : 'Values'}</h2>
        <ChartBar
          settings={settings}
          metrics={keys}
          groups={groups}
          lines={curves.size > 0 || settings.x !== 'step'}
          search={keys.length > searchFrom}
        />
      </div>
      {curves.size > 0 && legend}
      <ChartGrid keys={keys} curves={curves} sourcesOf={sourcesOf} settings={settings} legend={legend} />
    </>
  );
}

/** Charts beside the table: the metrics of its columns, of the selected runs, or else of the rows in sight. */
import { useMemo, useState } from 'react';
import type { Run } from '../api/types.ts';
import { ChartGrid } from '../charts/chart-grid.tsx';
import { ChartBar, useChartSettings } from '../charts/chart-settings.tsx';
import { Legend } from '../charts/legend.tsx';
import { curvesOf } from '../charts/metric-shape.ts';
import { useRunSources } from '../charts/use-run-sources.ts';
import { countText } from '../format/numbers.ts';
import { Icon } from '../ui/icons.tsx';
import type { Column } from './columns.ts';
import type { RunPages } from './run-pages.ts';
import type { Selection } from './selection.ts';

/** Lines that are told apart in a small chart. */
const runsInSight = 10;
const runsSelected = 50;

export function ChartsPanel(props: {
  pages: RunPages;
  version: number;
  columns: readonly Column[];
  selection: Selection;
  /** The first row in sight. */
  first: number;
  onClose: () => void;
}) {
  const { pages, columns, selection, first } = props;
  const settings = useChartSettings();
  const [open, setOpen] = useState(false);
  const runs = useShownRuns(pages, props.version, selection, first);
  const keys = useMemo(
    () => [
      ...new Set(
        columns.flatMap((column) =>
          column.scope === 'metric' && runs.some(({ metrics }) => metrics[column.key] !== undefined)
            ? [column.key]
            : [],
        ),
      ),
    ],
    [columns, runs],
  );
  const curves = useMemo(() => curvesOf(runs, settings.x), [runs, settings.x]);
  const groups = columns.flatMap((column) =>
    column.scope === 'param'
      ? [`params.${column.key}`]
      : column.scope === 'tag'
        ? [`tags.${column.key}`]
        : [],
  );
  const { sourcesOf, dashes } = useRunSources(runs, settings.group);
  const selected = selection.ids.size;
  const legend = <Legend runs={runs} dashes={dashes} group={settings.group} />;
  return (
    <aside className="charts-panel" aria-label="Charts">
      <div className="charts-panel-head">
        <h2>
          {selected > 0
            ? `${countText(runs.length)}${runs.length < selected ? ` of ${countText(selected)}` : ''} selected`
            : `${countText(runs.length)} in sight`}
        </h2>
        <button type="button" className="button small" aria-expanded={open} onClick={() => setOpen(!open)}>
          Axes
          <Icon name="chevron" size={12} />
        </button>
        <button
          type="button"
          className="icon-button small"
          aria-label="Close the charts"
          onClick={props.onClose}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      {open && (
        <ChartBar
          settings={settings}
          metrics={keys}
          groups={groups}
          lines={curves.size > 0 || settings.x !== 'step'}
        />
      )}
      {settings.group !== undefined && curves.size > 0 && legend}
      {keys.length === 0 ? (
        <p className="quiet">
          {columns.some(({ scope }) => scope === 'metric')
            ? 'None of these runs has logged a metric of the table yet.'
            : 'The table shows no metric. Add one under Columns, and its chart stands here.'}
        </p>
      ) : (
        <ChartGrid keys={keys} curves={curves} sourcesOf={sourcesOf} settings={settings} legend={legend} />
      )}
    </aside>
  );
}

/** The same array as long as the same runs have the same values. */
function useShownRuns(pages: RunPages, version: number, selection: Selection, first: number): readonly Run[] {
  const [held, setHeld] = useState<readonly Run[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the rows
  const next = useMemo(() => {
    if (selection.ids.size > 0) {
      const chosen = [...pages.loaded()].filter(({ run }) => selection.ids.has(run.id));
      return chosen.slice(0, runsSelected).map(({ run }) => run);
    }
    return Array.from({ length: runsInSight }, (_, index) => pages.row(first + index)).filter(
      (run) => run !== undefined,
    );
  }, [pages, version, selection.ids, first]);
  const same = next.length === held.length && next.every((run, index) => run === held[index]);
  if (!same) setHeld(next);
  return same ? held : next;
}

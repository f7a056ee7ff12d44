/** Several runs side by side: where they differ first, then what explains it, then their curves over each other. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import type { Run } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { usePaletteActions } from '../palette/palette-state.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { RunsSkeleton } from '../runs/runs-skeleton.tsx';
import { Icon } from '../ui/icons.tsx';
import {
  type ChangeOf,
  type CompareSearch,
  changedSearch,
  compareLimit,
  experimentUrl,
  homeUrl,
} from '../urls.ts';
import { byStrength, defaultTarget, placedColumns } from './compare-columns.ts';
import { compareCsv, download } from './compare-csv.ts';
import { Curves } from './curves.tsx';
import { type ComparedAggregate, comparedParts } from './differences.ts';
import { Differences } from './differences-table.tsx';
import { Parallel } from './parallel.tsx';
import { Scatter } from './scatter.tsx';
import { useComparedRuns } from './use-compared-runs.ts';

const route = getRouteApi('/compare');

export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { project, site } = useProject();
  const wanted = search.runs ?? '';
  const all = useMemo(() => [...new Set(wanted.split(',').filter((id) => id !== ''))], [wanted]);
  const ids = useMemo(() => all.slice(0, compareLimit), [all]);
  const { runs, lineages, loading, missing, connection } = useComparedRuns(project, ids);
  const aggregate: ComparedAggregate = search.agg ?? 'best';
  const parts = useMemo(() => comparedParts(runs, { aggregate, lineages }), [runs, aggregate, lineages]);
  const experiment = runs[0]?.experiment;

  const change = (part: ChangeOf<CompareSearch>) =>
    void navigate({ replace: true, search: (before) => changedSearch<CompareSearch>(before, part) });

  useEffect(() => {
    document.title = `Compare ${countText(ids.length)} runs · Cairn`;
  }, [ids.length]);
  usePaletteActions([
    {
      text: 'Export the comparison as CSV',
      icon: 'save',
      run: () => download('comparison.csv', compareCsv(runs, parts)),
    },
  ]);

  return (
    <>
      <header className="head compare-head">
        <NavOpener />
        {experiment !== undefined && (
          <Link {...experimentUrl(experiment, site)} className="crumb" aria-label="Runs of the experiment">
            <Icon name="left" size={13} />
            <span aria-hidden="true">Runs</span>
          </Link>
        )}
        <h1>Compare {ids.length === 1 ? '1 run' : `${countText(ids.length)} runs`}</h1>
        <div className="head-tools">
          {runs.length > 0 && <ConnectionMark connection={connection} />}
          <ThemeButton />
        </div>
      </header>
      <div className="page-body compare-body">
        {all.length > ids.length && (
          <p className="quiet">
            The first {countText(compareLimit)} of {countText(all.length)} runs: as many as one page compares.
          </p>
        )}
        {missing > 0 && (
          <p className="quiet" role="status">
            {missing === 1 ? '1 run is' : `${countText(missing)} runs are`} not here, or did not load.
          </p>
        )}
        {runs.length === 0 && loading && <RunsSkeleton />}
        {runs.length === 0 && !loading && (
          <div className="notice">
            <h2>Nothing to compare</h2>
            <p>Tick runs in a table, then press Compare.</p>
            <div className="notice-actions">
              <Link {...homeUrl(site)} className="button primary">
                Open the most recent experiment
              </Link>
            </div>
          </div>
        )}
        {runs.length > 0 && !loading && (
          <>
            <Differences
              runs={runs}
              parts={parts}
              aggregate={aggregate}
              onAggregate={(next) => change({ agg: next === 'best' ? undefined : next })}
              onRemove={(id) => change({ runs: ids.filter((each) => each !== id).join(',') })}
            />
            <Explained runs={runs} aggregate={aggregate} search={search} onChange={change} />
            <Curves runs={runs} parts={parts} />
          </>
        )}
      </div>
    </>
  );
}

/** What goes with what: two columns against each other, and all parameters against one metric. */
function Explained(props: {
  runs: readonly Run[];
  aggregate: ComparedAggregate;
  search: CompareSearch;
  onChange: (part: Pick<CompareSearch, 'scatter' | 'target'>) => void;
}) {
  const { runs, aggregate, search, onChange } = props;
  const columns = useMemo(() => placedColumns(runs, aggregate), [runs, aggregate]);
  const metrics = columns.filter(({ id }) => id.startsWith('metrics.'));
  const target =
    metrics.find(({ key }) => key === search.target) ??
    metrics.find(({ key }) => key === defaultTarget(columns));
  if (target === undefined || columns.length < 2) return null;
  const params = byStrength(
    columns.filter(({ id }) => id.startsWith('params.')),
    target,
  );
  const [wantedX, wantedY] = (search.scatter ?? '').split('~');
  const y = columns.find(({ id }) => id === wantedY) ?? target;
  const x =
    columns.find(({ id }) => id === wantedX) ??
    params.find(({ words }) => words === undefined) ??
    columns.find(({ id }) => id !== y.id)!;
  return (
    <>
      <div className="panel-head">
        <h2>What goes with what</h2>
      </div>
      <div className="explained-pair">
        <Scatter
          runs={runs}
          columns={columns}
          x={x}
          y={y}
          onChange={(nextX, nextY) => onChange({ scatter: `${nextX}~${nextY}` })}
        />
        {params.length > 0 && (
          <Parallel
            runs={runs}
            params={params}
            target={target}
            targets={metrics}
            onTarget={(key) => onChange({ target: key })}
          />
        )}
      </div>
    </>
  );
}

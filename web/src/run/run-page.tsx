/** One run: its result, its charts and where it came from on one screen; its files and its history a click away. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { experimentQuery, runQuery } from '../api/queries.ts';
import type { Run } from '../api/types.ts';
import { useArtifactRoot } from '../artifacts/artifact-browser.tsx';
import { PreviewSkeleton } from '../artifacts/preview-parts.tsx';
import { ChartGrid } from '../charts/chart-grid.tsx';
import { ChartBar, useChartSettings } from '../charts/chart-settings.tsx';
import { curvesOf, isOneValue } from '../charts/metric-shape.ts';
import { countText } from '../format/numbers.ts';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { useKeys } from '../runs/use-keys.ts';
import { runLatestAction } from '../ui/toasts.tsx';
import { homeUrl, type RunTab } from '../urls.ts';
import { ArtifactsView } from './artifacts-view.tsx';
import { ChildTable } from './child-table.tsx';
import { EventsView } from './events-view.tsx';
import { Note } from './note.tsx';
import { Origin, useChildren } from './origin.tsx';
import { ParamList } from './param-list.tsx';
import { ResultTable } from './result-table.tsx';
import { RunHead } from './run-head.tsx';
import { TagList } from './tag-list.tsx';
import { useChartSources } from './use-chart-sources.ts';
import { useFirstTab } from './use-first-tab.ts';
import { useRunLive } from './use-run-live.ts';
import { useRunMetrics } from './use-run-metrics.ts';
import { useRunPalette } from './use-run-palette.ts';
import { useSettled } from './use-settled.ts';

const route = getRouteApi('/runs/$run');

const EvaluationView = lazy(async () => ({
  default: (await import('../evaluation/evaluation-view.tsx')).EvaluationView,
}));

export function RunPage() {
  const { run: id } = route.useParams();
  const { project } = useProject();
  const run = useQuery(runQuery(project, id));
  const settled = useSettled(run.data !== undefined);
  const experiment = useQuery({
    ...experimentQuery(project, run.data?.experiment ?? ''),
    enabled: settled,
  });
  const connection = useRunLive(project, id);

  useEffect(() => {
    document.title = run.data === undefined ? 'Cairn' : `${run.data.name} · Cairn`;
  }, [run.data]);
  useKeys({ u: runLatestAction });
  useRunPalette(project, run.data, experiment.data?.name);

  if (run.data === undefined)
    return (
      <Absent query={run} none="There is no such run here">
        <Link {...homeUrl({})} className="button primary">
          Open the most recent experiment
        </Link>
      </Absent>
    );
  return (
    <>
      <RunHead run={run.data} experiment={experiment.data} connection={connection} />
      <div className="run-page" key={id}>
        <RunMain run={run.data} />
        <aside className="run-side" aria-label="Origin and parameters">
          <Origin run={run.data} />
          <Note run={run.data} />
          <ParamList params={run.data.params} />
          <TagList run={run.data} />
        </aside>
      </div>
    </>
  );
}

function RunMain({ run }: { run: Run }) {
  const { project } = useProject();
  const { tab: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const settings = useChartSettings();
  const { metrics, isPending, more } = useRunMetrics(run, settings.find);
  const sourcesOf = useChartSources(run, metrics);
  const artifacts = useArtifactRoot(project, { kind: 'run', id: run.id });
  const { children: first, filter: ofChildren } = useChildren(run, project);
  const children = first.data?.matching ?? 0;
  const keys = useMemo(() => Object.keys(run.metrics), [run.metrics]);
  const curves = useMemo(() => curvesOf([{ metrics }], settings.x), [metrics, settings.x]);
  // What has a course over time alone is drawn, too: a bar that says so.
  const drawn = useMemo(() => drawnOf(run.metrics), [run.metrics]);
  const shown = useMemo(() => drawnOf(metrics), [metrics]);
  const firstTab = useFirstTab({ project, run, curves: drawn.length, children, root: artifacts });
  const count = `${countText(drawn.length)}${run.moreMetrics === undefined ? '' : '+'}`;
  const charts = ['charts', drawn.length === 0 ? 'Charts' : `Charts ${count}`] as const;
  const tabs: readonly (readonly [RunTab, string])[] = [
    ...(firstTab === 'charts' ? [charts] : []),
    ...(children > 0 ? [['children', `Child runs ${countText(children)}`] as const] : []),
    ...(artifacts.there
      ? ([
          ['evaluation', 'Evaluation'],
          ['artifacts', 'Artifacts'],
        ] as const)
      : []),
    ...(firstTab === 'charts' ? [] : [charts]),
    ['events', 'Events'],
  ];
  const tab = tabs.some(([name]) => name === wanted) ? wanted! : firstTab;

  return (
    <div className="run-main">
      <ResultTable run={run} />
      <div className="run-bar">
        <div className="tabs" role="tablist" aria-label="Of this run">
          {tabs.map(([name, text]) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={tab === name}
              aria-controls="tab-panel"
              // Also the first one is named: which is first may change while children and files are still looked up.
              onClick={() => void navigate({ replace: true, search: (before) => ({ ...before, tab: name }) })}
            >
              {text}
            </button>
          ))}
        </div>
        {tab === 'charts' && drawn.length > 0 && (
          <ChartBar settings={settings} metrics={keys} search={drawn.length > searchFrom} />
        )}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} className="run-panel">
        {tab === 'charts' && drawn.length > 0 && (
          <ChartGrid
            keys={shown}
            curves={curves}
            sourcesOf={sourcesOf}
            settings={settings}
            isPending={isPending}
            onMore={more}
          />
        )}
        {tab === 'charts' &&
          settings.find === '' &&
          run.moreMetrics === undefined &&
          keys.length > drawn.length && <OneValueEach keys={keys} drawn={drawn.length} />}
        {tab === 'charts' && keys.length === 0 && (
          <p className="quiet">
            {run.state === 'running'
              ? 'No metric is logged yet. The first point appears here by itself.'
              : 'This run logged no metrics.'}
          </p>
        )}
        {tab === 'evaluation' && (
          <Suspense fallback={<PreviewSkeleton />}>
            <EvaluationView
              project={project}
              owner={{ kind: 'run', id: run.id }}
              run={run}
              onOpen={(file) =>
                void navigate({ search: (before) => ({ ...before, tab: 'artifacts', file }) })
              }
            />
          </Suspense>
        )}
        {tab === 'artifacts' && <ArtifactsView run={run} root={artifacts} />}
        {tab === 'children' && <ChildTable run={run} filter={ofChildren} total={children} />}
        {tab === 'events' && <EventsView run={run} />}
      </div>
    </div>
  );
}

/** Charts from which on they are searched. */
const searchFrom = 12;

function drawnOf(metrics: Run['metrics']): string[] {
  return Object.keys(metrics).filter((key) => !isOneValue(metrics[key]!));
}

/** What of the metrics is no chart: one value, which the table above has. */
function OneValueEach({ keys, drawn }: { keys: readonly string[]; drawn: number }) {
  if (drawn > 0) {
    const others = keys.length - drawn;
    return (
      <p className="quiet">
        {others === 1
          ? '1 more has one value, which is'
          : `${countText(others)} more have one value each, all`}{' '}
        in the table above.
      </p>
    );
  }
  return <p className="quiet">One value each: all in the table above.</p>;
}

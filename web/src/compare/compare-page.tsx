/** Several runs side by side: where they differ first, then their curves over each other. */
import { useQueries } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { runPoints } from '../api/operations.ts';
import { runQuery } from '../api/queries.ts';
import type { Run } from '../api/types.ts';
import type { ChartSource } from '../charts/chart-card.tsx';
import { ChartGrid } from '../charts/chart-grid.tsx';
import { ChartBar, useChartSettings } from '../charts/chart-settings.tsx';
import { RunSeries } from '../charts/run-series.ts';
import { countText } from '../format/numbers.ts';
import { navigation } from '../layout/navigation.ts';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { swatchOf } from '../runs/swatch.ts';
import { Icon } from '../ui/icons.tsx';
import { compareLimit, experimentUrl, homeUrl, runUrl } from '../urls.ts';
import { type ComparedPart, comparedParts } from './differences.ts';

const route = getRouteApi('/compare');
/** Rows of a part that are drawn. */
const rowLimit = 300;

export function ComparePage() {
  const { runs: wanted } = route.useSearch();
  const { project, site } = useProject();
  const all = useMemo(() => [...new Set((wanted ?? '').split(',').filter((id) => id !== ''))], [wanted]);
  const ids = useMemo(() => all.slice(0, compareLimit), [all]);
  const answers = useQueries({
    // Whoever compares reads; what still runs is asked again now and then.
    queries: ids.map((id) => ({
      ...runQuery(project, id),
      refetchInterval: ({ state }: { state: { data: Run | undefined } }) =>
        state.data?.state === 'running' ? 5000 : 60_000,
    })),
  });
  const runs = answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const missing = answers.filter(({ isError, data }) => isError && data === undefined).length;
  const loading = answers.some(({ isPending }) => isPending);
  const experiment = runs[0]?.experiment;

  useEffect(() => {
    document.title = `Compare ${countText(ids.length)} runs · Cairn`;
  }, [ids.length]);

  return (
    <>
      <header className="head compare-head">
        <button
          type="button"
          className="icon-button nav-opener"
          aria-label="Open the navigation"
          onClick={navigation.open}
        >
          <Icon name="menu" />
        </button>
        {experiment !== undefined && (
          <Link {...experimentUrl(experiment, site)} className="crumb" aria-label="Runs of the experiment">
            <Icon name="left" size={13} />
            <span aria-hidden="true">Runs</span>
          </Link>
        )}
        <h1>Compare {ids.length === 1 ? '1 run' : `${countText(ids.length)} runs`}</h1>
        <div className="head-tools">
          <ThemeButton />
        </div>
      </header>
      <div className="page-body compare-body">
        {all.length > ids.length && (
          <p className="quiet">
            The first {countText(compareLimit)} of {countText(all.length)} runs: as many as lines are told
            apart.
          </p>
        )}
        {missing > 0 && (
          <p className="quiet" role="status">
            {missing === 1 ? '1 run is' : `${countText(missing)} runs are`} not here, or did not load.
          </p>
        )}
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
            <Differences runs={runs} />
            <Curves project={project} runs={runs} />
          </>
        )}
      </div>
    </>
  );
}

function Differences({ runs }: { runs: readonly Run[] }) {
  const { site } = useProject();
  const [equal, setEqual] = useState(false);
  const parts = useMemo(() => comparedParts(runs), [runs]);
  const hidden = parts.reduce((sum, { rows }) => sum + rows.filter(({ differs }) => !differs).length, 0);
  return (
    <>
      <div className="panel-head">
        <h2>Differences</h2>
        <label className="chart-option">
          <input type="checkbox" checked={equal} onChange={(event) => setEqual(event.target.checked)} />
          Also what is equal ({countText(hidden)})
        </label>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="compare-scroll" tabIndex={0} aria-label="Differences">
        <table className="facts-table compare-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">What</span>
              </th>
              {runs.map((run) => (
                <th key={run.id} scope="col">
                  <Link {...runUrl(run.id, site)} className="run-link" title={`${run.name}\n${run.id}`}>
                    <span className="swatch" style={{ background: swatchOf(run.id) }} aria-hidden="true" />
                    <span className="run-name">{run.name}</span>
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          {parts.map((part) => (
            <Part
              key={part.name}
              part={part}
              equal={equal}
              columns={runs.length + 1}
              ids={runs.map(({ id }) => id)}
            />
          ))}
        </table>
      </section>
    </>
  );
}

function Part(props: { part: ComparedPart; equal: boolean; columns: number; ids: readonly string[] }) {
  const { part, equal, columns, ids } = props;
  const rows = part.rows.filter(({ differs }) => equal || differs);
  if (part.rows.length === 0) return null;
  return (
    <tbody>
      <tr className="part">
        <th scope="colgroup" colSpan={columns}>
          {part.name}
          {rows.length === 0 && <span className="faint"> all equal</span>}
          {rows.length > rowLimit && (
            <span className="faint">
              {' '}
              the first {countText(rowLimit)} of {countText(rows.length)}
            </span>
          )}
        </th>
      </tr>
      {rows.slice(0, rowLimit).map((row) => (
        <tr key={row.key}>
          <th scope="row" title={row.key}>
            {row.key}
          </th>
          {row.values.map((value, index) => (
            <td
              key={ids[index]}
              className={`${value.number ? 'num' : ''}${value.best ? ' best' : ''}${row.differs ? '' : ' dim'}`}
              title={value.exact}
            >
              {value.text ?? (
                <span className="missing">
                  –<span className="visually-hidden">not logged</span>
                </span>
              )}
              {value.best && <span className="visually-hidden"> (best)</span>}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Curves({ project, runs }: { project: string; runs: readonly Run[] }) {
  const settings = useChartSettings();
  const cache = useMemo(() => new Map<string, RunSeries>(), []);
  useEffect(
    () => () => {
      for (const series of cache.values()) series.dispose();
    },
    [cache],
  );
  const dashes = useMemo(() => dashesOf(runs.map(({ id }) => id)), [runs]);
  const keys = useMemo(() => [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))], [runs]);
  const state = runs.map((run) => `${run.id} ${JSON.stringify(run.metrics)}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `state` stands for the runs
  const byKey = useMemo(() => {
    const sources = new Map<string, readonly ChartSource[]>();
    for (const key of keys) {
      const those = runs.flatMap(({ id, name, started, metrics }): ChartSource[] => {
        const points = metrics[key]?.points;
        if (points === undefined) return [];
        const place = `${id} ${key}`;
        const series =
          cache.get(place) ??
          new RunSeries((request, signal) => runPoints(project, id, { key, ...request }, signal));
        cache.set(place, series);
        return [{ id, name, started, colour: swatchOf(id), dash: dashes.get(id) ?? [], series, points }];
      });
      sources.set(key, those);
    }
    return sources;
  }, [state, project, cache]);
  const sourcesOf = useCallback((key: string) => byKey.get(key) ?? [], [byKey]);
  if (keys.length === 0) return null;
  return (
    <>
      <div className="run-bar">
        <h2>Curves</h2>
        <ChartBar settings={settings} />
      </div>
      <ul className="legend" aria-label="Lines">
        {runs.map((run) => (
          <li key={run.id}>
            <svg className="line-sample" width="22" height="6" aria-hidden="true">
              <path
                d="M0 3h22"
                style={{ stroke: swatchOf(run.id) }}
                strokeWidth="2"
                strokeDasharray={dashes.get(run.id)?.join(' ')}
              />
            </svg>
            {run.name}
          </li>
        ))}
      </ul>
      <ChartGrid keys={keys} sourcesOf={sourcesOf} settings={settings} />
    </>
  );
}

const patterns = [[], [7, 4], [2, 3], [9, 3, 2, 3]] as const;

/** The colour of a run is its own on every page; runs that share one are told apart by their dashes. */
function dashesOf(ids: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const taken = new Map<string, number>();
  return new Map(
    ids.map((id) => {
      const before = taken.get(swatchOf(id)) ?? 0;
      taken.set(swatchOf(id), before + 1);
      return [id, patterns[before % patterns.length]!];
    }),
  );
}

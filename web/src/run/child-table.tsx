/** The child runs of a run, with what tells them apart: the parameters that vary, and what they are judged by. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { runSearch } from '../api/operations.ts';
import type { Run } from '../api/types.ts';
import { isSystemMetric } from '../charts/sections.ts';
import { comparedParts } from '../compare/differences.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { durationText } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { RunLink } from '../runs/run-link.tsx';
import { compareLimit, compareUrl, experimentUrl } from '../urls.ts';

const shown = 100;
/** Columns of each kind; the table of runs has them all. */
const mostColumns = 4;

export function ChildTable({ run, filter, total }: { run: Run; filter: string; total: number }) {
  const { project, site } = useProject();
  const found = useQuery({
    queryKey: ['child-table', project, run.id],
    queryFn: ({ signal }) =>
      runSearch(
        project,
        { experiments: [run.experiment], filter, limit: shown, order: ['attributes.start_time asc'] },
        signal,
      ),
    refetchInterval: run.state === 'running' ? 5000 : 30_000,
  });
  const runs = found.data?.items ?? [];
  const parts = comparedParts(runs);
  const rowsOf = (name: 'Parameters' | 'Metrics') =>
    (parts.find((part) => part.name === name)?.rows ?? [])
      .filter(({ key, differs }) => differs && !(name === 'Metrics' && isSystemMetric(key)))
      .slice(0, mostColumns);
  const columns = [...rowsOf('Metrics'), ...rowsOf('Parameters')];
  return (
    <section className="child-runs" aria-label="Child runs">
      <div className="result-scroll">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col">Started</th>
              <th scope="col">Took</th>
              {columns.map(({ key }) => (
                <th key={key} scope="col" className="num" title={key}>
                  {key}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((child, index) => (
              <tr key={child.id}>
                <th scope="row">
                  <RunLink run={child} />
                </th>
                <td>
                  <span className="state">
                    <span className={`state-dot ${child.state}`} aria-hidden="true" />
                    {child.state}
                  </span>
                </td>
                <td className="dim">
                  <Ago time={child.started} />
                </td>
                <td className="dim">
                  {child.ended === null ? '–' : durationText(child.ended - child.started)}
                </td>
                {columns.map(({ key, values }) => {
                  const value = values[index]!;
                  return (
                    <td key={key} className={`num${value.best ? ' best' : ''}`} title={value.exact}>
                      {value.text ?? <span className="missing">–</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="more">
        {total > runs.length &&
          runs.length > 0 &&
          `The first ${countText(runs.length)} of ${countText(total)}. `}
        <Link {...experimentUrl(run.experiment, { ...site, filter })} className="text-link">
          As a table
        </Link>
        {runs.length > 1 && runs.length <= compareLimit && (
          <>
            {' · '}
            <Link
              {...compareUrl(
                runs.map(({ id }) => id),
                site,
              )}
              className="text-link"
            >
              Compare them
            </Link>
          </>
        )}
      </p>
    </section>
  );
}

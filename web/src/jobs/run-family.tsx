/** Which runs started a run, and which it started: of jobs and of experiments alike. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { jobsKey, type RelatedRun, runFamily, type WholeJobRun } from '../api/jobs.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { RunLink } from '../runs/run-link.tsx';
import { jobRunUrl, jobUrl } from '../urls.ts';
import { StateMark, shortId, Took } from './run-facts.tsx';

const pageSize = 100;

export function useFamily(run: string) {
  const { project } = useProject();
  return useInfiniteQuery({
    queryKey: [...jobsKey(project), 'family', run],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      runFamily(project, run, { limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.cursor,
  });
}
type FamilyQuery = ReturnType<typeof useFamily>;

function RelatedLink({ run }: { run: RelatedRun }) {
  const { site } = useProject();
  if (run.type === 'run') return <RunLink run={{ id: run.uid, name: run.name }} />;
  return (
    <Link
      {...jobRunUrl(run.uid, site)}
      className="text-link plain"
      title={`${run.job?.namespace ?? ''}\n${run.job?.name ?? ''}\nrun ${run.name}`.trim()}
    >
      {run.job?.name ?? shortId(run.name)}
    </Link>
  );
}

/** The way up, the nearest first. */
export function RunParents({ run, family }: { run: WholeJobRun; family: FamilyQuery }) {
  const first = family.data?.pages[0];
  const ancestors = first?.ancestors ?? run.parents;
  const roots = (first?.roots ?? run.roots).filter(({ uid }) => ancestors.every((one) => one.uid !== uid));
  if (ancestors.length + roots.length === 0) return null;
  return (
    <section className="side-section" aria-labelledby="parents-title">
      <div className="panel-head">
        <h2 id="parents-title">Started by</h2>
      </div>
      <ol className="data-list">
        {[...ancestors, ...roots].map((one) => (
          <li key={one.uid}>
            <RelatedLink run={one} />
            <span className="data-version">
              <span
                className={`state-dot ${one.state ?? 'untold'}`}
                role="img"
                aria-label={one.state ?? 'no state told'}
              />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function RunChildren({ family }: { family: FamilyQuery }) {
  const { site } = useProject();
  const children = family.data?.pages.flatMap(({ items }) => items) ?? [];
  if (children.length === 0) return null;
  return (
    <div>
      <div className="panel-head">
        <h2 id="children-title">
          Runs it started{' '}
          <span className="faint">
            {countText(children.length)}
            {family.hasNextPage ? '+' : ''}
          </span>
        </h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="table-frame versions-frame" tabIndex={0} role="region" aria-labelledby="children-title">
        <table className="facts-table versions-table">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Of</th>
              <th scope="col">State</th>
              <th scope="col">Started</th>
              <th scope="col" className="num">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {children.map((child) => (
              <tr key={child.uid}>
                <th scope="row">
                  <RelatedLink run={child} />
                </th>
                <td>
                  {child.job === null ? (
                    <span className="dim">an experiment</span>
                  ) : (
                    <Link {...jobUrl(child.job.uid, site)} className="text-link plain">
                      {child.job.namespace}
                    </Link>
                  )}
                </td>
                <td>
                  <StateMark state={child.state} />
                </td>
                <td className="dim">
                  {child.started === null ? <span className="faint">–</span> : <Ago time={child.started} />}
                </td>
                <td className="num">
                  <Took run={child} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {family.hasNextPage && (
        <p className="more">
          <button
            type="button"
            className="link-button"
            disabled={family.isFetchingNextPage}
            onClick={() => void family.fetchNextPage()}
          >
            Show more
          </button>
        </p>
      )}
    </div>
  );
}

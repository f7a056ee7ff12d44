/** Who read and who wrote a dataset, the latest first, and which version each read saw. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type DatasetUsage, datasetsKey, datasetUses } from '../api/datasets.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { datasetVersionUrl, experimentUrl, siteOf } from '../urls.ts';
import { tookText } from './dataset-words.ts';
import { ExecutionLink } from './execution-link.tsx';

const pageSize = 50;
const directions = [
  [undefined, 'All'],
  ['read', 'Readers'],
  ['write', 'Writers'],
] as const;

export function UseTable(props: {
  dataset: string;
  /** Only what wrote or saw this version. */
  version?: string;
}) {
  const { dataset, version } = props;
  const { project } = useProject();
  const [direction, setDirection] = useState<'read' | 'write'>();
  const list = useInfiniteQuery({
    queryKey: [...datasetsKey(project), 'uses', dataset, version ?? '', direction ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      datasetUses(project, dataset, { direction, version, limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.cursor,
    placeholderData: (before) => before,
  });
  const uses = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div>
      <div className="panel-head">
        <h2 id="uses-title">Readers and writers</h2>
        <fieldset className="segments panel-tool">
          <legend className="visually-hidden">Which runs</legend>
          {directions.map(([value, text]) => (
            <button
              key={text}
              type="button"
              aria-pressed={direction === value}
              onClick={() => setDirection(value)}
            >
              {text}
            </button>
          ))}
        </fieldset>
      </div>
      {list.isError && list.data === undefined && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isSuccess && uses.length === 0 && (
        <p className="quiet">
          {`No run is known to have ${direction === undefined ? 'read or written' : direction === 'read' ? 'read' : 'written'} it.`}
        </p>
      )}
      {uses.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="table-frame" tabIndex={0} role="region" aria-labelledby="uses-title">
          <table className="facts-table versions-table">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">How</th>
                <th scope="col">Run</th>
                <th scope="col">Of</th>
                {version === undefined && <th scope="col">Version</th>}
                <th scope="col">By</th>
                <th scope="col">Where</th>
                <th scope="col" className="num">
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {uses.map((use, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one run may read it twice at one time
                <UseRow key={`${use.run.uid} ${index}`} use={use} withVersion={version === undefined} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <p className="more">
          The latest {countText(uses.length)}.{' '}
          <button
            type="button"
            className="link-button"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? 'Reading…' : 'Show more'}
          </button>
        </p>
      )}
    </div>
  );
}

function UseRow({ use, withVersion }: { use: DatasetUsage; withVersion: boolean }) {
  const { run, direction, context, version, rule } = use;
  return (
    <tr>
      <td className="dim">
        <Ago time={use.at} />
      </td>
      <td>
        <span className={`use-mark ${direction}`}>{direction === 'read' ? 'read' : 'wrote'}</span>
        {context !== null && <span className="dim"> {context}</span>}
      </td>
      <td>
        <ExecutionLink run={run} />
        {(run.state === 'failed' || run.state === 'killed') && <span className="failed"> {run.state}</span>}
      </td>
      <td>
        {run.experiment !== null ? (
          <Link {...experimentUrl(run.experiment.id, siteOf(run.project))} className="text-link plain">
            {run.experiment.name}
          </Link>
        ) : (
          <span className="dim" title={run.job?.namespace}>
            {run.job === null ? '–' : run.job.namespace}
          </span>
        )}
      </td>
      {withVersion && (
        <td>
          {version === null ? (
            <span
              className="faint"
              title={
                use.masked ? 'One of a project that you may not see' : 'Nothing tells which version it read'
              }
            >
              {use.masked ? 'not for you to see' : 'not known'}
            </span>
          ) : (
            <Link
              {...datasetVersionUrl(version, siteOf(use.version_project ?? run.project))}
              className="text-link plain mono"
              title={rule === null ? 'As the run itself names it' : `Bound to it: ${rule}`}
            >
              {use.called ?? version.slice(-8)}
              {use.known === 'inferred' && <span className="faint"> inferred</span>}
            </Link>
          )}
        </td>
      )}
      <td className="dim">{run.user ?? '–'}</td>
      <td className="dim" title={run.where ?? undefined}>
        {run.where ?? '–'}
      </td>
      <td className="num">{tookText(run) ?? <span className="faint">–</span>}</td>
    </tr>
  );
}

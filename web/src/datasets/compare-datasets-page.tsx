/** Two versions of a dataset side by side: columns that came, went, changed or moved, and figures that are others. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { type DatasetVersion, datasetDifferenceQuery, datasetVersionQuery } from '../api/datasets.ts';
import { SideBySide } from '../compare/differences-table.tsx';
import { Ago } from '../format/ago.tsx';
import { useProject } from '../layout/use-project.ts';
import { RunsSkeleton } from '../runs/runs-skeleton.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { compareDatasetsUrl, datasetsUrl, datasetVersionUrl } from '../urls.ts';
import { comparedDatasetParts, differenceText } from './dataset-differences.ts';
import { DatasetHead } from './dataset-head.tsx';
import { versionName } from './dataset-words.ts';
import { useDatasetsLive } from './use-datasets-live.ts';

const route = getRouteApi('/datasets/compare');

export function CompareDatasetsPage() {
  const { left, right } = route.useSearch();
  const { project, site } = useProject();
  const navigate = route.useNavigate();
  const connection = useDatasetsLive(project);
  const difference = useQuery(datasetDifferenceQuery(project, left, right));
  const answers = useQueries({ queries: [left, right].map((uid) => datasetVersionQuery(project, uid)) });
  const [before, after] = answers.map(({ data }) => data);
  const parts = useMemo(
    () =>
      before === undefined || after === undefined || difference.data === undefined
        ? undefined
        : comparedDatasetParts([before, after], difference.data),
    [before, after, difference.data],
  );
  const title =
    before === undefined || after === undefined ? '' : `${versionName(before)} and ${versionName(after)}`;
  useEffect(() => {
    document.title = title === '' ? 'Cairn' : `${title} · Cairn`;
  }, [title]);
  const swap = () => {
    void navigate({ ...compareDatasetsUrl(right, left, site), replace: true });
    return true;
  };
  useKeys({ s: swap });

  const failed = [difference, ...answers].find(({ isError, data }) => isError && data === undefined);
  if (failed !== undefined)
    return (
      <ProblemView alone error={failed.error} what="These versions cannot be compared">
        <Link {...datasetsUrl(site)} className="button primary">
          All datasets
        </Link>
      </ProblemView>
    );
  if (parts === undefined || before === undefined || after === undefined || difference.data === undefined)
    return <RunsSkeleton />;
  const head = (version: DatasetVersion, side: string) => (
    <th key={side} scope="col">
      <div className="compared-version">
        <Link {...datasetVersionUrl(version.uid, site)} className="text-link plain mono">
          {versionName(version)}
        </Link>
        <span className="dim">
          <Ago time={version.at} />
        </span>
      </div>
    </th>
  );
  return (
    <>
      <DatasetHead within={{ uid: after.dataset, name: after.name }} title={title} connection={connection} />
      <div className="page-body compare-body">
        <p className="difference-text">{differenceText(difference.data)}</p>
        <SideBySide
          parts={parts}
          ids={['left', 'right']}
          heads={
            <>
              {head(before, 'left')}
              {head(after, 'right')}
            </>
          }
          tool={
            <button type="button" className="button small" title="Swap the sides (s)" onClick={swap}>
              Swap
            </button>
          }
          scroller="whole"
          table="two"
        />
      </div>
    </>
  );
}

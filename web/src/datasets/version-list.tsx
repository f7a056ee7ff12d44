/** The versions of a dataset by time: what they hold, where the schema changed, which run made them; two are compared. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Dataset, datasetsKey, datasetVersionList, type VersionSummary } from '../api/datasets.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { exactTime } from '../format/times.ts';
import { OfProject } from '../layout/of-project.tsx';
import { useProject } from '../layout/use-project.ts';
import { useKeys } from '../runs/use-keys.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { compareDatasetsUrl, datasetVersionUrl, siteOf } from '../urls.ts';
import { maybeCount, maybeSize, tookText, versionName } from './dataset-words.ts';
import { ExecutionLink } from './execution-link.tsx';

const pageSize = 50;

export function VersionList({ dataset }: { dataset: Dataset }) {
  const { project, site } = useProject();
  const navigate = useNavigate();
  const list = useInfiniteQuery({
    queryKey: [...datasetsKey(project), 'versions', dataset.uid],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      datasetVersionList(project, dataset.uid, { limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.cursor,
  });
  const versions = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const [selected, setSelected] = useState<readonly string[]>([]);
  // Two are compared: a third takes the place of the one chosen first.
  const select = (uid: string) =>
    setSelected((before) =>
      before.includes(uid) ? before.filter((each) => each !== uid) : [...before.slice(-1), uid],
    );
  const chosen = versions.filter(({ uid }) => selected.includes(uid));
  const compare = () => {
    const [newer, older] = chosen;
    if (newer === undefined || older === undefined) return false;
    void navigate(compareDatasetsUrl(older.uid, newer.uid, site));
    return true;
  };
  useKeys({ c: compare });
  return (
    <div>
      <div className="panel-head">
        <h2 id="versions-title">
          Versions {dataset.versions > 0 && <span className="faint">{countText(dataset.versions)}</span>}
        </h2>
        {versions.length > 1 && (
          <button
            type="button"
            className="button small panel-tool"
            disabled={chosen.length < 2}
            title="Select two versions (c)"
            onClick={compare}
          >
            {chosen.length < 2 ? 'Compare two' : 'Compare the two'}
          </button>
        )}
      </div>
      {list.isError && list.data === undefined && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <p className="quiet">Reading the versions…</p>}
      {list.isSuccess && versions.length === 0 && (
        <p className="quiet">
          No version of it is known: runs that named it did not say which version they read or wrote. The
          version that a run writes appears here, and so does one that <code>cairn datasets record</code>{' '}
          tells of.
        </p>
      )}
      {versions.length > 0 && (
        <>
          <RowStrip versions={versions} />
          <VersionTable versions={versions} selected={selected} onSelect={select} />
        </>
      )}
      {list.hasNextPage && (
        <p className="more">
          The latest {countText(versions.length)} of {countText(dataset.versions)}.{' '}
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

/** Bars that a strip has room for. */
const barsShown = 120;

/** How many rows each version has, the oldest first; where the schema is another one than before there is a mark. */
function RowStrip({ versions }: { versions: readonly VersionSummary[] }) {
  const counted = versions.filter(({ rows, seen }) => rows !== null && seen === null).slice(0, barsShown);
  if (counted.length < 3) return null;
  const most = Math.max(1, ...counted.map(({ rows }) => rows ?? 0));
  const oldest = counted.at(-1)!;
  return (
    <figure className="row-strip">
      <figcaption>
        Rows by version,{' '}
        <span className="dim">
          {dayText(oldest.at)} to {dayText(counted[0]!.at)}
        </span>
      </figcaption>
      <div className="row-bars">
        {counted.toReversed().map((version, index, all) => (
          <Link
            key={version.uid}
            {...datasetVersionUrl(version.uid, siteOf(version.project))}
            className={hasNewSchema(version, all[index - 1]) ? 'row-bar changed' : 'row-bar'}
            tabIndex={-1}
            aria-hidden="true"
            title={`${versionName(version)}: ${countText(version.rows!)} rows\n${exactTime(version.at)}${
              hasNewSchema(version, all[index - 1]) ? '\nthe schema changed' : ''
            }`}
          >
            <span style={{ height: `${Math.max(4, (100 * version.rows!) / most)}%` }} />
          </Link>
        ))}
      </div>
    </figure>
  );
}

const dayText = (time: number): string => exactTime(time).split(',')[0]!;

/** The version written before another one; what clients saw of versions they read has types of its own. */
const writtenBefore = (versions: readonly VersionSummary[], index: number): VersionSummary | undefined =>
  versions.slice(index + 1).find(({ seen }) => seen === null);

/** Against the version before; one of the two that tells no schema proves nothing. */
function hasNewSchema(version: VersionSummary, before: VersionSummary | undefined): boolean {
  if (version.seen !== null) return false;
  const [now, then] = [version.schemaDigest, before?.schemaDigest ?? null];
  return now !== null && then !== null && now !== then;
}

function VersionTable(props: {
  versions: readonly VersionSummary[];
  selected: readonly string[];
  onSelect: (uid: string) => void;
}) {
  const { versions } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-frame versions-frame" tabIndex={0} role="region" aria-labelledby="versions-title">
      <table className="facts-table versions-table dataset-versions">
        <thead>
          <tr>
            <th scope="col" className="select">
              <span className="visually-hidden">Select to compare</span>
            </th>
            <th scope="col">Version</th>
            <th scope="col">When</th>
            <th scope="col" className="num">
              Rows
            </th>
            <th scope="col" className="num">
              Size
            </th>
            <th scope="col" className="num">
              Columns
            </th>
            <th scope="col">Made by</th>
            <th scope="col" className="num">
              Took
            </th>
            <th scope="col" className="num">
              Readers
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version, index) => (
            <VersionRow
              key={version.uid}
              version={version}
              before={writtenBefore(versions, index)}
              selected={props.selected.includes(version.uid)}
              onSelect={() => props.onSelect(version.uid)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function VersionRow(props: {
  version: VersionSummary;
  before: VersionSummary | undefined;
  selected: boolean;
  onSelect: () => void;
}) {
  const { version, before } = props;
  const { site } = useProject();
  const name = versionName(version);
  const [maker] = version.makers;
  return (
    <tr>
      <td className="select">
        <input
          type="checkbox"
          aria-label={`Select version ${name}`}
          checked={props.selected}
          onChange={props.onSelect}
        />
      </td>
      <th scope="row">
        <div className="version-name">
          <Link
            {...datasetVersionUrl(version.uid, siteOf(version.project))}
            className="text-link plain mono"
            title={[name, ...version.digests.map((digest) => `${digest.algorithm} ${digest.value}`)].join(
              '\n',
            )}
          >
            {name}
          </Link>
          <OfProject project={version.project} />
          {version.seen !== null && (
            <span className="version-note">
              read of{' '}
              <Link
                {...datasetVersionUrl(version.seen.uid, siteOf(version.seen.project))}
                className="text-link plain mono"
              >
                {version.seen.called}
              </Link>
              {version.seen.known === 'inferred' && ', inferred'}
            </span>
          )}
          {version.note !== null && (
            <span className="version-note" title={version.note}>
              {version.note}
            </span>
          )}
        </div>
      </th>
      <td className="dim">
        <Ago time={version.at} />
      </td>
      <td className="num">{maybeCount(version.rows)}</td>
      <td className="num">{maybeSize(version.bytes)}</td>
      <td className="num">
        {maybeCount(version.fields)}
        {hasNewSchema(version, before) && before !== undefined && (
          <Link
            {...compareDatasetsUrl(before.uid, version.uid, site)}
            className="schema-mark"
            title="The schema is another one than before: show what changed"
          >
            changed
          </Link>
        )}
      </td>
      <td>
        {maker === undefined ? <span className="faint">–</span> : <ExecutionLink run={maker} />}
        {version.makers.length > 1 && <span className="faint"> +{version.makers.length - 1}</span>}
      </td>
      <td className="num">{(maker && tookText(maker)) ?? <span className="faint">–</span>}</td>
      <td className="num">
        {version.readers === 0 ? <span className="faint">–</span> : countText(version.readers)}
      </td>
    </tr>
  );
}

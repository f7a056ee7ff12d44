/** From which fields those of a version were made, and into which they went, as far as it was told. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import {
  type ColumnDirection,
  type ColumnLink,
  type DatasetUse,
  jobsKey,
  versionColumns,
} from '../api/jobs.ts';
import { useProject } from '../layout/use-project.ts';
import { datasetUrl, datasetVersionUrl, siteOf } from '../urls.ts';
import { transformationText } from './facet-words.ts';

const pageSize = 200;

/** Of what a run wrote: one output after the other. */
export function ColumnTable({ outputs }: { outputs: readonly DatasetUse[] }) {
  const made = outputs.filter(({ version }) => version !== null);
  const [chosen, setChosen] = useState<string>();
  const output = made.find(({ dataset }) => dataset.uid === chosen) ?? made[0];
  if (output?.version == null) return null;
  return (
    <ColumnLinks
      version={output.version.uid}
      direction="upstream"
      title="Columns"
      tool={
        made.length > 1 && (
          <label className="panel-tool column-choice">
            of{' '}
            <select value={output.dataset.uid} onChange={(event) => setChosen(event.target.value)}>
              {made.map(({ dataset }) => (
                <option key={dataset.uid} value={dataset.uid}>
                  {dataset.name}
                </option>
              ))}
            </select>
          </label>
        )
      }
      none={
        <p className="quiet">
          Nobody told from which columns those of {output.dataset.name} were made. Producers tell it in the
          facets <code>columnLineage</code> and <code>lineage</code>.
        </p>
      }
    />
  );
}

/** Both ways of a version of a dataset; nothing where nobody told of any. */
export function VersionColumns({ version }: { version: string }) {
  return (
    <>
      <ColumnLinks version={version} direction="upstream" title="What its columns were made from" />
      <ColumnLinks version={version} direction="downstream" title="What was made from its columns" />
    </>
  );
}

function ColumnLinks(props: {
  version: string;
  direction: ColumnDirection;
  title: string;
  tool?: ReactNode;
  /** In the place of the table when there are none; nothing at all where it is absent. */
  none?: ReactNode;
}) {
  const { version, direction, title, none } = props;
  const { project } = useProject();
  const list = useInfiniteQuery({
    queryKey: [...jobsKey(project), 'columns', version, direction],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      versionColumns(project, version, { direction, limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.cursor,
  });
  const links = list.data?.pages.flatMap(({ items }) => items) ?? [];
  if (links.length === 0 && none === undefined) return null;
  const id = `columns-${direction}`;
  const other = direction === 'upstream' ? 'source' : 'target';
  const own = direction === 'upstream' ? 'target' : 'source';
  return (
    <div>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {props.tool}
      </div>
      {list.isPending && <p className="quiet">Reading the columns…</p>}
      {list.isSuccess && links.length === 0 && none}
      {links.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="table-frame columns-frame" tabIndex={0} role="region" aria-labelledby={id}>
          <table className="facts-table columns-table">
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">{direction === 'upstream' ? 'From' : 'Into'}</th>
                <th scope="col">Of</th>
                <th scope="col">How</th>
              </tr>
            </thead>
            <tbody>
              {links.map((link, index) => (
                <Row
                  // biome-ignore lint/suspicious/noArrayIndexKey: what was told of a version does not move
                  key={index}
                  field={link[own].field}
                  other={link[other]}
                  how={transformationText(link.transformations)}
                  repeated={links[index - 1]?.[own].field === link[own].field}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <p className="more">
          <button
            type="button"
            className="link-button"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </button>
        </p>
      )}
    </div>
  );
}

/** A column that goes with several is named once. */
function Row(props: { field: string | null; other: ColumnLink['source']; how: string; repeated: boolean }) {
  const { field, other, how, repeated } = props;
  return (
    <tr>
      <th scope="row" className={repeated ? 'mono repeated' : 'mono'}>
        <span className={repeated ? 'visually-hidden' : undefined}>{fieldText(field)}</span>
      </th>
      <td className="mono">{fieldText(other.field)}</td>
      <td>
        <Link
          {...(other.version === null
            ? datasetUrl(other.dataset.uid, siteOf(other.dataset.project))
            : datasetVersionUrl(other.version, siteOf(other.project ?? other.dataset.project)))}
          className="text-link plain"
          title={`${other.dataset.namespace}\n${other.dataset.name}`}
        >
          {other.dataset.name}
        </Link>
      </td>
      <td className="dim" title={how}>
        {how === '' ? <span className="faint">–</span> : how}
      </td>
    </tr>
  );
}

const fieldText = (field: string | null): string => field ?? '(the whole)';

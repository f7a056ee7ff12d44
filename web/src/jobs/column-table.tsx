/** From which fields those of an output were made, as far as it was told. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type ColumnLink, columnsInto, type DatasetUse, jobsKey } from '../api/jobs.ts';
import { useProject } from '../layout/use-project.ts';
import { datasetUrl, datasetVersionUrl } from '../urls.ts';
import { transformationText } from './facet-words.ts';

const pageSize = 200;

export function ColumnTable({ outputs }: { outputs: readonly DatasetUse[] }) {
  const { project } = useProject();
  const made = outputs.filter(({ version }) => version !== null);
  const [chosen, setChosen] = useState<string>();
  const output = made.find(({ dataset }) => dataset.uid === chosen) ?? made[0];
  const version = output?.version?.uid ?? '';
  const list = useInfiniteQuery({
    queryKey: [...jobsKey(project), 'columns', version],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      columnsInto(project, version, { limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.cursor,
    enabled: version !== '',
  });
  const links = list.data?.pages.flatMap(({ items }) => items) ?? [];
  if (output === undefined) return null;
  return (
    <div>
      <div className="panel-head">
        <h2 id="columns-title">Columns</h2>
        {made.length > 1 && (
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
        )}
      </div>
      {list.isPending && <p className="quiet">Reading the columns…</p>}
      {list.isSuccess && links.length === 0 && (
        <p className="quiet">
          Nobody told from which columns those of {output.dataset.name} were made. Producers tell it in the
          facets <code>columnLineage</code> and <code>lineage</code>.
        </p>
      )}
      {links.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="table-frame columns-frame" tabIndex={0} role="region" aria-labelledby="columns-title">
          <table className="facts-table columns-table">
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">From</th>
                <th scope="col">Of</th>
                <th scope="col">How</th>
              </tr>
            </thead>
            <tbody>
              {links.map((link, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what was told of a version does not move
                <Row key={index} link={link} before={links[index - 1]} />
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

/** A column that was made from several is named once. */
function Row({ link, before }: { link: ColumnLink; before: ColumnLink | undefined }) {
  const { site } = useProject();
  const { target, source } = link;
  const isSame = before !== undefined && before.target.field === target.field;
  const how = transformationText(link.transformations);
  return (
    <tr>
      <th scope="row" className={isSame ? 'mono repeated' : 'mono'}>
        <span className={isSame ? 'visually-hidden' : undefined}>{fieldText(target.field)}</span>
      </th>
      <td className="mono">{fieldText(source.field)}</td>
      <td>
        <Link
          {...(source.version === null
            ? datasetUrl(source.dataset.uid, site)
            : datasetVersionUrl(source.version, site))}
          className="text-link plain"
          title={`${source.dataset.namespace}\n${source.dataset.name}`}
        >
          {source.dataset.name}
        </Link>
      </td>
      <td className="dim" title={how}>
        {how === '' ? <span className="faint">–</span> : how}
      </td>
    </tr>
  );
}

const fieldText = (field: string | null): string => field ?? '(the whole)';

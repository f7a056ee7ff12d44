/** All datasets of a project: where they lie, when they were last written, how many runs read and write them. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type Dataset, datasetList, datasetsKey } from '../api/datasets.ts';
import { Ago } from '../format/ago.tsx';
import { shortName } from '../format/names.ts';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { ListPage, NoneCalledSo, useListSearch } from '../list/list-page.tsx';
import { type ListColumn, type ListRows, ListTable, TagsCell } from '../list/list-table.tsx';
import { FootKeys, useRowKeys } from '../list/row-keys.tsx';
import { useList } from '../list/use-list.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { EndText } from '../ui/end-text.tsx';
import { type ChangeOf, changedSearch, type DatasetsSearch, datasetUrl } from '../urls.ts';
import { faceName } from './dataset-words.ts';
import { useDatasetsLive } from './use-datasets-live.ts';

const route = getRouteApi('/datasets');

export function DatasetsPage() {
  const { search: inLink = '', sort } = route.useSearch();
  const { project } = useProject();
  const navigate = useNavigate();
  const change = (part: ChangeOf<DatasetsSearch>) =>
    void navigate({
      to: '/datasets',
      replace: 'search' in part,
      search: (before) => changedSearch<DatasetsSearch>(before, part),
    });
  const search = useListSearch(inLink, (text) => change({ search: text }));
  const { wanted } = search;
  const order = sort ?? '-latest';
  const list = useList({
    list: [...datasetsKey(project), 'list'],
    asked: [wanted, order],
    read: (part, signal) => datasetList(project, { search: wanted || undefined, order, ...part }, signal),
  });
  const connection = useDatasetsLive(project);
  useRowKeys();

  return (
    <ListPage
      title="Datasets"
      words={['dataset', 'datasets']}
      connection={connection}
      search={search}
      list={list}
      empty={wanted === '' ? <NoDatasets /> : <NoneCalledSo what="dataset" search={search} />}
      table={(rows) => (
        <DatasetTable
          rows={rows}
          order={order}
          // Each order has one direction: the latest first, or A first.
          onOrder={(next) => change({ sort: next.endsWith('name') ? 'name' : undefined })}
        />
      )}
      foot={<FootKeys />}
    />
  );
}

const columns: readonly ListColumn<'name' | 'latest'>[] = [
  { name: 'Name', kind: 'name', sort: 'name' },
  { name: 'Place', kind: 'place' },
  { name: 'Versions', kind: 'num' },
  { name: 'Writers', kind: 'num' },
  { name: 'Readers', kind: 'num' },
  { name: 'Latest', kind: 'time', sort: 'latest' },
  { name: 'Known by', kind: 'faces' },
  { name: 'Tags', kind: 'tags' },
];

function DatasetTable(props: {
  rows: ListRows<Dataset>;
  order: '-latest' | 'name';
  onOrder: (order: string) => void;
}) {
  return (
    <ListTable
      label="Datasets"
      className="datasets-table"
      columns={columns}
      rows={props.rows}
      keyOf={({ uid }) => uid}
      cells={(dataset) => <Cells dataset={dataset} />}
      order={props.order}
      onOrder={props.onOrder}
    />
  );
}

function Cells({ dataset }: { dataset: Dataset }) {
  const { site } = useProject();
  const { uid, name, uri, description, versions, writers, readers, latest, records, tags } = dataset;
  const faces = [...new Set(records.map(({ face }) => faceName(face)))];
  return (
    <>
      <th scope="row" className="name">
        <div className="list-name">
          <Link {...datasetUrl(uid, site)} title={name}>
            {shortName(name)}
          </Link>
          {description !== null && (
            <span className="list-note" title={description.value}>
              {description.value}
            </span>
          )}
        </div>
      </th>
      <td className="place mono" title={uri ?? undefined}>
        {uri === null ? <span className="faint">–</span> : <EndText text={uri} />}
      </td>
      <td className="num">{countText(versions)}</td>
      <td className="num">{writers === 0 ? <span className="faint">–</span> : countText(writers)}</td>
      <td className="num">{readers === 0 ? <span className="faint">–</span> : countText(readers)}</td>
      <td className="time">{latest === null ? <span className="faint">–</span> : <Ago time={latest} />}</td>
      <td className="faces" title={faces.join(', ')}>
        {faces.join(', ')}
      </td>
      <TagsCell tags={tags} />
    </>
  );
}

function NoDatasets() {
  const code = [
    'import mlflow',
    `mlflow.set_tracking_uri("${location.origin}")`,
    'mlflow.log_input(mlflow.data.from_pandas(rows, source="s3://bucket/rows.parquet"), context="training")',
  ].join('\n');
  return (
    <div className="notice first-run">
      <h2>No dataset is known yet</h2>
      <p>
        A dataset appears when a run reads it, when a pipeline that speaks OpenLineage writes or reads it, or
        when <code>cairn datasets record</code> tells of a version.
      </p>
      <CodeToCopy code={code} />
      <p>It appears here by itself.</p>
    </div>
  );
}

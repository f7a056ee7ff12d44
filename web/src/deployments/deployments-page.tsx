/** All endpoints of a project and what serves there now. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { deploymentsKey, type Endpoint, type EndpointOrder, endpointList } from '../api/deployments.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { ListPage, NoneCalledSo, useListSearch } from '../list/list-page.tsx';
import { type ListColumn, type ListRows, ListTable, NameCell } from '../list/list-table.tsx';
import { FootKeys, useRowKeys } from '../list/row-keys.tsx';
import { useList } from '../list/use-list.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { type ChangeOf, changedSearch, type DeploymentsSearch, endpointUrl } from '../urls.ts';
import { DeployedModel, percentText, SlotMark } from './deployed-model.tsx';
import { useDeploymentsLive } from './use-deployments-live.ts';

const route = getRouteApi('/deployments');
/** Models that a row names. */
const servingShown = 3;

export function DeploymentsPage() {
  const { search: inLink = '', sort } = route.useSearch();
  const { project } = useProject();
  const navigate = useNavigate();
  const change = (part: ChangeOf<DeploymentsSearch>) =>
    void navigate({
      to: '/deployments',
      replace: 'search' in part,
      search: (before) => changedSearch<DeploymentsSearch>(before, part),
    });
  const search = useListSearch(inLink, (text) => change({ search: text }));
  const { wanted } = search;
  const order = sort ?? 'name';
  const list = useList({
    list: [...deploymentsKey(project), 'list'],
    asked: [wanted, order],
    read: (part, signal) => endpointList(project, { search: wanted || undefined, order, ...part }, signal),
  });
  const connection = useDeploymentsLive(project);
  useRowKeys();

  return (
    <ListPage
      title="Deployments"
      words={['endpoint', 'endpoints']}
      connection={connection}
      search={search}
      list={list}
      empty={wanted === '' ? <EmptyDeployments /> : <NoneCalledSo what="endpoint" search={search} />}
      table={(rows) => (
        <EndpointTable
          rows={rows}
          order={order}
          onOrder={(next) => change({ sort: next === 'name' ? undefined : next })}
        />
      )}
      foot={<FootKeys />}
    />
  );
}

const columns: readonly ListColumn<'name' | 'updated'>[] = [
  { name: 'Endpoint', kind: 'name', sort: 'name' },
  { name: 'Serves now', kind: 'serving' },
  { name: 'Since', kind: 'time' },
  { name: 'By', kind: 'user' },
  { name: 'On', kind: 'platform' },
  { name: 'Total', kind: 'num' },
  { name: 'Changed', kind: 'time', sort: 'updated' },
];

function EndpointTable(props: {
  rows: ListRows<Endpoint>;
  order: EndpointOrder;
  onOrder: (order: EndpointOrder) => void;
}) {
  return (
    <ListTable
      label="Endpoints"
      className="endpoints-table"
      columns={columns}
      rows={props.rows}
      keyOf={({ uid }) => uid}
      cells={(endpoint) => <Cells endpoint={endpoint} />}
      order={props.order}
      onOrder={props.onOrder}
    />
  );
}

function Cells({ endpoint }: { endpoint: Endpoint }) {
  const { site } = useProject();
  const { name, description, serving, deployments, updated } = endpoint;
  const latest = [...serving].sort((a, b) => b.started - a.started)[0];
  return (
    <>
      <NameCell note={description}>
        <Link {...endpointUrl(name, site)} title={name}>
          {name}
        </Link>
      </NameCell>
      <td className="serving">
        <div className="list-chips">
          {serving.length === 0 && <span className="faint">nothing</span>}
          {serving.slice(0, servingShown).map((one) => (
            <span key={one.uid} className="serving-model">
              <SlotMark slot={one.slot} />
              <DeployedModel model={one.model} />
              {(one.traffic < 100 || serving.length > 1) && (
                <span className="traffic-number">{percentText(one.traffic)}</span>
              )}
            </span>
          ))}
          {serving.length > servingShown && (
            <span className="faint">+{countText(serving.length - servingShown)}</span>
          )}
        </div>
      </td>
      <td className="time">{latest !== undefined && <Ago time={latest.started} />}</td>
      <td className="user" title={latest?.by}>
        {latest?.by}
      </td>
      <td className="platform">{latest?.platform?.kind}</td>
      <td
        className="num"
        title={`${countText(deployments)} ${deployments === 1 ? 'deployment' : 'deployments'} in all`}
      >
        {countText(deployments)}
      </td>
      <td className="time">
        <Ago time={updated} />
      </td>
    </>
  );
}

function EmptyDeployments() {
  const code = [
    `export CAIRN_URL=${location.origin}`,
    'cairn deploy record --model models:/churn/3 --to prod/scoring',
  ].join('\n');
  return (
    <div className="notice first-run">
      <h2>No deployment is recorded yet</h2>
      <p>
        Cairn deploys nothing itself. The pipeline that does says so, in one line; then this page knows what
        serves where, since when, and what served there on any day.
      </p>
      <CodeToCopy code={code} />
      <p>
        A program without the command posts the same to <code>/api/v1/deployments</code>.
      </p>
    </div>
  );
}

/** All registered models of a project: their latest versions, what their aliases name, and what changed last. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { registeredCreate, registeredList, registryKey } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { ListPage, NoneCalledSo, useListSearch } from '../list/list-page.tsx';
import { FootKeys, useRowKeys } from '../list/row-keys.tsx';
import { useList } from '../list/use-list.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { type ChangeOf, changedSearch, type RegistrySearch, registeredUrl } from '../urls.ts';
import { RegistryTable } from './registry-table.tsx';
import { useRegistryLive } from './use-registry-live.ts';

const route = getRouteApi('/registry');

export function RegistryPage() {
  const { search: inLink = '', sort } = route.useSearch();
  const { project, site } = useProject();
  const navigate = useNavigate();
  const change = (part: ChangeOf<RegistrySearch>) =>
    void navigate({
      to: '/registry',
      replace: 'search' in part,
      search: (before) => changedSearch<RegistrySearch>(before, part),
    });
  const search = useListSearch(inLink, (text) => change({ search: text }));
  const { wanted } = search;
  const order = sort ?? '-updated';
  const list = useList({
    list: [...registryKey(project), 'list'],
    asked: [wanted, order],
    read: (part, signal) => registeredList(project, { search: wanted || undefined, order, ...part }, signal),
  });
  const connection = useRegistryLive(project);
  useRowKeys();

  return (
    <ListPage
      title="Models"
      words={['model', 'models']}
      connection={connection}
      search={search}
      list={list}
      make={{
        title: 'New model',
        async save(name) {
          await registeredCreate(project, name);
          void navigate(registeredUrl(name, site));
        },
      }}
      empty={wanted === '' ? <EmptyRegistry /> : <NoneCalledSo what="model" search={search} />}
      table={(rows) => (
        <RegistryTable
          rows={rows}
          order={order}
          onOrder={(next) => change({ sort: next === '-updated' ? undefined : next })}
        />
      )}
      foot={<FootKeys />}
    />
  );
}

function EmptyRegistry() {
  const code = [
    'import mlflow',
    `mlflow.set_tracking_uri("${location.origin}")`,
    'mlflow.sklearn.log_model(model, name="model", registered_model_name="fraud")',
  ].join('\n');
  return (
    <div className="notice first-run">
      <h2>No model is registered yet</h2>
      <p>
        A registered model is a name that people agree on. Its versions are numbered; an alias such as{' '}
        <code>champion</code> says which one is used, and programs load that one.
      </p>
      <CodeToCopy code={code} />
      <p>
        The page of a logged model has a button that registers it, and so does{' '}
        <code>cairn models register</code>. It appears here by itself.
      </p>
    </div>
  );
}

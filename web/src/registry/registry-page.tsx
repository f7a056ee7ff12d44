/** All registered models of a project: their latest versions, what their aliases name, and what changed last. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { registeredCreate, registeredList, registryKey } from '../api/registry.ts';
import { useProject } from '../layout/use-project.ts';
import { ListPage, NoneCalledSo, useListSearch } from '../list/list-page.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { CodeToCopy } from '../ui/copy-button.tsx';
import { type ChangeOf, changedSearch, type RegistrySearch, registeredUrl } from '../urls.ts';
import { RegistryTable } from './registry-table.tsx';
import { useRegistryLive } from './use-registry-live.ts';

const route = getRouteApi('/registry');
const pageSize = 100;

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
  const list = useInfiniteQuery({
    queryKey: [...registryKey(project), 'list', wanted, order],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      registeredList(
        project,
        { search: wanted === '' ? undefined : wanted, order, limit: pageSize, cursor: pageParam },
        signal,
      ),
    getNextPageParam: (last) => last.cursor,
    // While a search is typed the list before it stays.
    placeholderData: (before, query) => (query?.queryKey[1] === project ? before : undefined),
  });
  const connection = useRegistryLive(project);
  useKeys({ j: () => stepLinks(1), k: () => stepLinks(-1) });

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
      foot={
        <span className="foot-keys" aria-hidden="true">
          <span>
            <kbd>/</kbd> search
          </span>
          <span>
            <kbd>j</kbd> <kbd>k</kbd> move
          </span>
          <span>
            <kbd>Enter</kbd> open
          </span>
        </span>
      }
    />
  );
}

/** To the next or the previous row's link; Enter opens it as any link. */
function stepLinks(step: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('.list-table th.name a')];
  if (links.length === 0) return false;
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  return true;
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

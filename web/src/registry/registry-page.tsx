/** All registered models of a project: their latest versions, what their aliases name, and what changed last. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { registeredCreate, registeredList, registryKey } from '../api/registry.ts';
import { NameDialog } from '../experiments/name-dialog.tsx';
import { countText } from '../format/numbers.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { type RegistrySearch, registeredUrl } from '../urls.ts';
import { RegistryTable } from './registry-table.tsx';
import { useRegistryLive } from './use-registry-live.ts';

const route = getRouteApi('/registry');
const pageSize = 100;

export function RegistryPage() {
  const { search = '', sort } = route.useSearch();
  const { project, site } = useProject();
  const order = sort ?? '-updated';
  const [typed, setTyped] = useState(search);
  const wanted = useDeferredValue(typed.trim());
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
  const [creating, setCreating] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();

  function change(part: { [Key in keyof RegistrySearch]?: RegistrySearch[Key] | undefined }): void {
    void navigate({
      to: '/registry',
      replace: 'search' in part,
      search: (before) => {
        const next = { ...before, ...part } as Record<string, unknown>;
        for (const key of Object.keys(next))
          if (next[key] === undefined || next[key] === '') delete next[key];
        return next as RegistrySearch;
      },
    });
  }

  // The link holds what was searched, a moment after it was typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the trigger
  useEffect(() => {
    if (wanted === search) return;
    const timer = setTimeout(() => change({ search: wanted }), 300);
    return () => clearTimeout(timer);
  }, [wanted]);
  useEffect(() => {
    document.title = 'Models · Cairn';
  }, []);
  useKeys({
    '/': () => {
      field.current?.focus();
      return true;
    },
    j: () => stepLinks(1),
    k: () => stepLinks(-1),
  });

  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && items.length === 0;
  return (
    <>
      <header className="head">
        <NavOpener />
        <h1>Models</h1>
        <div className="head-tools">
          <ConnectionMark connection={connection} />
          <ThemeButton />
        </div>
      </header>
      <div className="bar">
        <div className="bar-search">
          <Icon name="search" size={14} />
          <input
            ref={field}
            type="search"
            aria-label="Search models by name"
            placeholder="Part of a name"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="actions">
          <button type="button" className="button primary" onClick={() => setCreating(true)}>
            New model
          </button>
        </div>
      </div>
      <div className="page-body experiments-body">
        {list.isError && items.length === 0 ? (
          <ProblemView error={list.error} onRetry={() => void list.refetch()} />
        ) : isEmpty && wanted === '' ? (
          <EmptyRegistry />
        ) : isEmpty ? (
          <div className="notice">
            <h2>No model is called so</h2>
            <p>None has “{wanted}” in its name. Capitals do not matter.</p>
            <div className="notice-actions">
              <button type="button" className="button primary" onClick={() => setTyped('')}>
                Show all
              </button>
            </div>
          </div>
        ) : (
          <RegistryTable
            items={items}
            loading={list.isPending}
            more={list.hasNextPage}
            onMore={() => {
              if (!list.isFetchingNextPage) void list.fetchNextPage();
            }}
            order={order}
            onOrder={(next) => change({ sort: next === '-updated' ? undefined : next })}
          />
        )}
      </div>
      <footer className="foot">
        {list.isSuccess && (
          <span>
            {countText(items.length)}
            {list.hasNextPage ? '+' : ''} {items.length === 1 && !list.hasNextPage ? 'model' : 'models'}
            {wanted === '' ? '' : ' found'}
          </span>
        )}
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
      </footer>
      {creating && (
        <NameDialog
          title="New model"
          action="Make it"
          value=""
          onSave={async (name) => {
            await registeredCreate(project, name);
            void navigate(registeredUrl(name, site));
          }}
          onClose={() => setCreating(false)}
        />
      )}
    </>
  );
}

/** To the next or the previous row's link; Enter opens it as any link. */
function stepLinks(step: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('.experiments-table th.name a')];
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
      <div className="code">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{code}</pre>
        <CopyButton text={code} label="Copy" />
      </div>
      <p>
        The page of a logged model has a button that registers it, and so does{' '}
        <code>cairn models register</code>. It appears here by itself.
      </p>
    </div>
  );
}

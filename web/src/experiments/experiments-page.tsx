/** All experiments of a project: how much happens in each and since when; made, renamed, deleted and restored here. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { experimentCreate } from '../api/operations.ts';
import { countText } from '../format/numbers.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import { FirstRun } from '../runs/first-run.tsx';
import { ConnectionMark } from '../runs/page-head.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { runLatestAction } from '../ui/toasts.tsx';
import { type ExperimentsSearch, experimentUrl } from '../urls.ts';
import { ExperimentTable } from './experiment-table.tsx';
import { NameDialog } from './name-dialog.tsx';
import { useExperiments, useExperimentsLive } from './use-experiments.ts';

const route = getRouteApi('/experiments');

export function ExperimentsPage() {
  const { search = '', sort, view } = route.useSearch();
  const { project, site } = useProject();
  const order = sort ?? '-latest';
  const lifecycle = view ?? 'active';
  const [typed, setTyped] = useState(search);
  const wanted = useDeferredValue(typed.trim());
  const list = useExperiments({ project, search: wanted, order, view: lifecycle });
  const connection = useExperimentsLive(project);
  const [creating, setCreating] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();

  function change(part: { [Key in keyof ExperimentsSearch]?: ExperimentsSearch[Key] | undefined }): void {
    void navigate({
      to: '/experiments',
      replace: 'search' in part,
      search: (before) => {
        const next = { ...before, ...part } as Record<string, unknown>;
        for (const key of Object.keys(next))
          if (next[key] === undefined || next[key] === '') delete next[key];
        return next as ExperimentsSearch;
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
    document.title = 'Experiments · Cairn';
  }, []);
  useKeys({
    u: runLatestAction,
    '/': () => {
      field.current?.focus();
      return true;
    },
  });

  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && items.length === 0;
  return (
    <>
      <header className="head">
        <NavOpener />
        <h1>Experiments</h1>
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
            aria-label="Search experiments by name"
            placeholder="Part of a name"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="actions">
          <fieldset className="segments">
            <legend className="visually-hidden">Which experiments</legend>
            {(['active', 'deleted'] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={lifecycle === each}
                onClick={() => change({ view: each === 'active' ? undefined : each })}
              >
                {each === 'active' ? 'Active' : 'Deleted'}
              </button>
            ))}
          </fieldset>
          <button type="button" className="button primary" onClick={() => setCreating(true)}>
            New experiment
          </button>
        </div>
      </div>
      <div className="page-body experiments-body">
        {list.isError && items.length === 0 ? (
          <ProblemView error={list.error} onRetry={() => void list.refetch()} />
        ) : isEmpty ? (
          <EmptyList search={wanted} deleted={lifecycle === 'deleted'} onClear={() => setTyped('')} />
        ) : (
          <ExperimentTable
            project={project}
            items={items}
            loading={list.isPending}
            more={list.hasNextPage}
            onMore={() => {
              if (!list.isFetchingNextPage) void list.fetchNextPage();
            }}
            order={order}
            deleted={lifecycle === 'deleted'}
            onOrder={(next) => change({ sort: next === '-latest' ? undefined : next })}
          />
        )}
      </div>
      <footer className="foot">
        {list.isSuccess && (
          <span>
            {countText(items.length)}
            {list.hasNextPage ? '+' : ''} {lifecycle === 'deleted' ? 'deleted ' : ''}
            {items.length === 1 && !list.hasNextPage ? 'experiment' : 'experiments'}
            {wanted === '' ? '' : ' found'}
          </span>
        )}
      </footer>
      {creating && (
        <NameDialog
          title="New experiment"
          action="Make it"
          value=""
          onSave={async (name) => {
            const { id } = await experimentCreate(project, name);
            void navigate(experimentUrl(id, site));
          }}
          onClose={() => setCreating(false)}
        />
      )}
    </>
  );
}

function EmptyList({ search, deleted, onClear }: { search: string; deleted: boolean; onClear: () => void }) {
  if (search !== '')
    return (
      <div className="notice">
        <h2>No experiment is called so</h2>
        <p>
          None of the {deleted ? 'deleted' : 'active'} ones has “{search}” in its name. Capitals do not
          matter.
        </p>
        <div className="notice-actions">
          <button type="button" className="button primary" onClick={onClear}>
            Show all
          </button>
        </div>
      </div>
    );
  if (deleted)
    return (
      <div className="notice">
        <h2>No deleted experiments</h2>
        <p>Experiments that are deleted wait here with all their runs, and can be restored.</p>
      </div>
    );
  return <FirstRun experiment={undefined} />;
}

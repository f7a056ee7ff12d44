/** All experiments of a project: how much happens in each and since when; made, renamed, deleted and restored here. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { experimentCreate } from '../api/operations.ts';
import { useProject } from '../layout/use-project.ts';
import { ListPage, NoneCalledSo, useListSearch } from '../list/list-page.tsx';
import { FirstRun } from '../runs/first-run.tsx';
import { useKeys } from '../runs/use-keys.ts';
import { runLatestAction } from '../ui/toasts.tsx';
import { type ChangeOf, changedSearch, type ExperimentsSearch, experimentUrl } from '../urls.ts';
import { ExperimentTable } from './experiment-table.tsx';
import { useExperiments, useExperimentsLive } from './use-experiments.ts';

const route = getRouteApi('/experiments');

export function ExperimentsPage() {
  const { search: inLink = '', sort, view } = route.useSearch();
  const { project, site } = useProject();
  const navigate = useNavigate();
  const change = (part: ChangeOf<ExperimentsSearch>) =>
    void navigate({
      to: '/experiments',
      replace: 'search' in part,
      search: (before) => changedSearch<ExperimentsSearch>(before, part),
    });
  const search = useListSearch(inLink, (text) => change({ search: text }));
  const order = sort ?? '-latest';
  const lifecycle = view ?? 'active';
  const deleted = lifecycle === 'deleted';
  const list = useExperiments({ project, search: search.wanted, order, view: lifecycle });
  const connection = useExperimentsLive(project);
  useKeys({ u: runLatestAction });

  return (
    <ListPage
      title="Experiments"
      words={deleted ? ['deleted experiment', 'deleted experiments'] : ['experiment', 'experiments']}
      connection={connection}
      search={search}
      list={list}
      tools={
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
      }
      make={{
        title: 'New experiment',
        async save(name) {
          const { id } = await experimentCreate(project, name);
          void navigate(experimentUrl(id, site));
        },
      }}
      empty={
        search.wanted !== '' ? (
          <NoneCalledSo what="experiment" among={lifecycle} search={search} />
        ) : deleted ? (
          <div className="notice">
            <h2>No deleted experiments</h2>
            <p>Experiments that are deleted wait here with all their runs, and can be restored.</p>
          </div>
        ) : (
          <FirstRun experiment={undefined} />
        )
      }
      table={(rows) => (
        <ExperimentTable
          project={project}
          rows={rows}
          order={order}
          onOrder={(next) => change({ sort: next === '-latest' ? undefined : next })}
        />
      )}
    />
  );
}

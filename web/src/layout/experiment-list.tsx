/** The experiments of the project, the most recently active first. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { experimentsPerPage, experimentsQuery } from '../api/queries.ts';
import type { ListedExperiment } from '../api/types.ts';
import { countText, shortCountText } from '../format/numbers.ts';
import { exactTime } from '../format/times.ts';
import { Icon } from '../ui/icons.tsx';
import { experimentsUrl, experimentUrl } from '../urls.ts';
import { useProject } from './use-project.ts';

/** From here on a list is faster searched than read. */
const searchFrom = 9;

export function byActivity(a: ListedExperiment, b: ListedExperiment): number {
  return (
    (b.lastActivity ?? 0) - (a.lastActivity ?? 0) || b.created - a.created || Number(a.id) - Number(b.id)
  );
}

export function ExperimentList() {
  const { project, site } = useProject();
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const all = useQuery(experimentsQuery(project));
  const found = useQuery({ ...experimentsQuery(project, search), enabled: search !== '' });
  const list = search === '' ? all : found;
  const items = [...(list.data?.items ?? [])].sort(byActivity);

  return (
    <div className="experiments">
      <h2 className="nav-heading">
        <Link {...experimentsUrl(site)} activeOptions={{ exact: true, includeSearch: false }}>
          Experiments
        </Link>
      </h2>
      {(all.data?.items.length ?? 0) >= searchFrom && (
        <div className="nav-search">
          <Icon name="search" size={14} />
          <input
            type="search"
            aria-label="Search experiments by name"
            placeholder="Search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      )}
      {list.isPending && <ListSkeleton />}
      {list.isError && <p className="nav-note">The list did not load: {list.error.message}</p>}
      <ul className="nav-list">
        {items.map((experiment) => (
          <li key={experiment.id}>
            <Link
              {...experimentUrl(experiment.id, site)}
              activeOptions={{ includeSearch: false }}
              className="nav-item"
              activeProps={{ 'aria-current': 'page' }}
              title={describe(experiment)}
            >
              <span className="nav-name">{experiment.name}</span>
              {experiment.running > 0 && (
                <span className="state-dot running" role="img" aria-label={`${experiment.running} running`} />
              )}
              <span className="nav-count">{shortCountText(experiment.runs)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {list.isSuccess && items.length === 0 && (
        <p className="nav-note">{search === '' ? 'None yet.' : `No experiment is called “${search}”.`}</p>
      )}
      {list.data?.cursor !== undefined && (
        <p className="nav-note">
          The {experimentsPerPage} with the latest runs.{' '}
          <Link {...experimentsUrl(site)} className="text-link">
            All experiments
          </Link>
        </p>
      )}
    </div>
  );
}

function describe(experiment: ListedExperiment): string {
  const activity =
    experiment.lastActivity === null
      ? 'no activity yet'
      : `last active ${exactTime(experiment.lastActivity)}`;
  return `${experiment.name}\n${countText(experiment.runs)} runs, ${activity}`;
}

function ListSkeleton() {
  return (
    <div className="nav-skeleton" aria-hidden="true">
      {[72, 54, 86, 60].map((width) => (
        <div key={width} className="bone" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

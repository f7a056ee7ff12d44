/** Where to begin when nothing is asked yet: what serves now, and the data that changed last. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { datasetList, datasetsKey } from '../api/datasets.ts';
import { deploymentsKey, endpointList } from '../api/deployments.ts';
import { Ago } from '../format/ago.tsx';
import { shortName } from '../format/names.ts';
import { useProject } from '../layout/use-project.ts';
import { lineageUrl } from '../urls.ts';
import { StartList } from './start-list.tsx';

/** Of each kind so many are listed. */
const listed = 6;

export function Beginnings() {
  const { project, site } = useProject();
  const endpoints = useQuery({
    queryKey: [...deploymentsKey(project), 'beginnings'],
    queryFn: ({ signal }) => endpointList(project, { order: '-updated', limit: listed }, signal),
  });
  const datasets = useQuery({
    queryKey: [...datasetsKey(project), 'beginnings'],
    queryFn: ({ signal }) => datasetList(project, { order: '-latest', limit: listed }, signal),
  });
  const serving = (endpoints.data?.items ?? []).flatMap((endpoint) =>
    endpoint.serving.map((one) => ({ ...one, endpoint: endpoint.name })),
  );
  return (
    <>
      {serving.length > 0 && (
        <StartList title="What serves now, and what it comes from">
          {serving.slice(0, listed).map(({ uid, model, endpoint, started }) => (
            <li key={uid}>
              <Link {...lineageUrl(model.uid, site, { ask: 'ancestry' })} className="text-link">
                {model.name === null ? model.uri : `${model.name} v${model.version}`}
              </Link>{' '}
              <span className="faint">
                at {endpoint} since <Ago time={started} />
              </span>
            </li>
          ))}
        </StartList>
      )}
      {(datasets.data?.items.length ?? 0) > 0 && (
        <StartList title="The latest data, and which deployed models derive from it">
          {datasets.data?.items.map(({ uid, name, latest }) => (
            <li key={uid}>
              <Link {...lineageUrl(uid, site, { deployed: 'yes' })} className="text-link" title={name}>
                {shortName(name)}
              </Link>{' '}
              {latest !== null && (
                <span className="faint">
                  <Ago time={latest} />
                </span>
              )}
            </li>
          ))}
        </StartList>
      )}
    </>
  );
}

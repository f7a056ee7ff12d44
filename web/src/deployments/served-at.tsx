/** Where a model serves, for its own pages. Nothing where it never did. */
import { useQuery } from '@tanstack/react-query';
import { type Deployment, servedQuery, servingQuery } from '../api/deployments.ts';
import { Ago } from '../format/ago.tsx';
import { durationText } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { DeployedModel, EndpointLink, endingWords, Traffic } from './deployed-model.tsx';

/** Of one version: where it serves, and where it served. */
export function ServedAt({ model, version }: { model: string; version: number }) {
  const { project } = useProject();
  const { data } = useQuery(servedQuery(project, model, version));
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className="side-section" aria-labelledby="deployments-title">
      <div className="panel-head">
        <h2 id="deployments-title">Deployments</h2>
      </div>
      <ul className="served-at">
        {data.items.map((one) => (
          <li key={one.uid}>
            <EndpointLink deployment={one} />
            <When deployment={one} />
          </li>
        ))}
      </ul>
      {data.cursor !== undefined && <p className="quiet">And more before.</p>}
    </section>
  );
}

function When({ deployment }: { deployment: Deployment }) {
  const { started, ended, ending, traffic } = deployment;
  if (ended === null)
    return (
      <>
        <Traffic traffic={traffic} />
        <span className="faint">
          since <Ago time={started} />
        </span>
      </>
    );
  return (
    <span className="faint">
      <Ago time={started} />, for {durationText(ended - started)}
      {ending !== null && `, ${endingWords[ending]}`}
    </span>
  );
}

/** Of a registered model: what of it serves where now. */
export function ServingNow({ model }: { model: string }) {
  const { project } = useProject();
  const { data } = useQuery(servingQuery(project, model));
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section aria-labelledby="serving-title">
      <div className="panel-head">
        <h2 id="serving-title">Serves now</h2>
      </div>
      <ul className="served-at">
        {data.items.map((one) => (
          <li key={one.uid}>
            <EndpointLink deployment={one} />
            <DeployedModel model={one.model} />
            <Traffic traffic={one.traffic} />
            <span className="faint">
              since <Ago time={one.started} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

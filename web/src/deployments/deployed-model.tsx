/** Small signs that pages of deployments have in common. */
import { Link } from '@tanstack/react-router';
import type { Deployment } from '../api/deployments.ts';
import { useProject } from '../layout/use-project.ts';
import { endpointUrl, jobRunUrl, modelUrl, versionUrl } from '../urls.ts';

/** The slot of whoever names none. */
export const usualSlot = 'main';

/** `churn v3`, a link while its record is there. */
export function DeployedModel({ model }: { model: Deployment['model'] }) {
  const { site } = useProject();
  const text = <ModelName model={model} />;
  if (model.deleted)
    return (
      <span className="deployed-model" title={`${model.uri} has been deleted`}>
        {text} <span className="deleted-mark">deleted</span>
      </span>
    );
  if (model.foreign)
    return (
      <span className="deployed-model" title={`${model.uri} is in no registry here: jobs speak of it`}>
        {text}
      </span>
    );
  const address =
    model.name !== null && model.version !== null
      ? versionUrl(model.name, model.version, site)
      : modelUrl(model.loggedModel ?? '', site);
  return (
    <Link {...address} className="deployed-model text-link plain" title={model.uri}>
      {text}
    </Link>
  );
}

function ModelName({ model }: { model: Deployment['model'] }) {
  return model.name === null ? (
    <>{model.loggedModel?.slice(0, 10)}…</>
  ) : (
    <>
      <span className="deployed-name">{model.name}</span> <b>v{model.version}</b>
    </>
  );
}

/** As short as it is told in a box: `v3`. */
export function versionText({ version, loggedModel }: Deployment['model']): string {
  return version === null ? (loggedModel ?? '').slice(0, 8) : `v${version}`;
}

const percentFormat = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

export function percentText(traffic: number): string {
  return `${percentFormat.format(traffic)} %`;
}

export function Traffic({ traffic }: { traffic: number }) {
  return (
    <span className="traffic" title={`${percentText(traffic)} of the traffic`}>
      <span className="traffic-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(100, traffic)}%` }} />
      </span>
      <span className="traffic-number">{percentText(traffic)}</span>
    </span>
  );
}

export function SlotMark({ slot }: { slot: string }) {
  return slot === usualSlot ? null : <span className="slot-mark">{slot}</span>;
}

/** Where it serves, or served: a link to the endpoint. */
export function EndpointLink({ deployment }: { deployment: Deployment }) {
  const { site } = useProject();
  const { endpoint, slot, uid } = deployment;
  return (
    <span className="endpoint-link">
      <Link {...endpointUrl(endpoint.name, site, { deployment: uid })} className="text-link plain">
        {endpoint.name}
      </Link>
      <SlotMark slot={slot} />
    </span>
  );
}

/** Who recorded it: a person or a service, or the run of a job that is the deployment, a link to that. */
export function RecordedBy({ deployment }: { deployment: Deployment }) {
  const { site } = useProject();
  const { by, jobRun } = deployment;
  if (jobRun === null) return <>{by}</>;
  return (
    <Link
      {...jobRunUrl(jobRun.uid, site)}
      className="text-link plain"
      title={`A run of ${jobRun.namespace} ${jobRun.job} is this deployment, as OpenLineage tells (sent by ${by}): it lasts as long as that run`}
    >
      job {jobRun.job}
    </Link>
  );
}

/** How a deployment ended, in words. */
export const endingWords: Readonly<Record<NonNullable<Deployment['ending']>, string>> = {
  shared: 'share changed',
  replaced: 'replaced',
  retired: 'retired',
  failed: 'failed',
  'rolled-back': 'rolled back',
};

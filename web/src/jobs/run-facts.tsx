/** Small signs that pages of jobs have in common. */
import { Link } from '@tanstack/react-router';
import type { DatasetName, RunGlance } from '../api/jobs.ts';
import { useLiveText } from '../format/ago.tsx';
import { durationText } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { datasetUrl } from '../urls.ts';
import { stateWord, tookOf } from './strip.ts';

export function StateMark({ state }: { state: RunGlance['state'] }) {
  return (
    <span className="state">
      <span className={`state-dot ${state ?? 'untold'}`} aria-hidden="true" />
      <span className={state ?? 'faint'}>{stateWord(state)}</span>
    </span>
  );
}

/** How long it ran, or runs. */
export function Took({ run }: { run: Pick<RunGlance, 'state' | 'started' | 'ended'> }) {
  if (run.state === 'running' && run.started !== null && run.ended === null)
    return <Running started={run.started} />;
  const took = tookOf(run);
  return took === undefined ? <span className="faint">–</span> : durationText(took);
}

function Running({ started }: { started: number }) {
  return useLiveText((now) => durationText(now - started));
}

/** The end of a run's id tells it apart: ids made at one time begin alike. */
export const shortId = (id: string): string => (id.length <= 14 ? id : `…${id.slice(-12)}`);

/** Where it lies, fainter, when it has a namespace. */
export function DatasetLink({ dataset }: { dataset: DatasetName }) {
  const { site } = useProject();
  const { uid, namespace, name } = dataset;
  return (
    <span className="dataset-link">
      <Link {...datasetUrl(uid, site)} className="text-link plain" title={`${namespace}\n${name}`.trim()}>
        <bdi>{name}</bdi>
      </Link>
      {namespace !== '' && <span className="faint dataset-place">{namespace}</span>}
    </span>
  );
}

/** `Spark query`, as its facet says. */
export function kindText(job: { readonly integration: string | null; readonly type: string | null }): string {
  const { integration, type } = job;
  return [integration, type]
    .filter((part) => part !== null)
    .map((part) => part.toLowerCase().replaceAll('_', ' '))
    .join(' ');
}

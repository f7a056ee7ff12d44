/** The facet `cairn_deployment` of a run, read as leniently as facets are: one of another shape means nothing. Pure. */
import { modelReferenceOf } from '../pipelines/index.ts';
import {
  checkEndpointName,
  checkSlot,
  deploymentLimits,
  type Ending,
  endings,
  usualSlot,
} from './deployment.ts';
import { checkPlatform, type Platform, platformFrom } from './platform.ts';

export interface ToldDeployment {
  readonly endpoint: string;
  readonly slot: string;
  /** In one spelling: `churn/3`, `m-…`. An alias is none: it means another one tomorrow. */
  readonly reference: string;
  /** As it was written. */
  readonly asked: string;
  readonly percent: number;
  readonly platform: Platform | undefined;
  /** In the producer's word, where that is one of ours; it counts once the run has ended. */
  readonly ending: Ending | undefined;
  readonly note: string | undefined;
  /** uid of the record that tells of itself: where that record is, it is the deployment, not the run. */
  readonly record: string | undefined;
}

export function toldDeployment(facet: Readonly<Record<string, unknown>>): ToldDeployment | undefined {
  const { endpoint, model, ending, note, record } = facet;
  const slot = facet.slot ?? usualSlot;
  const percent = facet.traffic ?? 100;
  if (typeof endpoint !== 'string' || typeof slot !== 'string' || typeof model !== 'string') return undefined;
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) return undefined;
  if (model.length > deploymentLimits.model) return undefined;
  const reference = modelReferenceOf({ uri: model });
  if (reference === undefined || !isGood(() => checkEndpointName(endpoint)) || !isGood(() => checkSlot(slot)))
    return undefined;
  return {
    ...{ endpoint, slot, reference, asked: model, percent },
    platform: platformFrom(facet.platform, (platform) => isGood(() => checkPlatform(platform))),
    ending: endings.find((word) => word === ending && word !== 'shared'),
    note:
      typeof note === 'string' && note !== '' && note.length <= deploymentLimits.note && !note.includes('\0')
        ? note
        : undefined,
    record: typeof record === 'string' && /^[0-9a-f]{32}$/.test(record) ? record : undefined,
  };
}

function isGood(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

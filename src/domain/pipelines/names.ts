/**
 * What makes two mentions the same record, and the uids that follow from it: whoever is told the same in another order
 * knows the same records by the same names.
 */
import { hash } from 'node:crypto';
import type { Uid } from '../../kernel/ids.ts';
import type { Face } from '../../kernel/request-context.ts';
import type { PlaceName } from './lineage-event.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function jobKey(face: Face, { namespace, name }: PlaceName): string {
  return JSON.stringify([face, namespace, name]);
}

export const assetKey = jobKey;

/** A UUID means one run everywhere; any other id means one of its job only. */
export function runKey(face: Face, id: string, job: PlaceName): string {
  return JSON.stringify(uuid.test(id) ? [face, id.toLowerCase()] : [face, job.namespace, job.name, id]);
}

/** The id as it is told again: of a UUID there is one spelling. */
export const runIdOf = (id: string): string => (uuid.test(id) ? id.toLowerCase() : id);

export type RecordKind =
  | 'job'
  | 'job-run'
  | 'dataset'
  | 'written-version'
  | 'named-version'
  | RecordOfServing;
/** Of what runs serve: a model that no registry has, where it is served, that it is. */
type RecordOfServing = 'foreign-model' | 'endpoint' | 'deployment';

/** The first 32 hex digits of the SHA-256 of what the record is known by. */
export function uidOfRecord(kind: RecordKind, key: string): Uid {
  return hash('sha256', `${kind} ${key}`, 'hex').slice(0, 32) as Uid;
}

/** A model that events name: `churn/3`, `m-…`. */
export const foreignModelUid = (face: Face, reference: string): Uid =>
  uidOfRecord('foreign-model', JSON.stringify([face, reference]));

export const endpointUid = (face: Face, name: string): Uid =>
  uidOfRecord('endpoint', JSON.stringify([face, name]));

/** That a run serves in a slot of an endpoint. `run`: its uid. */
export const deploymentUid = (face: Face, run: Uid, endpoint: string, slot: string): Uid =>
  uidOfRecord('deployment', JSON.stringify([face, run, endpoint, slot]));

/** The version that a run made of an asset. */
export function writtenKey(face: Face, run: string, asset: string): string {
  return JSON.stringify([face, 'written', run, asset]);
}

/** The version of an asset that somebody named. */
export function namedKey(face: Face, asset: string, version: string): string {
  return JSON.stringify([face, 'named', asset, version]);
}

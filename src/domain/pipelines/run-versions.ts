/** Versions that runs write, and those that events name. */
import { present } from '../../kernel/assert.ts';
import type { NodeId, Uid } from '../../kernel/ids.ts';
import type { NewVersion } from '../datasets/index.ts';
import type { RecordScope } from './event-recorder.ts';
import { assetKey, namedKey, runKey, uidOfRecord, writtenKey } from './names.ts';
import type { ToldRun } from './run-story.ts';
import { facetOf, versionOf } from './standard-facets.ts';

export interface RunVersions {
  /** The version that the run made of the asset. */
  written(run: NodeId, asset: NodeId): NodeId;
  /** The version of the asset that somebody named; undefined of no name. */
  named(asset: NodeId, version: string | null | undefined): NodeId | undefined;
  /** Of the versions written. */
  readonly uids: ReadonlyMap<NodeId, Uid>;
}

/** Of everything that the events say was written or is named; what is not there is made. */
export async function runVersions(
  { tx, context, project, nodes, identity }: RecordScope,
  told: readonly ToldRun[],
): Promise<RunVersions> {
  const { face } = context;
  const wanted = new Map<string, NewVersion>();
  const writtenKeys = new Map<string, string>();
  const namedKeys = new Map<string, string>();
  const created = context.clock.now();
  for (const { event, eventId, run, mentions, targets } of told) {
    const base = { uri: null, canonicalUri: null, created, since: null, event: eventId };
    const ofRun = runKey(face, event.run.id, event.job);
    for (const target of targets) {
      const asset = mentions.asset(target);
      const place = `${run} ${asset}`;
      if (writtenKeys.has(place)) continue;
      const key = writtenKey(face, ofRun, assetKey(face, target));
      writtenKeys.set(place, key);
      wanted.set(key, { ...base, key, uid: uidOfRecord('written-version', key), asset, name: target.name });
    }
    for (const dataset of [...event.inputs, ...event.outputs]) {
      const version = versionOf(facetOf(dataset.facets, 'version'));
      if (version === undefined || version === null) continue;
      const asset = mentions.asset(dataset);
      const place = `${asset} ${version}`;
      if (namedKeys.has(place)) continue;
      const key = namedKey(face, assetKey(face, dataset), version);
      namedKeys.set(place, key);
      const uid = uidOfRecord('named-version', key);
      wanted.set(key, { ...base, key, uid, asset, name: dataset.name, explicit: version });
    }
  }
  const ids = await nodes.versions(tx, identity, project, [...wanted.values()]);
  const uids = new Map<NodeId, Uid>();
  for (const key of writtenKeys.values()) uids.set(ids.get(key)!, wanted.get(key)!.uid!);
  const idOf = (key: string | undefined) => (key === undefined ? undefined : ids.get(key));
  return {
    uids,
    written: (run, asset) => present(idOf(writtenKeys.get(`${run} ${asset}`)), 'version of a writing'),
    named: (asset, version) => idOf(namedKeys.get(`${asset} ${version}`)),
  };
}

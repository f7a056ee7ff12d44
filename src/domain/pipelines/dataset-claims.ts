/** What is said of datasets outside of runs: a dataset event, and the datasets of a job event. */
import type { NodeId } from '../../kernel/ids.ts';
import { deriveEdges, putDerivations, targetsOfRuns } from './derivation.ts';
import { type NewFacet, putFacets } from './facets.ts';
import { setSymlinks, settleIdentity } from './identity-stub.ts';
import type { DatasetEvent, LineageEvent, SentDataset, SentFacet } from './lineage-event.ts';
import type { EventScope, Recorded } from './lineage-events.ts';
import { datasetDerivations, Mentions } from './mentions.ts';
import { assetKey, namedKey, uidOfRecord } from './names.ts';
import { facetOf, symlinksOf, versionOf } from './standard-facets.ts';

export async function recordDatasetEvent(scope: EventScope<DatasetEvent>): Promise<Recorded> {
  const { tx, graph, context, project, event, eventId, knownBodies } = scope;
  const claims = { project, stamp: event.stamp, event: eventId };
  const derivations = datasetDerivations(event.dataset);
  const mentions = new Mentions(context.face);
  mentions.addDataset(event.dataset);
  for (const derivation of derivations) mentions.addDerivation(derivation, undefined);
  await mentions.resolve(scope);
  const asset = mentions.asset(event.dataset);
  const { facets, fresh, named } = await datasetFacets(scope, mentions, [event.dataset]);
  const won = await putFacets(tx, graph, knownBodies, claims, facets);
  const affected = await settleDatasets(scope, mentions, won, fresh);
  const target = named.get(asset) ?? asset;
  const spoken = await putDerivations(
    tx,
    claims,
    derivations.map((derivation) => mentions.derivation(derivation, target, 0, undefined)),
  );
  await deriveEdges(tx, graph, context, project, eventId, [...new Set([...affected, ...spoken])]);
  const touched = [...mentions.all(), ...named.values()].filter((node) => node !== asset);
  return { node: asset, touched };
}

interface DatasetFacets {
  readonly facets: readonly NewFacet[];
  /** Assets of versions that may be new. */
  readonly fresh: readonly NodeId[];
  /** The version that is named of an asset. */
  readonly named: ReadonlyMap<NodeId, NodeId>;
}

/** Facets of datasets and of the versions that they name, which are made. */
export async function datasetFacets(
  { tx, context, project, nodes }: EventScope,
  mentions: Mentions,
  datasets: readonly SentDataset[],
): Promise<DatasetFacets> {
  const named = new Map(
    datasets.flatMap((dataset) => {
      const version = versionOf(facetOf(dataset.facets, 'version'));
      if (version === undefined || version === null) return [];
      return [
        [namedKey(context.face, assetKey(context.face, dataset), version), { dataset, version }] as const,
      ];
    }),
  );
  const { ids, fresh } = await nodes.versions(
    tx,
    context,
    project,
    [...named].map(([key, { dataset, version }]) => ({
      key,
      uid: uidOfRecord('named-version', key),
      asset: mentions.asset(dataset),
      name: dataset.name,
      uri: null,
      canonicalUri: null,
      explicit: version,
      created: context.clock.now(),
    })),
  );
  const versions = new Map([...named].map(([key, { dataset }]) => [mentions.asset(dataset), ids.get(key)!]));
  const facets = datasets.flatMap((dataset) => {
    const asset = mentions.asset(dataset);
    const version = versions.get(asset);
    return dataset.facets.flatMap((facet): NewFacet[] => [
      { owner: asset, scope: 'dataset', facet },
      ...(version === undefined ? [] : [{ owner: version, scope: 'version' as const, facet }]),
    ]);
  });
  return {
    facets,
    named: versions,
    fresh: [...fresh].map((key) => mentions.asset(named.get(key)!.dataset)),
  };
}

/** Other names of datasets as they are now, and what follows; resolves to targets whose sources may be bound otherwise. */
export async function settleDatasets(
  { tx, graph, context, project }: EventScope<LineageEvent>,
  mentions: Mentions,
  won: readonly NewFacet[],
  fresh: readonly NodeId[],
): Promise<NodeId[]> {
  const linked = won.filter(({ scope, facet }) => scope === 'dataset' && facet.key === 'symlinks');
  for (const { owner, facet } of linked)
    await setSymlinks(tx, graph, context, project, owner, symlinkNodes(mentions, facet));
  const touched = new Set([...mentions.freshAssets, ...linked.map(({ owner }) => owner), ...fresh]);
  if (touched.size === 0) return [];
  const rebound = await settleIdentity(tx, graph, context, project, [...touched]);
  return targetsOfRuns(tx, [...new Set(rebound.map(({ run }) => run))]);
}

export function symlinkNodes(mentions: Mentions, facet: SentFacet): NodeId[] {
  return [...new Set(symlinksOf(facet).map((place) => mentions.asset(place)))];
}

/** What is said of datasets outside of runs: a dataset event, and the datasets of a job event. */
import type { NodeId } from '../../kernel/ids.ts';
import { deriveEdges, putDerivations, targetsOfRuns } from './derivation.ts';
import type { EventScope, Recorded, RecordScope } from './event-recorder.ts';
import { type NewFacet, putFacets } from './facets.ts';
import type { DatasetEvent, SentDataset, SentFacet } from './lineage-event.ts';
import { datasetDerivations, Mentions } from './mentions.ts';
import { claimModels } from './model-claims.ts';
import { assetKey, namedKey, uidOfRecord } from './names.ts';
import { facetOf, symlinksOf, versionOf } from './standard-facets.ts';

export async function recordDatasetEvent(scope: EventScope<DatasetEvent>): Promise<Recorded> {
  const { tx, graph, context, project, event, eventId, knownBodies } = scope;
  const claim = { stamp: event.stamp, event: eventId };
  const derivations = datasetDerivations(event.dataset);
  const mentions = new Mentions(context.face);
  mentions.addDataset(event.dataset);
  for (const derivation of derivations) mentions.addDerivation(derivation, undefined);
  await Mentions.resolve(scope, [mentions]);
  const asset = mentions.asset(event.dataset);
  const { facets, named } = await datasetFacets(scope, mentions, [event.dataset]);
  const won = await putFacets(tx, graph, knownBodies, project, facets);
  const affected = await settleDatasets(scope, mentions, won);
  const target = named.get(asset) ?? asset;
  const spoken = await putDerivations(
    tx,
    project,
    derivations.map((derivation) => mentions.derivation(derivation, target, 0, undefined, claim)),
  );
  await deriveEdges(tx, graph, context, eventId, [...new Set([...affected, ...spoken])]);
  const touched = [...mentions.all(), ...named.values()].filter((node) => node !== asset);
  return { node: asset, touched };
}

interface DatasetFacets {
  readonly facets: readonly NewFacet[];
  /** The version that is named of an asset. */
  readonly named: ReadonlyMap<NodeId, NodeId>;
}

/** Facets of datasets and of the versions that they name, which are made. */
export async function datasetFacets(
  { tx, context, project, nodes, identity, event, eventId }: EventScope,
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
  const ids = await nodes.versions(
    tx,
    identity,
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
      since: null,
    })),
  );
  const versions = new Map([...named].map(([key, { dataset }]) => [mentions.asset(dataset), ids.get(key)!]));
  const claim = { stamp: event.stamp, event: eventId };
  const facets = datasets.flatMap((dataset) => {
    const asset = mentions.asset(dataset);
    const version = versions.get(asset);
    return dataset.facets.flatMap((facet): NewFacet[] => [
      { ...claim, owner: asset, scope: 'dataset', facet },
      ...(version === undefined ? [] : [{ ...claim, owner: version, scope: 'version' as const, facet }]),
    ]);
  });
  return { facets, named: versions };
}

/** Models and other names of datasets as they are now, and what follows; resolves to targets whose sources may be bound otherwise. */
export async function settleDatasets(
  scope: RecordScope,
  mentions: Mentions,
  won: readonly NewFacet[],
): Promise<NodeId[]> {
  const { tx, identity } = scope;
  await claimModels(scope, won);
  identity.setSymlinks(symlinksAmong(mentions, won));
  const rebound = await identity.settle();
  return targetsOfRuns(tx, [...new Set(rebound.map(({ run }) => run))]);
}

/** The other names of each dataset of which an event says the latest. */
function symlinksAmong(mentions: Mentions, won: readonly NewFacet[]) {
  return won
    .filter(({ scope, facet }) => scope === 'dataset' && facet.key === 'symlinks')
    .map(({ owner, facet }) => ({ asset: owner, others: symlinkNodes(mentions, facet) }));
}

function symlinkNodes(mentions: Mentions, facet: SentFacet): NodeId[] {
  return [...new Set(symlinksOf(facet).map((place) => mentions.asset(place)))];
}

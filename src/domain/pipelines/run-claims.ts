/** A run event: that a job ran, what state its run is in, what it read and wrote. */
import type { EdgeId, NodeId, Uid } from '../../kernel/ids.ts';
import type { DatasetUseClaim } from '../datasets/index.ts';
import { insertEdges, type NewEdge } from '../graph/index.ts';
import { type IoDirection, ioDirections } from './codes.ts';
import { settleDatasets } from './dataset-claims.ts';
import { deriveEdges, putDerivations } from './derivation.ts';
import type { EventScope, Recorded } from './event-recorder.ts';
import { type NewFacet, putFacets } from './facets.ts';
import type { PlaceName, RunEvent, SentDataset } from './lineage-event.ts';
import { datasetDerivations, Mentions, type NamedDerivation } from './mentions.ts';
import { assetKey, namedKey, runKey, uidOfRecord, writtenKey } from './names.ts';
import { joinJobs, relateParents } from './run-relations.ts';
import { type Roles, rolesAmong, rolesBefore } from './run-roles.ts';
import {
  beginningOf,
  countsAsWritten,
  pictureAfter,
  type RunPicture,
  unseenRun,
  writtenAt,
} from './run-state.ts';
import { closeEdges, ioOfRun, lockRun, putIo, putPicture, putState, type RunIo } from './run-store.ts';
import { isLater } from './stamp.ts';
import { facetOf, jobLineageOf, parentsOf, versionOf } from './standard-facets.ts';

type Scope = EventScope<RunEvent>;

/** That the run of the event reads or writes a dataset. */
interface Use {
  readonly direction: IoDirection;
  readonly asset: NodeId;
  /** Of a write: the version that it makes. */
  readonly written: NodeId | undefined;
  /** Undefined: the event says nothing of it. Null: it takes back what was said. */
  readonly version: string | null | undefined;
}

export async function recordRunEvent(scope: Scope): Promise<Recorded> {
  const { tx, graph, context, project, event, eventId, identity } = scope;
  const own = { id: event.run.id, job: event.job };
  const derivations = derivationsOf(event);
  const parents = parentsOf(facetOf(event.run.facets, 'parent'));
  const mentions = mentionsOf(scope, derivations, parents);
  await mentions.resolve(scope);
  const run = mentions.run(own);
  const job = mentions.job(event.job);

  const isNew = mentions.isNewRun(run);
  const before = isNew ? unseenRun : await lockRun(tx, run);
  const after = pictureAfter(before, event.type, event.time.ms, event.stamp);
  if (event.type !== undefined)
    await putState(tx, { run, stamp: event.stamp, type: event.type, at: event.time.ms, event: eventId });
  await putPicture(tx, run, before, after, context.clock.now());
  await joinJobs(scope, mentions, run, job, parents);

  const targets = writtenTargets(event, derivations);
  const versions = await versionsOf(scope, mentions, targets);
  const won = await putFacets(
    tx,
    graph,
    scope.knownBodies,
    { project, stamp: event.stamp, event: eventId },
    facetsOfEvent(scope, mentions, run, job, versions),
  );
  const roles = await rolesAmong(tx, graph, run, won);
  const uses = usesOf(scope, mentions, versions);
  const stored = isNew ? [] : await ioOfRun(tx, run);
  const io = await putUsesOfRun(scope, run, stored, uses, roles);

  if (won.some(({ scope: of, facet }) => of === 'run' && facet.key === 'parent'))
    await relateParents(scope, mentions, run, parents);

  const spoken = await putDerivations(
    tx,
    { project, stamp: event.stamp, event: eventId },
    derivations.flatMap((derivation) => {
      const target =
        derivation.target.kind === 'dataset'
          ? versions.byAsset.get(mentions.asset(derivation.target))
          : mentions.source(derivation.target, { job: event.job, node: run });
      return target === undefined
        ? []
        : mentions.derivation(derivation, target, run, { job: event.job, node: run });
    }),
  );

  identity.setVersionIdentity(
    renamedVersions(stored, io).map(({ record, asset, version }) => ({
      ...{ version: record, asset, uid: versions.uids.get(record)! },
      ...(version !== null && { explicit: version }),
    })),
  );
  identity.putUses(useClaims(run, stored, before, io, after));
  const rebound = await settleDatasets(scope, mentions, won);
  const affected = new Set([...spoken, ...earlierWrites(stored, io), ...rebound]);
  await deriveEdges(tx, graph, context, project, eventId, [...affected]);
  return {
    node: run,
    touched: [...mentions.all(), ...versions.byAsset.values()].filter((node) => node !== run),
    isCounted: true,
  };
}

function derivationsOf(event: RunEvent): NamedDerivation[] {
  const lineage = facetOf(event.job.facets, 'lineage');
  const ofJob = lineage === undefined ? [] : jobLineageOf(lineage);
  return [
    ...ofJob.map((entry) => ({ ...entry, origin: 'jobLineage' as const, removed: false })),
    ...event.outputs.flatMap(datasetDerivations),
  ];
}

function mentionsOf(
  { event, context }: Scope,
  derivations: readonly NamedDerivation[],
  parents: ReturnType<typeof parentsOf>,
): Mentions {
  const mentions = new Mentions(context.face);
  mentions.addRun({ id: event.run.id, job: event.job });
  for (const related of [parents.parent, parents.root]) if (related !== undefined) mentions.addRun(related);
  for (const dataset of [...event.inputs, ...event.outputs]) mentions.addDataset(dataset);
  for (const derivation of derivations) mentions.addDerivation(derivation, event.job);
  return mentions;
}

/** What the event says that the run wrote: its outputs, and what its job's lineage makes. */
function writtenTargets(event: RunEvent, derivations: readonly NamedDerivation[]): PlaceName[] {
  const made = derivations.flatMap(({ target }) => (target.kind === 'dataset' ? target : []));
  return [...event.outputs, ...made];
}

interface EventVersions {
  /** The version that the run wrote, by the asset. */
  readonly byAsset: ReadonlyMap<NodeId, NodeId>;
  /** Versions that the event names, with their assets. */
  readonly named: readonly { readonly asset: NodeId; readonly version: string; readonly node: NodeId }[];
  /** Of the versions written. */
  readonly uids: ReadonlyMap<NodeId, Uid>;
}

async function versionsOf(
  { tx, context, project, event, nodes, identity }: Scope,
  mentions: Mentions,
  targets: readonly PlaceName[],
): Promise<EventVersions> {
  const { face } = context;
  const ofRun = runKey(face, event.run.id, event.job);
  const created = context.clock.now();
  const written = new Map(targets.map((target) => [writtenKey(face, ofRun, assetKey(face, target)), target]));
  const named = new Map(
    [...event.inputs, ...event.outputs].flatMap((dataset) => {
      const version = versionOf(facetOf(dataset.facets, 'version'));
      if (version === undefined || version === null) return [];
      return [[namedKey(face, assetKey(face, dataset), version), { dataset, version }] as const];
    }),
  );
  if (written.size === 0 && named.size === 0) return { byAsset: new Map(), named: [], uids: new Map() };
  const base = { uri: null, canonicalUri: null, created, since: null };
  const ids = await nodes.versions(tx, identity, project, [
    ...[...written].map(([key, dataset]) => ({
      ...base,
      key,
      uid: uidOfRecord('written-version', key),
      asset: mentions.asset(dataset),
      name: dataset.name,
    })),
    ...[...named].map(([key, { dataset, version }]) => ({
      ...base,
      key,
      uid: uidOfRecord('named-version', key),
      asset: mentions.asset(dataset),
      name: dataset.name,
      explicit: version,
    })),
  ]);
  return {
    byAsset: new Map([...written].map(([key, dataset]) => [mentions.asset(dataset), ids.get(key)!])),
    named: [...named].map(([key, { dataset, version }]) => ({
      asset: mentions.asset(dataset),
      version,
      node: ids.get(key)!,
    })),
    uids: new Map([...written.keys()].map((key) => [ids.get(key)!, uidOfRecord('written-version', key)])),
  };
}

function usesOf({ event }: Scope, mentions: Mentions, { byAsset }: EventVersions): Use[] {
  const use = (direction: IoDirection, dataset: SentDataset): Use => {
    const asset = mentions.asset(dataset);
    return {
      direction,
      asset,
      written: direction === 'write' ? byAsset.get(asset) : undefined,
      version: versionOf(facetOf(dataset.facets, 'version')),
    };
  };
  const uses = [
    ...event.inputs.map((dataset) => use('read', dataset)),
    ...event.outputs.map((dataset) => use('write', dataset)),
  ];
  const said = new Set(uses.map(({ direction, asset }) => `${direction} ${asset}`));
  for (const [asset, written] of byAsset) {
    if (!said.has(`write ${asset}`)) uses.push({ direction: 'write', asset, written, version: undefined });
  }
  return uses;
}

/** Keeps what is new or earlier than was known, as rows and as edges; resolves to all rows of the run. */
async function putUsesOfRun(
  { tx, graph, context, project, event, eventId }: Scope,
  run: NodeId,
  stored: readonly RunIo[],
  uses: readonly Use[],
  roles: Roles,
): Promise<RunIo[]> {
  const rows = new Map(stored.map((row) => [`${row.direction} ${row.asset}`, row]));
  const changed = new Set<string>();
  for (const { direction, asset, written, version } of uses) {
    const place = `${ioDirections[direction]} ${asset}`;
    const before = rows.get(place);
    const first = Math.min(before?.first ?? event.time.ms, event.time.ms);
    const names =
      version !== undefined &&
      (!before?.version_stamp || isLater(event.stamp, before.version_stamp) || changed.has(place));
    if (before !== undefined && first === before.first && !names) continue;
    changed.add(place);
    rows.set(place, {
      direction: ioDirections[direction],
      asset,
      first,
      version: names ? version : (before?.version ?? null),
      version_stamp: names ? event.stamp : (before?.version_stamp ?? null),
      record: before?.record ?? written ?? asset,
      edge: before?.edge ?? (0 as EdgeId),
    });
  }
  const known = new Map(stored.map((row) => [`${row.direction} ${row.asset}`, row]));
  const isEarlier = (place: string) => known.get(place)?.first !== rows.get(place)!.first;
  const before = await rolesBefore(tx, stored, roles, (place) => changed.has(place) && isEarlier(place));
  const roleOf = ({ asset, edge }: RunIo) =>
    (roles.has(asset) ? roles.get(asset)! : before.get(edge)) ?? null;
  const told = new Set([...changed].filter(isEarlier));
  for (const [place, row] of known) {
    if (before.has(row.edge) && before.get(row.edge) !== roleOf(row)) {
      told.add(place);
      changed.add(place);
    }
  }
  if (changed.size === 0) return [...rows.values()];
  const asserted = [...told];
  const firstId = asserted.length === 0 ? 0 : await graph.db.nextIds(asserted.length);
  const edges = asserted.map((place, index): NewEdge => {
    const row = rows.get(place)!;
    const id = (firstId + index) as EdgeId;
    rows.set(place, { ...row, edge: id });
    const base = { id, project, known: 'observed', validFrom: row.first, event: eventId } as const;
    if (row.direction === ioDirections.write)
      return { ...base, source: run, target: row.record, kind: 'generated' };
    const role = roleOf(row);
    return { ...base, source: row.asset, target: run, kind: 'used', ...(role !== null && { subtype: role }) };
  });
  const stale = asserted.flatMap((place) => known.get(place)?.edge ?? []);
  await closeEdges(tx, stale, context.clock.now(), eventId);
  for (let start = 0; start < edges.length; start += 500)
    await insertEdges(tx, context, edges.slice(start, start + 500));
  await putIo(
    tx,
    run,
    [...changed].map((place) => rows.get(place)!),
  );
  return [...rows.values()];
}

/** Versions that are known to have been made earlier than was thought: so was what they are derived from. */
function earlierWrites(before: readonly RunIo[], now: readonly RunIo[]): NodeId[] {
  const times = new Map(before.map(({ record, first }) => [record, first]));
  return now
    .filter(
      ({ direction, record, first }) =>
        direction === ioDirections.write && times.has(record) && times.get(record) !== first,
    )
    .map(({ record }) => record);
}

/** What was written under another version's name than before, or under one for the first time. */
function renamedVersions(before: readonly RunIo[], now: readonly RunIo[]): RunIo[] {
  const names = new Map(before.map(({ record, version }) => [record, version]));
  return now.filter(
    ({ direction, record, version }) =>
      direction === ioDirections.write && version !== (names.get(record) ?? null),
  );
}

/** What identity follows from, where it is not what it was. */
function useClaims(
  run: NodeId,
  before: readonly RunIo[],
  pictureBefore: RunPicture,
  now: readonly RunIo[],
  pictureNow: RunPicture,
): DatasetUseClaim[] {
  const told = new Set(before.map((row) => JSON.stringify(claimOf(run, row, pictureBefore))));
  return now.map((row) => claimOf(run, row, pictureNow)).filter((claim) => !told.has(JSON.stringify(claim)));
}

function claimOf(run: NodeId, row: RunIo, picture: RunPicture): DatasetUseClaim {
  const { asset, record, first, version } = row;
  if (row.direction === ioDirections.read) {
    const at = beginningOf(picture) ?? first;
    return {
      asset,
      direction: 'read',
      at,
      run,
      record,
      ...(version !== null && { explicit: version }),
      binds: true,
    };
  }
  return {
    asset,
    direction: 'write',
    at: writtenAt(picture, first),
    run,
    record,
    binds: countsAsWritten(picture),
  };
}

function facetsOfEvent(
  { event }: Scope,
  mentions: Mentions,
  run: NodeId,
  job: NodeId,
  { byAsset, named }: EventVersions,
): NewFacet[] {
  const facets: NewFacet[] = [];
  for (const facet of event.run.facets) facets.push({ owner: run, scope: 'run', facet });
  for (const facet of event.job.facets) facets.push({ owner: job, scope: 'job', facet });
  const namedNodes = new Map(named.map(({ asset, version, node }) => [`${asset} ${version}`, node]));
  for (const dataset of event.inputs) {
    const asset = mentions.asset(dataset);
    const version = versionOf(facetOf(dataset.facets, 'version'));
    const node = namedNodes.get(`${asset} ${version}`);
    for (const facet of dataset.facets) {
      facets.push({ owner: asset, scope: 'dataset', facet });
      if (node !== undefined) facets.push({ owner: node, scope: 'version', facet });
    }
    for (const facet of dataset.useFacets) facets.push({ owner: run, scope: 'input', other: asset, facet });
  }
  for (const dataset of event.outputs) {
    const asset = mentions.asset(dataset);
    const node = byAsset.get(asset)!;
    for (const facet of dataset.facets) {
      facets.push({ owner: asset, scope: 'dataset', facet }, { owner: node, scope: 'version', facet });
    }
    for (const facet of dataset.useFacets) facets.push({ owner: run, scope: 'output', other: asset, facet });
  }
  return facets;
}

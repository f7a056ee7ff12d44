/** Run events: that jobs ran, what state their runs are in, what these read and wrote. */
import type { NodeId } from '../../kernel/ids.ts';
import type { Face } from '../../kernel/request-context.ts';
import { settleDatasets } from './dataset-claims.ts';
import { deriveEdges, type NewDerivation, putDerivations } from './derivation.ts';
import type { NewEvent, Recorded, RecordScope } from './event-recorder.ts';
import { type NewFacet, putFacets } from './facets.ts';
import type { RunEvent } from './lineage-event.ts';
import { datasetDerivations, Mentions, type NamedDerivation } from './mentions.ts';
import { runKey } from './names.ts';
import { joinJobs, missingMembers, relateParents } from './run-relations.ts';
import { rolesAmong } from './run-roles.ts';
import { followServing } from './run-serving.ts';
import { pictureAfter, type RunPicture, unseenRun } from './run-state.ts';
import { ioOfRuns, lockRuns, putPictures, putStates } from './run-store.ts';
import type { RunStory, ToldRun } from './run-story.ts';
import { earlierWrites, putUsesOfRuns, renamedVersions, useClaims } from './run-uses.ts';
import { type RunVersions, runVersions } from './run-versions.ts';
import { facetOf, jobLineageOf, parentsOf, versionOf } from './standard-facets.ts';

/** One after the other in each step, whatever their number; resolves to what each was about. */
export async function recordRunEvents(
  scope: RecordScope,
  events: readonly NewEvent<RunEvent>[],
): Promise<Recorded[]> {
  const { tx, graph, context, project, identity } = scope;
  const told = await named(scope, events);
  const stories = await begin(scope, told);

  const versions = await runVersions(scope, told);
  const io = await ioOfRuns(
    tx,
    stories.flatMap(({ run, isNew }) => (isNew ? [] : run)),
  );
  const facets = told.flatMap((one) => facetsOfEvent(one, versions));
  const won = await putFacets(tx, graph, scope.knownBodies, project, facets);
  const roles = await rolesAmong(tx, graph, won);
  const uses = await putUsesOfRuns(scope, stories, versions, io, roles);
  const parents = new Set(
    won.flatMap(({ scope: of, facet, event }) => (of === 'run' && facet.key === 'parent' ? event : [])),
  );
  await relateParents(
    scope,
    told.filter(({ eventId }) => parents.has(eventId)),
  );

  const spoken = await putDerivations(
    tx,
    project,
    told.flatMap((one) => derivationsOfEvent(one, versions)),
  );
  identity.setVersionIdentity(
    uses.flatMap(({ before, now }) =>
      renamedVersions(before, now).map(({ record, asset, version }) => ({
        ...{ version: record, asset, uid: versions.uids.get(record)! },
        ...(version !== null && { explicit: version }),
      })),
    ),
  );
  for (const use of uses) identity.putUses(useClaims(use));
  const rebound = await settleDatasets(scope, told[0]!.mentions, won);
  const moved = uses.flatMap(({ before, now }) => earlierWrites(before, now));
  await deriveEdges(tx, graph, context, tx.eventId, [...new Set([...spoken, ...moved, ...rebound])]);
  await followServing(scope, stories, won);
  return told.map(({ run, mentions, targets }) => {
    const written = targets.map((target) => versions.written(run, mentions.asset(target)));
    return {
      node: run,
      touched: [...mentions.all(), ...written].filter((node) => node !== run),
      isCounted: true,
    };
  });
}

/** What is found bad only by what its facets mean: `invalid_argument`. */
export function checkRunEvent(event: RunEvent, face: Face): void {
  const parents = parentsOf(facetOf(event.run.facets, 'parent'));
  mentionsOf(event, face, derivationsOf(event), parents);
}

/** Everything that the events name, resolved together. */
async function named(scope: RecordScope, events: readonly NewEvent<RunEvent>[]): Promise<ToldRun[]> {
  const { face } = scope.context;
  const told = events.map((one) => {
    const derivations = derivationsOf(one.event);
    const parents = parentsOf(facetOf(one.event.run.facets, 'parent'));
    return { ...one, derivations, parents, mentions: mentionsOf(one.event, face, derivations, parents) };
  });
  const pictures = new Map<string, RunPicture>();
  for (const { event } of events) {
    const key = runKey(face, event.run.id, event.job);
    pictures.set(key, pictureWith(pictures.get(key) ?? unseenRun, event));
  }
  await Mentions.resolve(
    scope,
    told.map(({ mentions }) => mentions),
    pictures,
  );
  return told.map((one) => ({
    ...one,
    run: one.mentions.run({ id: one.event.run.id, job: one.event.job }),
    job: one.mentions.job(one.event.job),
    // What the event says that the run wrote: its outputs, and what its job's lineage makes.
    targets: [
      ...one.event.outputs,
      ...one.derivations.flatMap(({ target }) => (target.kind === 'dataset' ? target : [])),
    ],
  }));
}

const pictureWith = (before: RunPicture, { type, time, stamp }: RunEvent): RunPicture =>
  pictureAfter(before, type, time.ms, stamp);

/** Holds the runs and tells what state each was in and is in now, with its jobs. */
async function begin(scope: RecordScope, told: readonly ToldRun[]): Promise<RunStory[]> {
  const { tx, context, project } = scope;
  const missing = missingMembers(scope, told);
  const isKnown = ({ run, mentions }: Pick<ToldRun, 'run' | 'mentions'>) => !mentions.isNewRun(run);
  const held = new Set(told.filter(isKnown).map(({ run }) => run));
  for (const { run, by } of missing) if (!by.mentions.isNewRun(run)) held.add(run);
  const before = await lockRuns(tx, [...held]);
  const stories = [...Map.groupBy(told, ({ run }) => run)].map(([run, of]): RunStory => {
    const known = before.get(run) ?? unseenRun;
    const picture = of.reduce((so, { event }) => pictureWith(so, event), known);
    const serves = before.get(run)?.serves === 1;
    return { run, isNew: !isKnown(of[0]!), serves, told: of, before: known, picture };
  });
  await putStates(
    tx,
    told.flatMap(({ run, event: { stamp, type, time }, eventId }) =>
      type === undefined ? [] : { run, stamp, type, at: time.ms, event: eventId },
    ),
  );
  // A run that is new was made as it is.
  const known = stories.filter(({ isNew }) => !isNew);
  await putPictures(tx, project, known, context.clock.now());
  await joinJobs(scope, missing);
  return stories;
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
  event: RunEvent,
  face: Face,
  derivations: readonly NamedDerivation[],
  parents: ReturnType<typeof parentsOf>,
): Mentions {
  const mentions = new Mentions(face);
  mentions.addRun({ id: event.run.id, job: event.job });
  for (const related of [parents.parent, parents.root]) if (related !== undefined) mentions.addRun(related);
  for (const dataset of [...event.inputs, ...event.outputs]) mentions.addDataset(dataset);
  for (const derivation of derivations) mentions.addDerivation(derivation, event.job);
  return mentions;
}

function derivationsOfEvent(one: ToldRun, versions: RunVersions): NewDerivation[] {
  const { event, eventId, run, mentions, derivations } = one;
  const own = { job: event.job, node: run };
  const claim = { stamp: event.stamp, event: eventId };
  return derivations.flatMap((derivation) => {
    const target =
      derivation.target.kind === 'dataset'
        ? versions.written(run, mentions.asset(derivation.target))
        : mentions.source(derivation.target, own);
    return target === undefined ? [] : mentions.derivation(derivation, target, run, own, claim);
  });
}

function facetsOfEvent({ event, eventId, mentions, run, job }: ToldRun, versions: RunVersions): NewFacet[] {
  const facets: NewFacet[] = [];
  const add = (owner: NodeId, scope: NewFacet['scope'], facet: NewFacet['facet'], other?: NodeId) =>
    facets.push({
      ...{ owner, scope, facet, stamp: event.stamp, event: eventId },
      ...(other !== undefined && { other }),
    });
  for (const facet of event.run.facets) add(run, 'run', facet);
  for (const facet of event.job.facets) add(job, 'job', facet);
  for (const dataset of event.inputs) {
    const asset = mentions.asset(dataset);
    const version = versions.named(asset, versionOf(facetOf(dataset.facets, 'version')));
    for (const facet of dataset.facets) {
      add(asset, 'dataset', facet);
      if (version !== undefined) add(version, 'version', facet);
    }
    for (const facet of dataset.useFacets) add(run, 'input', facet, asset);
  }
  for (const dataset of event.outputs) {
    const asset = mentions.asset(dataset);
    const version = versions.written(run, asset);
    for (const facet of dataset.facets) {
      add(asset, 'dataset', facet);
      add(version, 'version', facet);
    }
    for (const facet of dataset.useFacets) add(run, 'output', facet, asset);
  }
  return facets;
}

/** Of which jobs runs are, and which run started which. */
import type { EdgeId, EventId, NodeId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { faceCodes } from '../events/index.ts';
import { edgeKinds, edgesAt, insertEdges, type NewEdge } from '../graph/index.ts';
import { rootRun } from './codes.ts';
import type { RecordScope } from './event-recorder.ts';
import { closeEdges } from './run-store.ts';
import type { ToldRun } from './run-story.ts';
import type { ParentRun } from './standard-facets.ts';

export interface Member {
  readonly run: NodeId;
  readonly job: NodeId;
  readonly by: ToldRun;
}

/** Of the runs of the events, and those they say they belong to, the pairs with their jobs that may not be joined yet. */
export function missingMembers({ knownMembers }: RecordScope, told: readonly ToldRun[]): Member[] {
  const missing = new Map<string, Member>();
  for (const by of told) {
    const { mentions, parents } = by;
    const add = (run: NodeId, job: NodeId) => {
      const key = `${run} ${job}`;
      if (!missing.has(key) && !knownMembers.has(key)) missing.set(key, { run, job, by });
    };
    add(by.run, by.job);
    for (const related of [parents.parent, parents.root])
      if (related !== undefined) add(mentions.run(related), mentions.job(related.job));
  }
  return [...missing.values()];
}

/** One edge for each pair, once. The runs are held. */
export async function joinJobs(scope: RecordScope, missing: readonly Member[]): Promise<void> {
  if (missing.length === 0) return;
  const { tx, graph, context, project } = scope;
  const runs = [...new Set(missing.flatMap(({ run, by }) => (by.mentions.isNewRun(run) ? [] : run)))];
  const stored = new Set(
    (await edgesAt(tx, 'source', runs, 'member-of')).map(({ source, target }) => `${source} ${target}`),
  );
  const fresh = missing.filter(({ run, job }) => !stored.has(`${run} ${job}`));
  const first = fresh.length === 0 ? 0 : await graph.db.nextIds(fresh.length);
  await insertEdges(
    tx,
    context,
    fresh.map(({ run, job, by }, index) => ({
      ...{ id: (first + index) as EdgeId, project, source: run, target: job, kind: 'member-of' },
      ...{ known: 'observed', validFrom: null, event: by.eventId },
    })),
  );
  scope.knownMembers.learn(tx, new Map(missing.map(({ run, job }) => [`${run} ${job}`, true])));
}

interface ParentEdge {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly subtype: string | null;
}

interface WantedParent {
  readonly source: NodeId;
  readonly target: NodeId;
  readonly subtype: string | undefined;
  readonly event: EventId;
}

const placeOf = (source: NodeId, target: NodeId, subtype: string | null | undefined): string =>
  `${source} ${target} ${subtype ?? ''}`;

/**
 * The parents that the facets of these events name are their runs'; those of earlier facets are not. Cycles stay as they were
 * told. One event of each run.
 */
export async function relateParents(scope: RecordScope, told: readonly ToldRun[]): Promise<void> {
  if (told.length === 0) return;
  const { tx, graph, context, project } = scope;
  const wanted = new Map<string, WantedParent>();
  for (const { run, mentions, parents, eventId } of told) {
    const add = (related: ParentRun | undefined, subtype: string | undefined) => {
      if (related === undefined) return;
      const source = mentions.run(related);
      wanted.set(placeOf(source, run, subtype), { source, target: run, subtype, event: eventId });
    };
    add(parents.parent, undefined);
    add(parents.root, rootRun);
  }
  const runs = told.flatMap(({ run, mentions }) => (mentions.isNewRun(run) ? [] : run));
  const live =
    runs.length === 0
      ? []
      : await tx.many<ParentEdge>(sql`SELECT id, source, target, subtype FROM edge
          WHERE target ${anyOf(runs)} AND kind = ${edgeKinds['parent-of']} AND known_to IS NULL
            AND face = ${faceCodes[context.face]}`);
  const stale = live.filter(
    ({ source, target, subtype }) => !wanted.delete(placeOf(source, target, subtype)),
  );
  await closeEdges(
    tx,
    stale.map(({ id }) => id),
    context.clock.now(),
    tx.eventId,
  );
  if (wanted.size === 0) return;
  const first = await graph.db.nextIds(wanted.size);
  await insertEdges(
    tx,
    context,
    [...wanted.values()].map(
      ({ source, target, subtype, event }, index): NewEdge => ({
        ...{ id: (first + index) as EdgeId, project, source, target, kind: 'parent-of' },
        ...(subtype !== undefined && { subtype }),
        ...{ known: 'observed', validFrom: null, event },
      }),
    ),
  );
}

/** Of which jobs runs are, and which run started which. */
import type { EdgeId, NodeId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { faceCodes } from '../events/index.ts';
import { edgeKinds, edgesAt, insertEdges, type NewEdge } from '../graph/index.ts';
import { rootRun } from './codes.ts';
import type { EventScope } from './event-recorder.ts';
import type { RunEvent } from './lineage-event.ts';
import type { Mentions } from './mentions.ts';
import { closeEdges, lockRun } from './run-store.ts';
import type { ParentRun, parentsOf } from './standard-facets.ts';

type Scope = EventScope<RunEvent>;
type Parents = ReturnType<typeof parentsOf>;

/** That the run, and those it says it belongs to, are of their jobs: one edge for each pair, once. The run is held. */
export async function joinJobs(
  scope: Scope,
  mentions: Mentions,
  run: NodeId,
  job: NodeId,
  { parent, root }: Parents,
): Promise<void> {
  const pairs = new Map<string, { readonly run: NodeId; readonly job: NodeId }>();
  const add = (pair: { readonly run: NodeId; readonly job: NodeId }) =>
    pairs.set(`${pair.run} ${pair.job}`, pair);
  add({ run, job });
  for (const related of [parent, root]) {
    if (related !== undefined) add({ run: mentions.run(related), job: mentions.job(related.job) });
  }
  const missing = [...pairs].filter(([key]) => !scope.knownMembers.has(key));
  if (missing.length === 0) return;
  const runs = [...new Set(missing.map(([, pair]) => pair.run))]
    .filter((one) => !mentions.isNewRun(one))
    .sort((a, b) => a - b);
  for (const other of runs) if (other !== run) await lockRun(scope.tx, other);
  const stored = new Set(
    (await edgesAt(scope.tx, 'source', runs, 'member-of')).map(({ source, target }) => `${source} ${target}`),
  );
  const fresh = missing.filter(([key]) => !stored.has(key));
  if (fresh.length > 0) {
    const first = await scope.graph.db.nextIds(fresh.length);
    await insertEdges(
      scope.tx,
      scope.context,
      fresh.map(([, pair], index) => ({
        id: (first + index) as EdgeId,
        project: scope.project,
        source: pair.run,
        target: pair.job,
        kind: 'member-of',
        known: 'observed',
        validFrom: null,
        event: scope.eventId,
      })),
    );
  }
  scope.knownMembers.learn(scope.tx, new Map(missing.map(([key]) => [key, true])));
}

interface ParentEdge {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly subtype: string | null;
}

/** The parents that the facet names are the run's; those of an earlier facet are not. Cycles stay as they were told. */
export async function relateParents(
  scope: Scope,
  mentions: Mentions,
  run: NodeId,
  { parent, root }: Parents,
): Promise<void> {
  const { tx, graph, context, project, eventId } = scope;
  const wanted = new Map<string, { readonly source: NodeId; readonly subtype: string | undefined }>();
  const add = (related: ParentRun | undefined, subtype: string | undefined) => {
    if (related === undefined) return;
    const source = mentions.run(related);
    wanted.set(`${source} ${subtype ?? ''}`, { source, subtype });
  };
  add(parent, undefined);
  add(root, rootRun);
  const live = mentions.isNewRun(run)
    ? []
    : await tx.many<ParentEdge>(sql`SELECT id, source, subtype FROM edge
        WHERE target = ${run} AND kind = ${edgeKinds['parent-of']} AND known_to IS NULL
          AND face = ${faceCodes[context.face]}`);
  const stale: EdgeId[] = [];
  for (const edge of live) {
    if (!wanted.delete(`${edge.source} ${edge.subtype ?? ''}`)) stale.push(edge.id);
  }
  await closeEdges(tx, stale, context.clock.now(), eventId);
  if (wanted.size === 0) return;
  const first = await graph.db.nextIds(wanted.size);
  await insertEdges(
    tx,
    context,
    [...wanted.values()].map(
      ({ source, subtype }, index): NewEdge => ({
        id: (first + index) as EdgeId,
        project,
        source,
        target: run,
        kind: 'parent-of',
        ...(subtype !== undefined && { subtype }),
        known: 'observed',
        validFrom: null,
        event: eventId,
      }),
    ),
  );
}

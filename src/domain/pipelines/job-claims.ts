/**
 * A job event: what a job is declared to read and write when it will run. The latest declaration is the whole of it; what
 * an earlier one says, in whatever order they come, is not true any more.
 */
import type { EdgeId, NodeId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { faceCodes } from '../events/index.ts';
import { edgeKinds, insertEdges, knownHows, type NewEdge } from '../graph/index.ts';
import { datasetFacets, settleDatasets } from './dataset-claims.ts';
import { deriveEdges, dropDerivations, putDerivations } from './derivation.ts';
import type { EventScope, Recorded } from './event-recorder.ts';
import { type NewFacet, putFacets } from './facets.ts';
import type { JobEvent } from './lineage-event.ts';
import { datasetDerivations, Mentions, type NamedDerivation } from './mentions.ts';
import { roleOf } from './ml-facets.ts';
import { closeEdges } from './run-store.ts';
import { isLater, type Stamp } from './stamp.ts';
import { facetOf, jobLineageOf } from './standard-facets.ts';

type Scope = EventScope<JobEvent>;

export async function recordJobEvent(scope: Scope): Promise<Recorded> {
  const { tx, graph, context, project, event, eventId } = scope;
  const derivations = derivationsOf(event);
  const mentions = new Mentions(context.face);
  mentions.addJob(event.job);
  const datasets = [...event.inputs, ...event.outputs];
  for (const dataset of datasets) mentions.addDataset(dataset);
  for (const derivation of derivations) mentions.addDerivation(derivation, event.job);
  await Mentions.resolve(scope, [mentions]);
  const job = mentions.job(event.job);

  const declared = await tx.one<{ declared: Stamp | null }>(
    sql`SELECT declared FROM job WHERE node = ${job}${tx.dialect.forUpdate}`,
  );
  const isLatest = !declared?.declared || isLater(event.stamp, declared.declared);
  const ofDatasets = await datasetFacets(scope, mentions, datasets);
  const claim = { stamp: event.stamp, event: eventId };
  const facets: NewFacet[] = event.job.facets.map((facet) => ({ ...claim, owner: job, scope: 'job', facet }));
  for (const [direction, list] of [['input', event.inputs] as const, ['output', event.outputs] as const]) {
    for (const dataset of list) {
      const other = mentions.asset(dataset);
      for (const facet of dataset.useFacets)
        facets.push({ ...claim, owner: job, scope: direction, other, facet });
    }
  }
  const won = await putFacets(tx, graph, scope.knownBodies, project, [...facets, ...ofDatasets.facets]);
  const affected = await settleDatasets(scope, mentions, won);
  if (isLatest) {
    await tx.run(sql`UPDATE job SET declared = ${event.stamp} WHERE node = ${job}`);
    await declareUses(scope, mentions, job);
    const own = { job: event.job, node: job };
    const spoken = derivations.flatMap((derivation) => {
      const target = mentions.source(derivation.target, own);
      return target === undefined ? [] : mentions.derivation(derivation, target, job, own, claim);
    });
    affected.push(...(await dropDerivations(tx, job, new Set(spoken.map(({ target }) => target)))));
    affected.push(...(await putDerivations(tx, project, spoken)));
  }
  await deriveEdges(tx, graph, context, eventId, [...new Set(affected)]);
  return { node: job, touched: mentions.all().filter((node) => node !== job) };
}

function derivationsOf(event: JobEvent): NamedDerivation[] {
  const lineage = facetOf(event.job.facets, 'lineage');
  const ofJob = lineage === undefined ? [] : jobLineageOf(lineage);
  return [
    ...ofJob.map((entry) => ({ ...entry, origin: 'jobLineage' as const, removed: false })),
    ...event.outputs.flatMap(datasetDerivations),
  ];
}

interface DeclaredUse {
  readonly kind: 'used' | 'generated';
  readonly other: NodeId;
  /** What an input is for. */
  readonly role: string | null;
}

interface DeclaredEdge {
  readonly id: EdgeId;
  readonly other: NodeId;
  readonly kind: number;
  readonly subtype: string | null;
}

/** Edges from what the job reads and to what it writes; those that are not declared any more end. */
async function declareUses(scope: Scope, mentions: Mentions, job: NodeId): Promise<void> {
  const { tx, graph, context, project, event, eventId } = scope;
  const wanted = new Map<string, DeclaredUse>();
  const want = (use: DeclaredUse) => wanted.set(`${edgeKinds[use.kind]} ${use.other}`, use);
  for (const dataset of event.inputs) {
    const said = dataset.useFacets
      .filter(({ removed }) => !removed)
      .map(({ key, value }) => [key, value] as const);
    want({ kind: 'used', other: mentions.asset(dataset), role: roleOf(new Map(said)) });
  }
  for (const dataset of event.outputs)
    want({ kind: 'generated', other: mentions.asset(dataset), role: null });
  const mine = sql`face = ${faceCodes[context.face]} AND known = ${knownHows.declared} AND known_to IS NULL`;
  const live = await tx.many<DeclaredEdge>(sql`SELECT id, source AS other, kind, subtype FROM edge
      WHERE target = ${job} AND kind = ${edgeKinds.used} AND ${mine}
    UNION ALL SELECT id, target AS other, kind, subtype FROM edge
      WHERE source = ${job} AND kind = ${edgeKinds.generated} AND ${mine}`);
  const stale = live
    .filter(({ kind, other, subtype }) => {
      const place = `${kind} ${other}`;
      return wanted.get(place)?.role !== subtype || !wanted.delete(place);
    })
    .map(({ id }) => id);
  await closeEdges(tx, stale, context.clock.now(), eventId);
  if (wanted.size === 0) return;
  const first = await graph.db.nextIds(wanted.size);
  const edges = [...wanted.values()].map(({ kind, other, role }, index): NewEdge => {
    const id = (first + index) as EdgeId;
    const base = { id, project, kind, known: 'declared', validFrom: null, event: eventId } as const;
    return kind === 'used'
      ? { ...base, source: other, target: job, ...(role !== null && { subtype: role }) }
      : { ...base, source: job, target: other };
  });
  await insertEdges(tx, context, edges);
}

/** A run of a job that is a deployment: what should be believed of it, and what is. */
import type { Queries } from '../../db/db.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import { anyOf, joinSql, sql, textHead } from '../../kernel/sql.ts';
import { faceCodes } from '../events/index.ts';
import { edgeKinds, executionStates, type Graph, propertyScopes } from '../graph/index.ts';
import type { ServingRun } from '../pipelines/index.ts';
import type { Ending, Share } from './deployment.ts';
import { facts, type NewShare, type ShareKeys } from './deployment-store.ts';
import { type ToldDeployment, toldDeployment } from './told-deployment.ts';

/** The protocol by which runs of jobs are told. */
export const tellingFace = 'openlineage';

/** One that a run was ever said to be, whether or not that holds. */
export interface RunDeployment {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly run: Uid;
  readonly endpoint: NodeId;
  readonly slot: string;
}

/** What should be believed of one. */
export interface Wanted extends Omit<NewShare, 'deployment' | 'version'> {
  readonly told: ToldDeployment;
  readonly model: string;
}

export const heldBy = ({ facet }: ServingRun): ToldDeployment | undefined => facet && toldDeployment(facet);

/** Which of the records that tell of themselves are recorded here, by hand. */
export async function recordsAmong(
  queries: Queries,
  graph: Pick<Graph, 'types'>,
  project: ProjectId,
  told: readonly ToldDeployment[],
): Promise<ReadonlySet<string>> {
  const uids = told.flatMap(({ record }) => record ?? []);
  if (uids.length === 0) return new Set();
  const rows = await queries.many<{ uid: string }>(sql`SELECT n.uid FROM node n
    JOIN edge m ON m.source = n.id AND m.kind = ${edgeKinds['member-of']} AND m.face <> ${faceCodes[tellingFace]}
    WHERE n.project = ${project} AND n.uid ${anyOf(uids)} AND n.type = ${graph.types.deployment}`);
  return new Set(rows.map(({ uid }) => uid));
}

/** All that runs were ever said to be. */
export async function deploymentsOf(
  queries: Queries,
  graph: ShareKeys,
  project: ProjectId,
  runs: readonly Uid[],
): Promise<RunDeployment[]> {
  const key = (await graph.keys.find(queries, [facts.jobRun])).get(facts.jobRun);
  if (key === undefined || runs.length === 0) return [];
  // A uid is shorter than the head of a text that the index holds.
  return queries.many(sql`SELECT d.id AS node, d.uid, p.text AS run, m.target AS endpoint, m.source_slot AS slot
    FROM property p JOIN node d ON d.id = p.owner AND d.type = ${graph.types.deployment}
    JOIN edge m ON m.source = d.id AND m.kind = ${edgeKinds['member-of']}
    WHERE p.project = ${project} AND p.context = ${project as number} AND p.scope = ${propertyScopes.declared} AND p.key = ${key}
      AND ${textHead('p.text')} IN (${joinSql(
        runs.map((uid) => sql`${uid}`),
        ', ',
      )}) ORDER BY d.id`);
}

/** What follows from the run: pure. Undefined: it serves nothing, or nobody knows when it began. */
export function wantedOf(run: ServingRun, own: ReadonlySet<string>): Wanted | undefined {
  const told = heldBy(run);
  if (told === undefined || run.began === null) return undefined;
  if (told.record !== undefined && own.has(told.record)) return undefined;
  const { slot, percent, reference } = told;
  // An end that is told to have been before the beginning is one at once.
  const to = run.ended === null ? null : Math.max(run.ended, run.began);
  const ending = to === null ? null : endingOf(told, run.state);
  return { told, slot, percent, model: `models:/${reference}`, from: run.began, to, ending };
}

function endingOf({ ending }: ToldDeployment, state: number | null): Ending {
  return ending ?? (state === executionStates.failed ? 'failed' : 'retired');
}

export const isAt = (
  deployment: RunDeployment,
  { told }: Wanted,
  names: ReadonlyMap<NodeId, string>,
): boolean => names.get(deployment.endpoint) === told.endpoint && deployment.slot === told.slot;

export const says = (share: Share, { slot, percent, from, to, ending, model }: Wanted): boolean =>
  share.slot === slot &&
  share.percent === percent &&
  share.from === from &&
  share.to === to &&
  share.ending === ending &&
  share.model === model;

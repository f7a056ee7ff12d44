/** Reading jobs, their runs, facets, columns and the events that told of them. What reads them is loaded with the first question. */
import { notFound } from '../../kernel/errors.ts';
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import {
  type CursorValue,
  decodeCursor,
  encodeCursor,
  type Page,
  queryFingerprint,
} from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import { type ExecutionState, executionStates, findNode, type Graph, nodeKinds } from '../graph/index.ts';
import { nameContains } from '../search/index.ts';
import type { ColumnLink, LinkPlace } from './column-store.ts';
import { facetsOf, type StoredFacet } from './facet-reading.ts';
import type { FamilyMember } from './family-store.ts';
import type { DatasetName, Job, JobRun, Relative, RunUse, ToldState } from './job.ts';

/** What comes with one record; beyond, the answer says that it is not complete. */
export const shownLimits = { states: 1_000, uses: 2_500, ancestors: 100 } as const;

interface PageOf {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface JobDetails {
  readonly job: Job;
  readonly facets: readonly StoredFacet[];
  readonly inputs: readonly DatasetName[];
  readonly outputs: readonly DatasetName[];
}

export interface RunDetails {
  readonly run: JobRun;
  readonly states: readonly ToldState[];
  readonly inputs: readonly RunUse[];
  readonly outputs: readonly RunUse[];
  readonly parents: readonly Relative[];
  readonly roots: readonly Relative[];
  /** Its own, and of its inputs and outputs by `other`. */
  readonly facets: readonly StoredFacet[];
}

export interface Family {
  readonly run: Relative;
  /** The nearest first; of a cycle each once. */
  readonly ancestors: readonly Relative[];
  readonly roots: readonly Relative[];
  readonly children: Page<Relative>;
}

/** A link with the datasets at both ends. */
export interface NamedLink {
  readonly link: ColumnLink;
  readonly target: DatasetName;
  readonly source: DatasetName;
}

/** An event as it came. */
export interface KeptEvent {
  readonly id: EventId;
  /** ms */
  readonly recorded: number;
  readonly actor: string;
}

export class Jobs {
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** By namespace and name. */
  async list(
    context: RequestContext,
    project: ProjectId,
    filter: PageOf & {
      readonly namespace?: string | undefined;
      readonly search?: string | undefined;
      /** How many of the last runs of each are told. */
      readonly recent?: number | undefined;
    },
  ): Promise<Page<Job>> {
    const { namespace, search, limit, cursor, recent = 0 } = filter;
    const fingerprint = queryFingerprint(['jobs', project, namespace, search]);
    const after = cursor === undefined ? undefined : decodeCursor(cursor, fingerprint, 3, 'cursor');
    if (namespace?.includes('\0')) return { items: [] };
    const { listJobs } = await import('./job-store.ts');
    const { jobs, places } = await this.#graph.db.scan(
      (queries) =>
        listJobs(queries, this.#graph, project, {
          ...{ namespace, recent },
          search: search ? nameContains(this.#graph, search) : undefined,
          after: after && [String(after[0]), String(after[1]), idIn(after[2])],
          limit: limit + 1,
        }),
      context.signal,
    );
    return paged(jobs, limit, fingerprint, (index) => [...places[index]!]);
  }

  /** `not_found` on `job`. */
  async get(_context: RequestContext, project: ProjectId, uid: string): Promise<JobDetails> {
    const { declaredUses, findJob } = await import('./job-store.ts');
    return this.#graph.db.read(async (queries) => {
      const job = uid.includes('\0') ? undefined : await findJob(queries, this.#graph, project, uid);
      if (job === undefined) throw notFound(`There is no job ${JSON.stringify(uid)}`, 'job');
      const facets = await facetsOf(queries, this.#graph, [job.node], ['job']);
      return { job, facets, ...(await declaredUses(queries, job.node, shownLimits.uses)) };
    });
  }

  /** The one heard of last first. */
  async runs(
    context: RequestContext,
    project: ProjectId,
    filter: PageOf & { readonly job?: string | undefined; readonly state?: ExecutionState | undefined },
  ): Promise<Page<JobRun>> {
    const fingerprint = queryFingerprint(['job-runs', project, filter.job, filter.state]);
    const before = idOf(filter.cursor, fingerprint);
    const job =
      filter.job === undefined ? undefined : (await this.get(context, project, filter.job)).job.node;
    const { listRuns } = await import('./job-store.ts');
    const found = await this.#graph.db.scan(
      (queries) =>
        listRuns(queries, project, {
          job,
          state: filter.state && executionStates[filter.state],
          before,
          limit: filter.limit + 1,
        }),
      context.signal,
    );
    return paged(found, filter.limit, fingerprint, (index) => [found[index]!.node]);
  }

  /** `not_found` on `run`. */
  async run(context: RequestContext, project: ProjectId, uid: string): Promise<RunDetails> {
    const { findRun, statesOf, usesOfRun } = await import('./job-store.ts');
    const { findMember, parentsOfMember, rootsOfMember } = await import('./family-store.ts');
    return this.#graph.db.read(async (queries) => {
      const run = uid.includes('\0') ? undefined : await findRun(queries, project, uid);
      const member = run && (await findMember(queries, project, uid));
      if (run === undefined || member === undefined)
        throw notFound(`There is no run of a job ${JSON.stringify(uid)}`, 'run');
      return {
        run,
        states: await statesOf(queries, run.node, shownLimits.states),
        inputs: await usesOfRun(queries, context.scope, run.node, 'read', shownLimits.uses),
        outputs: await usesOfRun(queries, context.scope, run.node, 'write', shownLimits.uses),
        parents: await parentsOfMember(queries, this.#graph, member),
        roots: await rootsOfMember(queries, member),
        facets: await facetsOf(queries, this.#graph, [run.node], ['run', 'input', 'output']),
      };
    });
  }

  /** The runs above one, of jobs or of experiments, and those below it. `not_found` on `run`. */
  async family(_context: RequestContext, project: ProjectId, uid: string, page: PageOf): Promise<Family> {
    const fingerprint = queryFingerprint(['family', project, uid]);
    const { childrenOfMember, findMember, parentsOfMember, rootsOfMember } = await import(
      './family-store.ts'
    );
    const after = idOf(page.cursor, fingerprint) ?? 0;
    return this.#graph.db.read(async (queries) => {
      const run = uid.includes('\0') ? undefined : await findMember(queries, project, uid);
      if (run === undefined) throw notFound(`There is no run ${JSON.stringify(uid)}`, 'run');
      const seen = new Set([run.node]);
      const ancestors: FamilyMember[] = [];
      for (let level = [run]; level.length > 0 && ancestors.length < shownLimits.ancestors; ) {
        const parents: FamilyMember[] = [];
        for (const member of level) parents.push(...(await parentsOfMember(queries, this.#graph, member)));
        level = parents.filter(({ node }) => !seen.has(node) && seen.add(node));
        ancestors.push(...level);
      }
      const children = await childrenOfMember(queries, this.#graph, run, after, page.limit + 1);
      return {
        run,
        ancestors: ancestors.slice(0, shownLimits.ancestors),
        roots: await rootsOfMember(queries, run),
        children: paged(children, page.limit, fingerprint, (index) => [children[index]!.node]),
      };
    });
  }

  /** Facets of a dataset as they are now, or of one version as its run told them. `not_found` on `field`. */
  async facets(
    _context: RequestContext,
    project: ProjectId,
    of: 'dataset' | 'version',
    uid: string,
  ): Promise<StoredFacet[]> {
    return this.#graph.db.read(async (queries) => {
      const node = await this.#thing(queries, project, of, uid);
      return facetsOf(queries, this.#graph, [node], [of]);
    });
  }

  /** Where the fields of a version come from, or where they go. `not_found` on `version`. */
  async columns(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    query: PageOf & { readonly direction: 'upstream' | 'downstream'; readonly field?: string | undefined },
  ): Promise<Page<NamedLink>> {
    const { direction, field, limit, cursor } = query;
    const fingerprint = queryFingerprint(['columns', project, uid, direction, field, context.scope]);
    const after = cursor === undefined ? undefined : decodeCursor(cursor, fingerprint, 4, 'cursor').map(idIn);
    const { assetsOfVersions, columnsInto, columnsOutOf } = await import('./column-store.ts');
    const { datasetNames } = await import('./job-store.ts');
    return this.#graph.db.scan(async (queries) => {
      const version = await this.#thing(queries, project, 'version', uid);
      const find = direction === 'upstream' ? columnsInto : columnsOutOf;
      const page = { field, after: after as unknown as LinkPlace | undefined, limit: limit + 1 };
      const links = field?.includes('\0') ? [] : await find(queries, context.scope, version, page);
      const assets = await assetsOfVersions(
        queries,
        links.map(({ target }) => target),
      );
      const assetOf = (target: NodeId) => assets.get(target) ?? target;
      const names = await datasetNames(
        queries,
        links.flatMap(({ source, target }) => [source, assetOf(target)]),
      );
      const items = links.map((link) => ({
        link,
        target: names.get(assetOf(link.target))!,
        source: names.get(link.source)!,
      }));
      return paged(items, limit, fingerprint, (index) => [...links[index]!.place]);
    }, context.signal);
  }

  /** Events that were about a run of a job, the latest first. `not_found` on `run`. */
  async events(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    page: PageOf,
  ): Promise<Page<KeptEvent>> {
    const fingerprint = queryFingerprint(['lineage-events', project, uid]);
    const before = idOf(page.cursor, fingerprint) ?? Number.MAX_SAFE_INTEGER;
    const { findRun } = await import('./job-store.ts');
    const found = await this.#graph.db.scan(async (queries) => {
      const run = uid.includes('\0') ? undefined : await findRun(queries, project, uid);
      if (run === undefined) throw notFound(`There is no run of a job ${JSON.stringify(uid)}`, 'run');
      return queries.many<KeptEvent>(sql`SELECT id, recorded, actor FROM event WHERE node = ${run.node}
        AND action = 'lineage.event' AND id < ${before} ORDER BY id DESC LIMIT ${page.limit + 1}`);
    }, context.signal);
    return paged(found, page.limit, fingerprint, (index) => [found[index]!.id]);
  }

  /** The event as it was sent, byte for byte. `not_found` on `event`. */
  async sent(_context: RequestContext, project: ProjectId, id: number): Promise<string> {
    const row = await this.#graph.db.read((queries) =>
      queries.one<{ body: string }>(sql`SELECT b.body FROM event e JOIN event_body b ON b.event = e.id
        WHERE e.id = ${id} AND e.project = ${project} AND e.action = 'lineage.event'`),
    );
    if (row === undefined) throw notFound(`There is no event ${id} of a job or dataset`, 'event');
    return row.body;
  }

  async #thing(
    queries: Parameters<typeof findNode>[0],
    project: ProjectId,
    of: 'dataset' | 'version',
    uid: string,
  ): Promise<NodeId> {
    const node = uid.includes('\0') ? undefined : await findNode(queries, project, uid);
    const kind = of === 'dataset' ? nodeKinds.asset : nodeKinds.artifact;
    const type = this.#graph.types[of === 'dataset' ? 'dataset' : 'dataset-version'];
    if (node?.kind !== kind || node.type !== type)
      throw notFound(`There is no dataset${of === 'version' ? ' version' : ''} ${JSON.stringify(uid)}`, of);
    return node.id;
  }
}

function idOf(cursor: string | undefined, fingerprint: string): number | undefined {
  if (cursor === undefined) return undefined;
  return idIn(decodeCursor(cursor, fingerprint, 1, 'cursor')[0]);
}

/** A forged cursor leads nowhere. */
const idIn = (value: CursorValue | undefined): number =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;

/** `found` has one more than `limit` where there is a next page. */
function paged<T>(
  found: readonly T[],
  limit: number,
  fingerprint: string,
  placeOf: (index: number) => CursorValue[],
): Page<T> {
  const items = found.slice(0, limit);
  if (found.length <= limit || items.length === 0) return { items };
  return { items, cursor: encodeCursor(fingerprint, placeOf(items.length - 1)) };
}

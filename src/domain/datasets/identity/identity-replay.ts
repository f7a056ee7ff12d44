/** Says again what records hold, in parts; nothing happens where it is known. */
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import { claimingAs, type RequestContext } from '../../../kernel/request-context.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { type ChangeTx, faceCodes, type Journal } from '../../events/index.ts';
import { edgeKinds, type Graph, retractEdges } from '../../graph/index.ts';
import type { FollowBindings } from './claims.ts';
import { type MarkGroup, markOf } from './marks.ts';
import {
  type RecordedPage,
  recordedPlaces,
  recordedUses,
  recordedVersions,
  sharedPlaces,
} from './recorded-claims.ts';
import { type IdentityClaims, settleIdentity } from './settlement.ts';
import { Settling } from './settling.ts';

/** Records of one transaction. */
const part = 500;

const none: IdentityClaims = { made: new Set(), places: [], versions: [], uses: [], symlinks: new Map() };

export class IdentityReplay {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #context: RequestContext;
  readonly #follow: FollowBindings;

  /** `follow`: what a later slice derives from which version was read. */
  constructor(graph: Graph, journal: Journal, context: RequestContext, follow?: FollowBindings) {
    this.#graph = graph;
    this.#journal = journal;
    this.#follow = follow ?? (async () => {});
    this.#context = claimingAs(context, 'system');
  }

  /** Edges made or withdrawn. */
  async project(project: ProjectId): Promise<number> {
    const graph = this.#graph;
    const places = await this.#each(
      (after) => graph.db.read((queries) => recordedPlaces(queries, graph, project, after, part)),
      async (tx, items) => {
        for (const { mark, respelt } of items) {
          if (respelt === undefined) continue;
          await tx.run(sql`UPDATE node SET uri_canonical = ${respelt} WHERE id = ${mark.node}`);
        }
        return { ...none, places: items.map(({ mark }) => mark) };
      },
      project,
    );
    const versions = await this.#each(
      (after) => graph.db.read((queries) => recordedVersions(queries, graph, project, after, part)),
      async (_tx, items) => ({
        ...none,
        versions: items.map(({ claim, ...version }) => ({ ...version, mark: markOf(claim) })),
      }),
      project,
    );
    const uses = await this.#each(
      (after) => graph.db.read((queries) => recordedUses(queries, graph, project, after, part)),
      async (_tx, items) => ({ ...none, uses: items }),
      project,
    );
    return places + versions + uses;
  }

  /**
   * Joins what lies in one place in several projects, which an earlier version kept apart.
   */
  async sharedPlaces(): Promise<void> {
    for (let after: MarkGroup | undefined; ; ) {
      const groups = await this.#graph.db.read((queries) => sharedPlaces(queries, after, part));
      for (const [project, places] of Map.groupBy(groups, (group) => group.project)) {
        await this.#write(project, async (tx) => {
          const settling = new Settling({ tx, graph: this.#graph, context: this.#context, project });
          await this.#follow(tx, this.#context, await settleIdentity(settling, { ...none, again: places }));
          return settling.written;
        });
      }
      after = groups.at(-1);
      if (groups.length < part) return;
    }
  }

  /** What an earlier version said is the same, by other rules, ends: what follows now is said anew. */
  async endOldEdges(project: ProjectId): Promise<void> {
    for (let more = true; more; ) {
      more = await this.#write(project, async (tx) => {
        const rows = await tx.many<{ id: never }>(sql`SELECT id FROM edge WHERE project = ${project}
          AND kind = ${edgeKinds.same} AND known_to IS NULL AND face <> ${faceCodes.system}
          AND rule ${anyOf(['equal version', 'equal weak digest'])} LIMIT 10000`);
        await retractEdges(
          tx,
          this.#context,
          rows.map(({ id }) => id),
          tx.eventId,
        );
        return rows.length;
      }).then((ended) => ended > 0);
    }
  }

  async #each<T>(
    next: (after: number) => Promise<RecordedPage<T>>,
    claimsOf: (tx: ChangeTx, items: readonly T[]) => Promise<IdentityClaims>,
    project: ProjectId,
  ): Promise<number> {
    let written = 0;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: RecordedPage<T> = await next(after);
      if (page.items.length > 0) {
        written += await this.#write(project, async (tx) => {
          const claims = await claimsOf(tx, page.items);
          const settling = new Settling({ tx, graph: this.#graph, context: this.#context, project });
          await settleIdentity(settling, claims);
          return settling.written;
        });
      }
      after = page.next;
    }
    return written;
  }

  /** `body` resolves to how many edges it changed: where there are any, an event tells of them. */
  #write(project: ProjectId, body: (tx: ChangeTx) => Promise<number>): Promise<number> {
    return this.#journal.write(this.#context, project, 'identity.derive', async (tx) => {
      const edges = await body(tx);
      if (edges > 0) tx.record({ node: project as number as NodeId, body: { edges } });
      return edges;
    });
  }
}

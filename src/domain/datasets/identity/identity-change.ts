/**
 * Claims of identity in one transaction, and what follows from them (docs/decisions/0080):
 *
 *     const identity = new IdentityChange(tx, graph, context, project);
 *     const assets = await identity.ensureAssets([…]);
 *     const versions = await identity.ensureVersions([…]);
 *     identity.putUses([…]);
 *     identity.setSymlinks([…]);
 *     const rebound = await identity.settle();     // last, once
 *
 * Assets and versions are there at once; everything else is kept until `settle`, which holds the classes concerned, works out what
 * is the same and which version each read saw, and touches only the rows near what was claimed. The number of statements does not
 * depend on the number of claims.
 */
import { present } from '../../../kernel/assert.ts';
import type { EdgeId, NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { EventTx } from '../../events/index.ts';
import {
  claimKeys,
  type Graph,
  insertEdges,
  insertNodes,
  type NewEdge,
  type NewNode,
  wholeServer,
} from '../../graph/index.ts';
import type { ChangedBinding, DatasetUseClaim, NewAsset, NewVersion, VersionClaim } from './claims.ts';
import { markOf, type NewMark, placeMark } from './marks.ts';
import { settleIdentity } from './settlement.ts';
import { Settling } from './settling.ts';
import { chunksOf } from './value-table.ts';

export class IdentityChange {
  readonly #tx: EventTx;
  readonly #graph: Graph;
  readonly #context: RequestContext;
  readonly #project: ProjectId;
  readonly #made = new Set<NodeId>();
  readonly #places: NewMark[] = [];
  readonly #versions = new Map<NodeId, VersionToMark>();
  readonly #uses = new Map<string, DatasetUseClaim>();
  readonly #symlinks = new Map<NodeId, ReadonlySet<NodeId>>();

  constructor(tx: EventTx, graph: Graph, context: RequestContext, project: ProjectId) {
    this.#tx = tx;
    this.#graph = graph;
    this.#context = context;
    this.#project = project;
  }

  /** Nodes that this change made. */
  get made(): ReadonlySet<NodeId> {
    return this.#made;
  }

  /** The asset of each key; those that are missing are made, what is there stays as it was first said. */
  async ensureAssets(assets: readonly NewAsset[]): Promise<ReadonlyMap<string, NodeId>> {
    const unique = firstOfEach(assets);
    if (unique.size === 0) return new Map();
    const first = await this.#graph.db.nextIds(unique.size);
    const proposed = new Map([...unique.keys()].map((key, index) => [key, (first + index) as NodeId]));
    const found = await claimKeys(this.#tx, this.#project, 'dataset-asset', proposed);
    const now = this.#context.clock.now();
    const nodes: NewNode[] = [];
    const places = new Map<string, NodeId>();
    for (const [key, asset] of unique) {
      const id = present(found.get(key), 'node of a claimed key');
      if (id !== proposed.get(key)) continue;
      const uid = asset.uid ?? this.#context.newUid();
      const { name, uri, canonicalUri, context } = asset;
      nodes.push({
        ...{ id, uid, project: this.#project, context, kind: 'asset', type: this.#graph.types.dataset },
        ...{ name, uri, canonicalUri, state: null, created: now, started: now, ended: null, mark: 0 },
      });
      this.#made.add(id);
      if (canonicalUri === null) continue;
      this.#places.push({ ...placeMark(canonicalUri), node: id, project: this.#project, asset: id, uid });
      if (!places.has(canonicalUri)) places.set(canonicalUri, id);
    }
    await this.#insert(nodes, []);
    // Two that make assets of one place, in whichever projects, wait for each other here, so that the second sees the first.
    await claimKeys(this.#tx, wholeServer, 'dataset-place', places);
    return found;
  }

  /**
   * The version of each key, made where it is missing, with the edge to its asset and, where it has a context of its own, to that.
   * What is said of the content counts for those that are made; of others `setVersionIdentity` tells.
   */
  async ensureVersions(versions: readonly NewVersion[]): Promise<ReadonlyMap<string, NodeId>> {
    const unique = firstOfEach(versions);
    if (unique.size === 0) return new Map();
    const first = await this.#graph.db.nextIds(unique.size * 3);
    const proposed = new Map([...unique.keys()].map((key, index) => [key, (first + 3 * index) as NodeId]));
    const found = await claimKeys(this.#tx, this.#project, 'dataset-record', proposed);
    const project = this.#project;
    const nodes: NewNode[] = [];
    const edges: NewEdge[] = [];
    for (const [key, version] of unique) {
      const id = present(found.get(key), 'node of a claimed key');
      if (id !== proposed.get(key)) continue;
      const uid = version.uid ?? this.#context.newUid();
      const { asset, name, uri, canonicalUri, created, context, since = created } = version;
      const { event = this.#tx.eventId } = version;
      nodes.push({
        ...{ id, uid, project, context: context ?? (project as number as NodeId), kind: 'artifact' },
        ...{ type: this.#graph.types['dataset-version'], name, uri, canonicalUri, state: null },
        ...{ created, started: since, ended: null, mark: 0 },
      });
      const assertion = { project, source: id, known: 'observed', validFrom: since } as const;
      edges.push({ ...assertion, event, id: (id + 1) as EdgeId, target: asset, kind: 'version-of' });
      if (context !== undefined) {
        edges.push({ ...assertion, event, id: (id + 2) as EdgeId, target: context, kind: 'member-of' });
      }
      this.#made.add(id);
      this.#versions.set(id, { asset, uid, claim: version });
    }
    await this.#insert(nodes, edges);
    return found;
  }

  /** What is known of the content of versions now, in place of what was said before. */
  setVersionIdentity(
    claims: readonly (VersionClaim & {
      readonly version: NodeId;
      readonly asset: NodeId;
      readonly uid: Uid;
    })[],
  ): void {
    for (const { version, asset, uid, ...claim } of claims)
      this.#versions.set(version, { asset, uid, claim });
  }

  /** That runs read and wrote; each in place of what was said before of the same run, asset, direction and record. */
  putUses(uses: readonly DatasetUseClaim[]): void {
    for (const use of uses) {
      this.#uses.set([use.run, use.asset, use.direction, use.record].join(' '), use);
    }
  }

  /** Which other assets each asset is said to be, all of them: those that are no longer among them part again. */
  setSymlinks(links: readonly { readonly asset: NodeId; readonly others: readonly NodeId[] }[]): void {
    for (const { asset, others } of links) {
      this.#symlinks.set(asset, new Set(others.filter((other) => other !== asset)));
    }
  }

  /** Works out what follows from the claims; the last step. Resolves to the reads that are bound to another version now. */
  async settle(): Promise<ChangedBinding[]> {
    const versions = [...this.#versions].map(([node, { asset, uid, claim }]) => ({
      ...{ node, asset, uid, mark: markOf(claim) },
    }));
    return settleIdentity(
      new Settling({ tx: this.#tx, graph: this.#graph, context: this.#context, project: this.#project }),
      {
        made: this.#made,
        places: this.#places,
        versions,
        uses: [...this.#uses.values()],
        symlinks: this.#symlinks,
      },
    );
  }

  async #insert(nodes: readonly NewNode[], edges: readonly NewEdge[]): Promise<void> {
    for (const chunk of chunksOf(nodes, recordsPerStatement)) await insertNodes(this.#tx, chunk);
    for (const chunk of chunksOf(edges, recordsPerStatement))
      await insertEdges(this.#tx, this.#context, chunk);
  }
}

function firstOfEach<T extends { readonly key: string }>(items: readonly T[]): Map<string, T> {
  const unique = new Map<string, T>();
  for (const item of items) if (!unique.has(item.key)) unique.set(item.key, item);
  return unique;
}

/** Rows of one statement: eighteen values each. */
const recordsPerStatement = 1_000;

interface VersionToMark {
  readonly asset: NodeId;
  readonly uid: Uid;
  readonly claim: VersionClaim;
}

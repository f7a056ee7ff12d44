import type { EdgeId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { ChangeTx } from '../events/index.ts';
import { claimKeys, type Graph, insertEdges, insertNodes } from '../graph/index.ts';

export interface NewAsset {
  readonly key: string;
  readonly uid?: Uid | undefined;
  readonly name: string;
  readonly uri: string | null;
  readonly canonicalUri: string | null;
  readonly context: NodeId;
}
export interface VersionClaim {
  readonly explicit?: string | undefined;
  readonly strong?: string | undefined;
  readonly weak?: string | undefined;
}
export interface NewVersion extends VersionClaim {
  readonly key: string;
  readonly uid?: Uid | undefined;
  readonly asset: NodeId;
  readonly name: string;
  readonly uri: string | null;
  readonly canonicalUri: string | null;
  readonly context?: NodeId | undefined;
  readonly created: number;
}
export interface DatasetUseClaim {
  readonly asset: NodeId;
  readonly direction: 'read' | 'write';
  readonly at: number;
  readonly run: NodeId;
  readonly record: NodeId;
  readonly explicit?: string | undefined;
  readonly binds: boolean;
}
export interface ChangedBinding {
  readonly run: NodeId;
  readonly asset: NodeId;
  readonly record: NodeId;
  readonly before: NodeId | undefined;
  readonly after: NodeId | undefined;
}

export async function ensureAssets(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  assets: readonly NewAsset[],
): Promise<ReadonlyMap<string, NodeId>> {
  const first = await graph.db.nextIds(assets.length);
  const held = await claimKeys(
    tx,
    project,
    'dataset-asset',
    new Map(assets.map((a, i) => [a.key, (first + i) as NodeId])),
  );
  const now = context.clock.now();
  await insertNodes(
    tx,
    assets.flatMap((a, i) =>
      held.get(a.key) !== first + i
        ? []
        : [
            {
              id: (first + i) as NodeId,
              uid: a.uid ?? context.newUid(),
              project,
              context: a.context,
              kind: 'asset' as const,
              type: graph.types.dataset,
              name: a.name,
              state: null,
              uri: a.uri,
              canonicalUri: a.canonicalUri,
              created: now,
              started: null,
              ended: null,
              mark: 0,
            },
          ],
    ),
  );
  return held;
}
export async function ensureVersions(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  versions: readonly NewVersion[],
): Promise<ReadonlyMap<string, NodeId>> {
  const first = await graph.db.nextIds(versions.length * 2);
  const held = await claimKeys(
    tx,
    project,
    'dataset-record',
    new Map(versions.map((a, i) => [a.key, (first + i) as NodeId])),
  );
  const now = context.clock.now();
  const fresh = versions.flatMap((a, i) => (held.get(a.key) !== first + i ? [] : [{ a, i }]));
  await insertNodes(
    tx,
    fresh.map(({ a, i }) => ({
      id: (first + i) as NodeId,
      uid: a.uid ?? context.newUid(),
      project,
      context: (a.context ?? (project as number)) as NodeId,
      kind: 'artifact' as const,
      type: graph.types['dataset-version'],
      name: a.name,
      state: null,
      uri: a.uri,
      canonicalUri: a.canonicalUri,
      created: now,
      started: null,
      ended: null,
      mark: 0,
    })),
  );
  await insertEdges(
    tx,
    context,
    fresh.map(({ a, i }) => ({
      id: (first + versions.length + i) as EdgeId,
      project,
      source: (first + i) as NodeId,
      target: a.asset,
      kind: 'version-of' as const,
      known: 'observed' as const,
      validFrom: null,
      event: tx.eventId,
    })),
  );
  return held;
}
export async function setVersionIdentity(
  _tx: ChangeTx,
  _graph: Graph,
  _context: RequestContext,
  _project: ProjectId,
  _version: NodeId,
  _claim: VersionClaim,
): Promise<void> {}
export async function putUses(
  _tx: ChangeTx,
  _graph: Graph,
  _context: RequestContext,
  _project: ProjectId,
  _uses: readonly DatasetUseClaim[],
): Promise<void> {}
export async function setSymlinks(
  _tx: ChangeTx,
  _graph: Graph,
  _context: RequestContext,
  _project: ProjectId,
  _asset: NodeId,
  _others: readonly NodeId[],
): Promise<void> {}
export async function settleIdentity(
  _tx: ChangeTx,
  _graph: Graph,
  _context: RequestContext,
  _project: ProjectId,
  _assets: readonly NodeId[],
): Promise<readonly ChangedBinding[]> {
  return [];
}

/** That runs read and write datasets: the least time at which an event says so, and the version that the latest one names. */
import type { Tx } from '../../db/db.ts';
import type { EdgeId, EventId, NodeId } from '../../kernel/ids.ts';
import type { DatasetUseClaim } from '../datasets/index.ts';
import { insertEdges, type NewEdge } from '../graph/index.ts';
import { type IoDirection, ioDirections } from './codes.ts';
import type { RecordScope } from './event-recorder.ts';
import { type Roles, readKey, rolesBefore, type ToldRole } from './run-roles.ts';
import { beginningOf, countsAsWritten, type RunPicture, writtenAt } from './run-state.ts';
import { closeEdges, putIo, type RunIo } from './run-store.ts';
import type { RunStory, ToldRun } from './run-story.ts';
import type { RunVersions } from './run-versions.ts';
import { isLater } from './stamp.ts';
import { facetOf, versionOf } from './standard-facets.ts';

/** What a run reads and writes, as it was and as it is. */
export interface StoryUses {
  readonly story: RunStory;
  readonly before: readonly RunIo[];
  readonly now: readonly RunIo[];
}

/** That the run of the event reads or writes a dataset. */
interface Use {
  readonly direction: IoDirection;
  readonly asset: NodeId;
  /** Undefined: the event says nothing of it. Null: it takes back what was said. */
  readonly version: string | null | undefined;
}

/** Keeps what is new or earlier than was known, as rows and as edges. `stored`: all rows of the runs. */
export async function putUsesOfRuns(
  { tx, graph, context, project }: RecordScope,
  stories: readonly RunStory[],
  versions: RunVersions,
  stored: readonly RunIo[],
  roles: Roles,
): Promise<StoryUses[]> {
  const byRun = Map.groupBy(stored, ({ run }) => run);
  const told: ToldUse[] = [];
  const uses = stories.map((story): StoryUses => {
    const before = byRun.get(story.run) ?? [];
    const { rows, touched } = withUses(story, versions, before);
    const known = new Map(before.map((row) => [placeOf(row), row]));
    for (const [place, row] of rows) {
      const role = row.direction === ioDirections.read ? roles.get(readKey(row.run, row.asset)) : undefined;
      const event = touched.get(place) ?? role?.event;
      if (event !== undefined) told.push({ row: { ...row }, event, before: known.get(place), role });
    }
    return { story, before, now: [...rows.values()] };
  });
  if (told.length === 0) return uses;
  const asserted = await assertedAgain(tx, told);
  const first = asserted.length === 0 ? 0 : await graph.db.nextIds(asserted.length);
  const edges = asserted.map(({ row, event, subtype }, index): NewEdge => {
    row.edge = (first + index) as EdgeId;
    const base = { id: row.edge, project, known: 'observed', validFrom: row.first, event } as const;
    if (row.direction === ioDirections.write)
      return { ...base, source: row.run, target: row.record, kind: 'generated' };
    return {
      ...{ ...base, source: row.asset, target: row.run, kind: 'used' },
      ...(subtype !== null && { subtype }),
    };
  });
  const stale = asserted.flatMap(({ before }) => before?.edge ?? []);
  await closeEdges(tx, stale, context.clock.now(), tx.eventId);
  await insertEdges(tx, context, edges);
  await putIo(
    tx,
    told.map(({ row }) => row),
  );
  return uses;
}

/** What is told of a reading or writing. */
interface ToldUse {
  readonly row: RunIo;
  readonly event: EventId;
  readonly before: RunIo | undefined;
  readonly role: ToldRole | undefined;
}

/** Those whose edge is another one now: it holds from another time, or is for something else; with what it is for. */
async function assertedAgain(
  tx: Tx,
  told: readonly ToldUse[],
): Promise<(ToldUse & { readonly subtype: string | null })[]> {
  const isEarlier = ({ row, before }: ToldUse) => before?.first !== row.first;
  const known = await rolesBefore(
    tx,
    told.flatMap((use) =>
      use.before?.direction === ioDirections.read && (isEarlier(use) || use.role !== undefined)
        ? use.before
        : [],
    ),
  );
  return told.flatMap((use) => {
    const until = use.before === undefined ? null : (known.get(use.before.edge) ?? null);
    const subtype = use.role === undefined ? until : use.role.role;
    return isEarlier(use) || (use.role !== undefined && subtype !== until) ? { ...use, subtype } : [];
  });
}

const placeOf = ({ direction, asset }: Pick<RunIo, 'direction' | 'asset'>): string => `${direction} ${asset}`;

/** The rows with what is told, and the places of those that changed, with the event that says since when. */
function withUses(
  { run, told }: RunStory,
  versions: RunVersions,
  before: readonly RunIo[],
): { readonly rows: ReadonlyMap<string, RunIo>; readonly touched: ReadonlyMap<string, EventId> } {
  const rows = new Map(before.map((row) => [placeOf(row), row]));
  const touched = new Map<string, EventId>();
  for (const one of told) {
    const { time, stamp } = one.event;
    for (const { direction, asset, version } of usesOf(one)) {
      const code = ioDirections[direction];
      const place = placeOf({ direction: code, asset });
      const known = rows.get(place);
      const isEarlier = known === undefined || time.ms < known.first;
      // What one event says twice counts as it says it last.
      const names = version !== undefined && (!known?.version_stamp || !isLater(known.version_stamp, stamp));
      if (!isEarlier && !names) continue;
      if (isEarlier || !touched.has(place)) touched.set(place, one.eventId);
      rows.set(place, {
        ...{ run, direction: code, asset },
        first: isEarlier ? time.ms : known.first,
        version: names ? version : (known?.version ?? null),
        version_stamp: names ? stamp : (known?.version_stamp ?? null),
        record: known?.record ?? (direction === 'write' ? versions.written(run, asset) : asset),
        edge: known?.edge ?? (0 as EdgeId),
      });
    }
  }
  return { rows, touched };
}

function usesOf({ event, mentions, targets }: ToldRun): Use[] {
  const uses: Use[] = [];
  const said = new Set<NodeId>();
  for (const dataset of event.inputs) {
    const version = versionOf(facetOf(dataset.facets, 'version'));
    uses.push({ direction: 'read', asset: mentions.asset(dataset), version });
  }
  for (const dataset of event.outputs) {
    const asset = mentions.asset(dataset);
    said.add(asset);
    uses.push({ direction: 'write', asset, version: versionOf(facetOf(dataset.facets, 'version')) });
  }
  for (const target of targets) {
    const asset = mentions.asset(target);
    if (said.has(asset)) continue;
    said.add(asset);
    uses.push({ direction: 'write', asset, version: undefined });
  }
  return uses;
}

/** Versions that are known to have been made earlier than was thought: so was what they are derived from. */
export function earlierWrites(before: readonly RunIo[], now: readonly RunIo[]): NodeId[] {
  const times = new Map(before.map(({ record, first }) => [record, first]));
  return now
    .filter(
      ({ direction, record, first }) =>
        direction === ioDirections.write && times.has(record) && times.get(record) !== first,
    )
    .map(({ record }) => record);
}

/** What was written under another version's name than before, or under one for the first time. */
export function renamedVersions(before: readonly RunIo[], now: readonly RunIo[]): RunIo[] {
  const names = new Map(before.map(({ record, version }) => [record, version]));
  return now.filter(
    ({ direction, record, version }) =>
      direction === ioDirections.write && version !== (names.get(record) ?? null),
  );
}

/** What identity follows from, where it is not what it was. */
export function useClaims({ story, before, now }: StoryUses): DatasetUseClaim[] {
  const known = new Map(before.map((row) => [placeOf(row), row]));
  return now.flatMap((row) => {
    const claim = claimOf(row, story.picture);
    const old = known.get(placeOf(row));
    return old !== undefined && isSameClaim(claimOf(old, story.before), claim) ? [] : claim;
  });
}

function isSameClaim(a: DatasetUseClaim, b: DatasetUseClaim): boolean {
  return a.at === b.at && a.binds === b.binds && a.explicit === b.explicit;
}

function claimOf(row: RunIo, picture: RunPicture): DatasetUseClaim {
  const { run, asset, record, first, version } = row;
  if (row.direction === ioDirections.read) {
    const at = beginningOf(picture) ?? first;
    const explicit = version === null ? undefined : version;
    return { asset, direction: 'read', at, run, record, explicit, binds: true };
  }
  return {
    ...{ asset, direction: 'write', run, record },
    at: writtenAt(picture, first),
    binds: countsAsWritten(picture),
  };
}

/**
 * One look at the log: where edges were asserted or retracted, who is near, whether a taint is among their causes, and if so which model
 * versions derive from that taint by now. Near means: the ends of those edges; their causes are one small walk up, for all of them together.
 * Only a taint that is met is walked down from, once a look.
 */
import type { EventId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Events, Journal } from '../../events/index.ts';
import type { World } from '../answers/labels.ts';
import { walkLimits } from '../lineage.ts';
import { describedNodes } from '../references.ts';
import type { Walks } from '../walks/walks.ts';
import { declarationsOf } from './declaration-store.ts';
import {
  endsOfEdges,
  endWatch,
  isLive,
  type Logged,
  liveTaints,
  loggedAfter,
  moveWatch,
  putReached,
  type Taint,
  taintedNodes,
  untouched,
  watchedTo,
} from './taint-store.ts';
import { modelVersionsOf } from './taints.ts';

/** Positions of one look. */
const windowOfLook = 2_000;
/** Ends of new edges that are walked up from together; of more, every taint is taken for met. */
const mostEnds = 10_000;
/** The walk up from them. One that meets its limits takes every taint for met. */
const near = { nodes: 50_000, edges: 500_000 };

export interface Looking {
  readonly world: World;
  readonly walks: Walks;
  readonly journal: Journal;
  readonly events: Events;
}

/** To the end of the log; resolves to whether anything is tainted. */
export async function look(looking: Looking, context: RequestContext): Promise<boolean> {
  const { world } = looking;
  const { db } = world.graph;
  let position = await db.read(watchedTo);
  while (position !== undefined && !context.signal.aborted) {
    const at: number = position;
    const now = context.clock.now();
    const taints = await db.read((queries) => liveTaints(queries, now, world.scope));
    if (taints.length === 0) {
      await db.write((tx) => endWatch(tx, now));
      return false;
    }
    const end = await looking.events.last();
    const logged = await db.read((queries) => loggedAfter(queries, at, windowOfLook));
    for (const taint of await met(looking, context, taints, logged)) await tell(looking, context, taint);
    const reached = Math.min(at + windowOfLook, Math.max(end, at));
    if (reached > at) await db.write((tx) => moveWatch(tx, reached));
    if (reached >= end) return true;
    position = reached;
  }
  return position !== undefined;
}

/** Those of the taints that something derives from which these events changed; a taint that is new among them. */
async function met(
  { world, walks }: Looking,
  context: RequestContext,
  taints: readonly Taint[],
  logged: readonly Logged[],
): Promise<readonly Taint[]> {
  if (taints.length === 0) return [];
  // A declaration says what it touched then; what came in between is looked for once.
  const declaring = new Set(
    logged.flatMap(({ action, project }) => (action === 'taint.declare' ? project : [])),
  );
  const fresh = taints.filter((taint) => declaring.has(taint.project));
  if (fresh.length === taints.length) return taints;
  const { db } = world.graph;
  const events: EventId[] = logged.map(({ id }) => id);
  const ends = await db.read((queries) => endsOfEdges(queries, events, mostEnds));
  if (ends.length === 0) return fresh;
  if (ends.length >= mostEnds) return taints;
  const wrong = new Map<number, Taint[]>();
  return walks.walkFor(
    context,
    async (queries) => {
      for (const taint of taints) {
        for (const id of await taintedNodes(queries, taint, walkLimits.versions)) {
          wrong.set(id, [...(wrong.get(id) ?? []), taint]);
        }
      }
      const among = [...wrong.keys()];
      const question = { starts: ends, direction: 'up' as const, among, limit: among.length };
      return { walk: { ...question, openEnds: 0, limits: near } };
    },
    async (_, { sure, unsure, openEndCounts }) => {
      if (openEndCounts.limit > 0) return taints;
      return [...new Set([...fresh, ...[...sure, ...unsure].flatMap(({ node }) => wrong.get(node) ?? [])])];
    },
  );
}

/**
 * An event for each model version that derives from it and that was not known to, in the project of that version: of what is wrong in
 * another project it names the project alone, since not everybody who sees the one may see the other.
 */
async function tell(
  { world, walks, journal }: Looking,
  context: RequestContext,
  taint: Taint,
): Promise<void> {
  const { graph } = world;
  const models = await modelVersionsOf(walks, context, taint);
  const fresh = await graph.db.scan((queries) => untouched(queries, graph, taint, models), context.signal);
  if (fresh.length === 0) return;
  const nodes = [taint.node, ...fresh.map(({ id }) => id)];
  const { names, note } = await graph.db.scan(async (queries) => {
    const [said] = await declarationsOf(queries, graph, taint.project, 'taint', {
      nodes: [taint.node],
      limit: 1,
    });
    return { names: await describedNodes(queries, world, nodes), note: said?.note ?? null };
  }, context.signal);
  const of = names.get(taint.node);
  for (const { id, uid, project } of fresh) {
    if (context.signal.aborted) return;
    const model = names.get(id);
    const isOwn = project === taint.project;
    const what = { of: of?.uid, label: of?.label, type: of?.type, uri: of?.uri, note };
    await journal.write(context, project, 'taint.reach', async (tx) => {
      if (!(await isLive(tx, taint.id))) return;
      if ((await putReached(tx, taint, [id], tx.eventId)) === 0) return;
      tx.record({
        node: id,
        touched: isOwn ? [taint.node] : [],
        body: {
          ...{ taint: taint.id, ...(isOwn ? what : { project: of?.project }) },
          ...{ since: taint.since, model: model?.label, version: uid },
        },
      });
    });
  }
}

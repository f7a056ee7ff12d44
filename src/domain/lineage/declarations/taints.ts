/**
 * Taints: that a version, or versions of a dataset or a model since some day, are wrong. What one touches is what derives from it now,
 * asked when it is asked; which model versions it was known to touch is kept, so that one that comes to derive from it later is told of
 * once (taint-watch.ts).
 */
import type { Queries } from '../../../db/db.ts';
import type { Strength } from '../../../engines/graph/index.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import type { Journal } from '../../events/index.ts';
import { nodeKinds } from '../../graph/index.ts';
import type { FoundRow } from '../answers/answer-stream.ts';
import { servingAt } from '../answers/evidence-store.ts';
import type { World } from '../answers/labels.ts';
import type { WalkQuestion } from '../answers/walk-told.ts';
import { walkLimits } from '../lineage.ts';
import { type Found, type Impact, impactTold } from '../questions.ts';
import { describedNodes, requireReference } from '../references.ts';
import { sameAs, startsOf } from '../starts.ts';
import type { Walks } from '../walks/walks.ts';
import { type DeclarationKind, declarationsOf } from './declaration-store.ts';
import {
  type Declaration,
  declare,
  listDeclarations,
  type NewDeclaration,
  requireThing,
} from './declarations.ts';
import { beginWatch, liveTaints, putReached, type Taint, taintedNodes, untouched } from './taint-store.ts';

const limits = { nodes: walkLimits.nodes, edges: walkLimits.edges };

/** Types of nodes that are models to people. */
const modelTypes: ReadonlySet<string> = new Set(['model-version', 'logged-model']);

export async function declareTaint(
  world: World,
  walks: Walks,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  said: NewDeclaration,
  /** Position up to which the log is looked through anyway. */
  logged: number,
): Promise<Declaration> {
  const { db } = world.graph;
  const asked = { text: said.of, field: 'of' };
  const node = await db.scan((queries) => requireReference(queries, world, project, asked), context.signal);
  // What it touches by now is no news. Whatever comes to derive from it from here on, the watch sees in the log.
  const draft = { ...node, node: node.id, since: said.from ?? null };
  const models = await modelVersionsOf(walks, context, draft);
  return declare(world, journal, context, project, 'taint', said, async (tx, id) => {
    const taint = { id, project };
    const touched = await untouched(tx, world.graph, taint, models);
    await putReached(
      tx,
      taint,
      touched.map((one) => one.id),
      tx.eventId,
    );
    await beginWatch(tx, logged);
  });
}

/** All model versions that derive from what is wrong by it. */
export async function modelVersionsOf(
  walks: Walks,
  context: RequestContext,
  taint: Pick<Taint, 'node' | 'kind' | 'since'>,
): Promise<NodeId[]> {
  const { pages } = await walks.pagesFor(context, async (queries) => ({
    walk: await downFrom(queries, taint),
  }));
  const found: NodeId[] = [];
  for await (const page of pages)
    for (const { type, id } of page) if (type === 'model-version') found.push(id);
  return found;
}

async function downFrom(
  queries: Queries,
  taint: Pick<Taint, 'node' | 'kind' | 'since'>,
): Promise<WalkQuestion> {
  const starts = await taintedNodes(queries, taint, walkLimits.versions);
  return { starts, direction: 'down', kinds: ['artifact'], limit: 1, openEnds: walkLimits.openEnds, limits };
}

export interface Reach {
  readonly taint: Declaration;
  /** What is deployed now and derives from it, surely or maybe; and of what nobody can say. */
  readonly deployed: Impact;
  /** Models that derive from it and are not deployed, nearest first. */
  readonly models: readonly (Pick<FoundRow, 'uid' | 'type' | 'name' | 'strength' | 'hops'> & {
    readonly label: string;
    /** Name of its project. */
    readonly project: string;
  })[];
  /** How many things of each type derive from it. */
  readonly counts: readonly { readonly type: string; readonly count: number }[];
}

/** What is touched, whether or not it is declared yet. */
export interface Touched extends Omit<Reach, 'taint'> {
  /** Versions that are wrong themselves. */
  readonly versions: number;
}

/** What the live taint of a node touches now. Undefined where there is none. */
export async function reachOf(
  world: World,
  walks: Walks,
  context: RequestContext,
  project: ProjectId,
  of: string,
  limit: number,
): Promise<Reach | undefined> {
  const { items } = await listDeclarations(world, context, project, 'taint', { of, limit: 1 });
  const [taint] = items;
  if (taint === undefined) return undefined;
  const { versions: _, ...touched } = await touchedBy(world, walks, context, project, {
    ...{ of: taint.node.uid, since: taint.from, limit },
  });
  return { taint, ...touched };
}

/** What would be touched if this were declared wrong now. */
export async function touchedBy(
  world: World,
  walks: Walks,
  context: RequestContext,
  project: ProjectId,
  { of, since, limit }: { readonly of: string; readonly since: number | null; readonly limit: number },
): Promise<Touched> {
  let versions = 0;
  const ask = async (queries: Queries) => {
    const node = await requireThing(queries, world, project, 'taint', of);
    const walk = await downFrom(queries, { ...node, node: node.id, since });
    // Of an asset it stands itself among what is walked from.
    versions = node.kind === nodeKinds.asset ? await versionsAmong(queries, walk.starts) : 1;
    return { node, walk };
  };
  const deployed = await walks.walkFor(
    context,
    async (queries) => {
      const { node, walk } = await ask(queries);
      const serving = await servingAt(queries, world, {});
      const byVersion = Map.groupBy(serving, ({ version }) => version);
      const { kinds: _, ...down } = walk;
      return { node, byVersion, walk: { ...down, among: [...byVersion.keys()], doubts: true, limit } };
    },
    (queries, told, before) => impactTold(queries, world, told, before),
  );
  const serving = new Set([...deployed.derives, ...deployed.mayDerive].map(({ node }: Found) => node.uid));
  const counts = new Map<string, number>();
  const models: FoundRow[] = [];
  const { pages } = await walks.pagesFor(context, ask);
  for await (const page of pages) {
    for (const row of page) {
      if (row.hops === 0) continue;
      counts.set(row.type, (counts.get(row.type) ?? 0) + 1);
      if (modelTypes.has(row.type) && !serving.has(row.uid) && models.length < limit) models.push(row);
    }
  }
  const described = await world.graph.db.scan(
    (queries) =>
      describedNodes(
        queries,
        world,
        models.map(({ id }) => id),
      ),
    context.signal,
  );
  return {
    ...{ versions, deployed },
    models: models.map(({ id, uid, type, name, strength, hops }) => ({
      ...{ uid, type, name, strength, hops, project: described.get(id)?.project ?? '' },
      label: described.get(id)?.label ?? name ?? type,
    })),
    counts: [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => (a.type < b.type ? -1 : 1)),
  };
}

async function versionsAmong(queries: Queries, starts: readonly number[]): Promise<number> {
  const row = await queries.one<{ count: number }>(sql`SELECT COUNT(*) AS count FROM node n
    WHERE n.id ${anyOf(starts)} AND n.kind = ${nodeKinds.artifact}`);
  return Number(row?.count ?? 0);
}

export interface Mark {
  readonly taint: Declaration;
  /** It is this node that is wrong, not something that it derives from. */
  readonly own: boolean;
  readonly strength: Strength;
  readonly hops: number;
}

export interface Marks {
  readonly source: Declaration | undefined;
  readonly taints: readonly Mark[];
}

/** What a page of a node has to say of it: that it is declared a source, and which live taints reach it. Costs next to nothing where nothing is declared. */
export async function marksOf(
  world: World,
  walks: Walks,
  context: RequestContext,
  project: ProjectId,
  of: string,
): Promise<Marks> {
  const now = context.clock.now();
  const first = await world.graph.db.scan(async (queries) => {
    const node = await requireReference(queries, world, project, { text: of, field: 'of' });
    const own = [...(await sameAs(queries, [node.id], {}))];
    const sources = await declaredAnywhere(queries, world, 'origin', own);
    const taints = await liveTaints(queries, now, world.scope);
    return { node, sources, taints };
  }, context.signal);
  const { node, sources, taints } = first;
  const wrong = new Map<number, Taint[]>();
  const reached =
    taints.length === 0
      ? []
      : await walks.walkFor(
          context,
          async (queries) => {
            for (const taint of taints) {
              for (const id of await taintedNodes(queries, taint, walkLimits.versions)) {
                wrong.set(id, [...(wrong.get(id) ?? []), taint]);
              }
            }
            const starts = await startsOf(queries, world.graph, node, 'up', {});
            const among = [...wrong.keys()];
            return {
              walk: { starts, direction: 'up' as const, among, limit: among.length, openEnds: 0, limits },
            };
          },
          async (_, told) => [...told.sure, ...told.unsure],
        );
  const best = new Map<Taint, (typeof reached)[number]>();
  for (const found of reached) {
    for (const taint of wrong.get(found.node) ?? []) if (!best.has(taint)) best.set(taint, found);
  }
  const declared = await declaredOf(
    world,
    context,
    'taint',
    [...best.keys()].map((taint) => taint.node),
  );
  const source = (
    await declaredOf(
      world,
      context,
      'origin',
      sources.map((one) => one.node),
    )
  ).get(sources[0]?.id ?? 0);
  return {
    source,
    taints: [...best].flatMap(([taint, { hops, strength }]) => {
      const told = declared.get(taint.id);
      return told === undefined ? [] : { taint: told, own: hops === 0, strength, hops };
    }),
  };
}

/** What is believed of nodes, in whichever projects that may be seen it was declared. */
function declaredAnywhere(
  queries: Queries,
  { graph, scope }: World,
  kind: DeclarationKind,
  nodes: readonly number[],
) {
  return declarationsOf(queries, graph, { scope }, kind, { nodes, limit: declarationsShown });
}

/** Of one node. */
const declarationsShown = 1_000;

async function declaredOf(
  world: World,
  context: RequestContext,
  kind: DeclarationKind,
  nodes: readonly NodeId[],
): Promise<ReadonlyMap<number, Declaration>> {
  if (nodes.length === 0) return new Map();
  return world.graph.db.scan(async (queries) => {
    const rows = await declaredAnywhere(queries, world, kind, nodes);
    const names = await describedNodes(queries, world, nodes);
    return new Map(
      rows.flatMap(({ id, node, ...row }): [number, Declaration][] => {
        const name = names.get(node);
        return name === undefined ? [] : [[id, { ...row, node: name }]];
      }),
    );
  }, context.signal);
}

/**
 * What nobody can observe, so somebody declares it, and may take it back: that nothing comes before an asset or a version (a source), that it
 * is wrong (a taint). What follows for walks stands in origins.ts and taints.ts.
 */
import type { Queries } from '../../../db/db.ts';
import { invalid, notFound } from '../../../kernel/errors.ts';
import type { EdgeId, ProjectId } from '../../../kernel/ids.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../../kernel/page.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { ChangeTx, Journal } from '../../events/index.ts';
import { type NodeRow, nodeKinds } from '../../graph/index.ts';
import type { World } from '../answers/labels.ts';
import { declarationLimits } from '../lineage.ts';
import { type Candidate, describedNodes, quoted, requireReference } from '../references.ts';
import { sameAs } from '../starts.ts';
import {
  type DeclarationKind,
  type DeclarationRow,
  declarationsOf,
  holdNode,
  insertDeclaration,
  withdrawDeclarations,
} from './declaration-store.ts';

export interface NewDeclaration {
  /** A reference. */
  readonly of: string;
  readonly note?: string | undefined;
  /** ms; absent: it holds since ever, and still. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface Declaration extends Omit<DeclarationRow, 'id' | 'node'> {
  readonly node: Candidate;
  readonly note: string | null;
}

export interface DeclarationSearch {
  /** A reference: only what was declared of it, or of what is the same. */
  readonly of?: string | undefined;
  /** With those that were withdrawn. */
  readonly all?: boolean | undefined;
  readonly knownAt?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** How each kind is worded. */
const words = {
  origin: { declare: 'source.declare', withdraw: 'source.withdraw', state: 'declared a source' },
  taint: { declare: 'taint.declare', withdraw: 'taint.withdraw', state: 'declared wrong' },
} as const;

/** What else is written with a declaration that is new, in its transaction. */
type Beside = (tx: ChangeTx, declared: EdgeId, node: NodeRow) => Promise<void>;

/** The same said again changes nothing; something else takes its place. */
export async function declare(
  world: World,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  kind: DeclarationKind,
  { of, note = '', from, to }: NewDeclaration,
  beside?: Beside,
): Promise<Declaration> {
  if (note.length > declarationLimits.note || note.includes('\0')) {
    throw invalid('note', `note must have at most ${declarationLimits.note} characters, none of them U+0000`);
  }
  if (from !== undefined && to !== undefined && to <= from) throw invalid('to', 'to must be after from');
  const uid = await journal.write(context, project, words[kind].declare, async (tx) => {
    const node = await requireThing(tx, world, project, kind, of);
    await holdNode(tx, node.id);
    const [own] = await declarationsOf(tx, world.graph, project, kind, { nodes: [node.id], limit: 1 });
    const said = { node: node.id, from: from ?? null, to: to ?? null, note };
    const isSaid = own?.from === said.from && own.to === said.to && (own.note ?? '') === note;
    if (isSaid) return node.uid;
    if (own !== undefined) await withdrawDeclarations(tx, context, [own], tx.eventId);
    const id = await insertDeclaration(tx, world.graph, context, project, kind, said);
    await beside?.(tx, id, node);
    tx.record({ node: node.id, body: { node: node.uid, of, note, from: said.from, to: said.to } });
    return node.uid;
  });
  const { items } = await listDeclarations(world, context, project, kind, { of: uid, limit: 1 });
  return items[0]!;
}

/** Also what was declared of what is the same. `not_found` on `of` where nothing is. */
export async function withdraw(
  world: World,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  kind: DeclarationKind,
  of: string,
): Promise<void> {
  await journal.write(context, project, words[kind].withdraw, async (tx) => {
    const node = await requireThing(tx, world, project, kind, of);
    await holdNode(tx, node.id);
    const nodes = [...(await sameAs(tx, [node.id], {}))];
    const live = await declarationsOf(tx, world.graph, project, kind, { nodes, limit: nodes.length });
    if (live.length === 0) throw notFound(`${quoted(of)} is not ${words[kind].state}.`, 'of');
    await withdrawDeclarations(tx, context, live, tx.eventId);
    tx.record({
      ...{ node: node.id, body: { node: node.uid, of } },
      touched: live.flatMap((one) => (one.node === node.id ? [] : one.node)),
    });
  });
}

/** The latest first. */
export async function listDeclarations(
  world: World,
  context: RequestContext,
  project: ProjectId,
  kind: DeclarationKind,
  { of, all, knownAt, limit, cursor }: DeclarationSearch,
): Promise<Page<Declaration>> {
  const fingerprint = queryFingerprint([kind, project, of ?? '', all ?? false, knownAt ?? 0]);
  const [before] = cursor === undefined ? [] : decodeCursor(cursor, fingerprint, 1, 'cursor');
  if (before !== undefined && !Number.isSafeInteger(before)) throw invalid('cursor', 'Invalid page token');
  return world.graph.db.scan(async (queries) => {
    const node = of === undefined ? undefined : await requireThing(queries, world, project, kind, of);
    const nodes = node && [...(await sameAs(queries, [node.id], {}))];
    const rows = await declarationsOf(queries, world.graph, project, kind, {
      ...{ nodes, all, knownAt, before: before as number | undefined, limit: limit + 1 },
    });
    const shown = rows.slice(0, limit);
    const names = await describedNodes(
      queries,
      world,
      shown.map((row) => row.node),
    );
    const items = shown.flatMap(({ id: _, node: at, ...row }) => {
      const found = names.get(at);
      return found === undefined ? [] : { ...row, node: found };
    });
    const last = shown.at(-1);
    return rows.length <= limit || last === undefined
      ? { items }
      : { items, cursor: encodeCursor(fingerprint, [last.id]) };
  }, context.signal);
}

/** An asset or a version; what is wrong may be a run too. */
export async function requireThing(
  queries: Queries,
  world: World,
  project: ProjectId,
  kind: DeclarationKind,
  of: string,
): Promise<NodeRow> {
  const node = await requireReference(queries, world, project, { text: of, field: 'of' });
  const { endpoint, deployment } = world.graph.types;
  const isThing =
    node.kind === nodeKinds.artifact ||
    (node.kind === nodeKinds.asset && node.type !== endpoint) ||
    (kind === 'taint' && node.kind === nodeKinds.execution && node.type !== deployment);
  if (!isThing) {
    const nor = kind === 'taint' ? 'nor a version of one, nor a run' : 'nor a version of one';
    throw invalid('of', `${quoted(of)} is neither a dataset, nor a model, ${nor}.`);
  }
  return node;
}

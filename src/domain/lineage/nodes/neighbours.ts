/** What is next to a node, for those who walk the graph by hand: groups of it with how many there are, pages, and what nodes are called. */
import type { Queries } from '../../../db/db.ts';
import { strengths } from '../../../engines/graph/edge.ts';
import { isEvaluation } from '../../../engines/graph/index.ts';
import { wordOf } from '../../../kernel/codes.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../../kernel/ids.ts';
import { decodeCursor, encodeCursor, queryFingerprint } from '../../../kernel/page.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { datasetReading } from '../../datasets/index.ts';
import { faceCodes } from '../../events/index.ts';
import {
  artifactStates,
  edgeKinds,
  executionStates,
  knownHows,
  nodeKinds,
  propertiesOf,
  textOf,
} from '../../graph/index.ts';
import { type EvidenceRow, evidenceOf, type When } from '../answers/evidence-store.ts';
import type { World } from '../answers/labels.ts';
import {
  countNear,
  explicitOf,
  type FactsRow,
  factsOfNodes,
  type GroupRow,
  groupsNear,
  type Near,
  pageNear,
} from './neighbour-store.ts';
import type { GraphNode, NearEdge, NeighbourQuestion, Neighbours } from './neighbour-wire.ts';
import { type NodeName, nodeNames, seenNode, seenNodes } from './node-store.ts';

/** Groups of one answer. */
const groupLimit = 1_000;

export async function neighboursOf(
  world: World,
  context: RequestContext,
  project: ProjectId,
  question: NeighbourQuestion,
): Promise<Neighbours> {
  const { of, direction, asOf, knownAt, type, group, strength, limit, cursor } = question;
  const fingerprint = queryFingerprint([
    ...['neighbours', project, of, direction, asOf, knownAt, type, group, strength, context.scope],
  ]);
  const after = cursor === undefined ? undefined : placeOf(decodeCursor(cursor, fingerprint, 2, 'cursor'));
  return world.graph.db.scan(async (queries) => {
    const node = await seenNode(queries, context.scope, project, of);
    if (node === undefined) throw notFound(`No node '${of}' in the project.`, 'of');
    const near: Near = {
      ...{ node, direction, asOf, knownAt, type, group },
      ...(strength !== undefined && { known: strengths.indexOf(strength) + 1 }),
      ...(context.scope.projects !== 'all' && { projects: context.scope.projects }),
    };
    const found = await pageNear(queries, near, after, limit + 1);
    const steps = found.slice(0, limit);
    const last = steps.at(-1);
    const [groups, counts] =
      after === undefined
        ? [await groupsNear(queries, near, groupLimit), await countNear(queries, near)]
        : [[], undefined];
    const evidence = await evidenceOf(
      queries,
      steps.map(({ edge }) => edge),
    );
    const made = [...evidence.values()].filter(({ kind }) => kind === edgeKinds.generated);
    const explicit = await explicitOf(
      queries,
      made.map(({ target }) => target),
      question,
    );
    const told = await factsOfNodes(
      queries,
      [node.id, ...new Set(steps.map(({ other }) => other))],
      question,
    );
    const teller = await Labels.load(world, queries, told, groups);
    const uids = new Map(told.map(({ id, uid }) => [id, uid]));
    return {
      of: teller.node(told.find(({ id }) => id === node.id)!),
      ...(counts !== undefined && { count: counts.count, masked: counts.masked }),
      groups: groups.map((each) => teller.group(each)),
      nodes: told.filter(({ id }) => id !== node.id).map((row) => teller.node(row)),
      edges: steps.map(({ edge }) => nearEdge(evidence.get(edge)!, uids, explicit)),
      ...(found.length > limit &&
        last !== undefined && { cursor: encodeCursor(fingerprint, [last.other, last.edge]) }),
    };
  }, context.signal);
}

/** What the nodes of these uids are; what does not exist, or may not be seen, is left out. */
export async function graphNodes(
  world: World,
  context: RequestContext,
  project: ProjectId,
  uids: readonly string[],
  when: When,
): Promise<GraphNode[]> {
  return world.graph.db.scan(async (queries) => {
    const rows = await seenNodes(queries, context.scope, project, uids);
    const told = await factsOfNodes(
      queries,
      rows.map(({ id }) => id),
      when,
    );
    const teller = await Labels.load(world, queries, told, []);
    return told.map((row) => teller.node(row));
  }, context.signal);
}

function placeOf([node, edge]: readonly unknown[]): [number, number] {
  return [Number(node), Number(edge)];
}

function nearEdge(
  row: EvidenceRow,
  uids: ReadonlyMap<number, string>,
  explicit: ReadonlySet<number>,
): NearEdge {
  const isUse = row.kind === edgeKinds.used;
  return {
    edge: row.id,
    kind: wordOf(edgeKinds, row.kind),
    from: uids.get(row.source)!,
    to: uids.get(row.target)!,
    strength: strengths[row.known - 1]!,
    conducts: !(
      (isUse && isEvaluation(row.subtype)) ||
      (row.kind === edgeKinds.generated && explicit.has(row.target))
    ),
    ...{ known: wordOf(knownHows, row.known), rule: row.rule, role: row.subtype },
    ...{ face: wordOf(faceCodes, row.face), principal: row.principal },
    ...{ validFrom: row.valid_from, validTo: row.valid_to },
    ...{ knownFrom: row.known_from, knownTo: row.known_to, event: row.position },
  };
}

/** What nodes are called: the version of what has versions, and what each is told under. */
class Labels {
  readonly #versions: ReadonlyMap<number, string>;
  readonly #names: ReadonlyMap<number, NodeName>;

  private constructor(versions: ReadonlyMap<number, string>, names: ReadonlyMap<number, NodeName>) {
    this.#versions = versions;
    this.#names = names;
  }

  static async load(
    { graph, facets, scope }: World,
    queries: Queries,
    told: readonly FactsRow[],
    groups: readonly GroupRow[],
  ): Promise<Labels> {
    const names = await nodeNames(
      queries,
      [...told, ...groups].map(({ group }) => group),
      scope,
    );
    const ofType = (wanted: string) => told.flatMap(({ id, type }) => (type === wanted ? id : []));
    const versions = new Map<number, string>();
    const numbers = await propertiesOf(queries, ofType('model-version'));
    for (const row of numbers)
      if (row.key === graph.systemKeys.version_number) versions.set(row.owner, textOf(row));
    const data = ofType('dataset-version');
    if (data.length > 0) {
      const { versionNames } = await datasetReading();
      for (const [id, { word }] of await versionNames(queries, graph, facets, scope, data))
        if (word !== undefined) versions.set(id, word);
    }
    return new Labels(versions, names);
  }

  node(row: FactsRow): GraphNode {
    const kind = wordOf(nodeKinds, row.kind);
    const states: Readonly<Record<string, number>> = kind === 'artifact' ? artifactStates : executionStates;
    return {
      ...{ uid: row.uid, project: row.project, kind, type: row.type, name: row.name },
      version: this.#versions.get(row.id) ?? null,
      group: this.#group(row.group),
      state: row.state === null ? null : wordOf(states, row.state),
      ...{ at: row.at, deleted: row.deleted === 1, causes: row.causes, effects: row.effects },
    };
  }

  group({ type, group, known, count }: GroupRow): Neighbours['groups'][number] {
    return { type, group: this.#group(group), strength: strengths[known - 1]!, count };
  }

  #group(id: NodeId): GraphNode['group'] {
    const name = this.#names.get(id);
    return name === undefined ? null : { uid: name.uid, type: name.type, name: name.name };
  }
}

/**
 * Declared sources: what somebody declared that nothing comes before. The one rule by which a walk takes a node for an origin, as of and as
 * known at an instant:
 *
 * - an asset or a version that is declared, or is the same as one;
 * - a version of an asset that is declared, or is the same as one;
 * - an execution all of whose outputs are such: what it was told to read would have come before them.
 *
 * A declaration is an edge `origin` from the node to its project, so the declarations of a project are one range of an index. One
 * without a beginning holds at any instant: that nothing comes before a thing has no beginning.
 */
import type { Queries } from '../../../db/db.ts';
import { edgeBits, type MemoryGraph, type NodeFacts, type NodeKind } from '../../../engines/graph/index.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { edgeKinds, keySpaces, wholeServer } from '../../graph/index.ts';
import { sameAs } from '../starts.ts';
import { lives, type When } from './evidence-store.ts';
import type { WalkQuestion } from './walk-told.ts';

/** Outputs of an execution that are looked at; one with more is no origin. */
const mostOutputs = 1_000;

/** All that is declared, with all that is the same. */
export async function declaredOrigins(queries: Queries, when: When): Promise<ReadonlySet<number>> {
  const rows = await queries.many<{ id: number }>(sql`SELECT s.source AS id FROM edge s
    WHERE s.target IN (SELECT k.node FROM node_key k WHERE k.project = ${wholeServer as number}
      AND k.space = ${keySpaces['project-name']}) AND s.kind = ${edgeKinds.origin} AND ${lives(when)}`);
  if (rows.length === 0) return new Set();
  return sameAs(
    queries,
    rows.map(({ id }) => id),
    when,
  );
}

type ToJudge = Pick<NodeFacts, 'id' | 'kind' | 'purged'>;

/** On the way down nobody asks where a walk ends well. */
export function asksForOrigins({ direction, doubts }: Pick<WalkQuestion, 'direction' | 'doubts'>): boolean {
  return direction === 'up' || doubts === true;
}

/** The rule for one walk. Where nothing is declared it costs one statement. */
export class Origins {
  readonly #queries: Queries;
  readonly #when: When;
  #declared: Promise<ReadonlySet<number>> | undefined;

  constructor(queries: Queries, when: When) {
    this.#queries = queries;
    this.#when = when;
  }

  /** Those of the nodes that are origins. */
  async among(nodes: readonly ToJudge[]): Promise<ReadonlySet<number>> {
    this.#declared ??= declaredOrigins(this.#queries, this.#when);
    const declared = await this.#declared;
    if (declared.size === 0) return declared;
    const ofKind = (kind: NodeKind) =>
      nodes.flatMap((node) => (node.kind === kind && !node.purged ? node.id : []));
    const found = await this.#things(declared, ofKind('artifact'));
    for (const { id } of nodes) if (declared.has(id)) found.add(id);
    for (const id of await this.#executions(declared, ofKind('execution'))) found.add(id);
    return found;
  }

  /** Artifacts that are declared, or whose asset is. */
  async #things(declared: ReadonlySet<number>, artifacts: readonly number[]): Promise<Set<number>> {
    const found = new Set(artifacts.filter((id) => declared.has(id)));
    const rest = artifacts.filter((id) => !found.has(id));
    if (rest.length === 0) return found;
    const rows = await this.#queries.many<{
      id: number;
      asset: number;
    }>(sql`SELECT s.source AS id, s.target AS asset
      FROM edge s WHERE s.source ${anyOf(rest)} AND s.kind = ${edgeKinds['version-of']} AND ${lives(this.#when)}`);
    for (const { id, asset } of rows) if (declared.has(asset)) found.add(id);
    return found;
  }

  async #executions(declared: ReadonlySet<number>, executions: readonly number[]): Promise<number[]> {
    if (executions.length === 0) return [];
    const rows = await this.#queries.many<{ run: number; made: number }>(sql`SELECT o.run, o.made FROM (
      SELECT s.source AS run, s.target AS made, row_number() OVER (PARTITION BY s.source ORDER BY s.id) AS place FROM edge s
        WHERE s.source ${anyOf(executions)} AND s.kind = ${edgeKinds.generated} AND ${lives(this.#when)}) o
      WHERE o.place <= ${mostOutputs + 1}`);
    const things = await this.#things(declared, [...new Set(rows.map(({ made }) => made))]);
    return [...Map.groupBy(rows, ({ run }) => run)].flatMap(([run, outputs]) =>
      outputs.length <= mostOutputs && outputs.every(({ made }) => things.has(made)) ? run : [],
    );
  }
}

/** The same rule over the graph in memory. */
export function keptOrigins(
  graph: MemoryGraph,
  declared: ReadonlySet<number>,
  { asOf, knownAt = Infinity }: When,
): (node: ToJudge) => boolean {
  if (declared.size === 0) return () => false;
  const targets = (node: number, kinds: number, take: (target: number) => void) =>
    graph.edges({ end: 'source', nodes: [node], kinds, knownAt, limit: Infinity }, (edge) => {
      const { validFrom, validTo, target } = edge;
      const lives =
        asOf === undefined ? validTo === null : (validFrom ?? asOf) <= asOf && (validTo ?? Infinity) > asOf;
      if (lives) take(target);
    });
  const isThing = (node: number): boolean => {
    let found = declared.has(node);
    if (!found) {
      targets(node, edgeBits['version-of'], (asset) => {
        found ||= declared.has(asset);
      });
    }
    return found;
  };
  return ({ id, kind, purged }) => {
    if (declared.has(id)) return true;
    if (purged || kind === 'asset' || kind === 'other') return false;
    if (kind === 'artifact') return isThing(id);
    const outputs: number[] = [];
    targets(id, edgeBits.generated, (output) => {
      if (outputs.length <= mostOutputs) outputs.push(output);
    });
    return outputs.length > 0 && outputs.length <= mostOutputs && outputs.every(isThing);
  };
}

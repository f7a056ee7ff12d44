/** What whoever asks where a model comes from wants to know of its data: whose it is, under which licence, how much, and whether anybody knows what made it. */
import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { datasetReading, type ToldData } from '../../datasets/index.ts';
import { edgeKinds } from '../../graph/index.ts';
import { NodeReader } from '../walks/node-facts.ts';
import { lives, type When } from './evidence-store.ts';
import type { World } from './labels.ts';
import { Origins } from './origins.ts';

/** Who says it: somebody here, or a producer. */
interface Said {
  readonly value: string;
  readonly by: 'people' | 'producer';
}

export interface DataFacts {
  /** uid of the dataset. */
  readonly dataset: string;
  /** uid by which the version is known, whoever speaks of it. */
  readonly known: string;
  /** Where it lies, in its one spelling. */
  readonly uri: string | null;
  readonly version: string | null;
  readonly digest: string | null;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly licence: Said | null;
  readonly owner: Said | null;
  readonly description: Said | null;
  /** Something is known to have made it; or somebody declared that nothing comes before it; or nobody knows. */
  readonly beginning: 'made' | 'declared' | 'unknown';
}

/** By node; `class` tells two records of one thing. Nodes that are no data are absent. */
export async function dataOf(
  queries: Queries,
  { graph, facets, scope }: World,
  when: When,
  nodes: readonly NodeId[],
): Promise<ReadonlyMap<number, { readonly class: number; readonly view: DataFacts }>> {
  const reading = await datasetReading();
  const told = await reading.toldOfData(queries, graph, facets, scope, nodes);
  if (told.size === 0) return new Map();
  const places = await reading.placesOf(queries, [
    ...new Set([...told.values()].map(({ dataset }) => dataset)),
  ]);
  const firsts = [...told.values()].flatMap((each) => [...each.records.slice(0, 1), each.dataset]);
  const uids = new Map(
    (
      await queries.many<{ id: NodeId; uid: string }>(
        sql`SELECT n.id, n.uid FROM node n WHERE n.id ${anyOf([...new Set(firsts)])}`,
      )
    ).map(({ id, uid }) => [id, uid]),
  );
  const begun = await beginningsOf(queries, when, [...told.values()]);
  return new Map(
    [...told].map(([id, { class: of, dataset, facts, description, records }]) => {
      const { licence, owner, description: about } = description.fields;
      const digest = facts?.digests.find(({ weak }) => !weak) ?? facts?.digests[0];
      const view: DataFacts = {
        ...{ dataset: uids.get(dataset) ?? '', known: uids.get(records[0]!) ?? '' },
        uri: places.get(dataset) ?? null,
        version: facts?.version ?? null,
        digest: digest === undefined ? null : `${digest.algorithm}:${digest.value}`,
        rows: facts?.statistics.rows ?? null,
        bytes: facts?.statistics.bytes ?? null,
        ...{ licence: licence ?? null, owner: owner ?? null, description: about ?? null },
        beginning: begun(records),
      };
      return [id, { class: of, view }];
    }),
  );
}

/** Records of reads for which a binding says which version was read: that is told in their place. By execution and uid of the record. */
export async function explainedReads(
  queries: Queries,
  when: When,
  executions: readonly number[],
): Promise<ReadonlySet<string>> {
  if (executions.length === 0) return new Set();
  const rows = await queries.many<{
    run: number;
    slot: string | null;
  }>(sql`SELECT s.target AS run, s.source_slot AS slot
    FROM edge s WHERE s.target ${anyOf([...new Set(executions)])} AND s.kind = ${edgeKinds.binds} AND ${lives(when)}`);
  return new Set(rows.map(({ run, slot }) => `${run} ${slot}`));
}

async function beginningsOf(
  queries: Queries,
  when: When,
  told: readonly ToldData[],
): Promise<(records: readonly NodeId[]) => DataFacts['beginning']> {
  const records = [...new Set(told.flatMap((each) => each.records))];
  const made = await queries.many<{
    id: number;
  }>(sql`SELECT DISTINCT s.target AS id FROM edge s WHERE s.target ${anyOf(records)}
    AND s.kind IN (${edgeKinds.generated}, ${edgeKinds.derived}) AND ${lives(when)}`);
  const things = await new NodeReader().read(queries, records);
  const kept = things.filter(({ kind, purged }) => !purged && (kind === 'artifact' || kind === 'asset'));
  const origins = await new Origins(queries, when).among(kept);
  const makes = new Set(made.map(({ id }) => id));
  return (own) =>
    own.some((id) => makes.has(id)) ? 'made' : own.some((id) => origins.has(id)) ? 'declared' : 'unknown';
}

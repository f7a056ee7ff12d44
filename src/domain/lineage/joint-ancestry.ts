/** What two nodes both come from, in words. */
import type { Strength } from '../../engines/graph/index.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { World } from './answers/labels.ts';
import type { LineageQuestion } from './lineage.ts';
import { type NodeView, nodeOf, type StepView, Teller, type Told, walkOf } from './questions.ts';
import { requireReference } from './references.ts';
import { startsOf } from './starts.ts';
import type { Walks } from './walks/walks.ts';

export interface Common extends Told {
  readonly and: NodeView;
  /** The nearest first. */
  readonly items: {
    readonly node: NodeView;
    /** None that is between it and the two is common to them, too. */
    readonly nearest: boolean;
    /** To it from each of the two. */
    readonly ways: { readonly strength: Strength; readonly hops: number; readonly path: StepView[] }[];
  }[];
  readonly count: number;
}

export type CommonQuestion = LineageQuestion & { readonly and: string };

export async function commonOf(
  walks: Walks,
  world: World,
  context: RequestContext,
  project: ProjectId,
  question: CommonQuestion,
): Promise<Common> {
  const { and, ...first } = question;
  return walks.walkFor(
    context,
    async (queries) => {
      const { asOf } = question;
      const node = await nodeOf(queries, world, project, first);
      const other = await requireReference(queries, world, project, { text: and, field: 'and', asOf });
      const starts = await startsOf(queries, world.graph, node, 'up', question);
      const others = await startsOf(queries, world.graph, other, 'up', question);
      return { node, other, walk: { ...walkOf(question), direction: 'up', starts, and: others } };
    },
    async (queries, told, { node, other }) => {
      const found = told.common.flatMap(({ ways }) => ways);
      const teller = await Teller.load(queries, world, told, node, { found, others: [other.id] });
      return {
        ...teller.told(),
        and: teller.node(other.id),
        items: told.common.map(({ node: id, nearest, ways: [one, two] }) => ({
          ...{ node: teller.node(id), nearest },
          ways: [teller.way(one), teller.way(two)],
        })),
        count: told.counts.common,
      };
    },
  );
}

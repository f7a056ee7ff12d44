/** The steps of those who walk the graph by hand, in the native API. What answers is loaded with the first of them. */
import { invalid } from '../../../kernel/errors.ts';
import { type Operation, operation } from '../../../kernel/operation.ts';
import { Type } from '../../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../../contexts/index.ts';
import { WhenQuery, whenOf } from '../../deployments/index.ts';
import type { Lineage } from '../lineage.ts';
import { GraphNodeWire, NeighboursWire, StrengthWire } from './neighbour-wire.ts';

/** Nodes of one answer of `lineage.nodes`. */
const mostNodes = 100;

interface Services {
  readonly projects: Projects;
  readonly lineage: Lineage;
}

export function neighbourOperations({ projects, lineage }: Services): Operation[] {
  return [
    operation({
      id: 'lineage.neighbours',
      method: 'GET',
      path: '/api/v1/lineage/neighbours',
      permission: 'metadata:read',
      summary:
        'One step from a node, to causes or effects, as of any day: pages of nodes and of the assertions that lead there, and all of it in groups with how many there are.',
      query: Type.Object({
        ...ProjectQuery,
        ...WhenQuery,
        of: Type.String({ minLength: 1, maxLength: 64, description: 'uid of a node' }),
        direction: Type.Enum(['up', 'down'], { description: 'up: what it comes from. down: what follows.' }),
        type: Type.Optional(Type.String({ maxLength: 250, description: 'Only nodes of this type.' })),
        group: Type.Optional(
          Type.String({ maxLength: 64, description: 'Only nodes of this group, by its uid.' }),
        ),
        strength: Type.Optional(StrengthWire),
        ...pageQuery(1000, 100),
      }),
      output: NeighboursWire,
      errors: ['not_found', 'query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { of, direction, type, group, strength, limit, cursor } = query;
        return lineage.neighbours(context, project, {
          ...{ ...whenOf(query), of, direction, type, group, strength, limit, cursor },
        });
      },
    }),
    operation({
      id: 'lineage.nodes',
      method: 'GET',
      path: '/api/v1/lineage/nodes',
      permission: 'metadata:read',
      summary:
        'What nodes are called, what they are told under, and how much leads to them and on from them. Those that do not exist are left out.',
      query: Type.Object({
        ...ProjectQuery,
        ...WhenQuery,
        of: Type.String({
          minLength: 1,
          maxLength: 65 * mostNodes,
          description: `uids with commas between them, at most ${mostNodes}`,
        }),
      }),
      output: Type.Object({ items: Type.Array(GraphNodeWire) }),
      errors: ['query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const uids = [...new Set(query.of.split(','))];
        if (uids.length > mostNodes)
          throw invalid('of', `of may name ${mostNodes} nodes, not ${uids.length}`);
        return { items: await lineage.nodes(context, project, uids, whenOf(query)) };
      },
    }),
  ];
}

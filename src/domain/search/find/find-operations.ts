import { wordOf } from '../../../kernel/codes.ts';
import { type Operation, operation } from '../../../kernel/operation.ts';
import { Type } from '../../../kernel/schema.ts';
import { ProjectQuery, type Projects } from '../../contexts/index.ts';
import { executionStates } from '../../graph/index.ts';
import type { FoundNode } from './find-store.ts';
import type { Finder } from './finder.ts';

const OfExperiment = Type.Object({ id: Type.String(), name: Type.String() });

export function findOperations({ projects, finder }: { projects: Projects; finder: Finder }): Operation[] {
  return [
    operation({
      id: 'find',
      method: 'GET',
      path: '/api/v1/find',
      permission: 'metadata:read',
      summary:
        'Experiments and runs by a text: an id or the beginning of one, a name, its beginning or its words. The best matches first; of an empty text the latest runs.',
      query: Type.Object({
        ...ProjectQuery,
        text: Type.String({ maxLength: 500, default: '' }),
        limit: Type.Integer({ minimum: 1, maximum: 50, default: 8, description: 'Of each kind.' }),
      }),
      output: Type.Object({
        experiments: Type.Array(
          Type.Object({
            id: Type.String(),
            name: Type.String(),
            lifecycle: Type.Enum(['active', 'deleted']),
            created: Type.Integer({ description: 'ms since 1970' }),
          }),
        ),
        runs: Type.Array(
          Type.Object({
            id: Type.String(),
            name: Type.String(),
            state: Type.Enum(Object.keys(executionStates)),
            user: Type.String(),
            started: Type.Integer({ description: 'ms since 1970' }),
            lifecycle: Type.Enum(['active', 'deleted']),
            experiment: OfExperiment,
          }),
        ),
        complete: Type.Boolean({
          description: 'False when only the latest records were looked through for the text inside names.',
        }),
      }),
      errors: ['query_too_expensive'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const found = await finder.find(context, project, query.text, query.limit);
        return {
          experiments: found.experiments.map((node) => {
            const { id, name, created } = node;
            return { id, name, created, lifecycle: lifecycleOf(node) };
          }),
          runs: found.runs.map((node) => {
            const { id, name, user, started, created, experiment, state } = node;
            return {
              id,
              name,
              user: user ?? '',
              started: started ?? created,
              experiment,
              state: wordOf(executionStates, state ?? executionStates.scheduled),
              lifecycle: lifecycleOf(node),
            };
          }),
          complete: found.complete,
        };
      },
    }),
  ];
}

function lifecycleOf({ deleted }: FoundNode): 'active' | 'deleted' {
  return deleted ? 'deleted' : 'active';
}

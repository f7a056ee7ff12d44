import { type Operation, operation } from '../../kernel/operation.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import type { Experiment } from './experiment.ts';
import type { Experiments } from './experiments.ts';
import { nameLimits } from './names.ts';
import { ProjectQuery } from './project-operations.ts';
import type { Projects } from './projects.ts';
import { TagWire, tagOperations } from './tag-operations.ts';

export const ExperimentWire = Type.Object(
  {
    id: Type.String({ description: 'Decimal, counted per project.' }),
    name: Type.String(),
    artifactLocation: Type.String(),
    lifecycle: Type.Enum(['active', 'deleted']),
    created: Type.Integer({ description: 'ms since 1970' }),
    updated: Type.Integer({ description: 'ms since 1970' }),
    tags: Type.Array(TagWire),
  },
  { title: 'Experiment' },
);

export function experimentWire(experiment: Experiment): Static<typeof ExperimentWire> {
  const { id, name, artifactLocation, lifecycle, created, updated, tags } = experiment;
  return { id, name, artifactLocation, lifecycle, created, updated, tags: [...tags] };
}

export const ExperimentParams = Type.Object({
  experiment: Type.String({ description: 'Id of the experiment.' }),
});
const Nothing = Type.Null({ description: 'No content.' });

export function experimentOperations(services: {
  projects: Projects;
  experiments: Experiments;
}): Operation[] {
  const { projects, experiments } = services;
  const common = { query: Type.Object(ProjectQuery), params: ExperimentParams } as const;
  return [
    operation({
      id: 'experiment.create',
      method: 'POST',
      path: '/api/v1/experiments',
      permission: 'metadata:write',
      summary: 'Make an experiment.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: nameLimits.experiment }),
          artifactLocation: Type.Optional(Type.String({ maxLength: nameLimits.artifactLocation })),
          tags: Type.Optional(Type.Array(TagWire, { maxItems: 1000 })),
        },
        { additionalProperties: false },
      ),
      output: ExperimentWire,
      errors: ['not_found', 'already_exists'],
      status: 201,
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        return experimentWire(await experiments.create(context, project, body));
      },
    }),
    operation({
      id: 'experiment.rename',
      method: 'PATCH',
      path: '/api/v1/experiments/{experiment}',
      permission: 'metadata:write',
      summary: 'Give an experiment another name.',
      ...common,
      body: Type.Object(
        { name: Type.String({ minLength: 1, maxLength: nameLimits.experiment }) },
        { additionalProperties: false },
      ),
      output: ExperimentWire,
      errors: ['not_found', 'already_exists', 'failed_precondition'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        return experimentWire(await experiments.rename(context, project, params.experiment, body.name));
      },
    }),
    operation({
      id: 'experiment.delete',
      method: 'DELETE',
      path: '/api/v1/experiments/{experiment}',
      permission: 'metadata:delete',
      summary: 'Mark an experiment and its runs as deleted.',
      ...common,
      output: Nothing,
      errors: ['not_found'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        await experiments.delete(context, await projects.resolve(context, query.project), params.experiment);
        return null;
      },
    }),
    operation({
      id: 'experiment.restore',
      method: 'POST',
      path: '/api/v1/experiments/{experiment}/restore',
      permission: 'metadata:delete',
      summary: 'Bring an experiment and its runs back.',
      ...common,
      output: ExperimentWire,
      errors: ['not_found'],
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await experiments.restore(context, project, params.experiment);
        return experimentWire(await experiments.get(context, project, params.experiment));
      },
    }),
    ...tagOperations(services, {
      id: 'experiment',
      path: '/api/v1/experiments/{experiment}',
      params: ExperimentParams,
      errors: ['not_found', 'failed_precondition'],
      removing: 'Remove one tag.',
      set: (context, project, { experiment }, tag) => experiments.setTag(context, project, experiment, tag),
      remove: (context, project, { experiment }, key) =>
        experiments.deleteTag(context, project, experiment, key),
    }),
  ];
}

import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { nameLimits } from './names.ts';
import { defaultProjectName, type Projects } from './projects.ts';

/** Query parameter that every operation on records takes. */
export const ProjectQuery = {
  project: Type.String({ default: defaultProjectName, description: 'Name of the project.' }),
};

/** Query parameters of every list. */
export function pageQuery(maximum: number, usual: number) {
  return {
    limit: Type.Integer({
      minimum: 1,
      maximum,
      default: usual,
      description: `Items on a page, at most ${maximum}.`,
    }),
    cursor: Type.Optional(Type.String({ description: '`cursor` of the page before.' })),
  };
}

const ProjectWire = Type.Object(
  {
    name: Type.String(),
    created: Type.Integer({ description: 'ms since 1970' }),
  },
  { title: 'Project' },
);

export function projectOperations(projects: Projects): Operation[] {
  return [
    operation({
      id: 'project.list',
      method: 'GET',
      path: '/api/v1/projects',
      permission: 'metadata:read',
      summary: 'Projects in the order of their names.',
      query: Type.Object(pageQuery(1000, 100)),
      output: Type.Object({ items: Type.Array(ProjectWire), cursor: Type.Optional(Type.String()) }),
      errors: [],
      async run(context, { query }) {
        const page = await projects.list(context, query);
        return { ...page, items: page.items.map(({ name, created }) => ({ name, created })) };
      },
    }),
    operation({
      id: 'project.create',
      method: 'POST',
      path: '/api/v1/projects',
      permission: 'metadata:write',
      summary: 'Make a project.',
      body: Type.Object(
        { name: Type.String({ minLength: 1, maxLength: nameLimits.project }) },
        { additionalProperties: false },
      ),
      output: ProjectWire,
      errors: ['already_exists'],
      status: 201,
      idempotent: true,
      async run(context, { body }) {
        const { name, created } = await projects.create(context, body);
        return { name, created };
      },
    }),
  ];
}

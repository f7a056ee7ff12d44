import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery, TagWire, tagOperations } from '../contexts/index.ts';
import type { Runs } from '../runs/index.ts';
import { registryLimits } from './registered-model.ts';
import type { Registry } from './registry.ts';
import { IntervalWire, intervalWire, RegisteredWire, registeredWire } from './registry-wire.ts';

export interface RegistryServices {
  readonly projects: Projects;
  readonly registry: Registry;
  readonly runs: Pick<Runs, 'get'>;
}

export const modelParams = { model: Type.String({ description: 'Name of the registered model.' }) };
export const Nothing = Type.Null({ description: 'No content.' });
export const Description = Type.String({ maxLength: registryLimits.description });
export const registeredPath = '/api/v1/models/registered/{model}';

const Name = Type.String({ minLength: 1, maxLength: registryLimits.name * 2 });

export function registeredModelOperations(services: RegistryServices): Operation[] {
  return [...readOperations(services), ...writeOperations(services)];
}

function readOperations({ projects, registry }: RegistryServices): Operation[] {
  return [
    operation({
      id: 'registered-model.list',
      method: 'GET',
      path: '/api/v1/models/registered',
      permission: 'metadata:read',
      summary: 'Registered models with their latest versions and aliases, by name or by their last change.',
      query: Type.Object({
        ...ProjectQuery,
        search: Type.Optional(
          Type.String({ maxLength: 500, description: 'Part of the name, A–Z equal to a–z.' }),
        ),
        kind: Type.Enum(['models', 'prompts', 'all'], {
          default: 'models',
          description: 'Prompts are registered models with a tag.',
        }),
        order: Type.Enum(['name', '-name', 'updated', '-updated'], { default: 'name' }),
        ...pageQuery(1000, 100),
      }),
      output: Type.Object({ items: Type.Array(RegisteredWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { search, kind, order, limit, cursor } = query;
        const field = { kind: 'attribute', name: order.replace('-', '') } as const;
        const page = await registry.searchModels(context, project, {
          filter: search
            ? {
                kind: 'compare',
                field: { kind: 'attribute', name: 'name' },
                operator: 'contains',
                value: search,
              }
            : undefined,
          order: [{ field, descending: order.startsWith('-'), natural: false }],
          ...{ kind, limit, cursor },
        });
        return { ...page, items: page.items.map(registeredWire) };
      },
    }),
    operation({
      id: 'registered-model.get',
      method: 'GET',
      path: registeredPath,
      permission: 'metadata:read',
      summary: 'One registered model.',
      params: Type.Object(modelParams),
      query: Type.Object(ProjectQuery),
      output: RegisteredWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        return registeredWire(await registry.models.get(context, project, params.model));
      },
    }),
    operation({
      id: 'registered-model.history',
      method: 'GET',
      path: `${registeredPath}/history`,
      permission: 'metadata:read',
      summary: 'What its versions were named, from when to when and by whom, the latest first.',
      params: Type.Object(modelParams),
      query: Type.Object({
        ...ProjectQuery,
        alias: Type.Optional(Type.String({ description: 'Only this alias.' })),
        ...pageQuery(1000, 100),
      }),
      output: Type.Object({ items: Type.Array(IntervalWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const { alias, limit, cursor } = query;
        const page = await registry.names.history(context, project, params.model, {
          ...(alias !== undefined && { alias }),
          limit,
          cursor,
        });
        return { ...page, items: page.items.map(intervalWire) };
      },
    }),
  ];
}

function writeOperations(services: RegistryServices): Operation[] {
  const { projects, registry } = services;
  const common = { params: Type.Object(modelParams), query: Type.Object(ProjectQuery) } as const;
  return [
    operation({
      id: 'registered-model.create',
      method: 'POST',
      path: '/api/v1/models/registered',
      permission: 'metadata:write',
      summary: 'Make a registered model. A name that reads like one that exists is refused.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          name: Name,
          description: Type.Optional(Description),
          tags: Type.Optional(Type.Array(TagWire, { maxItems: 1000 })),
        },
        { additionalProperties: false },
      ),
      output: RegisteredWire,
      errors: ['not_found', 'already_exists'],
      status: 201,
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        return registeredWire(await registry.models.create(context, project, body));
      },
    }),
    operation({
      id: 'registered-model.update',
      method: 'PATCH',
      path: registeredPath,
      permission: 'metadata:write',
      summary: 'Describe a registered model, or give it another name.',
      ...common,
      body: Type.Object(
        { name: Type.Optional(Name), description: Type.Optional(Description) },
        { additionalProperties: false },
      ),
      output: RegisteredWire,
      errors: ['not_found', 'already_exists'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        return registeredWire(await registry.models.update(context, project, params.model, body));
      },
    }),
    operation({
      id: 'registered-model.delete',
      method: 'DELETE',
      path: registeredPath,
      permission: 'metadata:delete',
      summary:
        'Delete a registered model with its versions. Their records stay in the graph, marked as deleted.',
      ...common,
      output: Nothing,
      errors: ['not_found'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await registry.models.delete(context, project, params.model);
        return null;
      },
    }),
    ...tagOperations(services, {
      id: 'registered-model',
      path: registeredPath,
      params: Type.Object(modelParams),
      errors: ['not_found'],
      removing: 'Remove one tag; nothing happens where there is none.',
      set: (context, project, { model }, tag) => registry.models.setTag(context, project, model, tag),
      remove: (context, project, { model }, key) => registry.models.deleteTag(context, project, model, key),
    }),
  ];
}

/** Endpoints in the native API: what serves where, and what served there at an instant. */
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import { deploymentLimits } from './deployment.ts';
import { EndpointName, EndpointWire, endpointWire, Nothing, WhenQuery, whenOf } from './deployment-wire.ts';
import type { Deployments } from './deployments.ts';

interface Services {
  readonly projects: Projects;
  readonly deployments: Deployments;
}

const EndpointParams = Type.Object({ endpoint: Type.String({ description: 'Its uid.' }) });

export function endpointOperations(services: Services): Operation[] {
  return [...endpointReads(services), ...endpointChanges(services)];
}

function endpointReads({ projects, deployments }: Services): Operation[] {
  return [
    operation({
      id: 'endpoint.list',
      method: 'GET',
      path: '/api/v1/endpoints',
      permission: 'metadata:read',
      summary: 'Endpoints with what serves there, or served there at an instant.',
      query: Type.Object({
        ...ProjectQuery,
        ...WhenQuery,
        search: Type.Optional(
          Type.String({ maxLength: 500, description: 'Part of the name, A–Z equal to a–z.' }),
        ),
        view: Type.Optional(
          Type.Enum(['active', 'deleted', 'all'], {
            description:
              'active when absent; with as_of or known_at all, for it may have been deleted since.',
          }),
        ),
        order: Type.Enum(['name', '-name', 'updated', '-updated'], { default: 'name' }),
        ...pageQuery(500, 100),
      }),
      output: Type.Object({ items: Type.Array(EndpointWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { search, order, limit, cursor } = query;
        const when = whenOf(query);
        const isPast = when.asOf !== undefined || when.knownAt !== undefined;
        const view = query.view ?? (isPast ? 'all' : 'active');
        const found = await deployments.endpoints(context, project, {
          ...{ ...when, search, view, order, limit, cursor },
        });
        return { ...found, items: found.items.map(endpointWire) };
      },
    }),
    operation({
      id: 'endpoint.get',
      method: 'GET',
      path: '/api/v1/endpoints/{endpoint}',
      permission: 'metadata:read',
      summary: 'One endpoint with what serves there, or served there at an instant. A deleted one too.',
      params: EndpointParams,
      query: Type.Object({ ...ProjectQuery, ...WhenQuery }),
      output: EndpointWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const which = { uid: params.endpoint };
        return endpointWire(await deployments.endpoint(context, project, which, whenOf(query)));
      },
    }),
    operation({
      id: 'endpoint.serving',
      method: 'GET',
      path: '/api/v1/serving',
      permission: 'metadata:read',
      summary: 'What serves at the endpoint of this name, or served there at an instant.',
      query: Type.Object({ ...ProjectQuery, ...WhenQuery, endpoint: EndpointName }),
      output: EndpointWire,
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const which = { name: query.endpoint };
        return endpointWire(await deployments.endpoint(context, project, which, whenOf(query)));
      },
    }),
  ];
}

function endpointChanges({ projects, deployments }: Services): Operation[] {
  const common = { params: EndpointParams, query: Type.Object(ProjectQuery) } as const;
  return [
    operation({
      id: 'endpoint.update',
      method: 'PATCH',
      path: '/api/v1/endpoints/{endpoint}',
      permission: 'metadata:write',
      summary: 'Describe an endpoint.',
      ...common,
      body: Type.Object(
        { description: Type.String({ maxLength: deploymentLimits.description }) },
        { additionalProperties: false },
      ),
      output: EndpointWire,
      errors: ['not_found', 'failed_precondition'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        await deployments.describeEndpoint(context, project, params.endpoint, body.description);
        return endpointWire(await deployments.endpoint(context, project, { uid: params.endpoint }));
      },
    }),
    operation({
      id: 'endpoint.delete',
      method: 'DELETE',
      path: '/api/v1/endpoints/{endpoint}',
      permission: 'metadata:delete',
      summary:
        'Delete an endpoint: what serves there ends. Its history stays, and its name is not given again.',
      ...common,
      output: Nothing,
      errors: ['not_found'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await deployments.deleteEndpoint(context, project, params.endpoint);
        return null;
      },
    }),
    operation({
      id: 'endpoint.restore',
      method: 'POST',
      path: '/api/v1/endpoints/{endpoint}/restore',
      permission: 'metadata:delete',
      summary: 'Restore a deleted endpoint with its history; what served there does not serve again by that.',
      ...common,
      output: EndpointWire,
      errors: ['not_found'],
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await deployments.restoreEndpoint(context, project, params.endpoint);
        return endpointWire(await deployments.endpoint(context, project, { uid: params.endpoint }));
      },
    }),
  ];
}

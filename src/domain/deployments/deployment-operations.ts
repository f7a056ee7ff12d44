/** Deployments and endpoints in the native API. Every read is as of an instant, and as known at one. */
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery, type Projects, pageQuery } from '../contexts/index.ts';
import { deploymentLimits, others, outcomes, usualSlot } from './deployment.ts';
import {
  AssertionWire,
  assertionWire,
  DeploymentWire,
  deploymentWire,
  EndpointName,
  EndpointWire,
  endpointWire,
  Nothing,
  WhenQuery,
  whenOf,
} from './deployment-wire.ts';
import type { Deployments } from './deployments.ts';
import { endpointOperations } from './endpoint-operations.ts';
import { PlatformWire } from './platform.ts';

interface Services {
  readonly projects: Projects;
  readonly deployments: Deployments;
}

const path = '/api/v1/deployments';
const DeploymentParams = Type.Object({ deployment: Type.String({ description: 'Its uid.' }) });
const Model = Type.String({
  minLength: 1,
  maxLength: deploymentLimits.model,
  description: '`models:/churn/3`, `models:/churn@champion`, `models:/churn/Production`, `models:/m-…`',
});
const Slot = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: deploymentLimits.slot * 2,
    description: `A place in the endpoint that has its own traffic; ${usualSlot} when absent.`,
  }),
);
const At = Type.Optional(Type.Integer({ description: 'ms since 1970; now when absent.' }));
const Note = Type.Optional(Type.String({ maxLength: deploymentLimits.note }));
const Expected = Type.Optional(
  Type.Array(Model, {
    maxItems: deploymentLimits.expected,
    description:
      'All that must serve in the slot, [] for nothing; otherwise nothing changes. Absent: whatever serves.',
  }),
);

export function deploymentOperations(services: Services): Operation[] {
  return [...endpointOperations(services), ...deploymentReads(services), ...changes(services)];
}

function deploymentReads({ projects, deployments }: Services): Operation[] {
  return [
    operation({
      id: 'deployment.list',
      method: 'GET',
      path,
      permission: 'metadata:read',
      summary:
        'Deployments, the latest begun first: of an endpoint, of a model version, of all; what served when.',
      query: Type.Object({
        ...ProjectQuery,
        ...WhenQuery,
        endpoint: Type.Optional(EndpointName),
        slot: Slot,
        model: Type.Optional(Model),
        registered: Type.Optional(
          Type.String({ maxLength: 512, description: 'Name of a registered model: any of its versions.' }),
        ),
        serving: Type.Optional(
          Type.Boolean({ description: 'Only what serves; with as_of that is so without it.' }),
        ),
        ...pageQuery(1000, 100),
      }),
      output: Type.Object({ items: Type.Array(DeploymentWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const { endpoint, slot, model, registered, serving, limit, cursor } = query;
        const found = await deployments.list(context, project, {
          ...{ ...whenOf(query), endpoint, slot, model, registered, serving, limit, cursor },
        });
        return { ...found, items: found.items.map(deploymentWire) };
      },
    }),
    operation({
      id: 'deployment.get',
      method: 'GET',
      path: `${path}/{deployment}`,
      permission: 'metadata:read',
      summary: 'One deployment, and everything that was ever said of when it served.',
      params: DeploymentParams,
      query: Type.Object({ ...ProjectQuery, ...WhenQuery }),
      output: Type.Intersect([
        DeploymentWire,
        Type.Object({
          assertions: Type.Array(AssertionWire, { description: 'In the order in which they became known.' }),
        }),
      ]),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        return whole(deployments, context, project, params.deployment, whenOf(query));
      },
    }),
  ];
}

async function whole(deployments: Deployments, ...asked: Parameters<Deployments['get']>) {
  const { deployment, assertions } = await deployments.get(...asked);
  return { ...deploymentWire(deployment), assertions: assertions.map(assertionWire) };
}

function changes({ projects, deployments }: Services): Operation[] {
  return [
    operation({
      id: 'deployment.record',
      method: 'POST',
      path,
      permission: 'metadata:write',
      summary:
        'Record that a model version serves at an endpoint from an instant on: it takes the slot over, or has a share of it. The same again changes nothing.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          endpoint: Type.String({
            minLength: 1,
            maxLength: deploymentLimits.name * 2,
            description: 'Its name; it is made where there is none.',
          }),
          model: Model,
          slot: Slot,
          at: At,
          ended: Type.Optional(
            Type.Integer({
              description: 'ms since 1970, for what is over: it served beside what else is recorded.',
            }),
          ),
          traffic: Type.Optional(
            Type.Number({ minimum: 0, maximum: 100, description: 'Per cent of the slot; 100 when absent.' }),
          ),
          others: Type.Optional(
            Type.Enum([...others], {
              description:
                'What else serves in the slot ends, shares the rest, or is kept as it is. Absent: end; with less than 100 share; with ended keep.',
            }),
          ),
          platform: Type.Optional(PlatformWire),
          note: Note,
          expected: Expected,
        },
        { additionalProperties: false },
      ),
      output: DeploymentWire,
      errors: ['not_found', 'already_exists', 'conflict', 'failed_precondition'],
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        const uid = await deployments.record(context, project, body);
        return deploymentWire((await deployments.get(context, project, uid)).deployment);
      },
    }),
    operation({
      id: 'deployment.end',
      method: 'POST',
      path: `${path}/end`,
      permission: 'metadata:write',
      summary: 'Record that what serves has ended: one deployment, or what an endpoint has in a slot.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          deployment: Type.Optional(Type.String({ description: 'uid of the deployment.' })),
          endpoint: Type.Optional(EndpointName),
          slot: Slot,
          model: Type.Optional(Model),
          at: At,
          outcome: Type.Optional(Type.Enum([...outcomes])),
          others: Type.Optional(
            Type.Enum(['share', 'keep'], {
              description: 'share: what stays has its traffic, too. Unless told: share.',
            }),
          ),
          expected: Expected,
        },
        { additionalProperties: false },
      ),
      output: Type.Object({ items: Type.Array(DeploymentWire, { description: 'What ended.' }) }),
      errors: ['not_found', 'conflict', 'failed_precondition'],
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        const uids = await deployments.end(context, project, body);
        const ended = await Promise.all(uids.map((uid) => deployments.get(context, project, uid)));
        return { items: ended.map(({ deployment }) => deploymentWire(deployment)) };
      },
    }),
    operation({
      id: 'deployment.roll-back',
      method: 'POST',
      path: `${path}/roll-back`,
      permission: 'metadata:write',
      summary: 'Record that a slot went back to what it served before what came last.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        { endpoint: EndpointName, slot: Slot, at: At, note: Note, expected: Expected },
        { additionalProperties: false },
      ),
      output: EndpointWire,
      errors: ['not_found', 'conflict', 'failed_precondition'],
      idempotent: true,
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        await deployments.rollBack(context, project, body);
        return endpointWire(await deployments.endpoint(context, project, { name: body.endpoint }));
      },
    }),
    operation({
      id: 'deployment.correct',
      method: 'PATCH',
      path: `${path}/{deployment}`,
      permission: 'metadata:write',
      summary: 'Correct what was recorded wrongly or late. As it was known before, it stays.',
      params: DeploymentParams,
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          started: Type.Optional(Type.Integer({ description: 'ms since 1970' })),
          ended: Type.Optional(
            Type.Union([Type.Integer(), Type.Null()], {
              description: 'ms since 1970; null: it serves still.',
            }),
          ),
          outcome: Type.Optional(Type.Enum([...outcomes])),
          platform: Type.Optional(PlatformWire),
          note: Note,
        },
        { additionalProperties: false },
      ),
      output: DeploymentWire,
      errors: ['not_found', 'failed_precondition'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        await deployments.correct(context, project, params.deployment, body);
        return deploymentWire((await deployments.get(context, project, params.deployment)).deployment);
      },
    }),
    operation({
      id: 'deployment.retract',
      method: 'DELETE',
      path: `${path}/{deployment}`,
      permission: 'metadata:delete',
      summary: 'Take a record back: it never was. As it was known before, it stays.',
      params: DeploymentParams,
      query: Type.Object(ProjectQuery),
      output: Nothing,
      errors: ['not_found', 'failed_precondition'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await deployments.retract(context, project, params.deployment);
        return null;
      },
    }),
  ];
}

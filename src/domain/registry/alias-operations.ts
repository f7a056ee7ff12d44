/** Aliases: set, moved with an expectation, taken back. */
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery } from '../contexts/index.ts';
import {
  modelParams,
  Nothing,
  type RegistryServices,
  registeredPath,
} from './registered-model-operations.ts';
import { RegisteredWire, registeredWire } from './registry-wire.ts';

const AliasParams = Type.Object({
  ...modelParams,
  alias: Type.String({ description: '`champion`' }),
});
const Expected = Type.Optional(
  Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
    description:
      'The version it must name now, null for none; otherwise nothing changes. Absent: whatever it names.',
  }),
);

export function aliasOperations({ projects, registry }: RegistryServices): Operation[] {
  const path = `${registeredPath}/aliases/{alias}`;
  const common = { params: AliasParams, query: Type.Object(ProjectQuery) } as const;
  return [
    operation({
      id: 'model-alias.set',
      method: 'PUT',
      path,
      permission: 'metadata:write',
      summary: 'Let an alias name a version: promote it. With `expected` only if nobody else has moved it.',
      ...common,
      body: Type.Object(
        { version: Type.Integer({ minimum: 1 }), expected: Expected },
        { additionalProperties: false },
      ),
      output: RegisteredWire,
      errors: ['not_found', 'conflict'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        const { model, alias } = params;
        await registry.names.setAlias(context, project, model, alias, body.version, body.expected);
        return registeredWire(await registry.models.get(context, project, model));
      },
    }),
    operation({
      id: 'model-alias.remove',
      method: 'DELETE',
      path,
      permission: 'metadata:write',
      summary: 'Let an alias name nothing; nothing happens where it does not.',
      params: AliasParams,
      query: Type.Object({
        ...ProjectQuery,
        expected: Type.Optional(Type.Integer({ minimum: 1, description: 'The version it must name now.' })),
      }),
      output: Nothing,
      errors: ['not_found', 'conflict'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await registry.names.removeAlias(context, project, params.model, params.alias, query.expected);
        return null;
      },
    }),
    operation({
      id: 'model-alias.undo',
      method: 'POST',
      path: `${path}/undo`,
      permission: 'metadata:write',
      summary:
        'Put an alias back to what it named before its last change. Undone again, that change is back.',
      ...common,
      body: Type.Object({ expected: Expected }, { additionalProperties: false }),
      output: RegisteredWire,
      errors: ['not_found', 'conflict', 'failed_precondition'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        await registry.names.undoAlias(context, project, params.model, params.alias, body.expected);
        return registeredWire(await registry.models.get(context, project, params.model));
      },
    }),
  ];
}

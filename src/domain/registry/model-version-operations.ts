import { invalid, notFound } from '../../kernel/errors.ts';
import { type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { type Artifacts, holderOperations } from '../artifacts/index.ts';
import { ProjectQuery, pageQuery, TagWire, tagOperations } from '../contexts/index.ts';
import { registryLimits } from './registered-model.ts';
import {
  Description,
  modelParams,
  Nothing,
  type RegistryServices,
  registeredPath,
} from './registered-model-operations.ts';
import { StageWire, VersionWire, versionWire } from './registry-wire.ts';
import { parseModelUri } from './version-source.ts';

const versionPath = `${registeredPath}/versions/{version}`;
const VersionParams = Type.Object({
  ...modelParams,
  version: Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'Its number.' }),
});
const Instant = Type.Integer({ minimum: 0, description: 'ms since 1970; now when absent.' });

const numbered = (params: { readonly model: string; readonly version: string }) => ({
  name: params.model,
  version: Number(params.version),
});

export function modelVersionOperations(
  services: RegistryServices & { readonly artifacts: Artifacts },
): Operation[] {
  return [...readOperations(services), ...writeOperations(services), ...fileOperations(services)];
}

function readOperations({ projects, registry, runs }: RegistryServices): Operation[] {
  return [
    operation({
      id: 'model-version.list',
      method: 'GET',
      path: `${registeredPath}/versions`,
      permission: 'metadata:read',
      summary: 'Versions of a registered model, the greatest number first.',
      params: Type.Object(modelParams),
      query: Type.Object({ ...ProjectQuery, ...pageQuery(1000, 100) }),
      output: Type.Object({ items: Type.Array(VersionWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const { limit, cursor } = query;
        const page = await registry.searchVersions(context, project, {
          ...{ kind: 'all', model: params.model, limit, cursor },
          order: [{ field: { kind: 'attribute', name: 'number' }, descending: true, natural: false }],
        });
        return { ...page, items: page.items.map(versionWire) };
      },
    }),
    operation({
      id: 'model-version.of-run',
      method: 'GET',
      path: '/api/v1/runs/{run}/versions',
      permission: 'metadata:read',
      summary: 'Versions of registered models that came from a run, the latest first.',
      params: Type.Object({ run: Type.String({ description: 'Id of the run.' }) }),
      query: Type.Object({ ...ProjectQuery, ...pageQuery(1000, 100) }),
      output: Type.Object({ items: Type.Array(VersionWire), cursor: Type.Optional(Type.String()) }),
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await runs.get(context, project, params.run);
        const { limit, cursor } = query;
        const field = { kind: 'attribute', name: 'run' } as const;
        const page = await registry.searchVersions(context, project, {
          ...{ kind: 'all', limit, cursor },
          filter: { kind: 'compare', field, operator: '=', value: params.run },
          order: [{ field: { kind: 'attribute', name: 'created' }, descending: true, natural: false }],
        });
        return { ...page, items: page.items.map(versionWire) };
      },
    }),
    operation({
      id: 'model-version.get',
      method: 'GET',
      path: versionPath,
      permission: 'metadata:read',
      summary: 'One version.',
      params: VersionParams,
      query: Type.Object(ProjectQuery),
      output: VersionWire,
      errors: ['not_found'],
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        const { name, version } = numbered(params);
        return versionWire(await registry.versions.get(context, project, { name, version }));
      },
    }),
    operation({
      id: 'model-version.resolve',
      method: 'GET',
      path: '/api/v1/models/resolve',
      permission: 'metadata:read',
      summary:
        'The version that a `models:/` URI leads to: by number, alias, stage or `latest`; an alias also as of a day.',
      query: Type.Object({
        ...ProjectQuery,
        uri: Type.String({
          maxLength: registryLimits.source,
          description: '`models:/name/3`, `models:/name@champion`, `models:/name/Production`',
        }),
        at: Type.Optional(Instant),
      }),
      output: VersionWire,
      errors: ['not_found'],
      async run(context, { query }) {
        const project = await projects.resolve(context, query.project);
        const named = parseModelUri(query.uri, 'uri');
        if ('id' in named) throw invalid('uri', 'The URI names no version of a registered model.');
        if (query.at !== undefined && named.alias === undefined) {
          throw invalid('at', 'Only an alias is resolved as of an instant.');
        }
        return versionWire(await registry.versions.get(context, project, named, query.at));
      },
    }),
  ];
}

function writeOperations(services: RegistryServices): Operation[] {
  const { projects, registry } = services;
  const common = { params: VersionParams, query: Type.Object(ProjectQuery) } as const;
  const Reference = Type.Optional(Type.String({ maxLength: registryLimits.run }));
  return [
    operation({
      id: 'model-version.create',
      method: 'POST',
      path: `${registeredPath}/versions`,
      permission: 'metadata:write',
      summary:
        'Make the next version, of a logged model, of a file of a run or as a copy of another version.',
      params: Type.Object(modelParams),
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          source: Type.String({
            minLength: 1,
            maxLength: registryLimits.source,
            description:
              '`models:/m-…`, `runs:/<run>/<path>`, `models:/<name>/<version>`, or where the files are.',
          }),
          run: Reference,
          loggedModel: Reference,
          runLink: Type.Optional(Type.String({ maxLength: registryLimits.runLink })),
          description: Type.Optional(Description),
          tags: Type.Optional(Type.Array(TagWire, { maxItems: 1000 })),
        },
        { additionalProperties: false },
      ),
      output: VersionWire,
      errors: ['not_found'],
      status: 201,
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        return versionWire(await registry.versions.create(context, project, params.model, body));
      },
    }),
    operation({
      id: 'model-version.update',
      method: 'PATCH',
      path: versionPath,
      permission: 'metadata:write',
      summary: 'Describe a version.',
      ...common,
      body: Type.Object({ description: Description }, { additionalProperties: false }),
      output: VersionWire,
      errors: ['not_found'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        const { name, version } = numbered(params);
        return versionWire(
          await registry.versions.describe(context, project, name, version, body.description),
        );
      },
    }),
    operation({
      id: 'model-version.delete',
      method: 'DELETE',
      path: versionPath,
      permission: 'metadata:delete',
      summary: 'Delete a version. Its number is never given again; its record stays in the graph.',
      ...common,
      output: Nothing,
      errors: ['not_found'],
      status: 204,
      idempotent: true,
      async run(context, { params, query }) {
        const project = await projects.resolve(context, query.project);
        await registry.versions.delete(context, project, params.model, Number(params.version));
        return null;
      },
    }),
    operation({
      id: 'model-version.stage',
      method: 'PUT',
      path: `${versionPath}/stage`,
      permission: 'metadata:write',
      summary: 'Put a version into a stage.',
      ...common,
      body: Type.Object(
        {
          stage: StageWire,
          archiveExisting: Type.Optional(
            Type.Boolean({ description: 'Archive other versions in Staging or Production.' }),
          ),
          expected: Type.Optional(StageWire),
        },
        { additionalProperties: false },
      ),
      output: VersionWire,
      errors: ['not_found', 'conflict'],
      idempotent: true,
      async run(context, { params, query, body }) {
        const project = await projects.resolve(context, query.project);
        const { name, version } = numbered(params);
        const { archiveExisting: archive, expected } = body;
        return versionWire(
          await registry.names.setStage(context, project, name, version, body.stage, { archive, expected }),
        );
      },
    }),
    ...tagOperations(services, {
      id: 'model-version',
      path: versionPath,
      params: VersionParams,
      errors: ['not_found'],
      removing: 'Remove one tag; nothing happens where there is none.',
      set: (context, project, { model, version }, tag) =>
        registry.versions.setTag(context, project, model, Number(version), tag),
      remove: (context, project, { model, version }, key) =>
        registry.versions.deleteTag(context, project, model, Number(version), key),
    }),
  ];
}

/** The files of a version, to read. What may change them is the run or the logged model that they are of. */
function fileOperations({
  projects,
  registry,
  artifacts,
}: RegistryServices & { readonly artifacts: Artifacts }): Operation[] {
  const holder = {
    id: 'model-version-artifact',
    name: 'a version',
    path: '/api/v1/models/versions/{version}',
    parameter: 'version',
    description: 'uid of the version.',
    uriOf: async (...[context, project, uid]: Parameters<typeof registry.versionByUid>) => {
      const version = await registry.versionByUid(context, project, uid);
      if (version === undefined) throw notFound(`No version ${uid}.`, 'version');
      return registry.filesOf(context, project, version);
    },
  };
  return holderOperations(holder, { projects, artifacts }).filter(({ method }) => method === 'GET');
}

/** Versions of registered models: made, described, staged, deleted, searched; their tags and where their files are. */
import { artifactPath } from '../../domain/artifacts/index.ts';
import { stageOf } from '../../domain/registry/index.ts';
import { invalid } from '../../kernel/errors.ts';
import { route } from './artifacts-route.ts';
import { bodyLimits, endpoint } from './endpoint.ts';
import { checkKey } from './entity-names.ts';
import { bool, content, int64, listOf, nested, required, text } from './message-schema.ts';
import { keyedPair, nothing } from './messages.ts';
import { modelVersion, versionMessage, versionNumber } from './registry-messages.ts';
import { withoutPrompts } from './registry-search-names.ts';
import { registryTag } from './registry-tags.ts';
import { parseMlflowVersionFilter, parseMlflowVersionOrder } from './search-grammar.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

/** Versions of one page, unless told and at most: so the protocol has it. */
export const versionsPerPage = 200_000;

const byNumber = { name: required(text), version: required(text) };
const oneVersion = { model_version: nested(modelVersion) };

export function modelVersionEndpoints(services: MlflowServices): WorkspaceOperation[] {
  return [
    ...recordEndpoints(services),
    ...searchEndpoint(services),
    ...tagEndpoints(services),
    ...fileEndpoints(services),
  ];
}

function recordEndpoints({ registry }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'model-versions.create',
      methods: ['POST'],
      path: 'model-versions/create',
      permission: 'metadata:write',
      summary: 'Make the next version of a registered model.',
      bodyLimit: bodyLimits.texts,
      request: {
        name: required(text),
        source: required(text),
        run_id: text,
        tags: listOf(nested(keyedPair)),
        run_link: text,
        description: text,
        model_id: text,
      },
      response: oneVersion,
      async run(context, input, project) {
        const made = await registry.versions.create(context, project.id, input.name, {
          source: input.source,
          run: input.run_id,
          loggedModel: input.model_id,
          runLink: input.run_link,
          description: input.description ?? '',
          tags: input.tags.map(({ key, value }) => registryTag(key, value)),
        });
        return { model_version: versionMessage(made, 'with aliases') };
      },
    }),
    endpoint({
      id: 'model-versions.get',
      methods: ['GET'],
      path: 'model-versions/get',
      permission: 'metadata:read',
      summary: 'A version by the name of its model and its number.',
      request: byNumber,
      response: oneVersion,
      async run(context, { name, version: written }, project) {
        const version = versionNumber(written);
        const found = await registry.versions.get(context, project.id, { name, version });
        return { model_version: versionMessage(found, 'with aliases') };
      },
    }),
    endpoint({
      id: 'model-versions.update',
      methods: ['PATCH'],
      path: 'model-versions/update',
      permission: 'metadata:write',
      summary: 'Describe a version.',
      request: { ...byNumber, description: text },
      response: oneVersion,
      async run(context, { name, version, description }, project) {
        const number = versionNumber(version);
        const described = await registry.versions.describe(context, project.id, name, number, description);
        return { model_version: versionMessage(described, 'with aliases') };
      },
    }),
    endpoint({
      id: 'model-versions.transition-stage',
      methods: ['POST'],
      path: 'model-versions/transition-stage',
      permission: 'metadata:write',
      summary: 'Put a version into a stage.',
      request: { ...byNumber, stage: required(text), archive_existing_versions: bool },
      response: oneVersion,
      async run(context, { name, version: written, stage, archive_existing_versions: archive }, project) {
        const to = stageOf(stage);
        const version = versionNumber(written);
        const moved = await registry.names.setStage(context, project.id, name, version, to, { archive });
        return { model_version: versionMessage(moved, 'with aliases') };
      },
    }),
    endpoint({
      id: 'model-versions.delete',
      methods: ['DELETE'],
      path: 'model-versions/delete',
      permission: 'metadata:delete',
      summary: 'Delete a version; its number is never given again.',
      request: byNumber,
      response: nothing,
      async run(context, { name, version }, project) {
        await registry.versions.delete(context, project.id, name, versionNumber(version));
        return {};
      },
    }),
  ].flat();
}

function searchEndpoint({ registry }: MlflowServices): WorkspaceOperation[] {
  return endpoint({
    id: 'model-versions.search',
    methods: ['GET'],
    path: 'model-versions/search',
    permission: 'metadata:read',
    summary: 'Versions that fit a filter, page by page.',
    request: { filter: text, max_results: int64, order_by: listOf(text), page_token: text },
    response: { model_versions: listOf(nested(modelVersion)), next_page_token: text },
    async run(context, input, project) {
      const asked = Number(input.max_results ?? versionsPerPage);
      const refuse = (why: string) => invalid('max_results', why);
      if (asked < 1) {
        throw refuse(`Invalid value for max_results. It must be a positive integer, but got ${asked}`);
      }
      if (asked > versionsPerPage) {
        throw refuse(
          `Invalid value for request parameter max_results. It must be at most ${versionsPerPage}, but got value ${asked}`,
        );
      }
      const page = await registry.searchVersions(context, project.id, {
        ...withoutPrompts(parseMlflowVersionFilter(input.filter ?? '')),
        order: parseMlflowVersionOrder(input.order_by),
        limit: asked,
        cursor: input.page_token || undefined,
      });
      return {
        model_versions: page.items.map((version) => versionMessage(version, 'without aliases')),
        next_page_token: page.cursor,
      };
    },
  });
}

function tagEndpoints({ registry }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'model-versions.set-tag',
      methods: ['POST'],
      path: 'model-versions/set-tag',
      permission: 'metadata:write',
      summary: 'Set a tag of a version.',
      bodyLimit: bodyLimits.texts,
      request: { ...byNumber, key: required(text), value: content },
      response: nothing,
      async run(context, { name, version, key, value }, project) {
        const tag = registryTag(key, value);
        await registry.versions.setTag(context, project.id, name, versionNumber(version), tag);
        return {};
      },
    }),
    endpoint({
      id: 'model-versions.delete-tag',
      methods: ['DELETE'],
      path: 'model-versions/delete-tag',
      permission: 'metadata:write',
      summary: 'Delete a tag of a version; none is no error.',
      request: { ...byNumber, key: required(text) },
      response: nothing,
      async run(context, { name, version, key }, project) {
        const number = versionNumber(version);
        checkKey('key', key);
        await registry.versions.deleteTag(context, project.id, name, number, key);
        return {};
      },
    }),
  ].flat();
}

function fileEndpoints({ registry, artifacts }: MlflowServices): WorkspaceOperation[] {
  return [
    ...endpoint({
      id: 'model-versions.get-download-uri',
      methods: ['GET'],
      path: 'model-versions/get-download-uri',
      permission: 'metadata:read',
      summary: 'Where the files of a version are.',
      request: byNumber,
      response: { artifact_uri: text },
      async run(context, { name, version: written }, project) {
        const version = versionNumber(written);
        const found = await registry.versions.get(context, project.id, { name, version });
        return { artifact_uri: found.location };
      },
    }),
    route({
      id: 'model-versions.get-artifact',
      method: 'GET',
      path: '/model-versions/get-artifact',
      aliases: [],
      permission: 'metadata:read',
      summary: 'The bytes of a file of a version, by query.',
      async handle(context, { query }, project) {
        const given = (name: string) => {
          const value = query.get(name);
          if (!value) throw invalid(name, `Missing value for required parameter '${name}'.`);
          return value;
        };
        const path = artifactPath('path', given('path'));
        const version = versionNumber(given('version'));
        const found = await registry.versions.get(context, project.id, { name: given('name'), version });
        const uri = await registry.filesOf(context, project.id, found);
        return { status: 200, body: await artifacts.open(context, project.id, uri, path) };
      },
    }),
  ];
}

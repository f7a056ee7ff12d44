/** Registered models: made, described, renamed, deleted, searched; their tags and aliases. */
import { checkAlias, checkRegisteredName, stageOf } from '../../domain/registry/index.ts';
import { invalid } from '../../kernel/errors.ts';
import { bodyLimits, endpoint } from './endpoint.ts';
import { checkKey } from './entity-names.ts';
import { content, int64, listOf, nested, required, text } from './message-schema.ts';
import { keyedPair, nothing } from './messages.ts';
import {
  modelVersion,
  registeredMessage,
  registeredModel,
  versionMessage,
  versionNumber,
} from './registry-messages.ts';
import { withoutPrompts } from './registry-search-names.ts';
import { registryTag } from './registry-tags.ts';
import { parseMlflowRegisteredFilter, parseMlflowRegisteredOrder } from './search-grammar.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

/** Registered models of one page, unless told, and at most. */
export const registeredPages = { usual: 100, limit: 1000 } as const;

const byName = { name: required(text) };
const oneModel = { registered_model: nested(registeredModel) };
const oneVersion = { model_version: nested(modelVersion) };

export function registeredModelEndpoints(services: MlflowServices): WorkspaceOperation[] {
  return [
    ...recordEndpoints(services),
    ...searchEndpoints(services),
    ...tagEndpoints(services),
    ...aliasEndpoints(services),
  ];
}

function recordEndpoints({ registry }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'registered-models.create',
      methods: ['POST'],
      path: 'registered-models/create',
      permission: 'metadata:write',
      summary: 'Make a registered model.',
      bodyLimit: bodyLimits.texts,
      request: { ...byName, tags: listOf(nested(keyedPair)), description: text },
      response: oneModel,
      async run(context, input, project) {
        const made = await registry.models.create(context, project.id, {
          name: input.name,
          description: input.description,
          tags: input.tags.map(({ key, value }) => registryTag(key, value)),
        });
        return { registered_model: registeredMessage(made) };
      },
    }),
    endpoint({
      id: 'registered-models.get',
      methods: ['GET'],
      path: 'registered-models/get',
      permission: 'metadata:read',
      summary: 'A registered model by name.',
      request: byName,
      response: oneModel,
      async run(context, { name }, project) {
        return { registered_model: registeredMessage(await registry.models.get(context, project.id, name)) };
      },
    }),
    endpoint({
      id: 'registered-models.rename',
      methods: ['POST'],
      path: 'registered-models/rename',
      permission: 'metadata:write',
      summary: 'Give a registered model and its versions another name.',
      request: { ...byName, new_name: required(text) },
      response: oneModel,
      async run(context, { name, new_name: to }, project) {
        checkRegisteredName(to, 'new_name');
        const renamed = await registry.models.update(context, project.id, name, { name: to });
        return { registered_model: registeredMessage(renamed) };
      },
    }),
    endpoint({
      id: 'registered-models.update',
      methods: ['PATCH'],
      path: 'registered-models/update',
      permission: 'metadata:write',
      summary: 'Describe a registered model.',
      request: { ...byName, description: text },
      response: oneModel,
      async run(context, { name, description = '' }, project) {
        const described = await registry.models.update(context, project.id, name, { description });
        return { registered_model: registeredMessage(described) };
      },
    }),
    endpoint({
      id: 'registered-models.delete',
      methods: ['DELETE'],
      path: 'registered-models/delete',
      permission: 'metadata:delete',
      summary: 'Delete a registered model with its versions.',
      request: byName,
      response: nothing,
      async run(context, { name }, project) {
        await registry.models.delete(context, project.id, name);
        return {};
      },
    }),
  ].flat();
}

function searchEndpoints({ registry }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'registered-models.search',
      methods: ['GET'],
      path: 'registered-models/search',
      permission: 'metadata:read',
      summary: 'Registered models that fit a filter, page by page.',
      request: { filter: text, max_results: int64, order_by: listOf(text), page_token: text },
      response: { registered_models: listOf(nested(registeredModel)), next_page_token: text },
      async run(context, input, project) {
        const asked = Number(input.max_results ?? registeredPages.usual);
        if (asked < 1 || asked > registeredPages.limit) {
          throw invalid(
            'max_results',
            `Invalid value ${asked} for parameter 'max_results' supplied. It must be between 1 and ${registeredPages.limit}.`,
          );
        }
        const page = await registry.searchModels(context, project.id, {
          ...withoutPrompts(parseMlflowRegisteredFilter(input.filter ?? '')),
          order: parseMlflowRegisteredOrder(input.order_by),
          limit: asked,
          cursor: input.page_token || undefined,
        });
        return {
          registered_models: page.items.map(registeredMessage),
          next_page_token: page.cursor,
        };
      },
    }),
    endpoint({
      id: 'registered-models.get-latest-versions',
      methods: ['POST', 'GET'],
      path: 'registered-models/get-latest-versions',
      permission: 'metadata:read',
      summary: 'The version with the greatest number of each stage.',
      request: { ...byName, stages: listOf(text) },
      response: { model_versions: listOf(nested(modelVersion)) },
      async run(context, { name, stages }, project) {
        const wanted = stages.map((stage) => stageOf(stage, 'stages'));
        const { latest } = await registry.models.get(context, project.id, name);
        const fitting = latest.filter(({ stage }) => wanted.length === 0 || wanted.includes(stage));
        return { model_versions: fitting.map((version) => versionMessage(version, 'with aliases')) };
      },
    }),
  ].flat();
}

function tagEndpoints({ registry }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'registered-models.set-tag',
      methods: ['POST'],
      path: 'registered-models/set-tag',
      permission: 'metadata:write',
      summary: 'Set a tag of a registered model.',
      bodyLimit: bodyLimits.texts,
      request: { ...byName, key: required(text), value: content },
      response: nothing,
      async run(context, { name, key, value }, project) {
        await registry.models.setTag(context, project.id, name, registryTag(key, value));
        return {};
      },
    }),
    endpoint({
      id: 'registered-models.delete-tag',
      methods: ['DELETE'],
      path: 'registered-models/delete-tag',
      permission: 'metadata:write',
      summary: 'Delete a tag of a registered model; none is no error.',
      request: { ...byName, key: required(text) },
      response: nothing,
      async run(context, { name, key }, project) {
        checkKey('key', key);
        await registry.models.deleteTag(context, project.id, name, key);
        return {};
      },
    }),
  ].flat();
}

function aliasEndpoints({ registry }: MlflowServices): WorkspaceOperation[] {
  const byAlias = { ...byName, alias: required(text) };
  return [
    endpoint({
      id: 'registered-models.set-alias',
      methods: ['POST'],
      path: 'registered-models/alias',
      permission: 'metadata:write',
      summary: 'Let an alias name a version.',
      request: { ...byAlias, version: required(text) },
      response: nothing,
      async run(context, { name, alias, version }, project) {
        await registry.names.setAlias(context, project.id, name, alias, versionNumber(version));
        return {};
      },
    }),
    endpoint({
      id: 'registered-models.delete-alias',
      methods: ['DELETE'],
      path: 'registered-models/alias',
      permission: 'metadata:write',
      summary: 'Let an alias name nothing; none is no error.',
      request: byAlias,
      response: nothing,
      async run(context, { name, alias }, project) {
        await registry.names.removeAlias(context, project.id, name, alias);
        return {};
      },
    }),
    endpoint({
      id: 'registered-models.get-by-alias',
      methods: ['GET'],
      path: 'registered-models/alias',
      permission: 'metadata:read',
      summary: 'The version that an alias names.',
      request: byAlias,
      response: oneVersion,
      async run(context, { name, alias }, project) {
        checkAlias(alias);
        const version = await registry.versions.get(context, project.id, { name, alias });
        return { model_version: versionMessage(version, 'with aliases') };
      },
    }),
  ].flat();
}

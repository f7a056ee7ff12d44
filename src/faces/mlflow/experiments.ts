import type { Experiment, Tag } from '../../domain/contexts/index.ts';
import { invalid } from '../../kernel/errors.ts';
import { bodyLimits, endpoint } from './endpoint.ts';
import { checkArtifactLocation, checkKey, checkLength, limits } from './entity-names.ts';
import { experimentId } from './experiment-ids.ts';
import { content, listOf, nested, type Printed, required, text } from './message-schema.ts';
import { experiment, nothing, pair } from './messages.ts';
import type { MlflowServices, WorkspaceOperation } from './services.ts';

const byId = { experiment_id: required(text) };

export function experimentEndpoints({ experiments }: MlflowServices): WorkspaceOperation[] {
  return [
    endpoint({
      id: 'experiments.create',
      methods: ['POST'],
      path: 'experiments/create',
      permission: 'metadata:write',
      summary: 'Create an experiment.',
      bodyLimit: bodyLimits.texts,
      request: { name: required(text), artifact_location: text, tags: listOf(nested(pair)) },
      response: { experiment_id: text },
      async run(context, input, project) {
        const artifactLocation = input.artifact_location;
        if (artifactLocation !== undefined) checkArtifactLocation(artifactLocation);
        checkExperimentName(input.name);
        const tags = input.tags.map((tag) => experimentTag(tag.key, tag.value));
        const created = await experiments.create(context, project.id, {
          name: input.name,
          artifactLocation,
          tags,
        });
        return { experiment_id: created.id };
      },
    }),
    endpoint({
      id: 'experiments.get',
      methods: ['GET'],
      path: 'experiments/get',
      permission: 'metadata:read',
      summary: 'An experiment by id, deleted ones too.',
      request: byId,
      response: { experiment: nested(experiment) },
      async run(context, input, project) {
        const id = experimentId('experiment_id', input.experiment_id);
        return {
          experiment: experimentMessage(await experiments.get(context, project.id, id), project.name),
        };
      },
    }),
    endpoint({
      id: 'experiments.get-by-name',
      methods: ['GET'],
      path: 'experiments/get-by-name',
      permission: 'metadata:read',
      summary: 'An experiment by name, deleted ones too.',
      request: { experiment_name: required(text) },
      response: { experiment: nested(experiment) },
      async run(context, input, project) {
        return {
          experiment: experimentMessage(
            await experiments.getByName(context, project.id, input.experiment_name),
            project.name,
          ),
        };
      },
    }),
    endpoint({
      id: 'experiments.update',
      methods: ['POST'],
      path: 'experiments/update',
      permission: 'metadata:write',
      summary: 'Rename an experiment.',
      request: { ...byId, new_name: required(text) },
      response: nothing,
      async run(context, input, project) {
        checkExperimentName(input.new_name);
        const id = experimentId('experiment_id', input.experiment_id);
        await experiments.rename(context, project.id, id, input.new_name);
        return {};
      },
    }),
    endpoint({
      id: 'experiments.delete',
      methods: ['POST'],
      path: 'experiments/delete',
      permission: 'metadata:delete',
      summary: 'Mark an experiment and its runs as deleted.',
      request: byId,
      response: nothing,
      async run(context, input, project) {
        await experiments.delete(context, project.id, experimentId('experiment_id', input.experiment_id));
        return {};
      },
    }),
    endpoint({
      id: 'experiments.restore',
      methods: ['POST'],
      path: 'experiments/restore',
      permission: 'metadata:delete',
      summary: 'Take back the deletion of an experiment and its runs.',
      request: byId,
      response: nothing,
      async run(context, input, project) {
        await experiments.restore(context, project.id, experimentId('experiment_id', input.experiment_id));
        return {};
      },
    }),
    endpoint({
      id: 'experiments.set-tag',
      methods: ['POST'],
      path: 'experiments/set-experiment-tag',
      permission: 'metadata:write',
      summary: 'Set a tag of an experiment.',
      bodyLimit: bodyLimits.texts,
      request: { ...byId, key: required(text), value: content },
      response: nothing,
      async run(context, input, project) {
        const tag = experimentTag(input.key, input.value);
        const id = experimentId('experiment_id', input.experiment_id);
        await experiments.setTag(context, project.id, id, tag);
        return {};
      },
    }),
    endpoint({
      id: 'experiments.delete-tag',
      methods: ['POST'],
      path: 'experiments/delete-experiment-tag',
      permission: 'metadata:write',
      summary: 'Delete a tag of an experiment.',
      request: { ...byId, key: required(text) },
      response: nothing,
      async run(context, input, project) {
        const id = experimentId('experiment_id', input.experiment_id);
        await experiments.deleteTag(context, project.id, id, input.key);
        return {};
      },
    }),
  ].flat();
}

export function experimentMessage(found: Experiment, workspace: string): Printed<typeof experiment> {
  return {
    experiment_id: found.id,
    name: found.name,
    artifact_location: found.artifactLocation,
    lifecycle_stage: found.lifecycle,
    last_update_time: found.updated,
    creation_time: found.created,
    tags: found.tags,
    workspace,
  };
}

function checkExperimentName(name: string): void {
  checkLength('name', 'name', name, limits.experimentName);
  if (name.trim() === '') throw invalid('name', `Invalid experiment name: '${name}'`);
}

function experimentTag(key = '', value = ''): Tag {
  checkKey('key', key);
  checkLength('key', 'key', key, limits.key);
  checkLength('value', 'value', value, limits.experimentTagValue);
  return { key, value };
}

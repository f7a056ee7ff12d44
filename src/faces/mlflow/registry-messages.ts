/** Registered models and versions in the words of the protocol. */
import type { ModelVersion, RegisteredModel } from '../../domain/registry/index.ts';
import { invalid } from '../../kernel/errors.ts';
import { enumOf, int64, listOf, nested, type Printed, text } from './message-schema.ts';
import { pair } from './messages.ts';

export const modelVersion = {
  name: text,
  version: text,
  creation_timestamp: int64,
  last_updated_timestamp: int64,
  user_id: text,
  current_stage: text,
  description: text,
  source: text,
  run_id: text,
  status: enumOf({ PENDING_REGISTRATION: 1, FAILED_REGISTRATION: 2, READY: 3 }),
  status_message: text,
  tags: listOf(nested(pair)),
  run_link: text,
  aliases: listOf(text),
};

export const registeredModel = {
  name: text,
  creation_timestamp: int64,
  last_updated_timestamp: int64,
  user_id: text,
  description: text,
  latest_versions: listOf(nested(modelVersion)),
  tags: listOf(nested(pair)),
  aliases: listOf(nested({ alias: text, version: text })),
};

/** MLflow tells the aliases of a version only where one is asked for, not in lists. */
export function versionMessage(
  version: ModelVersion,
  aliases: 'with aliases' | 'without aliases',
): Printed<typeof modelVersion> {
  return {
    name: version.model,
    version: String(version.version),
    creation_timestamp: version.created,
    last_updated_timestamp: version.updated,
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.run,
    status: 'READY',
    tags: version.tags,
    run_link: version.runLink,
    aliases: aliases === 'with aliases' ? version.aliases : [],
  };
}

export function registeredMessage(model: RegisteredModel): Printed<typeof registeredModel> {
  return {
    name: model.name,
    creation_timestamp: model.created,
    last_updated_timestamp: model.updated,
    description: model.description || undefined,
    latest_versions: model.latest.map((version) => versionMessage(version, 'without aliases')),
    tags: model.tags,
    aliases: model.aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  };
}

/** Versions travel as text, in which Python reads a whole number. One beyond all that can be is no version. */
export function versionNumber(written: string, field = 'version'): number {
  const plain = written.trim();
  if (!/^[+-]?\d+(?:_\d+)*$/.test(plain)) {
    throw invalid(field, `Parameter '${field}' must be an integer, got '${written}'.`);
  }
  const number = Number(plain.replaceAll('_', ''));
  return Number.isSafeInteger(number) ? number : Number.POSITIVE_INFINITY;
}

/**
 * The registry: a **registered model** is an asset that people know by name, a **version** of it an artifact that never
 * changes in what it is. An **alias** names one version at a time, a **stage** says how far one has come; both are edges
 * with intervals, so what was named on any day is known for ever. A version's number is counted per registered model and
 * never given twice, whatever is deleted. Prompts of MLflow are registered models with a tag.
 */
import { invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { Tag } from '../contexts/index.ts';

export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof stages)[number];
/** Those in which a version is used. */
export const activeStages: readonly Stage[] = ['Staging', 'Production'];

export interface AliasedVersion {
  readonly alias: string;
  readonly version: number;
}

export interface RegisteredModel {
  readonly node: NodeId;
  readonly project: ProjectId;
  readonly uid: Uid;
  readonly name: string;
  readonly description: string | undefined;
  /** ms */
  readonly created: number;
  /** ms */
  readonly updated: number;
  /** Keys in the order of their UTF-8 bytes, as are aliases. */
  readonly tags: readonly Tag[];
  readonly aliases: readonly AliasedVersion[];
  /** How many versions it has. */
  readonly versions: number;
  /** The version with the greatest number of each stage, stages in the order in which versions first have them. */
  readonly latest: readonly ModelVersion[];
}

export interface ModelVersion {
  readonly node: NodeId;
  readonly project: ProjectId;
  readonly uid: Uid;
  /** Name of its registered model, and its node. */
  readonly model: string;
  readonly modelNode: NodeId;
  /** 1, 2, 3 … */
  readonly version: number;
  readonly description: string | undefined;
  /** ms */
  readonly created: number;
  /** ms */
  readonly updated: number;
  /** Who made it. */
  readonly creator: string;
  readonly stage: Stage;
  readonly aliases: readonly string[];
  /** Where it came from, as the client wrote it. */
  readonly source: string;
  /** Where clients read its files. */
  readonly location: string;
  /** Id of the run it came from, as written; '' when not told. */
  readonly run: string;
  readonly runLink: string;
  /** Id of the logged model it came from; '' when it came from none. */
  readonly loggedModel: string;
  readonly tags: readonly Tag[];
}

export interface NewRegisteredModel {
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

export interface NewModelVersion {
  readonly source: string;
  /** Id of a run. Undefined and '' differ where the source is another version: '' says that it has none. */
  readonly run?: string | undefined;
  /** Id of a logged model; the same. */
  readonly loggedModel?: string | undefined;
  readonly runLink?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

/** UTF-16 units, save names, which are counted in code points. */
export const registryLimits = {
  name: 256,
  description: 100_000,
  source: 2_048,
  runLink: 2_048,
  run: 256,
  alias: 255,
  tagKey: 250,
  tagValue: 100_000,
} as const;

/** Marks registered models and versions that are prompts. */
export const promptTag = 'mlflow.prompt.is_prompt';

/** A name that can stand in `models:/<name>/<version>`. It is the same as another only if every byte is. */
export function checkRegisteredName(name: string, field = 'name'): void {
  if (name.trim() === '') throw invalid(field, `Missing value for required parameter '${field}'.`);
  if (/[/:]/.test(name)) {
    throw invalid(field, `Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  }
  if (name === '.' || name === '..') {
    throw invalid(
      field,
      `Invalid value "${name}" for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${name}'`,
    );
  }
  if (/\p{Cc}/u.test(name)) throw invalid(field, `${field} must not contain control characters`);
  if (name.length > registryLimits.name && [...name].length > registryLimits.name) {
    throw invalid(field, `'${field}' exceeds the maximum length of ${registryLimits.name} characters`);
  }
}

export function checkAlias(alias: string, field = 'alias'): void {
  if (alias === '') throw invalid(field, 'Registered model alias name cannot be empty.');
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    throw invalid(
      field,
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  if (alias.length > registryLimits.alias) {
    throw invalid(
      field,
      `'Registered model alias name' exceeds the maximum length of ${registryLimits.alias} characters`,
    );
  }
}

/** `latest` and `v3` mean something without being set. */
export function checkNewAlias(alias: string, field = 'alias'): void {
  checkAlias(alias, field);
  if (alias.toLowerCase() === 'latest') {
    throw invalid(field, "'latest' alias name (case insensitive) is reserved.");
  }
  if (/^v\d+$/i.test(alias)) throw invalid(field, `Version alias name '${alias}' is reserved.`);
}

/** The stage, whatever the case it is written in. */
export function stageOf(written: string, field = 'stage'): Stage {
  const found = stages.find((stage) => stage.toLowerCase() === written.toLowerCase());
  if (found !== undefined) return found;
  throw invalid(field, `Invalid Model Version stage: ${written}. Value must be one of ${stages.join(', ')}.`);
}

/** `called` is how the message names it, where MLflow has another word. */
export function checkText(
  field: string,
  text: string | undefined,
  limit: number,
  called: string = field,
): void {
  if (text === undefined) return;
  if (text.length > limit)
    throw invalid(field, `'${called}' exceeds the maximum length of ${limit} characters`);
  if (text.includes('\0')) throw invalid(field, `${called} must not contain U+0000`);
}

/** `field` names the list, or the tag where there is only one. */
export function checkTags(field: 'tags' | 'key', tags: readonly Tag[]): void {
  for (const [index, { key, value }] of tags.entries()) {
    const at = (part: string) => (field === 'key' ? part : `${field}[${index}].${part}`);
    if (key === '') throw invalid(at('key'), `Missing value for required parameter '${at('key')}'.`);
    if (key.includes('\0')) throw invalid(at('key'), `${at('key')} must not contain U+0000`);
    if (key.length > registryLimits.tagKey) {
      throw invalid(at('key'), `'key' exceeds the maximum length of ${registryLimits.tagKey} characters`);
    }
    if (value.length > registryLimits.tagValue) {
      throw invalid(
        at('value'),
        `'value' exceeds the maximum length of ${registryLimits.tagValue} characters`,
      );
    }
  }
}

/** The last of equal keys counts. */
export function isPrompt(tags: readonly Tag[]): boolean {
  return tags.findLast(({ key }) => key === promptTag)?.value.toLowerCase() === 'true';
}

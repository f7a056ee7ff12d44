/**
 * Logged models: what a run made and kept, before anybody names it as a version of a model. One is an artifact of its own
 * (docs/decisions/0040): immutable in what it is, while its parameters, tags and metrics gather. MLflow's ids are `m-` and
 * the uid.
 */
import { invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { Tag } from '../contexts/index.ts';
import type { ArtifactState } from '../graph/index.ts';
import type { Param } from '../runs/index.ts';

export interface LoggedModel {
  readonly node: NodeId;
  readonly project: ProjectId;
  /** `m-` and 32 lower-case hex digits. */
  readonly id: string;
  readonly uid: Uid;
  /** Decimal id of its experiment. */
  readonly experiment: string;
  readonly name: string;
  /** What kind of model it is, in the client's words; '' when not told. */
  readonly type: string;
  readonly status: ArtifactState;
  /** Id of the run that made it, as the client wrote it; '' when not told. */
  readonly sourceRun: string;
  /** ms */
  readonly created: number;
  /** ms */
  readonly updated: number;
  readonly artifactUri: string;
  /** Keys in the order of their UTF-8 bytes. */
  readonly params: readonly Param[];
  readonly tags: readonly Tag[];
}

export interface NewLoggedModel {
  /** Decimal id. */
  readonly experiment: string;
  /** Invented when absent or empty. */
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  /** Id of a run; an unknown one is kept as written. */
  readonly sourceRun?: string | undefined;
  readonly params?: readonly Param[] | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

/** UTF-16 units. */
export const modelLimits = {
  name: 500,
  type: 500,
  key: 250,
  paramValue: 100_000,
  tagValue: 100_000,
} as const;

/** Characters that mean something in `models:/<name>/<version>` and its like. */
const reserved = /[/:.%"']/;

export function checkModelName(name: string): void {
  if (name.length > modelLimits.name)
    throw invalid('name', `name is longer than ${modelLimits.name} characters`);
  if (!reserved.test(name) && !name.includes('\0') && name.trim() !== '') return;
  const shown = name.includes("'") ? `"${name}"` : `'${name}'`;
  throw invalid(
    'name',
    `Invalid model name (${shown}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
  );
}

/** A parameter or tag at `path`. */
export function checkPair(path: string, { key, value }: Tag | Param, limit: number): void {
  const field = `${path}.key`;
  if (key === '') throw invalid(field, `${field} must not be empty`);
  if (key.length > modelLimits.key)
    throw invalid(field, `${field} is longer than ${modelLimits.key} characters`);
  if (key.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
  if (value.length > limit)
    throw invalid(`${path}.value`, `${path}.value is longer than ${limit} characters`);
}

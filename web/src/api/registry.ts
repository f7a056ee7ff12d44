/** The registry as the native API shows it: its types, its calls, and the keys its answers are kept under. */
import { queryOptions } from '@tanstack/react-query';
import type {
  ModelVersion,
  NamedInterval,
  Operations,
  RegisteredModel,
  Stage,
} from '../../../sdk/src/wire.ts';
import { call, type Query } from './client.ts';
import type { Page, Tag } from './types.ts';

export type { ModelVersion, NamedInterval, RegisteredModel, Stage } from '../../../sdk/src/wire.ts';

export const stages = ['None', 'Staging', 'Production', 'Archived'] as const satisfies readonly Stage[];

export type NamedVersion = RegisteredModel['aliases'][number];

export type RegisteredOrder = NonNullable<Operations['registered-model.list']['query']['order']>;

const all = '/models/registered';
const pathOf = (model: string) => `${all}/${encodeURIComponent(model)}`;
const versionPath = (model: string, version: number) => `${pathOf(model)}/versions/${version}`;
const aliasPath = (model: string, alias: string) => `${pathOf(model)}/aliases/${encodeURIComponent(alias)}`;

export function registeredList(
  project: string,
  options: {
    search?: string | undefined;
    /** Models, unless told. */
    kind?: Operations['registered-model.list']['query']['kind'];
    order?: RegisteredOrder;
    limit: number;
    cursor?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<Page<RegisteredModel>> {
  return call('GET', all, { query: { project, ...options }, signal });
}

export function registeredCreate(
  project: string,
  name: string,
  tags: readonly Tag[] = [],
): Promise<RegisteredModel> {
  return call('POST', all, { query: { project }, body: { name, tags } });
}

export function registeredDescribe(
  project: string,
  model: string,
  description: string,
): Promise<RegisteredModel> {
  return call('PATCH', pathOf(model), { query: { project }, body: { description } });
}

export function registeredRename(project: string, model: string, name: string): Promise<RegisteredModel> {
  return call('PATCH', pathOf(model), { query: { project }, body: { name } });
}

export function registeredDelete(project: string, model: string): Promise<void> {
  return call('DELETE', pathOf(model), { query: { project } });
}

export function versionDelete(project: string, model: string, version: number): Promise<void> {
  return call('DELETE', versionPath(model, version), { query: { project } });
}

export function versionCreate(
  project: string,
  model: string,
  body: Operations['model-version.create']['body'],
): Promise<ModelVersion> {
  return call('POST', `${pathOf(model)}/versions`, { query: { project }, body });
}

export function versionDescribe(
  project: string,
  model: string,
  version: number,
  description: string,
): Promise<ModelVersion> {
  return call('PATCH', versionPath(model, version), { query: { project }, body: { description } });
}

/** Rejects with `conflict` where it is not in the stage that is expected. */
export function versionStage(
  project: string,
  model: string,
  version: number,
  stage: Stage,
  expected: Stage,
): Promise<ModelVersion> {
  return call('PUT', `${versionPath(model, version)}/stage`, {
    query: { project },
    body: { stage, expected },
  });
}

/** Rejects with `conflict` where the alias does not name what is expected, null for nothing. */
export function aliasSet(
  project: string,
  model: string,
  alias: string,
  version: number,
  expected: number | null,
): Promise<RegisteredModel> {
  return call('PUT', aliasPath(model, alias), { query: { project }, body: { version, expected } });
}

export function aliasRemove(project: string, model: string, alias: string, expected: number): Promise<void> {
  return call('DELETE', aliasPath(model, alias), { query: { project, expected } });
}

/** Puts it back to what it named before its last change. */
export function aliasUndo(
  project: string,
  model: string,
  alias: string,
  expected: number | null,
): Promise<RegisteredModel> {
  return call('POST', `${aliasPath(model, alias)}/undo`, { query: { project }, body: { expected } });
}

/** Of a registered model, or of one version. */
export function registryTags(project: string, model: string, version?: number) {
  const path = `${version === undefined ? pathOf(model) : versionPath(model, version)}/tags`;
  return {
    set: (key: string, value: string) =>
      call<void>('PUT', path, { query: { project }, body: { key, value } }),
    remove: (key: string) => call<void>('DELETE', path, { query: { project, key } }),
  };
}

/** Everything of the registry that is on the screen becomes stale by this. */
export const registryKey = (project: string) => ['registry', project] as const;

/** Changes are heard of; where the stream is not open (the page of a run) they are asked for now and then. */
const reading = { staleTime: 2_000, refetchInterval: 30_000 } as const;

function read<T>(project: string, key: readonly unknown[], path: string, query: Query = {}) {
  return queryOptions({
    queryKey: [...registryKey(project), ...key],
    queryFn: ({ signal }) => call<T>('GET', path, { query: { project, ...query }, signal }),
    ...reading,
  });
}

export function registeredQuery(project: string, model: string) {
  return read<RegisteredModel>(project, ['model', model], pathOf(model));
}

export function versionQuery(project: string, model: string, version: number) {
  return read<ModelVersion>(project, ['version', model, version], versionPath(model, version));
}

/** The greatest number first. */
export function versionsQuery(project: string, model: string, limit: number) {
  return {
    ...read<Page<ModelVersion>>(project, ['versions', model, limit], `${pathOf(model)}/versions`, { limit }),
    placeholderData: (before: Page<ModelVersion> | undefined) =>
      before?.items[0]?.model === model ? before : undefined,
  };
}

export function versionsOfRunQuery(project: string, run: string) {
  return read<Page<ModelVersion>>(project, ['of-run', run], `/runs/${encodeURIComponent(run)}/versions`);
}

/** Intervals one answer has. */
export const historyLimit = 1000;

export function historyQuery(project: string, model: string) {
  return read<Page<NamedInterval>>(project, ['history', model], `${pathOf(model)}/history`, {
    limit: historyLimit,
  });
}

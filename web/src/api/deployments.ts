/** What serves where, as the native API shows it: its types, its calls, and the keys its answers are kept under. */
import { queryOptions } from '@tanstack/react-query';
import type { Deployment, Endpoint, Operations } from '../../../sdk/src/wire.ts';
import { call, type Query } from './client.ts';
import type { Page } from './types.ts';

export type { Deployment, Endpoint } from '../../../sdk/src/wire.ts';

export type EndpointOrder = NonNullable<Operations['endpoint.list']['query']['order']>;
/** One deployment, with everything that was ever said of when it served. */
export type WholeDeployment = Operations['deployment.get']['output'];
export type Assertion = WholeDeployment['assertions'][number];

export function endpointList(
  project: string,
  options: {
    search?: string | undefined;
    order: EndpointOrder;
    limit: number;
    cursor?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<Page<Endpoint>> {
  return call('GET', '/endpoints', { query: { project, ...options }, signal });
}

export function endpointDescribe(project: string, uid: string, description: string): Promise<Endpoint> {
  return call('PATCH', `/endpoints/${uid}`, { query: { project }, body: { description } });
}

/** Everything of deployments that is on the screen becomes stale by this. */
export const deploymentsKey = (project: string) => ['deployments', project] as const;

/** Changes are heard of; where the stream is not open they are asked for now and then. */
const reading = { staleTime: 2_000, refetchInterval: 30_000 } as const;

function read<T>(project: string, key: readonly unknown[], path: string, query: Query = {}) {
  return queryOptions({
    queryKey: [...deploymentsKey(project), ...key],
    queryFn: ({ signal }) => call<T>('GET', path, { query: { project, ...query }, signal }),
    ...reading,
  });
}

export function endpointQuery(project: string, name: string) {
  return read<Endpoint>(project, ['endpoint', name], '/serving', { endpoint: name });
}

/** Deployments one answer has. */
export const historyLimit = 1000;

/** The latest begun first, as they were known at an instant (ms), or are now. */
export function deploymentsQuery(project: string, endpoint: string, knownAt: number | undefined) {
  return {
    ...read<Page<Deployment>>(project, ['history', endpoint, knownAt], '/deployments', {
      ...{ endpoint, known_at: knownAt, limit: historyLimit },
    }),
    // Another belief takes the place of the one that is shown, not of nothing.
    placeholderData: (before: Page<Deployment> | undefined) =>
      before?.items[0]?.endpoint.name === endpoint ? before : undefined,
  };
}

export function deploymentQuery(project: string, uid: string) {
  return read<WholeDeployment>(project, ['deployment', uid], `/deployments/${uid}`);
}

/** Where a version serves and served, the latest begun first. */
export function servedQuery(project: string, model: string, version: number) {
  return read<Page<Deployment>>(project, ['of-version', model, version], '/deployments', {
    ...{ model: `models:/${model}/${version}`, limit: 100 },
  });
}

/** What serves now of a registered model. */
export function servingQuery(project: string, model: string) {
  return read<Page<Deployment>>(project, ['of-model', model], '/deployments', {
    ...{ registered: model, serving: 'true', limit: 100 },
  });
}

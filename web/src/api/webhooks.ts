/** Webhooks as the native API shows them: types, calls, and the keys their answers are kept under. */
import { queryOptions } from '@tanstack/react-query';
import type {
  WebhookDelivery as Delivery,
  Operations,
  Webhook,
  WebhookEvent,
  WebhookTest,
} from '../../../sdk/src/wire.ts';
import { call } from './client.ts';
import type { Page } from './types.ts';

export type {
  Webhook,
  WebhookDelivery as Delivery,
  WebhookEvent,
  WebhookTest,
} from '../../../sdk/src/wire.ts';

/** What a webhook can be told of, in groups as people look for them. `budget_policy.exceeded` never happens here. */
export const eventGroups = [
  {
    name: 'Models',
    events: [
      ['registered_model.created', 'a model is registered'],
      ['model_version.created', 'a version is made'],
      ['model_version_alias.created', 'an alias is set or moved'],
      ['model_version_alias.deleted', 'an alias is taken away'],
      ['model_version_tag.set', 'a tag of a version is set'],
      ['model_version_tag.deleted', 'a tag of a version is taken away'],
    ],
  },
  {
    name: 'Prompts',
    events: [
      ['prompt.created', 'a prompt is made'],
      ['prompt_version.created', 'a version of a prompt is made'],
      ['prompt_alias.created', 'an alias of a prompt is set or moved'],
      ['prompt_alias.deleted', 'an alias of a prompt is taken away'],
      ['prompt_tag.set', 'a tag of a prompt is set'],
      ['prompt_tag.deleted', 'a tag of a prompt is taken away'],
      ['prompt_version_tag.set', 'a tag of a version of a prompt is set'],
      ['prompt_version_tag.deleted', 'a tag of a version of a prompt is taken away'],
    ],
  },
  {
    name: 'Deployments',
    events: [
      ['deployment.created', 'a model is deployed'],
      ['deployment.changed', 'its traffic changes, or its record is corrected or retracted'],
      ['deployment.ended', 'it ends, or is rolled back'],
      ['endpoint.updated', 'an endpoint is described'],
      ['endpoint.deleted', 'an endpoint is deleted'],
      ['endpoint.restored', 'an endpoint is restored'],
    ],
  },
  {
    name: 'Lineage',
    events: [['taint.reached', 'a model version comes to derive from something that is declared wrong']],
  },
] as const satisfies readonly {
  readonly name: string;
  readonly events: readonly (readonly [event: WebhookEvent, words: string])[];
}[];

export type DeliveryState = Delivery['state'];

export type WebhookBody = Operations['webhook.create']['body'];

const all = '/webhooks';
const pathOf = (id: string) => `${all}/${encodeURIComponent(id)}`;

export function webhookCreate(project: string, body: WebhookBody): Promise<Webhook> {
  return call('POST', all, { query: { project }, body });
}

export function webhookUpdate(
  project: string,
  id: string,
  body: Operations['webhook.update']['body'],
): Promise<Webhook> {
  return call('PATCH', pathOf(id), { query: { project }, body });
}

export function webhookDelete(project: string, id: string): Promise<void> {
  return call('DELETE', pathOf(id), { query: { project } });
}

export function webhookTest(project: string, id: string, event: WebhookEvent): Promise<WebhookTest> {
  return call('POST', `${pathOf(id)}/test`, { query: { project }, body: { event } });
}

export function deliveryReplay(project: string, id: string, delivery: string): Promise<Delivery> {
  return call('POST', `${pathOf(id)}/deliveries/${encodeURIComponent(delivery)}/replay`, {
    query: { project },
  });
}

/** Everything of webhooks that is on the screen becomes stale by this. */
export const webhooksKey = (project: string) => ['webhooks', project] as const;

/** Deliveries are no events: what became of them is asked for, often while some are under way. */
const often = 2_000;
const seldom = 15_000;
/** A project has a hundred at most. */
const most = 1000;

export function webhooksQuery(project: string) {
  return queryOptions({
    queryKey: [...webhooksKey(project), 'list'],
    queryFn: ({ signal }) => call<Page<Webhook>>('GET', all, { query: { project, limit: most }, signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(({ waiting }) => waiting > 0) ? often : seldom),
  });
}

export function webhookQuery(project: string, id: string) {
  return queryOptions({
    queryKey: [...webhooksKey(project), 'one', id],
    queryFn: ({ signal }) => call<Webhook>('GET', pathOf(id), { query: { project }, signal }),
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.waiting > 0 ? often : seldom),
  });
}

export function deliveriesQuery(
  project: string,
  id: string,
  state: DeliveryState | undefined,
  limit: number,
) {
  return {
    ...queryOptions({
      queryKey: [...webhooksKey(project), 'deliveries', id, state ?? 'all', limit],
      queryFn: ({ signal }) =>
        call<Page<Delivery>>('GET', `${pathOf(id)}/deliveries`, { query: { project, state, limit }, signal }),
      refetchInterval: ({ state: { data } }) =>
        data?.items.some((delivery) => delivery.state === 'waiting') ? often : seldom,
    }),
    placeholderData: (before: Page<Delivery> | undefined) => before,
  };
}

/**
 * A **webhook** is an address that is told of what happens in the registry of a project, and of what is deployed. A **delivery** is one event told to
 * one webhook; it has one id whatever the number of attempts. Names of events, payloads and headers are MLflow's, so that
 * receivers written for it need no change.
 */
import { invalid } from '../../kernel/errors.ts';
import type { EventId, ProjectId, Uid } from '../../kernel/ids.ts';

/** entity.action; what of these is told when stands in webhook-payload.ts. */
export const webhookEvents = [
  'registered_model.created',
  'model_version.created',
  'model_version_tag.set',
  'model_version_tag.deleted',
  'model_version_alias.created',
  'model_version_alias.deleted',
  'prompt.created',
  'prompt_version.created',
  'prompt_tag.set',
  'prompt_tag.deleted',
  'prompt_version_tag.set',
  'prompt_version_tag.deleted',
  'prompt_alias.created',
  'prompt_alias.deleted',
  // Of MLflow's gateway, which is not served: it can be asked for and never happens.
  'budget_policy.exceeded',
  // Of Cairn alone: MLflow has no word for them, and its clients are not told of them.
  'deployment.created',
  'deployment.changed',
  'deployment.ended',
  'endpoint.updated',
  'endpoint.deleted',
  'endpoint.restored',
  'taint.reached',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export interface Webhook {
  readonly id: number;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly name: string;
  readonly description: string | undefined;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Whether deliveries are signed. The secret itself is never told. */
  readonly signed: boolean;
  /** Disabled: what happens meanwhile is not told, deliveries under way wait. */
  readonly active: boolean;
  /** ms */
  readonly created: number;
  /** ms */
  readonly updated: number;
}

export interface NewWebhook {
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly description?: string | undefined;
  readonly secret?: string | undefined;
  readonly active?: boolean | undefined;
}

/** What is undefined stays; '' takes the secret or the description away. */
export type WebhookChange = { readonly [Name in keyof NewWebhook]?: NewWebhook[Name] | undefined };

export interface Delivery {
  readonly id: number;
  readonly uid: Uid;
  readonly event: EventId;
  readonly name: WebhookEvent;
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** ms, when the event was found for the webhook. */
  readonly created: number;
  readonly attempts: number;
  /** ms; undefined when it has ended. */
  readonly nextAt: number | undefined;
  /** ms of the last attempt. */
  readonly tried: number | undefined;
  /** ms */
  readonly ended: number | undefined;
  /** What the last attempt was answered, if it was. */
  readonly status: number | undefined;
  /** Why the last attempt failed. */
  readonly error: string | undefined;
  /** ms that the last attempt took. */
  readonly took: number | undefined;
}

/** What became of the deliveries of a webhook that are still known. */
export interface DeliveryCounts {
  readonly waiting: number;
  /** Given up. */
  readonly failed: number;
  /** ms of the last attempt that was taken. */
  readonly lastDelivered: number | undefined;
}

export const webhookLimits = {
  perProject: 100,
  name: 63,
  url: 500,
  description: 1_000,
  secret: 1_000,
  /** Deliveries of one webhook that wait; beyond, the rest of the log waits. */
  waiting: 1_000,
  /** Ended deliveries of one webhook that are kept, the latest. */
  log: 1_000,
} as const;

/** Characters of a name in the message that refuses it. */
const shownName = 1000;

/** Checks all but where the URL leads, which takes asking the name service. */
export function checkWebhook({ name, url, events, description, secret }: WebhookChange): void {
  if (
    name !== undefined &&
    (name.length > webhookLimits.name || !/^[a-z0-9]([\w.-]*[a-z0-9])?$/i.test(name))
  ) {
    const shown = name.length > shownName ? `${name.slice(0, shownName)}…` : name;
    throw invalid(
      'name',
      `Webhook name '${shown}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
    );
  }
  if (url !== undefined) checkLength('url', url, webhookLimits.url);
  if (description !== undefined) checkLength('description', description, webhookLimits.description);
  if (secret !== undefined) checkLength('secret', secret, webhookLimits.secret);
  if (events?.length === 0) throw invalid('events', 'Webhook events must be a non-empty list.');
}

function checkLength(field: string, value: string, limit: number): void {
  if (value.length > limit) {
    throw invalid(field, `'${field}' exceeds the maximum length of ${limit} characters`);
  }
  if (value.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
}

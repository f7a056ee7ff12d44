export { retrySchedule } from './retry-schedule.ts';
export { SecretSeal } from './secret-seal.ts';
export {
  type Webhook,
  type WebhookEvent,
  webhookEvents,
  webhookLimits,
} from './webhook.ts';
export { webhookOperations } from './webhook-operations.ts';
export { type TestResult, Webhooks, type WebhooksOptions } from './webhooks.ts';

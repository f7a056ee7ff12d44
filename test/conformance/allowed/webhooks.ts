/** Webhooks of the registry. */
import type { AllowedDifference } from './row.ts';

const changes = /^(POST|PATCH) webhooks/;

export const webhooks: readonly AllowedDifference[] = [
  {
    route: '*',
    field: 'body.message',
    cairn: /^Invalid Webhook URL: /,
    when: ({ route }) => changes.test(route),
    reason: 'an address is refused in the words of whatever goes out of this server',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Webhook events must be a non-empty list of WebhookEvent objects/,
    cairn: /^Webhook events must be a non-empty list/,
    when: ({ route }) => changes.test(route),
    reason: 'clients in other languages know no class of Python',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Invalid action '/,
    cairn: / \(event(s\[\d+\])?\)$/,
    reason: 'the field is named',
  },
  {
    route: 'PATCH webhooks/{}',
    field: 'status',
    real: /^404 RESOURCE_DOES_NOT_EXIST/,
    cairn: /^400 INVALID_PARAMETER_VALUE/,
    reason: 'of a value that is wrong and a webhook that is missing, the value is told first',
  },
  {
    route: 'POST webhooks/{}/test',
    field: 'body.result.response_body',
    reason: 'what a receiver answers without naming its charset is read as UTF-8',
  },
  {
    route: '*',
    field: 'status',
    real: /^500 /,
    cairn: /^400 INVALID_PARAMETER_VALUE .*\b(event|events)\b/,
    when: ({ route }) => changes.test(route),
    reason: 'the request is at fault, not the server: clients retry a 500 for minutes',
  },
];

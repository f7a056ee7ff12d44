import type { AllowedDifference } from './row.ts';

export const metrics: readonly AllowedDifference[] = [
  {
    route: '*',
    field: /metrics\[\]\.value$/,
    real: /^-?1\.7976931348623157e\+308$/,
    cairn: /^-?Infinity$/,
    reason:
      'the real store keeps an infinite value as the greatest finite one; ours gives back what was logged',
  },
  {
    route: '*',
    field: /metrics\[\]\.value$/,
    real: /^0$/,
    cairn: /^-0$/,
    reason: 'the real store loses the sign of zero',
  },
  {
    route: 'GET metrics/get-history',
    field: /^body\.metrics\[\]\.(value|timestamp)$/,
    request: /metric_key=(word|bare)/,
    real: /^0$/,
    reason:
      'every spelling of NaN and Infinity that Python takes is taken; the real server stores 0 at time 0',
  },
  {
    route: 'POST runs/log-metric',
    field: 'status',
    request: /"model_id":"m-/,
    real: /^400 BAD_REQUEST <SQL>/,
    cairn: /^404 RESOURCE_DOES_NOT_EXIST Logged model with ID/,
    reason: 'a model that does not exist is told as such, without SQL',
  },
  {
    route: '*',
    field: 'body.metrics order of NaN',
    reason: 'NaN comes after the numbers; the real server orders it as the 0 it is stored as',
  },
  {
    route: 'POST runs/log-batch',
    field: 'body.message',
    real: /^Changing param values is not allowed\. Params were already logged=/,
    cairn: /^Changing param values is not allowed\. Param with key=/,
    reason: 'one wording for one parameter and for a batch of them',
  },
  {
    route: 'GET metrics/get-history-bulk',
    field: 'status',
    request: /max_results=(0|-1|x)\b/,
    real: /^(200|500)/,
    cairn: /^400 INVALID_PARAMETER_VALUE Invalid value .* for parameter 'max_results'/,
    reason: 'max_results is checked as in every other list',
  },
];

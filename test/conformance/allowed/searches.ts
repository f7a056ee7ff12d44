import type { AllowedDifference } from './row.ts';

export const searches: readonly AllowedDifference[] = [
  {
    route: '*',
    field: 'status',
    request: /"?filter"?[:=].*( OR |\(|NOT )/,
    real: /^400 INVALID_PARAMETER_VALUE Invalid clause\(s\) in filter string/,
    cairn: /^200/,
    reason: 'OR, NOT and parentheses are our superset of the grammar',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Invalid clause\(s\) in filter string|^Invalid comparison clause|^Search filter contained multiple expression/,
    cairn: /^Invalid /,
    reason: 'another parser stops at another place; the message names it',
  },
  {
    route: '*',
    field: 'body.message',
    real: /^Invalid comparator '/,
    cairn: /^Invalid comparator '/,
    reason: 'the message lists the comparators that Cairn knows for the field',
  },
  {
    route: 'POST runs/search',
    field: 'status',
    request: /"filter":" +"/,
    real: /^400 .*Could not be parsed/,
    cairn: /^200/,
    reason: 'a blank filter is none',
  },
  {
    route: 'POST runs/search',
    field: 'status',
    real: /^500 INTERNAL_ERROR Python int too large/,
    cairn: /^200/,
    reason: 'a number beyond int64 compares like any other',
  },
  {
    route: 'POST runs/search',
    field: 'status',
    real: /^500 INTERNAL_ERROR `order_by` contains duplicate fields/,
    cairn: /^400 INVALID_PARAMETER_VALUE `order_by` contains duplicate fields/,
    reason: 'the client repeats a 500 for minutes, and this one would stay',
  },
];

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CairnError } from '../../kernel/errors.ts';
import { pythonJson, readMessage } from './message-reading.ts';
import {
  bool,
  content,
  double,
  enumOf,
  int32,
  int64,
  listOf,
  type Message,
  nested,
  required,
  text,
  withAlias,
} from './message-schema.ts';

const everything = {
  run_id: withAlias(required(text), 'run_uuid'),
  start_time: int64,
  max_results: int32,
  value: double,
  deep: bool,
  status: enumOf({ RUNNING: 1, FINISHED: 3 }),
  tags: listOf(nested({ key: required(text), value: content })),
  order_by: listOf(text),
} satisfies Message;
const unset = {
  start_time: undefined,
  max_results: undefined,
  value: undefined,
  deep: undefined,
  status: undefined,
  tags: [],
  order_by: [],
};

describe('lenient reading', () => {
  const rows: readonly (readonly [given: object, read: object])[] = [
    [{}, {}],
    [{ unknown: { a: [1] } }, {}],
    [
      { startTime: 5, maxResults: 7 },
      { start_time: 5, max_results: 7 },
    ],
    [{ start_time: null, tags: null, status: null }, {}],
    [{ start_time: '5' }, { start_time: 5 }],
    [{ start_time: '+5' }, { start_time: 5 }],
    [{ start_time: '5.0' }, { start_time: 5 }],
    [{ start_time: '1e3' }, { start_time: 1000 }],
    [{ start_time: 1000.0 }, { start_time: 1000 }],
    [{ start_time: '-9223372036854775808' }, { start_time: -9223372036854775808n }],
    [{ start_time: 9223372036854775807n }, { start_time: 9223372036854775807n }],
    [{ start_time: 7n }, { start_time: 7 }],
    [{ value: '1.5' }, { value: 1.5 }],
    [{ value: '.5' }, { value: 0.5 }],
    [{ value: 3n ** 40n }, { value: 3 ** 40 }],
    [{ value: 'NaN' }, { value: Number.NaN }],
    [{ value: '-inf' }, { value: Number.NEGATIVE_INFINITY }],
    [{ value: 'Infinity' }, { value: Number.POSITIVE_INFINITY }],
    [{ status: 'FINISHED' }, { status: 'FINISHED' }],
    [{ status: 3 }, { status: 'FINISHED' }],
    [{ status: '1' }, { status: 'RUNNING' }],
    [{ deep: true }, { deep: true }],
    [
      { tags: [{ key: 'a' }, { key: 'b', value: 'x\0y' }] },
      {
        tags: [
          { key: 'a', value: undefined },
          { key: 'b', value: 'x\0y' },
        ],
      },
    ],
    [{ order_by: ['a', ''] }, { order_by: ['a', ''] }],
  ];
  for (const [given, read] of rows) {
    it(pythonJson(given), () => {
      assert.deepEqual(readMessage(everything, { run_id: 'r', ...given }), {
        run_id: 'r',
        ...unset,
        ...read,
      });
    });
  }

  it('takes the deprecated name when the own one is unset', () => {
    for (const given of [
      { run_uuid: 'r' },
      { run_id: '', run_uuid: 'r' },
      { run_id: 'r', run_uuid: 'r' },
      { runId: 'r' },
    ]) {
      assert.equal(readMessage(everything, given).run_id, 'r');
    }
  });
});

describe('refusals', () => {
  const hint = ' See the API docs for more information about request parameters.';
  const wrong = (value: string, field: string, type: string) =>
    `Invalid value ${value} for parameter '${field}' supplied:  Hint: Value was of type '${type}'.${hint}`;
  const rows: readonly (readonly [given: unknown, field: string, message: string])[] = [
    [{}, 'run_id', `Missing value for required parameter 'run_id'.${hint}`],
    [{ run_id: null }, 'run_id', `Missing value for required parameter 'run_id'.${hint}`],
    [{ run_id: '' }, 'run_id', `Missing value for required parameter 'run_id'.${hint}`],
    [{ run_id: 5 }, 'run_id', wrong('5', 'run_id', 'int')],
    [{ run_id: ['é'] }, 'run_id', wrong('["\\u00e9"]', 'run_id', 'list')],
    [
      { run_id: 'a\0b' },
      'run_id',
      "Invalid value for parameter 'run_id' supplied: it must not contain U+0000.",
    ],
    [
      { run_id: 'a', run_uuid: 'b' },
      'run_id',
      "Request specifies different values for 'run_id' and 'run_uuid'.",
    ],
    [
      { run_id: 'r', start_time: 1, startTime: 1 },
      'start_time',
      "Request specifies both 'start_time' and 'startTime'; provide only one of them.",
    ],
    [{ run_id: 'r', start_time: 'abc' }, 'start_time', wrong('"abc"', 'start_time', 'str')],
    [{ run_id: 'r', start_time: 1.5 }, 'start_time', wrong('1.5', 'start_time', 'float')],
    [{ run_id: 'r', start_time: true }, 'start_time', wrong('true', 'start_time', 'bool')],
    [{ run_id: 'r', start_time: {} }, 'start_time', wrong('{}', 'start_time', 'dict')],
    [
      { run_id: 'r', start_time: '9223372036854775808' },
      'start_time',
      wrong('"9223372036854775808"', 'start_time', 'str'),
    ],
    [{ run_id: 'r', start_time: 1e300 }, 'start_time', wrong('1e+300', 'start_time', 'int')],
    [{ run_id: 'r', max_results: 2 ** 31 }, 'max_results', wrong('2147483648', 'max_results', 'int')],
    [{ run_id: 'r', value: '0x10' }, 'value', wrong('"0x10"', 'value', 'str')],
    [{ run_id: 'r', value: true }, 'value', wrong('true', 'value', 'bool')],
    [{ run_id: 'r', status: 'BAD' }, 'status', wrong('"BAD"', 'status', 'str')],
    [{ run_id: 'r', status: 'toString' }, 'status', wrong('"toString"', 'status', 'str')],
    [{ run_id: 'r', status: 99 }, 'status', wrong('99', 'status', 'int')],
    [{ run_id: 'r', tags: 'x' }, 'tags', wrong('"x"', 'tags', 'str')],
    [{ run_id: 'r', tags: [null] }, 'tags[0]', wrong('null', 'tags[0]', 'NoneType')],
    [
      { run_id: 'r', tags: [{ value: 'x' }] },
      'tags[0].key',
      `Missing value for required parameter 'tags[0].key'.${hint}`,
    ],
    [{ run_id: 'r', tags: [{ key: 'k', value: 5 }] }, 'tags[0].value', wrong('5', 'tags[0].value', 'int')],
    [{ run_id: 'r', order_by: 'name' }, 'order_by', wrong('"name"', 'order_by', 'str')],
    [[], 'body', 'The request body must be a JSON object.'],
    [5, 'body', 'The request body must be a JSON object.'],
  ];
  for (const [given, field, message] of rows) {
    it(pythonJson(given), () => {
      assert.throws(
        () => readMessage(everything, given),
        (error) => {
          assert(error instanceof CairnError);
          assert.deepEqual([error.code, error.field, error.message], ['invalid_argument', field, message]);
          return true;
        },
      );
    });
  }

  it('repeats only the beginning of a long value', () => {
    assert.throws(() => readMessage(everything, { run_id: ['x'.repeat(1_000_000)] }), {
      message: /^.{0,500}$/s,
    });
  });
});

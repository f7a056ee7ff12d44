import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CairnError, type ErrorCode, errorCodes } from '../../kernel/errors.ts';
import { errorTable, replyToHostError, replyToRequestError } from './errors.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];
const host = (error: unknown) => {
  const reply = replyToHostError(error, { requestId: 'r1' });
  return [reply.status, JSON.parse(String(reply.body))];
};

/** What the Python client sends again, for minutes. */
const retried = new Set([408, 429, 500, 502, 503, 504]);

it('lets clients retry only what may be well the next time', () => {
  const again = codes.filter((code) => retried.has(errorTable[code][0]));
  assert.deepEqual(again, ['too_many_requests', 'unavailable', 'internal']);
});

it('answers what the request caused, and throws on what the server must explain', () => {
  for (const code of codes) {
    const error = new CairnError(code, 'why');
    if (['unavailable', 'storage_full', 'internal'].includes(code)) {
      assert.throws(() => replyToRequestError(error), error);
    } else {
      const reply = replyToRequestError(error);
      assert.deepEqual([reply.status, JSON.parse(String(reply.body)).error_code], errorTable[code]);
    }
  }
  assert.throws(() => replyToRequestError(new TypeError('bug')), TypeError);
});

it('words errors of the host: an unknown path is an unknown endpoint, a bug tells nothing but its request', () => {
  assert.deepEqual(host(new CairnError('not_found', 'Not found: /x')), [
    404,
    { error_code: 'ENDPOINT_NOT_FOUND', message: 'Not found: /x' },
  ]);
  assert.deepEqual(host(new CairnError('method_not_allowed', 'GET only')), [
    405,
    { error_code: 'ENDPOINT_NOT_FOUND', message: 'GET only' },
  ]);
  for (const bug of [new TypeError('secret'), new CairnError('internal', 'secret')]) {
    assert.deepEqual(host(bug), [
      500,
      {
        error_code: 'INTERNAL_ERROR',
        message: 'An error of the server; its log tells more under request r1.',
      },
    ]);
  }
});

it('tells when to come again, and how to sign in', () => {
  const busy = replyToHostError(new CairnError('unavailable', 'busy', { retryAfter: 2 }), { requestId: 'r' });
  assert.deepEqual([busy.status, busy.headers], [503, { 'retry-after': '2' }]);
  const nobody = replyToHostError(new CairnError('unauthenticated', 'who?'), { requestId: 'r' });
  assert.deepEqual([nobody.status, nobody.headers], [401, { 'www-authenticate': 'Basic realm="mlflow"' }]);
});

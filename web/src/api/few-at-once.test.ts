import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FewAtOnce } from './few-at-once.ts';

test('so many run at a time, in their order, whether they fail or are given up', async () => {
  const few = new FewAtOnce(2);
  const begun: number[] = [];
  const ends: PromiseWithResolvers<number>[] = [];
  const abort = new AbortController();
  const answers = Array.from({ length: 5 }, (_, index) =>
    few.run(
      () => {
        begun.push(index);
        ends[index] = Promise.withResolvers();
        return ends[index].promise;
      },
      index === 2 ? abort.signal : new AbortController().signal,
    ),
  );
  assert.deepEqual(begun, [0, 1]);
  abort.abort(new Error('given up'));
  ends[0]!.reject(new Error('refused'));
  await assert.rejects(answers[0]!, /refused/);
  await assert.rejects(answers[2]!, /given up/);
  assert.deepEqual(begun, [0, 1, 3]);
  ends[3]!.resolve(3);
  ends[1]!.resolve(1);
  assert.deepEqual(await Promise.all([answers[1], answers[3]]), [1, 3]);
  assert.deepEqual(begun, [0, 1, 3, 4]);
  ends[4]!.resolve(4);
  assert.equal(await answers[4], 4);
});

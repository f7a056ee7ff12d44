import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageOf } from './page.ts';

describe('a page as the bench reads it', () => {
  const page = { runs: [{ info: { run_uuid: 'a' } }, { info: { run_uuid: 'b' } }], next_page_token: 'W"=' };
  for (const indent of [0, 2]) {
    it(`is counted, and its token read, at an indent of ${indent}`, () => {
      const body = (value: object) => Buffer.from(JSON.stringify(value, null, indent));
      assert.deepEqual(pageOf(body(page), '"run_uuid"'), { items: 2, token: 'W"=' });
      assert.deepEqual(pageOf(body({ ...page, next_page_token: '' }), '"run_uuid"'), { items: 2, token: '' });
      assert.deepEqual(pageOf(body({ runs: page.runs }), '"run_uuid"'), { items: 2, token: '' });
      assert.deepEqual(pageOf(body({}), '"run_uuid"'), { items: 0, token: '' });
    });
  }
});

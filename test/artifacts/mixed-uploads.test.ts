/** Streams and uploads in parts to one path at once, while others read it. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachStore } from '../stores/stores.ts';
import { beginMultipart } from './multipart.ts';
import { servedRuns, sha256 } from './served-runs.ts';

forEachStore((open) => {
  const { served, newRun, workFiles } = servedRuns(open);

  it('leave one whole file, and readers see nothing else', async () => {
    const run = await newRun();
    const contents = Array.from({ length: 8 }, (_, index) =>
      Buffer.alloc(150_000 + index, `${index} of ${run.id} `),
    );
    const known = new Set(contents.map(sha256));
    await run.put('hot', contents[0]!);
    const writer = async (bytes: Buffer, index: number) => {
      if (index % 2 === 0) return (await run.put('hot', bytes)).status;
      const upload = await beginMultipart(served(), `0/${run.id}/artifacts`, 'hot', 3);
      const part = (number: number) => bytes.subarray((number - 1) * 60_000, number * 60_000);
      await Promise.all([1, 2, 3].map((number) => upload.part(number, part(number))));
      return (await upload.complete()).status;
    };
    let writing = true;
    const reader = async () => {
      do {
        const { status, bytes } = await run.get('hot');
        assert.ok(status === 200 && known.has(sha256(bytes)), `a mixture of ${bytes.length} bytes`);
      } while (writing);
    };
    const reading = [reader(), reader()];
    const statuses = await Promise.all(contents.map(writer));
    writing = false;
    await Promise.all(reading);
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.deepEqual(workFiles(), []);
  });
});

/**
 * Bytes into and out of the blob store, beside what the same disk and processor do without it: a plain write with fsync, and
 * hashing alone.
 *
 *     node bench/blobs.ts [--mib 512] [--files 200] [--folder DIR]
 */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LocalBlobs } from '../src/engines/blobs/index.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { systemClock } from '../src/kernel/time.ts';

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '512' },
    files: { type: 'string', default: '200' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const home = mkdtempSync(path.join(values.folder, 'cairn-bench-blobs-'));
const blobs = new LocalBlobs({ folder: path.join(home, 'blobs'), clock: systemClock, random: systemRandom });
const mebibytes = Number(values.mib);
const files = Number(values.files);
/** As large as what a socket gives at once. */
const chunk = randomBytes(64 * 1024);
const chunks = mebibytes * 16;

function* source(mark: number): Generator<Buffer> {
  for (let index = 0; index < chunks; index++) {
    chunk.writeUInt32BE(mark + index, 0);
    yield Buffer.from(chunk);
  }
}

async function seconds(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function plainWrite(): void {
  const file = openSync(path.join(home, 'plain'), 'w');
  for (const part of source(0)) writeSync(file, part);
  fsyncSync(file);
  closeSync(file);
}

const rows: [what: string, figure: string][] = [];
const rate = (took: number) => `${Math.round(mebibytes / took)} MiB/s`;
try {
  const hash = createHash('sha256');
  const hashAll = () => {
    for (const part of source(0)) hash.update(part);
  };
  rows.push(['hash alone', rate(await seconds(hashAll))]);
  rows.push(['write and fsync, without hash', rate(await seconds(plainWrite))]);
  let stored: Awaited<ReturnType<typeof blobs.put>> | undefined;
  const put = async () => {
    stored = await blobs.put(source(1));
  };
  rows.push([`put of ${mebibytes} MiB`, rate(await seconds(put))]);
  const read = async () => {
    for await (const _part of await blobs.read(stored!.digest, 0, stored!.size));
  };
  rows.push(['read of it', rate(await seconds(read))]);
  for (const atOnce of [1, 8]) {
    let left = files;
    const worker = async () => {
      while (left-- > 0) await (await blobs.put([randomBytes(10_000)])).release();
    };
    const took = await seconds(() => Promise.all(Array.from({ length: atOnce }, worker)));
    rows.push([`put of 10 kB, ${atOnce} at once`, `${Math.round(files / took)}/s`]);
  }
  for (const [what, figure] of rows) console.log(`${what.padEnd(34)}${figure.padStart(14)}`);
} finally {
  rmSync(home, { recursive: true, force: true });
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { systemRandom } from '../../kernel/ids.ts';
import type { Clock } from '../../kernel/time.ts';
import { type Digest, digestOf, type Leftover } from './blob.ts';
import { LocalBlobs } from './local-blobs.ts';
import { strangerPatience, thisUploader } from './uploader.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cairn-blobs-'));
after(() => rmSync(home, { recursive: true, force: true }));

let folder: string;
let now: number;
let blobs: LocalBlobs;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(home, 'case-')), 'artifacts');
  now = 1_760_000_000_123;
  const clock: Clock = { now: () => now, after: () => () => {} };
  blobs = new LocalBlobs({ folder, clock, random: systemRandom });
});

const unwanted = async () => false;
const bytes = (text: string) => [Buffer.from(text)];
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex') as Digest;

async function text(digest: Digest, start: number, end: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await blobs.read(digest, start, end)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const placeOf = (digest: string) => path.join(folder, digest.slice(0, 2), digest.slice(2, 4), digest);
const incoming = (uploader = thisUploader) => path.join(folder, 'incoming', uploader);
const filesOf = (uploader?: string) =>
  existsSync(incoming(uploader)) ? readdirSync(incoming(uploader)) : [];

describe('put', () => {
  it('keeps bytes under their digest, and tells what they are', async () => {
    const held = await blobs.put(bytes('hello'));
    assert.deepEqual(
      { digest: held.digest, size: held.size, stored: held.stored },
      { digest: sha256('hello'), size: 5, stored: now },
    );
    assert.equal(readFileSync(placeOf(held.digest), 'utf8'), 'hello');
    assert.deepEqual(await blobs.find(held.digest), { digest: held.digest, size: 5, stored: now });
    await held.release();
    assert.deepEqual(filesOf(), []);
  });

  it('makes its folder only then', async () => {
    assert.deepEqual(await all(blobs.list()), []);
    assert.equal(await blobs.isHeld(sha256('x')), false);
    assert.deepEqual(await all(blobs.leftovers()), []);
    assert.equal(existsSync(folder), false);
  });

  it('keeps equal bytes once, counted as stored the last time', async () => {
    const first = await blobs.put(bytes('same'));
    now += 5_000;
    const second = await blobs.put(bytes('same'));
    assert.equal(second.digest, first.digest);
    assert.deepEqual(await all(blobs.list()), [{ digest: first.digest, size: 4, stored: now }]);
  });

  it('mends a blob that lost bytes', async () => {
    const { digest } = await blobs.put(bytes('whole bytes'));
    truncateSync(placeOf(digest), 3);
    await assert.rejects(blobs.read(digest, 0, 11), /has 3 bytes on disk, not 11/);
    await blobs.put(bytes('whole bytes'));
    assert.equal(await text(digest, 0, 11), 'whole bytes');
  });

  it('takes chunks of any size, and none', async () => {
    const big = Buffer.alloc(3 * 1024 * 1024 + 17, 'abcdefg');
    const chunks = [0, 1, 65_536, 70_000, 2 * 1024 * 1024, big.length];
    const source = chunks.slice(1).map((end, index) => big.subarray(chunks[index]!, end));
    assert.equal((await blobs.put(source)).digest, sha256(big));
    assert.equal((await blobs.put([])).digest, sha256(''));
    assert.equal(readFileSync(placeOf(sha256(big))).equals(big), true);
  });

  it('keeps nothing of a source that fails', async () => {
    async function* source() {
      yield Buffer.alloc(2 * 1024 * 1024);
      throw new Error('the client is gone');
    }
    await assert.rejects(blobs.put(source()), /the client is gone/);
    assert.deepEqual(filesOf(), []);
    assert.deepEqual(await all(blobs.list()), []);
  });

  it('does not write through a symbolic link in its place', async () => {
    const outside = path.join(home, 'outside');
    writeFileSync(outside, 'mine');
    const digest = sha256('bytes');
    mkdirSync(path.dirname(placeOf(digest)), { recursive: true });
    symlinkSync(outside, placeOf(digest));
    assert.equal(await blobs.find(digest), undefined);
    await assert.rejects(blobs.read(digest, 0, 4));
    await blobs.put(bytes('bytes'));
    assert.equal(readFileSync(outside, 'utf8'), 'mine');
    assert.equal(await text(digest, 0, 5), 'bytes');
  });

  it('is done by many at once', async () => {
    const held = await Promise.all(
      Array.from({ length: 50 }, (_, index) => blobs.put(bytes(`${index % 7}`))),
    );
    assert.equal((await all(blobs.list())).length, 7);
    assert.equal(filesOf().length, 50);
    await Promise.all(held.map((one) => one.release()));
    assert.deepEqual(filesOf(), []);
  });
});

describe('read', () => {
  it('gives any range', async () => {
    const { digest } = await blobs.put(bytes('0123456789'));
    assert.equal(await text(digest, 0, 10), '0123456789');
    assert.equal(await text(digest, 3, 5), '34');
    assert.equal(await text(digest, 9, 10), '9');
    assert.equal(await text(digest, 4, 4), '');
  });

  it('says that a blob is not there', async () => {
    await assert.rejects(blobs.read(sha256('never'), 0, 1), { code: 'not_found' });
  });

  it('ends with an error when it is aborted', async () => {
    const { digest } = await blobs.put([Buffer.alloc(1024 * 1024)]);
    const controller = new AbortController();
    const reading = await blobs.read(digest, 0, 1024 * 1024, controller.signal);
    await assert.rejects(async () => {
      for await (const _chunk of reading) controller.abort();
    }, /abort/i);
  });
});

describe('remove', () => {
  it('takes away what was not stored again since', async () => {
    const held = await blobs.put(bytes('old'));
    await held.release();
    assert.equal(await blobs.remove(held.digest, now - 1, unwanted), false);
    assert.equal(await text(held.digest, 0, 3), 'old');
    assert.equal(await blobs.remove(held.digest, now, unwanted), true);
    assert.equal(await blobs.find(held.digest), undefined);
    assert.equal(await blobs.remove(held.digest, now, unwanted), true, 'it is gone');
    assert.deepEqual(filesOf(), []);
  });

  it('leaves what an upload holds, whenever it was stored', async () => {
    const held = await blobs.put(bytes('held'));
    assert.equal(await blobs.remove(held.digest, Number.MAX_SAFE_INTEGER, unwanted), false);
    assert.equal(await text(held.digest, 0, 4), 'held');
    await held.release();
    assert.equal(await blobs.remove(held.digest, Number.MAX_SAFE_INTEGER, unwanted), true);
  });

  it('leaves what is wanted when it is asked last', async () => {
    const held = await blobs.put(bytes('wanted'));
    await held.release();
    let found: unknown;
    const isWanted = async () => {
      found = await blobs.find(held.digest);
      return true;
    };
    assert.equal(await blobs.remove(held.digest, now, isWanted), false);
    assert.equal(found, undefined, 'nobody could find it when it was asked');
    assert.equal(await text(held.digest, 0, 6), 'wanted');
    assert.deepEqual(filesOf(), []);
  });

  it('never takes bytes that are stored at the same time', async () => {
    for (let round = 0; round < 30; round++) {
      const content = `round ${round}`;
      await (await blobs.put(bytes(content))).release();
      now++;
      const [held] = await Promise.all([
        blobs.put(bytes(content)),
        blobs.remove(sha256(content), now - 1, unwanted),
        blobs.remove(sha256(content), Number.MAX_SAFE_INTEGER, unwanted),
      ]);
      assert.equal(await text(held.digest, 0, content.length), content);
      await held.release();
    }
  });
});

describe('leftovers', () => {
  /** The machine's part of our own name, for names of its other processes. */
  const [machine] = thisUploader.split('-');
  const deadProcess = `${machine}-${process.pid}-abc`;

  /** What this process has under way becomes what an earlier process of its number left. */
  function die(as = deadProcess): void {
    renameSync(incoming(), incoming(as));
  }

  it('are the half-written files, which go, and the blobs that were held, which are told', async () => {
    const held = await blobs.put(bytes('never named'));
    writeFileSync(path.join(incoming(), '00.part'), 'half');
    die();
    assert.equal(await blobs.isHeld(held.digest), false);
    const found: Leftover[] = [];
    for await (const leftover of blobs.leftovers()) {
      found.push(leftover);
      assert.deepEqual(filesOf(deadProcess).length, 1, 'the half file went first');
      await leftover.forget();
    }
    assert.deepEqual(
      found.map(({ digest }) => digest),
      [held.digest],
    );
    assert.equal(existsSync(incoming(deadProcess)), false);
    assert.equal(await text(held.digest, 0, 11), 'never named', 'whether it goes is for others to say');
  });

  it('are told again until they are forgotten', async () => {
    await blobs.put(bytes('kept in mind'));
    die();
    assert.equal((await all(blobs.leftovers())).length, 1);
    assert.equal((await all(blobs.leftovers())).length, 1);
  });

  it('are put back when their removal was cut off', async () => {
    const held = await blobs.put(bytes('half removed'));
    await held.release();
    renameSync(placeOf(held.digest), path.join(incoming(), `${held.digest}.01.gone`));
    die();
    assert.equal(await blobs.find(held.digest), undefined);
    const [leftover] = await all(blobs.leftovers());
    assert.equal(leftover?.digest, held.digest);
    assert.equal(await text(held.digest, 0, 12), 'half removed');
    await leftover?.forget();
    assert.deepEqual(await all(blobs.leftovers()), []);
    assert.deepEqual(filesOf(deadProcess), []);
  });

  it('are none of a living process, nor of another machine that wrote lately', async () => {
    const held = await blobs.put(bytes('alive'));
    assert.deepEqual(await all(blobs.leftovers()), []);
    for (const other of [`${machine}-${process.ppid}-abc`, 'ffffffffffff-1-abc']) {
      die(other);
      for (const name of ['', ...filesOf(other)])
        utimesSync(path.join(incoming(other), name), now / 1000, now / 1000);
      assert.deepEqual(await all(blobs.leftovers()), []);
      assert.equal(await blobs.isHeld(held.digest), true);
      renameSync(incoming(other), incoming());
    }
    die('ffffffffffff-1-abc');
    now += strangerPatience + 1_000;
    assert.equal((await all(blobs.leftovers())).length, 1);
  });
});

it('lists in the order of the digests, blobs only', async () => {
  const contents = Array.from({ length: 20 }, (_, index) => `blob ${index}`);
  for (const content of contents) await blobs.put(bytes(content));
  mkdirSync(path.join(folder, 'ab', 'zz'), { recursive: true });
  writeFileSync(path.join(folder, 'README'), 'x');
  writeFileSync(path.join(folder, 'ab', 'zz', 'note'), 'x');
  const digests = (await all(blobs.list())).map(({ digest }) => digest);
  assert.deepEqual(digests, contents.map((content) => sha256(content)).sort());
});

it('takes nothing but 64 hex digits for a digest', () => {
  for (const written of [
    '',
    '..',
    'a'.repeat(63),
    'A'.repeat(64),
    `${'a'.repeat(63)}/`,
    `${'a'.repeat(64)}\n`,
  ]) {
    assert.equal(digestOf(written), undefined, written);
  }
  assert.equal(digestOf(sha256('x')), sha256('x'));
});

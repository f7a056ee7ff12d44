/** Holds the artifacts that the server lists and serves against those of the model. */
import assert from 'node:assert/strict';
import { digestOf } from './event-account.ts';
import { bytesOf } from './load/client.ts';
import type { Content, Owner } from './load/effect.ts';
import type { Reader } from './reader.ts';

/** All by the listing; the bytes of those at `paths`, which may be folders or gone. */
export async function compareFiles(
  reader: Reader,
  owner: Owner,
  wanted: ReadonlyMap<string, Content>,
  paths: Iterable<string>,
): Promise<void> {
  const about = `${owner.kind} ${owner.id}`;
  const listed = await reader.files(owner);
  assert.deepEqual(
    listed.map(({ path }) => path).sort(),
    [...wanted.keys()].sort(),
    `names of the artifacts of ${about}`,
  );
  for (const { path, size, sha256 } of listed) {
    const content = wanted.get(path)!;
    assert.equal(size, content.size, `size of ${path} of ${about}`);
    if (sha256 !== undefined)
      assert.equal(sha256, digestOf(bytesOf(content)), `digest of ${path} of ${about}`);
  }
  for (const path of new Set(paths)) {
    const content = wanted.get(path);
    if (content === undefined) continue;
    const read = await reader.file(owner, path);
    assert.ok(
      read?.equals(bytesOf(content)),
      `${told(read)} instead of ${content.text} in ${path} of ${about}`,
    );
  }
}

/** How a file stands while it is not known whether a write of it was applied: as before, or as after, and nothing else. */
export async function fileIs(
  reader: Reader,
  owner: Owner,
  path: string,
  before: Content | undefined,
  after: Content,
): Promise<boolean> {
  const read = await reader.file(owner, path);
  if (read?.equals(bytesOf(after))) return true;
  const isBefore = before === undefined ? read === undefined : read?.equals(bytesOf(before));
  assert.ok(isBefore, `${path} of ${owner.kind} ${owner.id} is a mixture: ${told(read)}`);
  return false;
}

function told(bytes: Buffer | undefined): string {
  return bytes === undefined ? 'nothing' : `${bytes.length} bytes (${bytes.toString('utf8', 0, 60)}…)`;
}

/** What becomes of bytes: swept when their upload died, kept while named, removed a while after; and the doctor's view. */
import assert from 'node:assert/strict';
import { readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, it } from 'node:test';
import { checkArtifacts } from '../../src/domain/artifacts/index.ts';
import type { Digest } from '../../src/engines/blobs/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { newRequestContext } from '../../src/kernel/request-context.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { forEachStore } from '../stores/stores.ts';
import { send } from './raw-http.ts';
import { proxied, sha256 } from './served-runs.ts';

const day = 24 * 60 * 60 * 1000;

forEachStore((open) => {
  const { blobs, folder, remove } = temporaryBlobs();
  after(remove);
  const served = servedFor(open, { blobs });

  const put = async (name: string, body: string) => {
    const { status } = await send(served().url, { method: 'PUT', path: `${proxied}/${name}`, body });
    assert.equal(status, 200);
  };
  const drop = (name: string) => send(served().url, { method: 'DELETE', path: `${proxied}/${name}` });
  const digestOf = (body: string) => sha256(body) as Digest;
  const isKept = async (body: string) => (await blobs.find(digestOf(body))) !== undefined;
  const fileOf = (body: string) => {
    const digest = digestOf(body);
    return path.join(folder, digest.slice(0, 2), digest.slice(2, 4), digest);
  };

  /** A request some ms after now. */
  const later = (milliseconds: number) =>
    newRequestContext({
      actor: { kind: 'system', name: 'system' },
      scope: { projects: 'all' },
      face: 'system',
      requestId: 'test',
      signal: new AbortController().signal,
      clock: { ...systemClock, now: () => systemClock.now() + milliseconds },
      random: systemRandom,
    });

  /** What this process holds becomes what a dead one of the same number held. */
  function die(): void {
    const [own] = readdirSync(path.join(folder, 'incoming'));
    const [machine, process] = own!.split('-');
    renameSync(
      path.join(folder, 'incoming', own!),
      path.join(folder, 'incoming', `${machine}-${process}-abc`),
    );
  }

  async function findings(deep: boolean): Promise<Record<string, string>> {
    const found = await checkArtifacts(served().domain.db, blobs, deep);
    return Object.fromEntries(found.map(({ level, check, detail }) => [check, `${level}: ${detail}`]));
  }

  it('bytes of an upload that died before its row are swept, those that a row names are kept', async () => {
    const { domain } = served();
    await put('kept', 'named');
    await blobs.put([Buffer.from('never named')]);
    await blobs.put([Buffer.from('named')]);
    writeFileSync(
      path.join(folder, 'incoming', readdirSync(path.join(folder, 'incoming'))[0]!, '01.part'),
      'half',
    );
    assert.equal(await domain.artifacts.sweep(), 0, 'while their process lives');
    die();
    assert.equal(await domain.artifacts.sweep(), 1);
    assert.deepEqual([await isKept('never named'), await isKept('named')], [false, true]);
    const left = readdirSync(path.join(folder, 'incoming'), { recursive: true });
    assert.deepEqual(
      left.filter((name) => `${name}`.includes('.')),
      [],
    );
    assert.equal(await domain.artifacts.sweep(), 0);
  });

  it('bytes are kept while any file names them, and for a grace after', async () => {
    const { domain } = served();
    await put('one', 'shared');
    await put('two', 'shared');
    await put('replaced', 'first');
    await put('replaced', 'second');
    await drop('one');
    const collect = (milliseconds: number) => domain.artifacts.removeUnreferenced(later(milliseconds), day);
    assert.deepEqual(await collect(0), { blobs: 0, bytes: 0 });
    assert.deepEqual(await collect(day + 60_000), { blobs: 1, bytes: 5 });
    assert.deepEqual(
      [await isKept('first'), await isKept('second'), await isKept('shared')],
      [false, true, true],
    );
    await drop('two');
    assert.deepEqual(await collect(day / 2), { blobs: 0, bytes: 0 });
    assert.deepEqual(await collect(day + 60_000), { blobs: 1, bytes: 6 });
    assert.equal(await isKept('shared'), false);
    await put('one', 'shared');
    assert.equal(
      (await send(served().url, { method: 'GET', path: `${proxied}/one` })).bytes.toString(),
      'shared',
    );
  });

  it('what is named again meanwhile is not removed', async () => {
    const { domain } = served();
    for (let round = 0; round < 10; round++) {
      await put('moving', `round ${round}`);
      await drop('moving');
      await Promise.all([
        put('again', `round ${round}`),
        domain.artifacts.removeUnreferenced(later(day + 60_000), day),
        domain.artifacts.removeUnreferenced(later(day + 60_000), day),
      ]);
      const answer = await send(served().url, { method: 'GET', path: `${proxied}/again` });
      assert.equal(answer.bytes.toString(), `round ${round}`);
    }
  });

  it('a doctor is content with what was stored, and names what was harmed', async () => {
    await put('whole', 'whole bytes');
    const good = await findings(true);
    assert.deepEqual(
      Object.entries(good).filter(([, text]) => !text.startsWith('ok')),
      [],
    );
    assert.match(good.artifact_bytes!, /blobs read back/);
    assert.match((await findings(false)).artifact_bytes!, /blobs are there/);

    const harms: [what: RegExp, deepOnly: boolean, harm: () => void][] = [
      [/holds other bytes/, true, () => writeFileSync(fileOf('whole bytes'), 'WHOLE bytes')],
      [/has 5 bytes, not 11/, false, () => truncateSync(fileOf('whole bytes'), 5)],
      [/is missing/, false, () => rmSync(fileOf('whole bytes'))],
    ];
    for (const [what, deepOnly, harm] of harms) {
      harm();
      assert.match((await findings(true)).artifact_bytes!, what);
      assert.match((await findings(false)).artifact_bytes!, deepOnly ? /^ok/ : what);
      const answer = await send(served().url, { method: 'GET', path: `${proxied}/whole` });
      if (!deepOnly) assert.equal(answer.status, 500);
    }
    await put('mended', 'whole bytes');
    assert.match((await findings(true)).artifact_bytes!, /^ok/);
  });

  it('a doctor counts bytes that nothing names, and rows without owner', async () => {
    const { domain } = served();
    await put('let%20go', 'let go');
    await drop('let%20go');
    const stray = await blobs.put([Buffer.from('a stray')]);
    await stray.release();
    const found = await findings(true);
    assert.match(found.artifact_let_go!, /^ok: [1-9]\d* blobs/);
    assert.match(found.artifact_strays!, /^warning: 1 blobs of 7 bytes/);
    assert.equal(await isKept('a stray'), true, 'it may be another store’s');
    await blobs.remove(stray.digest, stray.stored, async () => false);
    await domain.db.write((tx) =>
      tx.run(sql`UPDATE artifact_file SET owner = 9999999 WHERE path = 'mended'`),
    );
    assert.match((await findings(false)).artifact_files!, /^error: 1 of/);
  });
});

/**
 * A server killed while uploads are under way: after a restart every path holds the whole old or the whole new file,
 * whatever was acknowledged is there, and `doctor --deep` finds no error and leaves no orphan.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, it } from 'node:test';
import { ServerProcess } from '../durability/server-process.ts';
import { runCairn } from '../start/cairn-command.ts';
import { proxied } from './served-runs.ts';

const rounds = process.env.CAIRN_LONG === '1' ? 40 : 5;
const writers = 12;

const home = mkdtempSync(path.join(tmpdir(), 'cairn-killed-uploads-'));
after(() => rmSync(home, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Unlike any other; odd writers are long, so that a kill meets them half way. */
function contentOf(round: number, writer: number): Buffer {
  return Buffer.alloc(writer % 2 === 0 ? 20_000 : 3_000_000 + writer, `${round} of ${writer}, `);
}

/** Resolves to whether the upload was acknowledged. */
async function upload(url: string, name: string, bytes: Buffer, sent: () => void): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const request = http.request({ hostname, port, method: 'PUT', path: `${proxied}/kill/${name}` });
  const answered = new Promise<boolean>((resolve) => {
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
  });
  await pipeline(Readable.from(slices(bytes, sent)), request).catch(() => {});
  return answered;
}

const slice = 50_000;
const sliceCount = Math.ceil(3_000_000 / slice) * (writers / 2);

function* slices(bytes: Buffer, sent: () => void): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += slice) {
    yield bytes.subarray(start, start + slice);
    sent();
  }
}

it(`uploads survive ${rounds} kills whole or not at all`, async (test) => {
  const dataDir = path.join(home, 'data');
  const artifacts = path.join(dataDir, 'artifacts');
  /** Name → digests it may have; the first is what was acknowledged last, undefined while nothing was. */
  const expected = new Map<string, (string | undefined)[]>();
  let acknowledged = 0;
  let cut = 0;
  for (let round = 0; round < rounds; round++) {
    const server = new ServerProcess({ dataDir });
    const url = await server.ready();
    // By turns it dies when so many bytes were sent, or when so many uploads were acknowledged; each time later.
    const when = (round + 0.5) / rounds;
    let slicesLeft = round % 2 === 0 ? Math.floor(when * sliceCount) : Number.POSITIVE_INFINITY;
    let answersLeft = round % 2 === 1 ? Math.floor(when * writers) : Number.POSITIVE_INFINITY;
    const sent = () => {
      if (slicesLeft-- === 0) server.kill().catch(() => {});
    };
    const results = Array.from({ length: writers }, async (_, writer) => {
      const name = `file ${writer % 8}`.replace(' ', '-');
      const bytes = contentOf(round, writer);
      const known = expected.get(name) ?? [undefined];
      expected.set(name, [...known, sha256(bytes)]);
      const isKept = await upload(url, name, bytes, sent);
      if (isKept) acknowledged++;
      else cut++;
      if (isKept && answersLeft-- <= 0) server.kill().catch(() => {});
      return [name, sha256(bytes), isKept] as const;
    });
    const kept = new Map<string, string[]>();
    for (const [name, digest, isKept] of await Promise.all(results)) {
      if (isKept) kept.set(name, [...(kept.get(name) ?? []), digest]);
    }
    await server.kill().catch(() => {});

    const doctor = await runCairn(['doctor', '--deep', '--data', dataDir]);
    assert.equal(doctor.code, 0, doctor.stdout);
    assert.match(doctor.stdout, /artifact_strays +no bytes that this store does not know/);

    const again = new ServerProcess({ dataDir });
    const other = await again.ready();
    for (const [name, digests] of expected) {
      const answer = await fetch(`${other}${proxied}/kill/${name}`);
      const found = answer.status === 200 ? sha256(new Uint8Array(await answer.arrayBuffer())) : undefined;
      const acknowledgedNow = kept.get(name);
      assert.ok(digests.includes(found), `${name} holds a mixture`);
      if (acknowledgedNow !== undefined) assert.notEqual(found, undefined, `${name} was acknowledged`);
      // Old ones may not come back once a newer one was acknowledged; those of this round may stand in any order.
      const ofThisRound = digests.filter((digest) => digest !== digests[0]);
      if (acknowledgedNow !== undefined) assert.ok(ofThisRound.includes(found), `${name} fell back`);
      expected.set(name, [found]);
    }
    assert.equal(await again.stop(), 0, again.output);
    const work = path.join(artifacts, 'incoming');
    const files = existsSync(work) ? readdirSync(work, { recursive: true }).map(String) : [];
    const ofDeadUploads = files.filter((name) => name.includes('.'));
    assert.deepEqual(ofDeadUploads, []);
  }
  test.diagnostic(`${acknowledged} uploads acknowledged, ${cut} cut off`);
  assert.ok(acknowledged > 0 && cut > 0);
});

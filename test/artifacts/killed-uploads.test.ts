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
import { beginMultipart, type Credential, mpu, sendPart } from './multipart.ts';
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

/** As `upload`, in parts that are sent at once. */
async function uploadInParts(url: string, name: string, bytes: Buffer, sent: () => void): Promise<boolean> {
  const step = async (what: string, body: object) => {
    const answer = await fetch(`${url}${mpu}/${what}/kill`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path: name, ...body }),
    });
    assert.equal(answer.status, 200);
    return (await answer.json()) as { upload_id: string; credentials: Credential[] };
  };
  const partSize = 700_000;
  const count = Math.ceil(bytes.length / partSize);
  try {
    const { upload_id, credentials } = await step('create', { num_parts: count });
    const parts = await Promise.all(
      credentials.map(async (credential, index) => {
        const part = bytes.subarray(index * partSize, (index + 1) * partSize);
        const answer = await sendPart(credential, part);
        for (let start = 0; start < part.length; start += slice) sent();
        assert.equal(answer.status, 200);
        return { part_number: index + 1, etag: answer.headers.etag };
      }),
    );
    await step('complete', { upload_id, parts });
    return true;
  } catch (error) {
    // Cut off; what was answered otherwise is a fault.
    if (error instanceof assert.AssertionError) throw error;
    return false;
  }
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
      const send = writer % 3 === 1 ? uploadInParts : upload;
      const isKept = await send(url, name, bytes, sent);
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

it('an upload in parts goes on after the server was killed, and is completed once', async () => {
  const dataDir = path.join(home, 'parts');
  const call = (url: string) => async (method: string, target: string, body?: unknown) => {
    const answer = await fetch(url + target, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
  const first = new ServerProcess({ dataDir });
  const url = await first.ready();
  const bytes = Buffer.alloc(3_000_000, 'in parts, ');
  const part = (number: number) => bytes.subarray((number - 1) * 1_000_000, number * 1_000_000);
  const upload = await beginMultipart({ call: call(url) }, 'kill', 'parts', 3);
  const tags: string[] = [];
  const sent = async (at: string, number: number) => {
    const credential = upload.credentials[number - 1]!;
    const { pathname } = new URL(credential.url);
    const answer = await sendPart({ ...credential, url: at + pathname }, part(number));
    assert.equal(answer.status, 200);
    tags[number - 1] = answer.headers.etag!;
  };
  await sent(url, 1);
  await sent(url, 2);
  await first.kill();
  const doctor = await runCairn(['doctor', '--deep', '--data', dataDir]);
  assert.equal(doctor.code, 0, doctor.stdout);
  assert.match(doctor.stdout, /artifact_uploads +1 uploads under way, with 2 parts of 2000000 bytes/);
  assert.match(doctor.stdout, /artifact_strays +no bytes that this store does not know/);

  const second = new ServerProcess({ dataDir });
  const other = await second.ready();
  await sent(other, 3);
  const parts = tags.map((etag, index) => ({ part_number: index + 1, etag }));
  const body = { path: 'parts', upload_id: upload.id, parts };
  const complete = (at: string) => call(at)('POST', `${mpu}/complete/kill`, body);
  assert.equal((await complete(other)).status, 200);
  await second.kill();

  const third = new ServerProcess({ dataDir });
  const last = await third.ready();
  assert.equal((await complete(last)).status, 200, 'whose answer may have been lost');
  const answer = await fetch(`${last}${proxied}/kill/parts`);
  assert.equal(sha256(new Uint8Array(await answer.arrayBuffer())), sha256(bytes));
  assert.equal(await third.stop(), 0, third.output);
  const after = await runCairn(['doctor', '--deep', '--data', dataDir]);
  assert.match(after.stdout, /artifact_uploads +0 uploads under way/);
  assert.match(after.stdout, /artifact_strays +no bytes that this store does not know/);
});

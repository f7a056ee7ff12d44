/**
 * A file far larger than the memory the server may take for it goes up and comes down, whole and by ranges. 300 MB here,
 * 5 GB in the long run (CAIRN_LONG=1).
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { ServerProcess } from '../durability/server-process.ts';
import { proxied } from './served-runs.ts';

const size = process.env.CAIRN_LONG === '1' ? 5 * 1024 ** 3 : 300 * 1024 ** 2;
/** What the server's memory may grow by, whatever the size: buffers on their way, and what is not collected yet. */
const growthLimit = 192 * 1024 ** 2;

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-large-'));
const disk = statfsSync(folder);
const skip = !existsSync('/proc/self/status')
  ? 'measures memory by /proc, which this system does not have'
  : disk.bavail * disk.bsize < size * 2
    ? `needs ${size * 2} bytes of disk`
    : false;

/** Chunks of odd sizes that no two parts of the file share. */
function* content(): Generator<Buffer> {
  const block = createHash('sha512').update('seed').digest();
  for (let made = 0, count = 0; made < size; count++) {
    const chunk = Buffer.alloc(Math.min(100_003, size - made), block);
    chunk.writeUInt32BE(count % 2 ** 32, 0);
    made += chunk.length;
    yield chunk;
  }
}

describe('a large file', { skip }, () => {
  const server = new ServerProcess({ dataDir: path.join(folder, 'data') });
  let url: URL;
  let digest: string;
  before(async () => {
    url = new URL(await server.ready());
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Bytes of the server's memory by a line of /proc: VmRSS is now, VmHWM the most there ever was. */
  function memory(line: 'VmRSS' | 'VmHWM'): number {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)![1]) * 1024;
  }

  /** Artifact files that the server has open. */
  function openArtifacts(): number {
    const handles = `/proc/${server.pid}/fd`;
    return readdirSync(handles).filter((name) => {
      try {
        return readlinkSync(path.join(handles, name)).startsWith(path.join(folder, 'data', 'artifacts'));
      } catch {
        return false; // closed since it was listed
      }
    }).length;
  }

  function request(method: string, target: string, headers: http.OutgoingHttpHeaders = {}) {
    const sent = http.request({ hostname: url.hostname, port: url.port, method, path: target, headers });
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve);
      sent.on('error', reject);
    });
    return { sent, answered };
  }

  async function upload(target: string, headers: http.OutgoingHttpHeaders): Promise<string> {
    const hash = createHash('sha256');
    const { sent, answered } = request('PUT', target, headers);
    function* hashed() {
      for (const chunk of content()) {
        hash.update(chunk);
        yield chunk;
      }
    }
    await pipeline(Readable.from(hashed()), sent);
    const answer = await answered;
    answer.resume();
    assert.equal(answer.statusCode, 200);
    return hash.digest('hex');
  }

  async function download(target: string, headers: http.OutgoingHttpHeaders = {}) {
    const { sent, answered } = request('GET', target, headers);
    sent.end();
    const answer = await answered;
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { status: answer.statusCode, headers: answer.headers, bytes, digest: hash.digest('hex') };
  }

  it('goes up in constant memory, with a length told before or not', async (test) => {
    const grown = memory('VmRSS');
    digest = await upload(`${proxied}/0/large.bin`, { 'content-length': size });
    assert.equal(await upload(`${proxied}/0/again.bin`, { 'transfer-encoding': 'chunked' }), digest);
    const growth = memory('VmHWM') - grown;
    test.diagnostic(`${size} bytes, and the server grew by ${Math.round(growth / 1024 ** 2)} MiB`);
    assert.ok(growth < growthLimit, `grew by ${Math.round(growth / 1024 ** 2)} MiB`);
  });

  it('comes down byte for byte in constant memory', async (test) => {
    const grown = memory('VmRSS');
    const { status, headers, bytes, digest: got } = await download(`${proxied}/0/large.bin`);
    assert.deepEqual([status, headers['content-length'], bytes, got], [200, String(size), size, digest]);
    const growth = memory('VmHWM') - grown;
    test.diagnostic(`${size} bytes, and the server grew by ${Math.round(growth / 1024 ** 2)} MiB`);
    assert.ok(growth < growthLimit, `grew by ${Math.round(growth / 1024 ** 2)} MiB`);
  });

  it('comes down in ranges that many ask for at once', async () => {
    const parts = 8;
    const part = Math.ceil(size / parts);
    const answers = await Promise.all(
      Array.from({ length: parts }, (_, index) => {
        const last = Math.min((index + 1) * part, size) - 1;
        return download(`${proxied}/0/again.bin`, { range: `bytes=${index * part}-${last}` });
      }),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [206]);
    assert.equal(
      answers.reduce((sum, { bytes }) => sum + bytes, 0),
      size,
    );
    const first = createHash('sha256');
    let left = part;
    for (const chunk of content()) {
      first.update(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
      if (left === 0) break;
    }
    assert.equal(answers[0]!.digest, first.digest('hex'));
  });

  it('waits for a reader that waits, and lets go of one that leaves', async () => {
    const grown = memory('VmRSS');
    const { sent, answered } = request('GET', `${proxied}/0/large.bin`);
    sent.end();
    const answer = await answered;
    answer.pause();
    // Meanwhile others are served, and nothing piles up for the one that does not read.
    for (let count = 0; count < 200; count++) {
      const { status, bytes } = await download(`${proxied}/0/large.bin`, { range: 'bytes=5-9' });
      assert.deepEqual([status, bytes], [206, 5]);
    }
    assert.ok(memory('VmRSS') - grown < growthLimit);
    answer.destroy();
    while (openArtifacts() > 0) await download('/healthz');
  });

  it('is kept once', async () => {
    const { sent, answered } = request('GET', '/api/2.0/mlflow-artifacts/artifacts?path=0');
    sent.end();
    const chunks = [];
    for await (const chunk of await answered) chunks.push(chunk);
    const { files } = JSON.parse(Buffer.concat(chunks).toString());
    assert.deepEqual(
      files.map(({ path: name, file_size }: { path: string; file_size: number }) => [name, file_size]),
      [
        ['again.bin', size],
        ['large.bin', size],
      ],
    );
    const kept = readdirSync(path.join(folder, 'data', 'artifacts'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(path.join(entry.parentPath, entry.name)).size);
    assert.deepEqual(kept, [size]);
  });
});

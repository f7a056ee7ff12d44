/**
 * A file far larger than the memory the server may take for it goes up in one stream and in parts, and comes down, whole and
 * by ranges. 300 MB here; 5 GB in the long run (CAIRN_LONG=1), which also has the untouched client do it, and writes what it
 * measured to bench/results/large-artifact.txt.
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
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { missingPython } from '../conformance/python-env.ts';
import { runScenario } from '../conformance/scenario.ts';
import { ServerProcess } from '../durability/server-process.ts';
import { type Credential, mpu, sendPart } from './multipart.ts';
import { proxied } from './served-runs.ts';

const isLong = process.env.CAIRN_LONG === '1';
const size = isLong ? 5 * 1024 ** 3 : 300 * 1024 ** 2;
/** Of one part; and how many are sent at once. */
const partSize = 10 * 1024 ** 2;
const senders = 8;
/** What the server's memory may grow by, whatever the size: buffers on their way, and what is not collected yet. */
const growthLimit = 192 * 1024 ** 2;

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-large-'));
const disk = statfsSync(folder);
const skip = !existsSync('/proc/self/status')
  ? 'measures memory by /proc, which this system does not have'
  : disk.bavail * disk.bsize < size * 5
    ? `needs ${size * 5} bytes of disk`
    : false;

/** Chunks of odd sizes that no two parts of the file share. */
function* content(length = size): Generator<Buffer> {
  const block = createHash('sha512').update('seed').digest();
  for (let made = 0, count = 0; made < length; count++) {
    const chunk = Buffer.alloc(Math.min(100_003, length - made), block);
    chunk.writeUInt32BE(count % 2 ** 32, 0);
    made += chunk.length;
    yield chunk;
  }
}

/** Parts of the content with their index, from 0; `whole` hashes all of it. */
function* partsOf(
  chunks: Iterable<Buffer>,
  whole: ReturnType<typeof createHash>,
): Generator<[number, Buffer]> {
  let part: Buffer[] = [];
  let missing = partSize;
  let index = 0;
  for (let chunk of chunks) {
    whole.update(chunk);
    while (chunk.length >= missing) {
      yield [index++, Buffer.concat([...part, chunk.subarray(0, missing)])];
      chunk = chunk.subarray(missing);
      part = [];
      missing = partSize;
    }
    part.push(chunk);
    missing -= chunk.length;
  }
  if (missing < partSize) yield [index, Buffer.concat(part)];
}

const figures: string[] = [];
const withoutPython = await missingPython();

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

  /** What the server's memory did, and how long it took; the growth is held against its limit. */
  async function measured<T>(
    what: string,
    diagnostic: (line: string) => void,
    work: () => Promise<T>,
  ): Promise<T> {
    writeFileSync(`/proc/${server.pid}/clear_refs`, '5'); // forgets the most there ever was
    const before = memory('VmRSS');
    const begun = performance.now();
    const result = await work();
    const seconds = (performance.now() - begun) / 1000;
    const peak = memory('VmHWM');
    const mib = (bytes: number) => `${Math.round(bytes / 1024 ** 2)}`.padStart(4);
    const rate = Math.round(size / 1e6 / seconds);
    const line =
      `${what.padEnd(46)} ${seconds.toFixed(1).padStart(6)} s ${String(rate).padStart(5)} MB/s   ` +
      `server: ${mib(before)} MiB before, ${mib(peak)} at most, ${mib(memory('VmRSS'))} after`;
    diagnostic(line);
    figures.push(line);
    assert.ok(peak - before < growthLimit, line);
    return result;
  }

  /** Sends the content in parts, some at once, as clients do. */
  async function uploadInParts(folder: string, name: string): Promise<string> {
    const call = async (step: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const { sent, answered } = request('POST', `${mpu}/${step}/${folder}`, headers);
      sent.end(JSON.stringify({ path: name, ...body }));
      const answer = await answered;
      const text = (await answer.toArray()).join('');
      assert.equal(answer.statusCode, 200, text);
      return JSON.parse(text);
    };
    const { upload_id, credentials } = await call('create', { num_parts: Math.ceil(size / partSize) });
    const whole = createHash('sha256');
    const waiting = partsOf(content(), whole);
    const parts: { part_number: number; etag: string }[] = [];
    const sender = async () => {
      for (;;) {
        const next = waiting.next();
        if (next.done) return;
        const [index, bytes] = next.value;
        const answer = await sendPart((credentials as Credential[])[index]!, bytes);
        assert.equal(answer.status, 200);
        parts.push({ part_number: index + 1, etag: answer.headers.etag! });
      }
    };
    await Promise.all(Array.from({ length: senders }, sender));
    parts.sort((a, b) => a.part_number - b.part_number);
    await call('complete', { upload_id, parts });
    return whole.digest('hex');
  }

  async function upload(target: string, headers: http.OutgoingHttpHeaders, length = size): Promise<string> {
    const hash = createHash('sha256');
    const { sent, answered } = request('PUT', target, headers);
    function* hashed() {
      for (const chunk of content(length)) {
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

  it('goes up in one stream in constant memory, with a length told before or not', async (test) => {
    digest = await measured(
      'up, one stream',
      (line) => test.diagnostic(line),
      () => upload(`${proxied}/0/large.bin`, { 'content-length': size }),
    );
    const untold = await upload(`${proxied}/1/untold.bin`, { 'transfer-encoding': 'chunked' }, 100_000_000);
    assert.equal((await download(`${proxied}/1/untold.bin`)).digest, untold);
    const { sent, answered } = request('DELETE', `${proxied}/1`);
    sent.end();
    (await answered).resume();
  });

  it('goes up in parts in constant memory', async (test) => {
    const what = `up, parts of ${partSize / 1024 ** 2} MiB, ${senders} at once`;
    const sent = await measured(
      what,
      (line) => test.diagnostic(line),
      () => uploadInParts('0', 'again.bin'),
    );
    assert.equal(sent, digest);
  });

  it('comes down byte for byte in constant memory', async (test) => {
    const {
      status,
      headers,
      bytes,
      digest: got,
    } = await measured(
      'down, one stream',
      (line) => test.diagnostic(line),
      () => download(`${proxied}/0/large.bin`),
    );
    assert.deepEqual([status, headers['content-length'], bytes, got], [200, String(size), size, digest]);
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
    // The one that was deleted is kept a day longer; of the parts nothing is.
    assert.deepEqual(
      kept.sort((a, b) => a - b),
      [100_000_000, size],
    );
  });

  for (const [way, inParts] of [
    ['in one stream', 'false'],
    ['in parts', 'true'],
  ] as const) {
    const reason = isLong ? (withoutPython ?? false) : 'only in the long run (CAIRN_LONG=1)';
    it(`goes up and down ${way} by the untouched client`, { skip: reason }, async (test) => {
      await measured(
        `up and down by the client, ${way}`,
        (line) => test.diagnostic(line),
        () =>
          runScenario(
            'parts_client',
            url.origin,
            {
              FILE_BYTES: String(size),
              TMPDIR: folder,
              MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: inParts,
              MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: inParts,
            },
            import.meta.dirname,
          ),
      );
    });
  }

  it('leaves figures', { skip: isLong ? false : 'only in the long run (CAIRN_LONG=1)' }, () => {
    const about =
      `A file of ${size / 1024 ** 3} GiB through a server on SQLite and the memory of its process (resident); ` +
      `${cpus().length} processors, shared with the client, which makes and hashes the bytes; load average ${loadavg()[2]!.toFixed(0)}\n`;
    const target = path.join(import.meta.dirname, '..', '..', 'bench', 'results', 'large-artifact.txt');
    writeFileSync(target, `${about}${figures.map((line) => `  ${line}\n`).join('')}`);
  });
});

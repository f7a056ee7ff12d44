/** Uploads in parts over HTTP, on both stores: the file, its parts, and everything that can be wrong with them. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { checkArtifacts } from '../../src/domain/artifacts/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { forEachStore } from '../stores/stores.ts';
import { beginMultipart, type Multipart, mpu, sendPart } from './multipart.ts';
import { breakOff, send, until } from './raw-http.ts';
import { proxied, sha256 } from './served-runs.ts';

const day = 24 * 60 * 60 * 1000;

forEachStore((open) => {
  const { blobs, folder, remove } = temporaryBlobs();
  after(remove);
  const served = servedFor(open, { blobs });

  let runs = 0;
  /** A new run's place in the tree. */
  async function newPlace(): Promise<{ run: string; place: string }> {
    runs++;
    const { id } = (await served().call('POST', '/api/v1/runs', { experiment: '0' })).body;
    return { run: id, place: `0/${id}/artifacts` };
  }
  const get = async (target: string) => send(served().url, { method: 'GET', path: `${proxied}/${target}` });
  const begin = (place: string, name: string, count: number) => beginMultipart(served(), place, name, count);
  /** Blobs that are kept, by digest. */
  const kept = () =>
    new Set(
      readdirSync(folder, { recursive: true })
        .map((name) => path.basename(String(name)))
        .filter((name) => /^[0-9a-f]{64}$/.test(name)),
    );
  async function findings(): Promise<Record<string, string>> {
    const found = await checkArtifacts(served().domain.db, blobs, true);
    return Object.fromEntries(found.map(({ level, check, detail }) => [check, `${level}: ${detail}`]));
  }

  describe('an upload in parts', () => {
    it('becomes one file of all parts in order, however they arrive, and leaves no part', async () => {
      const { run, place } = await newPlace();
      const parts = [1, 2, 3, 4].map((number) =>
        Buffer.alloc(number === 4 ? 7 : 400_000, `${runs} part ${number} `),
      );
      const upload = await begin(`${place}/deep/er`, 'large.bin', 4);
      assert.equal(upload.credentials.length, 4);
      await send(served().url, { method: 'PUT', path: `${proxied}/${place}/other`, body: `other ${runs}` });
      const before = kept();
      const answers = await Promise.all(
        [3, 1, 4, 2].map((number) => upload.part(number, parts[number - 1]!)),
      );
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.equal((await get(`${place}/deep/er/large.bin`)).status, 404, 'not before it is complete');
      assert.deepEqual(await upload.complete().then(({ status, body }) => [status, body]), [200, {}]);
      const whole = Buffer.concat(parts);
      const { status, bytes, headers } = await get(`${place}/deep/er/large.bin`);
      assert.equal(status, 200);
      assert.ok(bytes.equals(whole));
      assert.equal(headers.etag, `"${sha256(whole)}"`);
      assert.deepEqual(
        [...kept()].filter((digest) => !before.has(digest)),
        [sha256(whole)],
      );
      await served().domain.events.placed();
      const { items } = (await served().call('GET', `/api/v1/events?run=${run}`)).body;
      const told = items.filter(({ action }: { action: string }) => action === 'artifact.put');
      assert.deepEqual(
        told.slice(1).map(({ body }: { body: unknown }) => body),
        [{ path: 'deep/er/large.bin', size: whole.length, sha256: sha256(whole) }],
      );
    });

    it('may be of one part, of empty ones, and of equal ones', async () => {
      const { place } = await newPlace();
      for (const [name, parts] of [
        ['one', ['only']],
        ['empty', ['']],
        ['hollow', ['', 'x', '']],
        ['equal', ['same', 'same', 'same']],
      ] as const) {
        const upload = await begin(place, name, parts.length);
        for (const [index, bytes] of parts.entries()) {
          assert.equal((await upload.part(index + 1, bytes)).status, 200);
        }
        assert.equal((await upload.complete()).status, 200, name);
        assert.equal((await get(`${place}/${name}`)).bytes.toString(), parts.join(''));
      }
      // A part that is also a file of its own stays when the upload is over.
      await send(served().url, { method: 'PUT', path: `${proxied}/${place}/file`, body: `shared ${runs}` });
      const upload = await begin(place, 'with-shared', 2);
      await upload.part(1, `shared ${runs}`);
      await upload.part(2, 'more');
      assert.equal((await upload.complete()).status, 200);
      assert.equal((await get(`${place}/file`)).bytes.toString(), `shared ${runs}`);
    });

    it('replaces a file as a whole', async () => {
      const { place } = await newPlace();
      await send(served().url, { method: 'PUT', path: `${proxied}/${place}/a`, body: 'old' });
      const upload = await begin(place, 'a', 2);
      await upload.part(1, 'new ');
      await upload.part(2, 'one');
      assert.equal((await get(`${place}/a`)).bytes.toString(), 'old');
      await upload.complete();
      assert.equal((await get(`${place}/a`)).bytes.toString(), 'new one');
    });

    it('is completed once, however often that is asked for', async () => {
      const { place } = await newPlace();
      const upload = await begin(place, 'a', 2);
      await upload.part(1, 'x'.repeat(300_000));
      await upload.part(2, 'y');
      const answers = await Promise.all([1, 2, 3, 4].map(() => upload.complete()));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200],
      );
      assert.equal((await upload.complete()).status, 200);
      await send(served().url, { method: 'PUT', path: `${proxied}/${place}/a`, body: 'newer' });
      assert.equal((await upload.complete()).status, 200, 'the answer that was lost');
      assert.equal((await get(`${place}/a`)).bytes.toString(), 'newer', 'and it changes nothing');
      const other = upload.parts().with(1, { ...upload.parts()[1]!, etag: `"${sha256('z')}"` });
      const refused = await upload.complete(other);
      assert.deepEqual([refused.status, refused.body.error_code], [400, 'INVALID_PARAMETER_VALUE']);
      assert.equal((await upload.abort()).status, 400, 'what is complete is not given up');
      assert.equal((await upload.part(1, 'late')).status, 400);
    });

    it('takes the last bytes sent as a part', async () => {
      const { place } = await newPlace();
      const upload = await begin(place, 'a', 2);
      await upload.part(1, 'first try, ');
      const stale = upload.parts();
      await upload.part(2, 'end');
      await upload.part(1, `second try ${runs}, `);
      const refused = await upload.complete([...stale, upload.parts()[1]]);
      assert.equal(refused.status, 400);
      assert.match(refused.body.message, /parts\[0\]\.etag/);
      assert.ok(!kept().has(sha256('first try, ')), 'what was sent before is gone');
      assert.equal((await upload.part(1, `second try ${runs}, `)).status, 200, 'again the same');
      assert.equal((await upload.complete()).status, 200);
      assert.equal((await get(`${place}/a`)).bytes.toString(), `second try ${runs}, end`);
    });

    it('is given up with its parts, and again', async () => {
      const { place } = await newPlace();
      const upload = await begin(place, 'a', 2);
      await upload.part(1, `given up ${runs}`);
      assert.ok(kept().has(sha256(`given up ${runs}`)));
      assert.equal((await upload.abort()).status, 200);
      assert.ok(!kept().has(sha256(`given up ${runs}`)));
      assert.equal((await upload.abort()).status, 200);
      assert.equal((await upload.part(2, 'late')).status, 400);
      assert.ok(!kept().has(sha256('late')));
      assert.equal((await upload.complete()).status, 400);
      assert.equal((await get(`${place}/a`)).status, 404);
    });

    it('keeps what another upload or file has of the same bytes', async () => {
      const { place } = await newPlace();
      const [one, two] = [await begin(place, 'one', 1), await begin(place, 'two', 1)];
      await one.part(1, `both have it ${runs}`);
      await two.part(1, `both have it ${runs}`);
      await one.abort();
      assert.equal((await two.complete()).status, 200);
      assert.equal((await get(`${place}/two`)).bytes.toString(), `both have it ${runs}`);
    });

    it('is given up when its time is over', async () => {
      const { place } = await newPlace();
      const { uploads } = served().domain.artifacts;
      const upload = await begin(place, 'late', 2);
      await upload.part(1, `never completed ${runs}`);
      await uploads.sweep(systemClock.now());
      assert.ok(kept().has(sha256(`never completed ${runs}`)), 'not before');
      assert.equal(await uploads.sweep(systemClock.now() + day - 60_000), 0);
      assert.ok((await uploads.sweep(systemClock.now() + day + 60_000)) >= 1);
      assert.ok(!kept().has(sha256(`never completed ${runs}`)));
      const { status, body } = await upload.complete();
      assert.deepEqual([status, body.error_code], [404, 'RESOURCE_DOES_NOT_EXIST']);
      assert.equal((await upload.part(2, 'x')).status, 404);
    });

    it('of a part that breaks off keeps what was there', async () => {
      const { place } = await newPlace();
      const upload = await begin(place, 'a', 1);
      await upload.part(1, 'whole');
      const { url, headers } = upload.credentials[0]!;
      await breakOff(served().url, new URL(url).pathname, Buffer.alloc(3_000_000, 'h'), headers);
      const work = () =>
        readdirSync(path.join(folder, 'incoming'), { recursive: true }).filter((name) =>
          /\.\w+$/.test(`${name}`),
        );
      await until(() => work().length === 0, 'the half is cleaned up');
      assert.equal((await upload.complete()).status, 200);
      assert.equal((await get(`${place}/a`)).bytes.toString(), 'whole');
    });

    it('leaves a doctor content at every step', async () => {
      const { place } = await newPlace();
      const content = async (under: RegExp) => {
        const found = await findings();
        assert.deepEqual(
          Object.values(found).filter((text) => !text.startsWith('ok')),
          [],
        );
        assert.match(found.artifact_uploads!, under);
      };
      await served().domain.artifacts.uploads.sweep(systemClock.now() + 2 * day);
      await content(/^ok: 0 uploads under way, with 0 parts/);
      const upload = await begin(place, 'a', 2);
      await upload.part(1, 'first');
      await upload.part(2, 'wrong');
      await upload.part(2, 'second');
      await content(/^ok: 1 uploads under way, with 2 parts of 11 bytes/);
      await upload.complete();
      await content(/^ok: 0 uploads under way/);
    });
  });

  describe('what is wrong with an upload in parts', () => {
    let good: Multipart;
    let place: string;
    const refusal = async (step: string, body: unknown, at = place) => {
      const answer = await served().call('POST', `${mpu}/${step}/${at}`, body);
      return [answer.status, answer.body.error_code, answer.body.message] as const;
    };
    const refusals = async (
      rows: readonly (readonly [step: string, body: unknown, status: number, said: RegExp])[],
    ) => {
      for (const [step, body, status, said] of rows) {
        const [was, , message] = await refusal(step, body);
        assert.equal(was, status, `${step} ${JSON.stringify(body)}: ${message}`);
        assert.match(message, said);
      }
    };

    it('is told when it begins', async () => {
      ({ place } = await newPlace());
      await refusals([
        ['create', {}, 400, /path/],
        ['create', { path: 'a' }, 400, /num_parts/],
        ['create', { path: 'a', num_parts: 0 }, 400, /num_parts must be .* from 1 to 10000/],
        ['create', { path: 'a', num_parts: -1 }, 400, /num_parts/],
        ['create', { path: 'a', num_parts: 10_001 }, 400, /num_parts/],
        ['create', { path: 'a', num_parts: '9223372036854775807' }, 400, /num_parts/],
        ['create', { path: 'a', num_parts: 1e300 }, 400, /num_parts/],
        ['create', { path: 'a', num_parts: 'many' }, 400, /num_parts/],
        ['create', { path: 'a', num_parts: 1.5 }, 400, /num_parts/],
        ['create', { path: '', num_parts: 1 }, 400, /path/],
        ['create', { path: '/mnt/x/', num_parts: 1 }, 400, /path/],
        ['create', { path: '/mnt/x/..', num_parts: 1 }, 400, /path/],
        ['create', { path: '/mnt/x/a\\b', num_parts: 1 }, 400, /path/],
        ['create', { path: 'x'.repeat(256), num_parts: 1 }, 400, /path/],
      ]);
      for (const written of ['C:\\data\\w.bin', '\\\\host\\share\\w.bin', 'data\\w.bin', 'c:/data\\w.bin']) {
        const [status] = await refusal('create', { path: written, num_parts: 1 });
        assert.equal(status, 200, `a path of Windows: ${written}`);
      }
    });

    it('is told when it is completed or given up', async () => {
      good = await begin(place, 'a', 3);
      for (const number of [1, 2, 3]) await good.part(number, `part ${number}`);
      const parts = good.parts();
      const body = { path: 'a', upload_id: good.id, parts };
      const changed = (index: number, change: object) => ({
        ...body,
        parts: parts.with(index, { ...parts[index]!, ...change }),
      });
      await refusals([
        ['complete', { ...body, upload_id: '0'.repeat(32) }, 404, /upload_id/],
        ['complete', { ...body, upload_id: '../../etc/passwd' }, 404, /upload_id/],
        ['complete', { ...body, upload_id: '' }, 400, /upload_id/],
        ['complete', { path: 'a', parts }, 400, /upload_id/],
        ['complete', { ...body, path: 'b' }, 400, /path/],
        ['complete', { ...body, parts: [] }, 400, /parts must name all 3 parts/],
        ['complete', { path: 'a', upload_id: good.id }, 400, /parts/],
        ['complete', { ...body, parts: parts.slice(1) }, 400, /parts must name all 3/],
        ['complete', { ...body, parts: [...parts, parts[0]] }, 400, /parts must name all 3/],
        ['complete', { ...body, parts: [parts[1], parts[0], parts[2]] }, 400, /parts\[0\]\.part_number/],
        ['complete', { ...body, parts: [parts[0], parts[0], parts[2]] }, 400, /parts\[1\]\.part_number/],
        ['complete', changed(0, { part_number: 0 }), 400, /parts\[0\]\.part_number/],
        ['complete', changed(2, { part_number: 4 }), 400, /parts\[2\]\.part_number/],
        ['complete', changed(2, { part_number: '9223372036854775807' }), 400, /parts\[2\]\.part_number/],
        ['complete', changed(1, { etag: `"${sha256('another')}"` }), 400, /parts\[1\]\.etag/],
        ['complete', changed(1, { etag: '' }), 400, /etag/],
        ['complete', changed(1, { etag: '../..' }), 400, /parts\[1\]\.etag/],
        ['abort', { path: 'a', upload_id: '0'.repeat(32) }, 404, /upload_id/],
        ['abort', { path: 'b', upload_id: good.id }, 400, /path/],
        ['abort', { path: 'a' }, 400, /upload_id/],
      ]);
      const [status, , message] = await refusal('complete', body, `${place}/deeper`);
      assert.deepEqual([status, /path/.test(message)], [400, true]);
      const missing = await begin(place, 'b', 2);
      await missing.part(1, 'x');
      const told = await missing.complete([...missing.parts(), { part_number: 2, etag: sha256('x') }]);
      assert.match(told.body.message, /parts\[1\]\.part_number: part 2 was not sent/);
      assert.equal((await good.complete()).status, 200, 'nothing of this has changed it');
      assert.equal((await get(`${place}/a`)).bytes.toString(), 'part 1part 2part 3');
    });

    it('is told when a part comes without its ticket, or with another one', async () => {
      const upload = await begin(place, 'c', 2);
      const other = await begin(place, 'd', 2);
      const [credential] = upload.credentials;
      const ticket = credential!.headers['x-cairn-ticket']!;
      const [expires, mac] = ticket.split('.') as [string, string];
      const later = (Number.parseInt(expires, 36) + 1).toString(36);
      for (const [what, headers] of [
        ['none', {}],
        ['empty', { 'x-cairn-ticket': '' }],
        ['of the other part', upload.credentials[1]!.headers],
        ['of the other upload', other.credentials[0]!.headers],
        ['prolonged', { 'x-cairn-ticket': `${later}.${mac}` }],
        ['cut', { 'x-cairn-ticket': ticket.slice(0, -1) }],
        ['longer', { 'x-cairn-ticket': `${ticket}A` }],
        ['of nothing', { 'x-cairn-ticket': `${expires}.${'A'.repeat(43)}` }],
        ['words', { 'x-cairn-ticket': 'let me in' }],
        ['no number', { 'x-cairn-ticket': `zzzzzzzzzzz.${mac}` }],
      ] as const) {
        const answer = await sendPart({ ...credential!, headers: headers as Record<string, string> }, 'x');
        assert.equal(answer.status, 403, what);
        assert.match(answer.bytes.toString(), /ticket/);
      }
      const { pathname } = new URL(credential!.url);
      for (const [part, status] of [
        ['0', 400],
        ['-1', 400],
        ['10001', 400],
        ['1e3', 400],
        ['99999999999999999999', 400],
        ['x', 400],
        ['3', 403],
        ['01', 400],
      ] as const) {
        const at = pathname.replace(/1$/, part);
        const answer = await send(served().url, {
          method: 'PUT',
          path: at,
          headers: credential!.headers,
          body: 'x',
        });
        assert.equal(answer.status, status, part);
      }
      assert.equal((await upload.abort()).status, 200);
    });

    it('is a ticket that has expired', async () => {
      const past = { ...systemClock, now: () => systemClock.now() - day - 1_000 };
      const { uploads } = served().domain.artifacts;
      const context = { clock: past, random: systemRandom } as Parameters<typeof uploads.begin>[0];
      const project = served().domain.defaultProject;
      const { id, tickets } = await uploads.begin(context, project, `${place}/old` as never, 1);
      const answer = await send(served().url, {
        method: 'PUT',
        path: `${mpu}/parts/${id}/1`,
        headers: { 'x-cairn-ticket': tickets[0]! },
        body: 'x',
      });
      assert.deepEqual([answer.status, /expired/.test(answer.bytes.toString())], [403, true]);
      const told = await served().call('POST', `${mpu}/complete/${place}`, {
        path: 'old',
        upload_id: id,
        parts: [{ part_number: 1, etag: sha256('x') }],
      });
      assert.match(told.body.message, /expired/);
    });

    it('is told where no file may stand', async () => {
      const { run, place: other } = await newPlace();
      await send(served().url, { method: 'PUT', path: `${proxied}/${other}/d/a`, body: 'x' });
      const create = (folder: string, name: string) =>
        served().call('POST', `${mpu}/create/${folder}`, { path: name, num_parts: 1 });
      assert.equal((await create(other, 'd')).status, 400);
      assert.equal((await create(`${other}/d/a`, 'b')).status, 400);
      assert.equal((await create(`0/${run}`, 'artifacts')).status, 400);
      const upload = await begin(other, 'e', 1);
      await upload.part(1, 'too late');
      await served().call('DELETE', `/api/v1/runs/${run}`);
      assert.equal((await upload.complete()).status, 400, 'the run was deleted meanwhile');
      assert.equal((await create(other, 'f')).status, 400);
      await served().call('POST', `/api/v1/runs/${run}/restore`);
      assert.equal((await upload.complete()).status, 200);
      const late = await begin(other, 'g', 1);
      await late.part(1, 'no room');
      await send(served().url, { method: 'PUT', path: `${proxied}/${other}/g/h`, body: 'x' });
      assert.equal((await late.complete()).status, 400, 'a folder stands there by now');
    });
  });
});

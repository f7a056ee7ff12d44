/** One file over HTTP, by both protocols, on both stores. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forEachStore } from '../stores/stores.ts';
import { breakOff, send, until } from './raw-http.ts';
import { servedRuns, sha256 } from './served-runs.ts';

forEachStore((open) => {
  const { served, newRun, workFiles } = servedRuns(open);

  describe('a file', () => {
    it('comes back byte for byte, with its length and nothing that a browser would run', async () => {
      const run = await newRun();
      const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
      assert.equal((await run.put('model/data.bin', body)).status, 200);
      const { status, headers, bytes } = await run.get('model/data.bin');
      assert.equal(status, 200);
      assert.ok(bytes.equals(body));
      assert.equal(headers['content-length'], '70000');
      assert.equal(headers['content-type'], 'application/octet-stream');
      assert.equal(headers.etag, `"${sha256(body)}"`);
      assert.match(headers['content-disposition']!, /^attachment; filename="data.bin"/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(String(headers['content-security-policy']), /default-src 'none'.*sandbox/);
    });

    it('may be empty, and may be replaced', async () => {
      const run = await newRun();
      for (const body of ['', 'first', 'second, longer', 'x']) {
        assert.equal((await run.put('a.txt', body)).status, 200);
        const { bytes, headers } = await run.get('a.txt');
        assert.deepEqual([bytes.toString(), headers['content-length']], [body, String(body.length)]);
      }
      assert.deepEqual(
        (await run.events()).map(({ action }) => action),
        Array(4).fill('artifact.put'),
      );
    });

    it('has a name in any script, decoded once', async () => {
      const run = await newRun();
      const names = [
        '日本語 図.png',
        'ملف.csv',
        "été (1)'s.txt",
        '🦜.txt',
        '100%.txt',
        'a%20b',
        '50%25',
        'x?y;z',
        '<b>"q".html',
      ];
      for (const name of names) {
        assert.equal((await run.put(`n/${encodeURIComponent(name)}`, name)).status, 200, name);
      }
      for (const name of names) {
        const { status, bytes, headers } = await run.get(`n/${encodeURIComponent(name)}`);
        assert.deepEqual([status, bytes.toString()], [200, name]);
        const saved = /filename\*=UTF-8''(\S+)$/.exec(headers['content-disposition']!)![1]!;
        assert.equal(decodeURIComponent(saved), name);
      }
      const listed = (await run.list('n')).map(({ name }: { name: string }) => name);
      assert.deepEqual(
        listed,
        [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
    });

    it('takes any content type, which says nothing about how it comes back', async () => {
      const run = await newRun();
      for (const type of [
        'text/html',
        '<script>alert(1)</script>',
        'image/svg+xml',
        'a',
        'application/json; x=',
      ]) {
        assert.equal((await run.put('page', '<b>', { 'content-type': type })).status, 200, type);
        assert.equal((await run.get('page')).headers['content-type'], 'application/octet-stream');
      }
    });

    it('is shown by a browser only if it can do no harm', async () => {
      const run = await newRun();
      const shown: [name: string, type: string, how: string][] = [
        ['a.txt', 'text/plain; charset=utf-8', 'inline'],
        ['a.PNG', 'image/png', 'inline'],
        ['MLmodel', 'text/plain; charset=utf-8', 'inline'],
        ['a.json', 'application/json', 'inline'],
        ['a.html', 'application/octet-stream', 'attachment'],
        ['a.svg', 'application/octet-stream', 'attachment'],
        ['a.xhtml', 'application/octet-stream', 'attachment'],
        ['a.pdf', 'application/octet-stream', 'attachment'],
        ['a.js', 'application/octet-stream', 'attachment'],
        ['png', 'application/octet-stream', 'attachment'],
        ['constructor', 'application/octet-stream', 'attachment'],
      ];
      for (const [name, type, how] of shown) {
        await run.put(name, 'x');
        const path = `${run.native}/content?path=${name}`;
        const { headers } = await send(served().url, { method: 'GET', path });
        const disposition = headers['content-disposition']!.split(';')[0];
        assert.deepEqual([headers['content-type'], disposition], [type, how], name);
        assert.match(String(headers['content-security-policy']), /sandbox/);
        assert.match((await run.get(name)).headers['content-disposition']!, /^attachment/);
      }
    });

    it('is read in ranges', async () => {
      const run = await newRun();
      await run.put('digits', '0123456789');
      const rows: [range: string, status: number, text: string, said: string | undefined][] = [
        ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
        ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
        ['bytes=7-', 206, '789', 'bytes 7-9/10'],
        ['bytes=7-99', 206, '789', 'bytes 7-9/10'],
        ['bytes=-3', 206, '789', 'bytes 7-9/10'],
        ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
        ['bytes=10-', 416, '', 'bytes */10'],
        ['bytes=-0', 416, '', 'bytes */10'],
        ['bytes=99999999999999-', 416, '', 'bytes */10'],
        ['bytes=4-2', 200, '0123456789', undefined],
        ['bytes=0-1,3-4', 200, '0123456789', undefined],
        ['bytes=-', 200, '0123456789', undefined],
        ['lines=1-2', 200, '0123456789', undefined],
        ['bytes=a-b', 200, '0123456789', undefined],
      ];
      for (const [range, status, text, said] of rows) {
        const answer = await run.get('digits', { range });
        assert.deepEqual(
          [answer.status, answer.bytes.toString(), answer.headers['content-range']],
          [status, text, said],
          range,
        );
        assert.equal(answer.headers['content-length'], String(text.length), range);
      }
      const stale = { range: 'bytes=0-1', 'if-range': '"another"' };
      assert.equal((await run.get('digits', stale)).status, 200);
      const fresh = { range: 'bytes=0-1', 'if-range': `"${sha256('0123456789')}"` };
      assert.equal((await run.get('digits', fresh)).status, 206);
    });

    it('is not sent again to who has it', async () => {
      const run = await newRun();
      await run.put('a.txt', 'hello');
      const tag = `"${sha256('hello')}"`;
      for (const condition of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
        const answer = await run.get('a.txt', { 'if-none-match': condition });
        assert.deepEqual([answer.status, answer.bytes.length, answer.headers.etag], [304, 0, tag], condition);
      }
      assert.equal((await run.get('a.txt', { 'if-none-match': '"x"' })).status, 200);
      await run.put('a.txt', 'hello again');
      assert.equal((await run.get('a.txt', { 'if-none-match': tag })).status, 200);
    });

    it('is kept once however many name it, and not twice by its own name', async () => {
      const run = await newRun();
      const other = await newRun();
      for (const path of ['a', 'b/c', 'a']) await run.put(path, `equal bytes of ${run.id}`);
      await other.put('z', `equal bytes of ${run.id}`);
      const digest = sha256(`equal bytes of ${run.id}`);
      assert.deepEqual(await run.events(), [
        { action: 'artifact.put', body: { path: 'a', size: 47, sha256: digest } },
        { action: 'artifact.put', body: { path: 'b/c', size: 47, sha256: digest } },
      ]);
      assert.equal((await other.list())[0].sha256, digest);
      assert.equal((await run.get('b/c')).status, 200);
    });

    it('is told from a missing one and from a directory', async () => {
      const run = await newRun();
      await run.put('d/a', 'x');
      const missing = await run.get('none');
      assert.equal(missing.status, 404);
      assert.equal(JSON.parse(missing.bytes.toString()).error_code, 'RESOURCE_DOES_NOT_EXIST');
      const directory = await run.get('d');
      assert.equal(directory.status, 400);
      assert.match(directory.bytes.toString(), /refers to a directory/);
    });

    it('cannot stand where a directory is, nor a directory where it is', async () => {
      const run = await newRun();
      await run.put('d/a', 'x');
      for (const path of ['d', 'd/a/b', 'd/a/b/c', '']) {
        assert.equal((await run.put(path, 'y')).status, 400, path);
      }
      const root = await send(served().url, { method: 'PUT', path: run.tree, body: 'y' });
      assert.equal(root.status, 400);
      assert.equal((await run.get('d/a')).bytes.toString(), 'x');
    });
  });

  describe('under stress', () => {
    it('readers of a path that many write see one whole file', async () => {
      const run = await newRun();
      const contents = Array.from({ length: 20 }, (_, index) =>
        Buffer.alloc(200_000 + index * 1_000, `${index} `),
      );
      const known = new Set(contents.map((content) => sha256(content)));
      await run.put('hot', contents[0]!);
      let writing = true;
      const reader = async () => {
        let seen = 0;
        while (writing) {
          const { status, bytes, headers } = await run.get('hot');
          assert.equal(status, 200);
          assert.ok(known.has(sha256(bytes)), `a mixture of ${bytes.length} bytes`);
          assert.equal(headers.etag, `"${sha256(bytes)}"`);
          seen++;
        }
        return seen;
      };
      const readers = [reader(), reader(), reader()];
      const answers = await Promise.all(contents.map((content) => run.put('hot', content)));
      writing = false;
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      for (const seen of await Promise.all(readers)) assert.ok(seen > 0);
    });

    it('an upload that breaks off leaves what was there, and no bytes', async () => {
      const { url } = served();
      const run = await newRun();
      await run.put('a', 'whole');
      const before = await run.list();
      const half = Buffer.alloc(3_000_000, run.id);
      await Promise.all(['a', 'b', 'c/d'].map((path) => breakOff(url, `${run.tree}/${path}`, half)));
      assert.deepEqual(await run.list(), before);
      assert.equal((await run.get('a')).bytes.toString(), 'whole');
      await until(() => workFiles().length === 0, 'the halves are cleaned up');
    });
  });
});

/**
 * Where artifacts are, on servers as people start them: the default root, locations that clients choose, and what the server
 * opens of them. Held against what `mlflow server` 3.17.2 stored and answered for the same requests.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dresses, names } from './hostile-names.ts';
import {
  assertClosed,
  assertServes,
  contents,
  foldersOf,
  lists,
  type Place,
  Started,
  write,
} from './placed-artifacts.ts';
import { proxied } from './served-runs.ts';

const secret = 'what nobody may read';

describe('the default root', () => {
  const server = new Started();
  after(() => server.end());

  it('is the tree of the server, kept in --artifacts', async () => {
    const kept = path.join(server.folder, 'kept');
    await server.start('--artifacts', 'kept');
    const first = await server.placeOf('0');
    assert.equal(first.location, 'mlflow-artifacts:/0');
    const place = await server.place();
    const { location, experiment, run, runUri, model, modelUri } = place;
    assert.equal(location, `mlflow-artifacts:/${experiment}`);
    assert.equal(runUri, `${location}/${run}/artifacts`);
    assert.equal(modelUri, `${location}/models/${model}/artifacts`);
    for (const uri of [runUri, modelUri]) {
      assert.equal(
        (await server.put(`${uri.replace('mlflow-artifacts:', proxied)}/a.txt`, 'kept here')).status,
        200,
      );
    }
    await assertServes(server, place, 'a.txt', 'kept here');
    const files = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.deepEqual(
      files.map(({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'utf8')),
      ['kept here'],
    );
  });

  it('given as a folder is below the one the server stands in, is for clients, and is opened only when allowed', async () => {
    await server.start('--default-artifact-root', './mlruns');
    const root = path.join(server.folder, 'mlruns');
    assert.equal(
      (await server.placeOf('0')).location,
      'mlflow-artifacts:/0',
      'what was made keeps its place',
    );
    const place = await server.place();
    const location = path.join(root, place.experiment);
    assert.deepEqual(
      [place.location, place.runUri, place.modelUri],
      [location, ...foldersOf(location, place)],
    );
    assert.ok(!existsSync(root), 'the server makes no folder there');
    write(location, place, 'a.txt', 'from a client');
    await assertClosed(server, place);
    await server.start('--default-artifact-root', './mlruns', '--allow-artifact-root', 'mlruns');
    await assertServes(server, place, 'a.txt', 'from a client');
    await server.start();
    await assertClosed(server, place);
  });

  it('is <root>/<id of the experiment>, whatever its scheme and its last slash', async () => {
    for (const [root, expected] of [
      ['s3://bucket/ml/', 's3://bucket/ml'],
      ['file:shared', 'file://HERE/shared'],
      ['mlflow-artifacts:/team', 'mlflow-artifacts:/team'],
    ] as const) {
      const fresh = await new Started().start('--default-artifact-root', root);
      try {
        const at = expected.replace('HERE', fresh.folder);
        const [zero, one] = [await fresh.placeOf('0'), await fresh.place()];
        assert.deepEqual([zero.location, one.location], [`${at}/0`, `${at}/${one.experiment}`]);
        const empty = await fresh.place('');
        assert.equal(empty.location, `${at}/${empty.experiment}`, 'an empty location is none');
        if (!root.startsWith('mlflow')) await assertClosed(fresh, one);
      } finally {
        await fresh.end();
      }
    }
  });
});

describe('a location that a client chooses', () => {
  const server = new Started();
  before(() => server.start());
  after(() => server.end());

  it('is stored and handed back, a relative one below the folder of the server', async () => {
    const here = server.folder;
    // As MLflow's server stored it.
    const rows: [written: string, stored: string][] = [
      ['s3://bucket/x', 's3://bucket/x'],
      ['s3://bucket/x/', 's3://bucket/x/'],
      ['gs://bucket/é x', 'gs://bucket/é x'],
      ['dbfs:/x', 'dbfs:/x'],
      ['C:/Windows', 'C:/Windows'],
      ['/abs/x/', '/abs/x/'],
      ['/a%20b', '/a%20b'],
      ['//double/x', '//double/x'],
      ['file:///abs/x', 'file:///abs/x'],
      ['file:/abs', 'file:/abs'],
      ['file://localhost/abs', 'file://localhost/abs'],
      ['relative', `${here}/relative`],
      ['relative/', `${here}/relative`],
      ['relative/folder', `${here}/relative/folder`],
      ['a//b', `${here}/a/b`],
      ['x y', `${here}/x y`],
      ['a%20b', `${here}/a b`],
      ['100%/x', `${here}/100%/x`],
      ['ünï/日本', `${here}/ünï/日本`],
      ['~/x', `${here}/~/x`],
      ['file:relative', `file://${here}/relative`],
      ['file:a%20b', `file://${here}/a b`],
      ['file:', `file://${here}`],
      ['file://', `file://${here}`],
    ];
    for (const [written, stored] of rows) {
      const place = await server.place(written);
      assert.equal(place.location, stored, written);
      const bare = stored.replace(/\/$/, '');
      assert.equal(place.runUri, `${bare}/${place.run}/artifacts`);
      assert.equal(place.modelUri, `${bare}/models/${place.model}/artifacts`);
      const made = await server.json('/api/v1/experiments', {
        name: `native ${written}`,
        artifactLocation: written,
      });
      assert.equal(made.body.artifactLocation, stored, 'by the native API too');
      await assertClosed(server, place);
    }
    assert.deepEqual(readdirSync(here), [], 'nothing is made where they point');
  });

  it('is refused where it could mean another place than it says', async () => {
    for (const location of [
      '../up',
      './dot',
      '.',
      'file:../up',
      'file:..',
      'file:%2e%2e/up',
      'file:./x',
      'file:///a/../b',
      'a/%2e%2e/b',
      'a/%252E%252e/b',
      '%ff/%252e%252e/b',
      's3://bucket/../x',
      's3://bucket/x?y=../..',
      's3://bucket/x#y',
      '..;/x',
      's3://bucket/..;/x',
      'a\\..\\b',
      'a%00b',
      'file:///a%2500b',
      'a%0d%0ab',
      'a\0b',
      'file://otherhost/share',
      'file://localhost.evil.example/x',
      'runs:/abc/x',
      's3://'.padEnd(2049, 'x'),
    ]) {
      const { status, body } = await server.create(location);
      assert.equal(status, 400, location);
      assert.match(body.message, /artifact[_ ]?(location|path)/i, location);
    }
  });
});

describe('below a root that is allowed', () => {
  const server = new Started();
  const allowed = path.join(server.folder, 'allowed');
  let place: Place;
  after(() => server.end());
  before(async () => {
    for (const folder of ['.', 'allowed', 'allowed-not', 'allowedx']) {
      mkdirSync(path.join(server.folder, folder), { recursive: true });
      writeFileSync(path.join(server.folder, folder, 'secret'), secret);
    }
    await server.start('--allow-artifact-root', allowed, '--allow-artifact-root', 's3://bucket/ours');
    place = await server.place(`file://${allowed}/team`);
  });
  const team = path.join(allowed, 'team');

  it('files of runs and models are listed and read, however the place was written', async () => {
    for (const written of [
      `file:${allowed}/w`,
      `${allowed}/w/`,
      'allowed/w',
      'file:allowed/w',
      'allowed/%77',
      `${allowed}/%77`, // clients decode it, once
      `file://${allowed}/%77`,
    ]) {
      const found = await server.place(written);
      write(path.join(allowed, 'w'), found, 'plots/日本 1.txt', `bytes at ${written}`);
      await assertServes(server, found, 'plots/日本 1.txt', `bytes at ${written}`);
      for (const target of lists(found, 'plots').slice(0, -1)) {
        const { body } = await server.json(target);
        const [only, ...others] = body.files ?? body.items;
        assert.deepEqual([only.path, others], ['plots/日本 1.txt', []], target);
        assert.equal(only.file_size ?? only.size, Buffer.byteLength(`bytes at ${written}`));
      }
      const below = `${found.run}/artifacts/plots`;
      const { body } = await server.json(lists(found, below).at(-1)!);
      assert.deepEqual(
        body.items.map((entry: { path: string }) => entry.path),
        [`${below}/日本 1.txt`],
      );
    }
  });

  it('files come in ranges, with headers that keep a browser from running them', async () => {
    write(team, place, 'page.html', '<script>0123456789');
    for (const target of contents(place, 'page.html')) {
      const whole = await server.get(target);
      assert.deepEqual([whole.status, whole.headers['content-length']], [200, '18'], target);
      assert.equal(whole.headers['content-type'], 'application/octet-stream');
      assert.match(whole.headers['content-disposition']!, /^attachment; filename="page.html"/);
      assert.equal(whole.headers['x-content-type-options'], 'nosniff');
      assert.match(String(whole.headers['content-security-policy']), /default-src 'none'.*sandbox/);
      const rows: [string, number, string, string][] = [
        ['bytes=8-11', 206, '0123', 'bytes 8-11/18'],
        ['bytes=-3', 206, '789', 'bytes 15-17/18'],
        ['bytes=16-99', 206, '89', 'bytes 16-17/18'],
      ];
      for (const [range, status, text, said] of rows) {
        const part = await server.get(target, { range });
        assert.deepEqual(
          [part.status, part.bytes.toString(), part.headers['content-range']],
          [status, text, said],
        );
      }
      assert.equal((await server.get(target, { range: 'bytes=18-' })).status, 416);
      assert.equal((await server.get(target, { 'if-none-match': whole.headers.etag! })).status, 304);
    }
  });

  it('no spelling of dots and no name of a link leads out; such a name is answered as one that is not there', async () => {
    for (const folder of foldersOf(team, place)) {
      mkdirSync(folder, { recursive: true });
      symlinkSync(path.join(server.folder, 'secret'), path.join(folder, 'file-out'));
      symlinkSync(server.folder, path.join(folder, 'folder-out'));
      symlinkSync(
        path.relative(folder, path.join(server.folder, 'allowed-not')),
        path.join(folder, 'sibling'),
      );
      symlinkSync('folder-out', path.join(folder, 'twice'));
      symlinkSync(path.join(server.folder, 'nowhere'), path.join(folder, 'dangling'));
    }
    const links = ['folder-out', 'sibling', 'twice', 'dangling', 'none'];
    for (const name of [...links.flatMap((link) => [link, `${link}/secret`]), 'file-out']) {
      for (const target of contents(place, name))
        assert.equal((await server.get(target)).status, 404, target);
    }
    for (const name of links) {
      for (const target of lists(place, name)) {
        const { status, body } = await server.json(target);
        assert.deepEqual([status, body.files ?? body.items ?? []], [200, []], target);
      }
    }
    for (const target of lists(place).slice(0, -1)) {
      const { body } = await server.json(target);
      const shown = (body.files ?? body.items).map((entry: { path: string }) => entry.path);
      assert.ok(
        !shown.some((name: string) => /out|sibling|twice|dangling/.test(name)),
        `${target}: ${shown}`,
      );
    }
    for (const [dressName, dress] of dresses) {
      for (const name of names) {
        const isFine = dressName === 'plain' && name === 'a/';
        const targets = [...contents(place, dress(name)), ...(isFine ? [] : lists(place, dress(name)))];
        for (const target of targets) {
          const { status, bytes } = await server.get(target);
          assert.ok(status >= 400 && status < 500, `${target}: ${status} ${bytes}`);
          assert.ok(!bytes.includes(secret), target);
        }
      }
    }
  });

  it('begins a name of its own: siblings and places beside are closed, a link there leads nowhere', async () => {
    const closed = [
      `${allowed}-not`,
      `file://${allowed}-not`,
      `${allowed}x`,
      'allowedx',
      `${allowed}%2dnot`,
      `${server.folder}/ALLOWED`,
      server.folder,
      `file://${server.folder}`,
      'file:',
      '/',
      `file:///${allowed}`,
      's3://bucket/ours-not',
    ];
    for (const location of closed) await assertClosed(server, await server.place(location), 'secret');
    const ours = await server.place('s3://bucket/ours/x');
    for (const target of [...lists(ours), ...contents(ours, 'a')]) {
      assert.equal((await server.get(target)).status, 501, target);
    }
    symlinkSync(server.folder, path.join(allowed, 'out'));
    const out = await server.place(`${allowed}/out`);
    write(server.folder, out, 'secret', secret);
    for (const target of contents(out, 'secret'))
      assert.equal((await server.get(target)).status, 404, target);
  });

  it('is never reached by the routes of the tree', async () => {
    write(team, place, 'own.txt', 'in the folder');
    const { experiment, run, model } = place;
    const ways = [
      `${experiment}/${run}/artifacts`,
      `${experiment}/models/${model}/artifacts`,
      `${run}/artifacts`,
      `team/${run}/artifacts`,
      `${team.slice(1)}/${run}/artifacts`,
    ];
    for (const way of ways) {
      assert.equal((await server.get(`${proxied}/${way}/own.txt`)).status, 404, way);
      assert.equal((await server.get(`/api/2.0/mlflow-artifacts/presigned/${way}/own.txt`)).status, 404, way);
      assert.deepEqual((await server.json(`${proxied}?path=${way}`)).body.files ?? [], [], way);
      assert.equal((await server.put(`${proxied}/${way}/own.txt`, 'in the tree')).status, 200, way);
    }
    await assertServes(server, place, 'own.txt', 'in the folder');
    for (const folder of foldersOf(team, place)) {
      assert.equal(readFileSync(path.join(folder, 'own.txt'), 'utf8'), 'in the folder');
    }
  });
});

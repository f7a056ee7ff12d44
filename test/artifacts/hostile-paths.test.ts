/**
 * Paths that have led artifact servers out of their folder (the advisories of MLflow and its peers), in every encoding,
 * against every route that takes one. Each is a 4xx; nothing is read, written or removed outside of the tree, which is held
 * against the file system, and nothing changes inside of it.
 */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openDb } from '../../src/db/open-db.ts';
import { LocalBlobs } from '../../src/engines/blobs/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { type Served, serveDomain } from '../fixtures/served-domain.ts';
import { type Attack, attacks, type Victims } from './hostile-attacks.ts';
import { dresses, names } from './hostile-names.ts';
import { beginMultipart, mpu } from './multipart.ts';
import { send } from './raw-http.ts';
import { proxied } from './served-runs.ts';

const secret = 'what nobody may read';

describe('a hostile path', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'cairn-hostile-'));
  const artifacts = path.join(home, 'data', 'artifacts');
  let served: Served;
  let run: string;
  let victims: Victims;

  before(async () => {
    mkdirSync(artifacts, { recursive: true });
    for (const name of ['secret', 'data/secret']) writeFileSync(path.join(home, name), secret);
    // A link that somebody left in the folder leads nowhere for us.
    symlinkSync(home, path.join(artifacts, 'link'));
    const db = await openDb({
      address: path.join(home, 'store.db'),
      clock: systemClock,
      random: systemRandom,
    });
    const blobs = new LocalBlobs({ folder: artifacts, clock: systemClock, random: systemRandom });
    served = await serveDomain(db, { blobs, allowedArtifactRoots: [path.join(home, 'allowed')] });
    run = (await served.call('POST', '/api/v1/runs', { experiment: '0' })).body.id;
    await send(served.url, { method: 'PUT', path: `${proxied}/0/${run}/artifacts/a`, body: 'inside' });
    const wanted = { experiment_id: '0', name: 'digits' };
    const model = (await served.call('POST', '/api/2.0/mlflow/logged-models', wanted)).body.model.info
      .model_id;
    const upload = await beginMultipart(served, `0/${run}/artifacts`, 'large', 1);
    await upload.part(1, 'a part');
    const at = `/api/2.0/mlflow-artifacts/presigned/0/${run}/artifacts/a`;
    const { url, headers } = (await served.call('GET', at)).body;
    victims = {
      run,
      model,
      upload: upload.id,
      partTicket: upload.credentials[0]!.headers['x-cairn-ticket']!,
      version: { path: new URL(url).pathname, headers },
    };
  });
  after(async () => {
    await served.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** Every file below home but the store's own, with its content. */
  function files(folder = home): Map<string, string> {
    const found = new Map<string, string>();
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) for (const [file, text] of files(full)) found.set(file, text);
      else if (entry.isFile() && !entry.name.startsWith('store.db')) {
        found.set(path.relative(home, full), readFileSync(full, 'utf8'));
      }
    }
    return found;
  }

  const events = async () => served.domain.events.last();

  async function attempt(
    { what, method, path: target, headers = {}, body }: Attack,
    name: string,
  ): Promise<string | undefined> {
    const answer = await send(served.url, {
      method,
      path: target,
      headers,
      ...(body !== undefined && { body }),
    });
    const text = answer.bytes.toString();
    const refused = answer.status >= 400 && answer.status < 500;
    if (
      refused &&
      !text.includes(secret) &&
      !text.includes('root:') &&
      answer.headers['x-injected'] === undefined
    )
      return undefined;
    return `${what} of ${JSON.stringify(name).slice(0, 80)}: ${answer.status} ${text.slice(0, 120)}`;
  }

  for (const [dressName, dress] of dresses) {
    it(`is refused everywhere, ${dressName}`, async () => {
      const before = files();
      const recorded = await events();
      const faults: string[] = [];
      for (const name of names) {
        for (const attack of attacks(victims, dress(name))) {
          if (dressName === 'plain' && attack.fine?.includes(name)) continue;
          const fault = await attempt(attack, dress(name));
          if (fault !== undefined) faults.push(fault);
        }
      }
      assert.deepEqual(faults, []);
      assert.equal(await events(), recorded, 'no event');
      assert.deepEqual(files(), before);
    });
  }

  it('is refused as a raw request target that nothing encoded', async () => {
    const before = files();
    const tree = `${proxied}/0/${run}/artifacts`;
    const targets = [
      '/../../../../secret',
      '/..%2f..%2fsecret',
      '/%2e%2e/%2e%2e/secret',
      '/.%2e/secret',
      '/%252e%252e%252fsecret',
      '/..;/secret',
      '/..;a=b/secret',
      '/..%3b/secret',
      '/.;/secret',
      '/..\\..\\secret',
      '/%5c..%5csecret',
      '/%c0%ae%c0%ae/secret',
      '/..%c0%afsecret',
      '/%e0%80%ae%e0%80%ae/secret',
      '/%f0%80%80%ae%f0%80%80%ae/secret',
      '/%c0%2e%c0%2e/secret',
      '/%ed%a0%80',
      '/%uff0e%uff0e/secret',
      '/..%255csecret',
      '/..%25252fsecret',
      '/%252e%252e/secret',
      '/%5c%5chost%5cshare',
      '/C:%5cWindows',
      '/c%3a/x',
      '/c%253a/x',
      '/file:%2f%2f%2fetc/passwd',
      '/%e2%80%a4%e2%80%a4/secret',
      '/%ef%bc%8e%ef%bc%8e/secret',
      '/a%23b',
      '/a%0d%0ax',
      '/%ff',
      '/%zz',
      '/%',
      '/%u002e%u002e/secret',
      '//etc/passwd',
      '/x#/../../secret',
      '/x%23',
      '/a%00',
      '/%00/../secret',
    ];
    const faults: string[] = [];
    for (const target of targets) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const attack = {
          what: method,
          method,
          path: tree + target,
          ...(method === 'PUT' && { body: 'overwritten' }),
        };
        const fault = await attempt(attack, target);
        if (fault !== undefined) faults.push(fault);
      }
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(files(), before);
  });

  it('of a client says nothing: of the file that an upload in parts begins with only the name counts', async () => {
    const before = files();
    const recorded = await events();
    for (const written of [
      ...names,
      '/etc/shadow',
      'C:\\secret',
      '../../../secret',
      '\\\\host\\share\\secret',
    ]) {
      const answer = await send(served.url, {
        method: 'POST',
        path: `${mpu}/create/0/${run}/artifacts/new`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ path: written, num_parts: 1 }),
      });
      assert.ok(answer.status === 200 || answer.status === 400, `${written}: ${answer.status}`);
    }
    const rows = await served.domain.db.read((queries) =>
      queries.many<{ path: string }>(sql`SELECT u.path FROM artifact_upload u`),
    );
    for (const { path: begun } of rows) {
      assert.match(begun, new RegExp(`^0/${run}/artifacts/(large|new/[^/\\\\]+)$`));
      assert.ok(!begun.includes('..'), begun);
    }
    assert.deepEqual([files(), await events()], [before, recorded]);
  });

  it('never becomes the name of a file on the server', async () => {
    for (const name of ['innocent.txt', '日本.txt', 'link/secret', 'secret']) {
      const target = `${proxied}/0/${run}/artifacts/${encodeURIComponent(name).replaceAll('%2F', '/')}`;
      assert.equal(
        (await send(served.url, { method: 'PUT', path: target, body: `bytes of ${name}` })).status,
        200,
      );
    }
    const placed = [...files().keys()].filter((file) => file.startsWith(path.join('data', 'artifacts')));
    for (const file of placed) assert.match(path.basename(file), /^[0-9a-f]{64}$/);
    assert.equal(readFileSync(path.join(home, 'secret'), 'utf8'), secret);
  });

  it('as a location of an experiment is refused, or opens nothing', async () => {
    const before = files();
    const allowed = path.join(home, 'allowed');
    mkdirSync(allowed, { recursive: true });
    symlinkSync(home, path.join(allowed, 'out'));
    const locations = [
      `file://${home}`,
      `file:${home}`,
      home,
      'file:///etc',
      'file:/etc/',
      '/etc',
      `${allowed}/..`,
      `${allowed}/%2e%2e`,
      `file://${allowed}/%2e%2e/`,
      `${allowed}/out`,
      `file://${allowed}/out`,
      `file:${allowed}-not`,
      'http:///#/../../../etc/',
      'http://host/?/../../etc',
      'http://host/;/../../etc/',
      'http://host/?..%2f..%2fetc',
      'mlflow-artifacts:/../../etc',
      'mlflow-artifacts:/%2e%2e/etc',
      'mlflow-artifacts:/%252e%252e/etc',
      '../../etc',
      '..\\..\\etc',
      'C:/Windows',
      'C:\\Windows',
      'file://host/share',
      'ftp://host/etc',
      `s3://bucket/${home}`,
    ];
    for (const [index, location] of locations.entries()) {
      const made = await served.call('POST', '/api/2.0/mlflow/experiments/create', {
        name: `place ${index}`,
        artifact_location: location,
      });
      if (made.status !== 200) {
        assert.equal(made.status, 400, location);
        continue;
      }
      const { id } = (await served.call('POST', '/api/v1/runs', { experiment: made.body.experiment_id }))
        .body;
      mkdirSync(path.join(home, id, 'artifacts'), { recursive: true });
      writeFileSync(path.join(home, id, 'artifacts', 'secret'), secret);
      for (const target of [
        `/get-artifact?run_id=${id}&path=secret`,
        `/get-artifact?run_id=${id}&path=passwd`,
        `/api/2.0/mlflow/artifacts/list?run_id=${id}`,
        `/api/v1/runs/${id}/artifacts`,
      ]) {
        const answer = await send(served.url, { method: 'GET', path: target });
        assert.ok(!answer.bytes.toString().includes(secret), `${location}: ${target}`);
        const empty = /"items":\[\]|^\{\s*"root_uri": "[^"]*"\s*\}$/.test(answer.bytes.toString());
        assert.ok(
          (answer.status >= 400 && answer.status < 500) || empty,
          `${location}: ${target}: ${answer.status} ${answer.bytes}`,
        );
      }
      rmSync(path.join(home, id), { recursive: true });
    }
    assert.deepEqual(files(), before);
    assert.ok(statSync(artifacts).isDirectory());
  });

  it('below an allowed root is read, and never written', async () => {
    const location = path.join(home, 'allowed', 'team');
    const { id: experiment } = (
      await served.call('POST', '/api/v1/experiments', { name: 'allowed', artifactLocation: location })
    ).body;
    const { id } = (await served.call('POST', '/api/v1/runs', { experiment })).body;
    const place = path.join(location, id, 'artifacts');
    mkdirSync(path.join(place, 'd'), { recursive: true });
    writeFileSync(path.join(place, 'd', 'a.txt'), 'from the folder');
    symlinkSync(path.join(home, 'secret'), path.join(place, 'link'));
    symlinkSync(home, path.join(place, 'way-out'));
    const native = `/api/v1/runs/${id}/artifacts`;
    const { items } = (await served.call('GET', `${native}?path=d`)).body;
    assert.deepEqual(
      items.map(({ path: at, size }: { path: string; size: number }) => [at, size]),
      [['d/a.txt', 15]],
    );
    assert.equal((await served.call('GET', `${native}/content?path=d/a.txt`)).body, 'from the folder');
    assert.deepEqual(
      (await served.call('GET', native)).body.items.map(({ name }: { name: string }) => name),
      ['d'],
    );
    for (const name of ['link', 'way-out/secret', 'way-out']) {
      assert.equal((await served.call('GET', `${native}/content?path=${name}`)).status, 404, name);
    }
    for (const method of ['PUT', 'DELETE']) {
      const answer = await send(served.url, {
        method,
        path: `${native}?path=d/a.txt`,
        ...(method === 'PUT' && { body: 'x' }),
      });
      assert.equal(answer.status, 409);
    }
    assert.equal(readFileSync(path.join(place, 'd', 'a.txt'), 'utf8'), 'from the folder');
  });
});

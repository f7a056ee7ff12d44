import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FolderView } from './folder-view.ts';

describe('a folder that others fill', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'cairn-view-'));
  const inside = path.join(home, 'inside');
  const view = new FolderView(inside);
  after(() => rmSync(home, { recursive: true, force: true }));
  before(() => {
    mkdirSync(path.join(inside, 'run', 'plots'), { recursive: true });
    writeFileSync(path.join(inside, 'run', 'a.txt'), 'hello');
    writeFileSync(path.join(inside, 'run', 'plots', '図.png'), 'png');
    mkdirSync(path.join(home, 'inside-not'));
    writeFileSync(path.join(home, 'inside-not', 'secret'), 'secret');
    symlinkSync(path.join(home, 'inside-not'), path.join(inside, 'run', 'way-out'));
    symlinkSync(path.join(home, 'inside-not', 'secret'), path.join(inside, 'run', 'secret'));
    symlinkSync('../../inside-not', path.join(inside, 'run', 'relative'));
    symlinkSync('plots', path.join(inside, 'run', 'within'));
    symlinkSync('loop', path.join(inside, 'run', 'loop'));
    symlinkSync('nowhere', path.join(inside, 'run', 'dangling'));
  });

  const names = async (...segments: string[]) => (await view.list(segments)).map(({ name }) => name);

  async function text(...segments: string[]): Promise<string | undefined> {
    const file = await view.find(segments);
    if (file === undefined || file === 'directory') return file;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await file.read(0, file.size)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('is listed and read', async () => {
    assert.deepEqual(await names('run'), ['a.txt', 'plots', 'within']);
    assert.deepEqual(await names('run', 'plots'), ['図.png']);
    assert.equal(await text('run', 'a.txt'), 'hello');
    assert.equal(await text('run', 'plots', '図.png'), 'png');
    assert.equal(await text('run', 'plots'), 'directory');
  });

  it('has nothing where nothing is', async () => {
    assert.deepEqual(await names('other'), []);
    assert.deepEqual(await names('run', 'a.txt'), []);
    assert.equal(await text('run', 'none'), undefined);
    assert.equal(await text('run', 'a.txt', 'below'), undefined);
    assert.equal(await text('x'.repeat(300)), undefined);
    assert.deepEqual(await new FolderView(path.join(home, 'never')).list([]), []);
  });

  it('is not left by symbolic links, nor by dots', async () => {
    for (const way of [
      ['way-out'],
      ['relative'],
      ['..', '..', 'inside-not'],
      ['way-out', '..', 'inside-not'],
    ]) {
      assert.deepEqual(await names('run', ...way), []);
      assert.equal(await text('run', ...way, 'secret'), undefined);
    }
    for (const link of ['secret', 'loop', 'dangling']) assert.equal(await text('run', link), undefined);
    assert.equal(await text('run', 'within', '図.png'), 'png', 'a link that stays inside');
  });

  it('notices that a file was exchanged before it was opened', async () => {
    writeFileSync(path.join(inside, 'old'), 'old');
    const file = await view.find(['old']);
    assert(file !== undefined && file !== 'directory');
    writeFileSync(path.join(inside, 'new'), 'new');
    renameSync(path.join(inside, 'new'), path.join(inside, 'old'));
    await assert.rejects(file.read(0, 3), { code: 'conflict' });
  });
});

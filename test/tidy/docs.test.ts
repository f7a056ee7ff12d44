/** The reference says what the server does: every committed page is what the generator writes today. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { generatedSources, referencePages } from '../../docs/generate.ts';
import { root } from './source.ts';

const folder = path.join(root, 'docs', 'reference');

describe('docs/reference', async () => {
  const pages = await referencePages();
  for (const [name, text] of pages) {
    it(`${name} is up to date (npm run docs)`, () => {
      assert.equal(readFileSync(path.join(folder, name), 'utf8'), text);
    });
  }

  it('holds no page that nothing writes', () => {
    assert.deepEqual(readdirSync(folder).sort(), [...pages.keys()].sort());
  });
});

describe('what is generated from the operations', async () => {
  for (const [file, text] of await generatedSources()) {
    it(`${file} is up to date (npm run docs)`, () => {
      assert.equal(readFileSync(path.join(root, file), 'utf8'), text);
    });
  }
});

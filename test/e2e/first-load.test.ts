/** What a browser must load before it shows anything stays within its budget; heavy parts come when they are needed. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

const dist = path.resolve(import.meta.dirname, '..', '..', 'web', 'dist');
/** UI.md: bytes of script, gzip. */
const budget = 300_000;

/** Scripts that the page names itself, and those that these import at once. */
function firstScripts(): string[] {
  const page = readFileSync(path.join(dist, 'index.html'), 'utf8');
  const wanted = [...page.matchAll(/(?:src|href)="\/?((?:assets\/)?[^"]+\.js)"/g)].map(([, file]) => file!);
  for (const file of wanted) {
    const text = readFileSync(path.join(dist, file), 'utf8');
    for (const [, from] of text.matchAll(/(?:^|[;}])import[^("']*["']\.\/([^"']+\.js)["']/g))
      if (!wanted.includes(`assets/${from}`)) wanted.push(`assets/${from}`);
  }
  return wanted;
}

describe('the first load', () => {
  it('asks for at most 300 kB of script, and not for what is drawn later', () => {
    const scripts = firstScripts();
    assert.ok(scripts.some((file) => file.startsWith('assets/')));
    const size = scripts.reduce(
      (sum, file) => sum + gzipSync(readFileSync(path.join(dist, file))).byteLength,
      0,
    );
    assert.ok(size < budget, `${scripts.join(', ')}: ${size} bytes`);
    const lazy = readdirSync(path.join(dist, 'assets')).filter((file) => /^plot-.*\.js$/.test(file));
    assert.equal(lazy.length, 1, 'charts are a part of their own');
    assert.ok(!scripts.includes(`assets/${lazy[0]}`));
  });
});

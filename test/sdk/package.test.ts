/** What npm would publish of the client: it installs alone, its types stand alone, and the examples of its README run, on the Node at hand. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { servedFor } from '../fixtures/served-domain.ts';
import { temporaryFolder } from '../start/cairn-command.ts';
import { forEachStore } from '../stores/stores.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const examples = [
  ...readFileSync(path.join(root, 'sdk', 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms),
].map((match) => match[1]!);

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}${stderr}`);
}

forEachStore((open) => {
  if (open.dialect !== 'sqlite') return;
  const served = servedFor(open);

  describe('the published client', () => {
    const home = temporaryFolder();
    before(() => {
      const output = path.join(home, 'node_modules', 'cairn-ml-client');
      mkdirSync(output, { recursive: true });
      run(process.execPath, [tsc, '-p', path.join(root, 'sdk'), '--outDir', path.join(output, 'dist')], root);
      writeFileSync(
        path.join(output, 'package.json'),
        readFileSync(path.join(root, 'sdk', 'package.json'), 'utf8'),
      );
      writeFileSync(path.join(home, 'package.json'), '{"private": true, "type": "module"}');
    });

    it('depends on nothing', () => {
      const manifest = JSON.parse(readFileSync(path.join(root, 'sdk', 'package.json'), 'utf8'));
      for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies'])
        assert.equal(manifest[kind], undefined);
      const whole = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
      assert.equal(manifest.version, whole.version, 'client and server are of one version');
      const dist = path.join(home, 'node_modules', 'cairn-ml-client', 'dist');
      for (const file of readdirSync(dist)) {
        const text = readFileSync(path.join(dist, file), 'utf8');
        for (const [, specifier] of text.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g))
          assert.match(specifier ?? 'node:fs', /^(\.\/[\w-]+\.(js|ts)|node:fs)$/, file);
      }
    });

    it('has types that stand alone', () => {
      for (const [index, text] of examples.entries())
        writeFileSync(path.join(home, `example-${index}.ts`), text);
      const options = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: [] };
      const compilerOptions = {
        ...options,
        lib: ['es2022', 'esnext.disposable', 'dom', 'dom.asynciterable'],
      };
      writeFileSync(
        path.join(home, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, include: ['example-*.ts'] }),
      );
      run(process.execPath, [tsc, '-p', '.'], home);
    });

    it('runs the examples of the README', async () => {
      assert.ok(examples.length >= 3);
      run(process.execPath, [tsc, '-p', '.', '--noEmit', 'false'], home);
      const written: string[] = [];
      for (const index of examples.keys()) {
        const child = spawn('node', [`example-${index}.js`], {
          cwd: home,
          env: { ...process.env, CAIRN_URL: served().url },
        });
        const [out, err] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
        const [code] = await once(child, 'close');
        assert.equal(code, 0, (await err!).join(''));
        assert.doesNotMatch((await err!).join(''), /Error|cairn/);
        written.push((await out!).join(''));
      }
      assert.match(written[1]!, /^[0-9a-f]{32} 0\n$/);
      assert.equal(written[2], 'baseline 0.1 0.05\n20 0.05\nreport.csv 8\n');
    });
  });
});

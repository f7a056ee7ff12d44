/**
 * Runs everything that must hold and ends with `N passed, N failed, N skipped`. Started by test/run.mjs on Node 24 when
 * all packages are installed and the UI is built. Types and style are checks like any other and count as tests.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { Report } from './report.ts';
import { postgresMissing, postgresVariable, startPostgresServer } from './stores/postgres-server.ts';

const root = path.dirname(import.meta.dirname);
const argv = process.argv.slice(2);
const isLong = argv.includes('--long') || process.env.CAIRN_LONG === '1';
const filters = argv.filter((word) => !word.startsWith('--'));
const minute = 60_000;

const report = new Report((text) => process.stdout.write(text));
process.exitCode = await main();

async function main(): Promise<number> {
  if (isLong) process.env.CAIRN_LONG = '1';
  const files = testFiles();
  if (files.length === 0) {
    process.stdout.write(`no test file has ${filters.join(' or ')} in its path\n`);
    return 1;
  }
  if (filters.length === 0) runChecks();
  const stopPostgres = await startPostgres();
  try {
    await runFiles(files);
  } finally {
    await stopPostgres();
  }
  report.end();
  return report.failed === 0 ? 0 : 1;
}

/** Slow folders first, so that the last minutes do not wait for one file. */
function testFiles(): string[] {
  const found = globSync('{bin,src,test,docs,bench,web/src}/**/*.test.ts', { cwd: root }).sort();
  const wanted = found.filter(
    (file) => filters.length === 0 || filters.some((filter) => file.includes(filter)),
  );
  const isSlow = (file: string) => file.startsWith('test/') && !file.startsWith('test/tidy/');
  return [...wanted.filter(isSlow), ...wanted.filter((file) => !isSlow(file))];
}

function runChecks(): void {
  const tsc = 'node_modules/typescript/bin/tsc';
  check('types', [tsc, '-p', '.', '--noEmit']);
  check('types of the UI', [path.join('web', tsc), '-p', 'web', '--noEmit']);
  check('format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings']);
}

function check(name: string, args: readonly string[]): void {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) report.pass();
  else report.fail('checks', name, `${stdout}${stderr}`);
  report.line(status === 0, name, performance.now() - begun);
}

/** One PostgreSQL for all store tests; each file makes its own databases on it. */
async function startPostgres(): Promise<() => Promise<void>> {
  if (postgresMissing() !== undefined || process.env[postgresVariable]) return async () => {};
  const server = await startPostgresServer();
  process.env[postgresVariable] = server.url;
  return () => server.stop();
}

async function runFiles(files: readonly string[]): Promise<void> {
  const stream = run({
    files: files.map((file) => path.join(root, file)),
    concurrency: 2,
    isolation: 'process',
    timeout: (isLong ? 180 : 12) * minute,
  });
  /** Names of the tests that are open in a file, outermost first. */
  const open = new Map<string, string[]>();
  const written = new Map<string, string>();
  const failing = new Set<string>();
  const where = (file: string | undefined) => (file === undefined ? '' : path.relative(root, file));
  const nameOf = ({ file, name, nesting }: { file?: string | undefined; name: string; nesting: number }) => {
    const names = [...(open.get(file ?? '')?.slice(0, nesting) ?? []), name];
    return names.map((part) => (path.isAbsolute(part) ? where(part) : part)).join(' › ');
  };
  stream.on('test:start', ({ file, name, nesting }) => {
    const names = open.get(file ?? '')?.slice(0, nesting) ?? [];
    open.set(file ?? '', [...names, name]);
  });
  stream.on('test:pass', (event) => {
    const why = event.skip ?? event.todo;
    if (why !== undefined) {
      report.skip(
        where(event.file),
        nameOf(event),
        why === true || why === '' ? 'no reason given' : `${why}`,
      );
    } else if (event.details.type !== 'suite') report.pass();
  });
  stream.on('test:fail', (event) => {
    failing.add(event.file ?? '');
    // A suite or file that failed only because of what is in it was reported there.
    const cause = event.details.error as Error & { failureType?: string };
    if (cause.failureType !== 'subtestsFailed') report.fail(where(event.file), nameOf(event), cause);
  });
  for (const type of ['test:stdout', 'test:stderr'] as const) {
    stream.on(type, ({ file, message }) => {
      written.set(file ?? '', `${written.get(file ?? '') ?? ''}${message}`);
    });
  }
  const finish = (file: string, isGood: boolean, milliseconds: number) => {
    if (!isGood && written.has(file)) report.output(where(file), written.get(file)!);
    failing.delete(file);
    report.line(isGood, where(file), milliseconds);
  };
  stream.on('test:summary', ({ file, success, duration_ms }) => {
    if (file !== undefined) finish(file, success && !failing.has(file), duration_ms);
  });
  for await (const _ of stream);
  // A file that died before its first test gives no summary.
  for (const file of failing) finish(file, false, 0);
}

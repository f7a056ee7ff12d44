/**
 * Writes docs/reference, and the types of the client, from the tables the server itself runs on: `npm run docs`. A test (test/tidy/docs.test.ts) makes
 * the same pages and fails when a committed one differs, so nothing the server takes or answers stays undocumented.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pageOf } from '../src/cli/help.ts';
import { commands } from '../src/cli/main.ts';
import { type Setting, settings } from '../src/config.ts';
import { httpStatuses } from '../src/faces/http/index.ts';
import { errorCodes } from '../src/kernel/errors.ts';
import { apiPage } from './generator/api-page.ts';
import { limitsPage } from './generator/limits-page.ts';
import { code, header, page, table } from './generator/markdown.ts';
import { sdkWire } from './generator/sdk-wire.ts';
import { operationsOfServer } from './generator/server-operations.ts';

/** File name in docs/reference → its text. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  const operations = await operationsOfServer(manifest.version);
  return new Map([
    ['api.md', apiPage(operations)],
    ['openapi.json', `${JSON.stringify(operations.openApi, undefined, 2)}\n`],
    ['limits.md', limitsPage()],
    ['settings.md', settingsPage()],
    ['commands.md', commandsPage()],
    ['errors.md', errorsPage()],
  ]);
}

/** Types of the client: path from the root → its text. */
export async function generatedSources(): Promise<ReadonlyMap<string, string>> {
  const { native } = await operationsOfServer('0');
  return new Map([['sdk/src/wire.ts', sdkWire(native)]]);
}

function settingsPage(): string {
  const all: readonly Setting[] = settings;
  const rows = all.map(({ name, flag, env, secret, value, default: fallback, doc }) => [
    secret ? '' : code(name),
    flag === undefined ? '' : code(`--${flag} ${value}`),
    secret ? `${code(env)} or ${code(`${env}_FILE`)}` : code(env),
    fallback === undefined ? '' : code(fallback),
    doc,
  ]);
  return page([
    header('src/config.ts'),
    '# Settings',
    '',
    'A value comes from the flag, else the variable, else the file (`cairn.json` of the current folder, or the one named',
    'by `--config`), else the default. Secrets may not stand in the file; a variable `…_FILE` names a file that holds one.',
    'Lists are separated by commas in flags and variables, and are arrays in the file. What is not in this table is refused,',
    'with the nearest name that is.',
    '',
    ...table(['key in the file', 'flag', 'variable', 'default', 'what it does'], rows),
  ]);
}

function commandsPage(): string {
  return page([
    header('src/cli'),
    '# Commands',
    '',
    'Exit codes: 0 done, 1 failed, 2 the command line or a setting is not acceptable.',
    '',
    ...table(
      ['command', 'what it does'],
      commands.map(({ name, summary }) => [`[${code(`cairn ${name}`)}](#cairn-${name})`, summary]),
    ),
    ...commands.flatMap((command) => ['', `## cairn ${command.name}`, '', '```text', pageOf(command), '```']),
  ]);
}

function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([name, meaning]) => [
    code(name),
    String(httpStatuses[name as keyof typeof errorCodes]),
    meaning,
  ]);
  return page([
    header('src/kernel/errors.ts'),
    '# Errors',
    '',
    'The native API answers problems as RFC 9457 (`application/problem+json`) with one of these codes in `code`, and the',
    'status beside it. The other protocols word the same errors in their own way.',
    '',
    ...table(['code', 'status', 'meaning'], rows),
  ]);
}

if (import.meta.main) {
  const folder = path.join(import.meta.dirname, 'reference');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of await referencePages()) writeFileSync(path.join(folder, name), text);
  for (const [file, text] of await generatedSources()) {
    writeFileSync(path.join(import.meta.dirname, '..', file), text);
  }
}

/**
 * A real Chromium for the end-to-end tests. The browser comes from npm (`@sparticuz/chromium`, Linux x64) and is
 * unpacked once into .cache; elsewhere an installed Chrome is used.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after } from 'node:test';
import chromiumPackage from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);

export type Theme = 'light' | 'dark';
const bothThemes: readonly Theme[] = ['light', 'dark'];
/** What a file looks at in each theme. The usual run takes one, not the same in all files; the long one both. */
export const themes: readonly Theme[] =
  process.env.CAIRN_LONG === '1' ? bothThemes : [bothThemes[(process.argv[1] ?? '').length % 2]!];

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** A phone: touch, no hover. */
  readonly phone?: boolean;
}

export interface TestBrowser {
  /** A page of its own context, as a person with no history here opens it. */
  open(url: string, options?: PageOptions): Promise<Page>;
}

/** One browser for the tests of a file; it ends with them, and fails them if a page logged an error. */
export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await launchChromium();
  const contexts: BrowserContext[] = [];
  const problems: string[] = [];
  after(async () => {
    for (const context of contexts) await context.close();
    await browser.close();
    assert.deepEqual(problems, [], 'what pages wrote to their console');
  });
  return {
    async open(url, { theme = 'light', width = 1440, height = 900, phone = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        hasTouch: phone,
        isMobile: phone,
        locale: 'en-GB',
        timezoneId: 'UTC',
      });
      contexts.push(context);
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        // A refused request is part of some tests; the browser reports each.
        const isAnswer = message.text().startsWith('Failed to load resource');
        // What must happen to a script of a logged page, and the browser says so.
        const isHeldBack = message.text().startsWith("Blocked script execution in 'about:srcdoc'");
        if (message.type() === 'error' && !isAnswer && !isHeldBack) problems.push(message.text());
      });
      await page.goto(url);
      return page;
    },
  };
}

/** Ends with `close`. */
export async function launchChromium(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return chromium.launch({ channel: 'chrome' });
  // One process for all (made for a small container) dies with the first context that is closed; and what keeps pages of
  // other origins out must be on, as in people's browsers.
  const unwanted = ['--single-process', '--disable-web-security', '--disable-site-isolation-trials'];
  const args = chromiumPackage.args.filter((flag) => !unwanted.includes(flag));
  return chromium.launch({ args, executablePath: await unpackedChromium() });
}

/** Two test files may come here at once: each unpacks beside, and the first to finish wins. */
async function unpackedChromium(): Promise<string> {
  const manifest = path.join(root, 'node_modules', '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const folder = path.join(root, '.cache', `chromium-${version}`);
  const executable = path.join(folder, 'chromium');
  if (existsSync(executable)) return executable;
  mkdirSync(path.dirname(folder), { recursive: true });
  const beside = mkdtempSync(`${folder}-`);
  const before = process.env.TMPDIR;
  // The package unpacks into the folder for temporary files, and takes what lies there for whole.
  process.env.TMPDIR = beside;
  try {
    await chromiumPackage.executablePath();
    renameSync(beside, folder);
  } catch (error) {
    if (!existsSync(executable)) throw error;
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(beside, { recursive: true, force: true });
  }
  return executable;
}

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** Fails with what axe finds against WCAG 2.2 A and AA on the page as it is now. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axeSource);
  const violations = (await page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }).then((result) => result.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.slice(0, 3).map(({ target, failureSummary }) => ({ target, failureSummary })),
  })))`)) as Violation[];
  assert.deepEqual(violations, [], `axe on ${where}`);
}

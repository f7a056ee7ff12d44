/**
 * How the run table feels with many runs, in a real browser: from address to rows, frames while scrolling, a jump far away,
 * sort and filter. Times are of one person on this machine; the server answers beside the browser.
 *
 *   node bench/ui.ts [--runs=100000] [--repeats=5] [--keep]
 *
 * `--keep` writes bench/results/ui.txt.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openDb } from '../src/db/open-db.ts';
import { Experiments, Projects } from '../src/domain/contexts/index.ts';
import { Journal } from '../src/domain/events/index.ts';
import { Graph } from '../src/domain/graph/index.ts';
import { systemRandom } from '../src/kernel/ids.ts';
import { newRequestContext } from '../src/kernel/request-context.ts';
import { systemClock } from '../src/kernel/time.ts';
import { launch } from '../test/conformance/child-server.ts';
import { cairnIn } from '../test/conformance/servers.ts';
import { launchChromium } from '../test/e2e/browser.ts';
import { fillStore } from './run-store.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    repeats: { type: 'string', default: '5' },
    keep: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
const repeats = Number(options.repeats);
/** Pixels a frame of a quick wheel, and frames measured. */
const scrollPixels = 120;
const scrollFrames = 600;

/** Asked of the page: ms until `done` holds after `act`, looked at once a frame. */
const timed = `async (act, done) => {
  const begun = performance.now();
  act();
  do await new Promise(requestAnimationFrame); while (!done());
  return performance.now() - begun;
}`;

/** ms since the page began to load, and since the first search was answered. */
const sinceAnswer = `(() => {
  const now = performance.now();
  const search = performance.getEntriesByType('resource').find((one) => one.name.includes('/runs/search'));
  return { whole: now, afterAnswer: now - search.responseEnd };
})()`;

interface Timed {
  readonly whole: number;
  readonly afterAnswer: number;
}

const rowAt = (index: number) => `document.querySelector('[data-row="${index}"] a.run-name')`;

async function measure(page: Page, url: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const tell = (name: string, values: readonly number[], unit = 'ms') => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number) =>
      `${sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1).padStart(7)} ${unit}`;
    lines.push(`${name.padEnd(44)} median ${at(0.5)}   p95 ${at(0.95)}   most ${at(1)}`);
  };
  const firstRow = page.locator('[data-row="0"] a.run-name');
  const opened: number[] = [];
  for (let n = 0; n < repeats; n++) {
    await page.goto('about:blank');
    await page.goto(url);
    await firstRow.waitFor();
    opened.push(await page.evaluate<number>('performance.now()'));
  }
  tell('address to first rows', opened);

  const frames = await page.evaluate<number[]>(`(async () => {
    const grid = document.querySelector('[role=grid]');
    const taken = [];
    let last = await new Promise(requestAnimationFrame);
    for (let n = 0; n < ${scrollFrames}; n++) {
      grid.scrollTop += ${scrollPixels};
      const now = await new Promise(requestAnimationFrame);
      taken.push(now - last);
      last = now;
    }
    return taken;
  })()`);
  tell(`a frame while scrolling ${scrollPixels} px a frame`, frames);

  const jumps: number[] = [];
  for (let n = 0; n < repeats; n++) {
    const row = Math.floor(((n + 1) * 0.618 * runs) % (runs - 100));
    const act = `() => { document.querySelector('[role=grid]').scrollTop = ${row * 30}; }`;
    jumps.push(await page.evaluate<number>(`(${timed})(${act}, () => ${rowAt(row + 5)} !== null)`));
  }
  tell('a jump far away, until its rows are there', jumps);

  const views = {
    sorted: ['metrics.loss.min', '-metrics.acc.max', 'params.lr'].map((sort) => `?sort=${sort}`),
    filtered: ['metrics.acc > 0.5', "params.optimizer = 'adam'", 'metrics.loss < 0.1'].map(
      (filter) => `?filter=${encodeURIComponent(filter)}`,
    ),
  };
  for (const [name, addresses] of Object.entries(views)) {
    const whole: number[] = [];
    const afterAnswer: number[] = [];
    // The second look finds what the first asked the server to keep.
    for (const address of [...addresses, ...addresses]) {
      await page.goto('about:blank');
      await page.goto(`${url}${address}`);
      await firstRow.waitFor();
      const times = await page.evaluate<Timed>(sinceAnswer);
      whole.push(times.whole);
      afterAnswer.push(times.afterAnswer);
    }
    tell(`${name}: address to first rows`, whole);
    tell(`${name}: answer to first rows`, afterAnswer);
  }
  return lines;
}

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-ui-'));
try {
  const experiment = await fill(folder);
  const server = await launch(cairnIn(folder));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(120_000);
    const lines = await measure(page, `${server.url}/experiments/${experiment}`);
    const head = `The run table over ${runs.toLocaleString('en')} runs in Chromium ${browser.version()}, drawn in software; ${cpus().length} processors shared by browser and server, load average ${loadavg()[0]!.toFixed(1)}; ${new Date().toISOString().slice(0, 10)}`;
    const report = `${[head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
    process.stdout.write(report);
    if (options.keep) writeFileSync(new URL('results/ui.txt', import.meta.url), report);
  } finally {
    await browser.close();
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Fills a store in the folder; resolves to the id of its experiment. */
async function fill(target: string): Promise<string> {
  const context = newRequestContext({
    actor: { kind: 'local', name: 'local' },
    scope: { projects: 'all' },
    face: 'native',
    requestId: 'bench',
    signal: new AbortController().signal,
    clock: systemClock,
    random: systemRandom,
  });
  const db = await openDb({
    address: path.join(target, 'cairn.db'),
    clock: systemClock,
    random: systemRandom,
  });
  const graph = await Graph.open(db);
  const journal = new Journal(db, () => {});
  const projects = new Projects(graph, journal);
  const experiments = new Experiments(graph, journal, {
    defaultArtifactRoot: 'mlflow-artifacts:/',
    serverFolder: target,
  });
  const [id] = await fillStore({ db, graph, projects, experiments }, context, runs);
  await db.close();
  return id!;
}

/**
 * How the UI feels with much in it, in a real browser: a table of many runs (from address to rows, frames while scrolling, a
 * jump far away, sort and filter), a run of many metrics, a chart of many points. Times are of one person on this machine;
 * the server answers beside the browser. Beside the frames stand those of a page that does nothing but scroll as many rows.
 *
 *   node bench/ui.ts [--runs=100000] [--metrics=100000] [--points=1000000] [--repeats=5] [--store=FOLDER] [--keep]
 *
 * `--store` keeps what is filled for the next time; `--keep` writes bench/results/ui.txt.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launch } from '../test/conformance/child-server.ts';
import { cairnIn } from '../test/conformance/servers.ts';
import { launchChromium } from '../test/e2e/browser.ts';
import { floorPage } from './ui-floor.ts';
import { fillRuns, logLongRun, logWideRun } from './ui-store.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    metrics: { type: 'string', default: '100000' },
    points: { type: 'string', default: '1000000' },
    store: { type: 'string' },
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

/** In every page from its beginning: notes the frame in which its first row or chart stands. Asked from outside, it is later. */
const watch = `(() => {
  window.firstShown = new Promise((done) => {
    const look = () =>
      document.querySelector('[data-row="0"] a.run-name, figure.chart canvas') === null
        ? requestAnimationFrame(look)
        : done(performance.now());
    requestAnimationFrame(look);
  });
})()`;
const firstShown = 'window.firstShown';

/** ms from the beginning of the page to its first rows, and from the answer of the first search. */
const sinceAnswer = `window.firstShown.then((shown) => {
  const search = performance.getEntriesByType('resource').find((one) => one.name.includes('/runs/search'));
  return { whole: shown, afterAnswer: shown - search.responseEnd };
})`;

interface Timed {
  readonly whole: number;
  readonly afterAnswer: number;
}

const rowAt = (index: number) => `document.querySelector('[data-row="${index}"] a.run-name')`;

/** Lines of the report. */
class Report {
  readonly lines: string[] = [];

  tell(name: string, values: readonly number[], unit = 'ms'): void {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number) =>
      `${sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1).padStart(7)} ${unit}`;
    this.lines.push(`${name.padEnd(46)} median ${at(0.5)}   p95 ${at(0.95)}   most ${at(1)}`);
  }
}

/** ms of each frame while what the selector finds scrolls. */
function framesOf(page: Page, selector: string): Promise<number[]> {
  return page.evaluate<number[]>(`(async () => {
    const grid = document.querySelector(${JSON.stringify(selector)});
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
}

async function measureTable(page: Page, url: string, report: Report): Promise<void> {
  const firstRow = page.locator('[data-row="0"] a.run-name');
  const opened: number[] = [];
  for (let n = 0; n < repeats; n++) {
    await page.goto('about:blank');
    await page.goto(url);
    await firstRow.waitFor();
    opened.push(await page.evaluate<number>(firstShown));
  }
  report.tell('address to first rows', opened);

  report.tell(`a frame while scrolling ${scrollPixels} px a frame`, await framesOf(page, '[role=grid]'));

  const jumps: number[] = [];
  for (let n = 0; n < repeats; n++) {
    const row = Math.floor(((n + 1) * 0.618 * runs) % (runs - 100));
    const act = `() => { document.querySelector('[role=grid]').scrollTop = ${row * 30}; }`;
    jumps.push(await page.evaluate<number>(`(${timed})(${act}, () => ${rowAt(row + 5)} !== null)`));
  }
  report.tell('a jump far away, until its rows are there', jumps);

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
    report.tell(`${name}: address to first rows`, whole);
    report.tell(`${name}: answer to first rows`, afterAnswer);
  }
}

/** What a table can do here at best. */
async function measureFloor(page: Page, report: Report): Promise<void> {
  await page.setContent(floorPage(runs));
  report.tell('  the same of a page of plain cells (the floor)', await framesOf(page, '[role=grid]'));
}

async function measureWide(page: Page, url: string, report: Report): Promise<void> {
  const opened: number[] = [];
  for (let n = 0; n < repeats; n++) {
    await page.goto('about:blank');
    await page.goto(url);
    await page.locator('figure.chart canvas').first().waitFor();
    opened.push(await page.evaluate<number>(firstShown));
  }
  report.tell('run of many metrics: address to first chart', opened);
  report.tell('  a frame while its charts scroll', await framesOf(page, '.run-main'));
  const drawn = await page.evaluate<number>(`document.querySelectorAll('figure.chart canvas').length`);
  report.tell('  charts that are drawn then', [drawn], '  ');
  const found: number[] = [];
  for (let n = 0; n < repeats; n++) {
    const name = `layer${100 + n * 37}/unit.${90 + n}.norm`;
    await page.goto('about:blank');
    await page.goto(url);
    const field = page.getByRole('searchbox', { name: 'Search charts by name' });
    await field.waitFor();
    const begun = performance.now();
    await field.fill(name);
    await page.locator(`figure.chart[aria-label^="${name}"] canvas`).waitFor();
    found.push(performance.now() - begun);
  }
  report.tell('  a name typed, until its chart is drawn', found);
}

/** ms from the key until the finer picture: the answer, and the frame that shows it. */
const zoomed = `(async () => {
  performance.clearResourceTimings();
  const plot = document.querySelector('.plot');
  const begun = performance.now();
  plot.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }));
  let answer;
  do {
    await new Promise(requestAnimationFrame);
    answer = performance.getEntriesByType('resource').find((one) => one.name.includes('/series/draw') && one.responseEnd > 0);
  } while (answer === undefined && performance.now() - begun < 10000);
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return answer === undefined ? [] : [performance.now() - begun, answer.duration];
})()`;

async function measureLong(page: Page, url: string, report: Report): Promise<void> {
  const opened: number[] = [];
  const zooms: number[] = [];
  const answers: number[] = [];
  const heap: number[] = [];
  const tools = await page.context().newCDPSession(page);
  for (let n = 0; n < repeats; n++) {
    await page.goto('about:blank');
    await page.goto(url);
    await page.locator('figure.chart canvas').first().waitFor();
    opened.push(await page.evaluate<number>(firstShown));
    for (let level = 0; level < 6; level++) {
      const [whole, answer] = await page.evaluate<number[]>(zoomed);
      if (whole === undefined || answer === undefined) continue;
      zooms.push(whole);
      answers.push(answer);
    }
    await tools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await tools.send('Runtime.getHeapUsage');
    heap.push(usedSize / 2 ** 20);
  }
  report.tell('long series: address to its chart', opened);
  report.tell('  zoomed twice as near: key to finer picture', zooms);
  report.tell('  of that the answer (and 120 ms of rest before)', answers);
  report.tell('  memory of the page after six zooms', heap, 'MiB');
}

interface Filled {
  readonly experiment: string;
  readonly wide: string;
  readonly long: string;
}

const folder = options.store ?? mkdtempSync(path.join(tmpdir(), 'cairn-bench-ui-'));
const note = path.join(folder, 'bench-ui.json');
try {
  mkdirSync(folder, { recursive: true });
  const before = existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as Filled) : undefined;
  const experiment = before?.experiment ?? (await fillRuns(folder, runs));
  const server = await launch(cairnIn(folder));
  const browser = await launchChromium();
  try {
    const wide = before?.wide ?? (await logWideRun(server.url, Number(options.metrics)));
    const long = before?.long ?? (await logLongRun(server.url, Number(options.points)));
    writeFileSync(note, JSON.stringify({ experiment, wide, long } satisfies Filled));
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(120_000);
    await page.addInitScript(watch);
    const report = new Report();
    await measureTable(page, `${server.url}/experiments/${experiment}`, report);
    await measureFloor(page, report);
    await measureWide(page, `${server.url}/runs/${wide}`, report);
    await measureLong(page, `${server.url}/runs/${long}`, report);
    const count = (text: string) => Number(text).toLocaleString('en');
    const head = `The UI over ${count(options.runs)} runs, a run of ${count(options.metrics)} metrics and a series of ${count(options.points)} points in Chromium ${browser.version()}, drawn in software; ${cpus().length} processors (${cpus()[0]!.model.trim()}) shared by browser and server, load average ${loadavg()[0]!.toFixed(1)}; Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
    const text = `${[head, ...report.lines.map((line) => `  ${line}`)].join('\n')}\n`;
    process.stdout.write(text);
    if (options.keep) writeFileSync(new URL('results/ui.txt', import.meta.url), text);
  } finally {
    await browser.close();
    await server.stop();
  }
} finally {
  if (options.store === undefined) rmSync(folder, { recursive: true, force: true });
}

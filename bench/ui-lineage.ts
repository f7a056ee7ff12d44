/**
 * How the lineage explorer feels with much in it, in a real browser: a dataset that 100,000 runs read, all of them unfolded, some of them opened.
 * The answers of the server are made up beside it and cost nothing, so what is measured is the page.
 *
 *   node bench/ui-lineage.ts [--nodes=100000] [--repeats=5] [--keep]
 *
 * `--keep` writes bench/results/ui-lineage.txt.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page, Route } from 'playwright-core';
import { launch } from '../test/conformance/child-server.ts';
import { cairnIn } from '../test/conformance/servers.ts';
import { launchChromium } from '../test/e2e/browser.ts';

const { values: options } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100000' },
    repeats: { type: 'string', default: '5' },
    keep: { type: 'boolean', default: false },
  },
});
const nodes = Number(options.nodes);
const repeats = Number(options.repeats);
const frames = 300;

const group = { uid: 'sweep', type: 'experiment', name: 'sweep' };
const node = (uid: string, type: string, causes: number, effects: number) => ({
  ...{ uid, project: 'default', kind: type === 'run' ? 'execution' : 'artifact', type, name: uid },
  ...{ version: null, group, state: null, at: 1, deleted: false, causes, effects },
});
const edge = (id: number, kind: string, from: string, to: string) => ({
  ...{ edge: id, kind, from, to, strength: 'observed', conducts: true, known: 'observed', rule: null },
  ...{ role: null, face: 'native', principal: 'local', validFrom: id, validTo: null, knownFrom: id },
  ...{ knownTo: null, event: 1 },
});
const hub = node('hub', 'dataset-version', 0, 100);

/** What the server would answer. */
async function answer(route: Route): Promise<void> {
  const url = new URL(route.request().url());
  const of = url.searchParams.get('of') ?? '';
  const json = (body: unknown) =>
    route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) });
  if (url.pathname.endsWith('/nodes'))
    return json({ items: of.split(',').map((uid) => (uid === 'hub' ? hub : node(uid, 'run', 1, 2))) });
  if (url.pathname.endsWith('/marks')) return json({ source: null, taints: [] });
  if (url.pathname.endsWith('/impact')) {
    const none = {
      derives: [],
      mayDerive: [],
      cannotSay: [],
      counts: { derives: 0, mayDerive: 0, cannotSay: 0 },
    };
    const leftOut = { evaluation: 0, weaker: 0, replaced: 0 };
    return json({ ...none, of: hub, complete: true, nodes, openEnds: [], openEndCounts: [], leftOut });
  }
  if (!url.pathname.endsWith('/neighbours')) return route.continue();
  const isDown = url.searchParams.get('direction') === 'down';
  if (of === 'hub') {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const count = isDown ? Math.min(Number(url.searchParams.get('limit')), nodes - from) : 0;
    const uids = Array.from({ length: count }, (_, index) => `run${from + index}`);
    return json({
      ...{ of: hub, count: isDown ? nodes : 0, masked: 0 },
      groups: isDown ? [{ type: 'run', group, strength: 'observed', count: nodes }] : [],
      nodes: uids.map((uid) => node(uid, 'run', 1, 2)),
      edges: uids.map((uid, index) => edge(1 + from + index, 'used', 'hub', uid)),
      ...(from + count < nodes && isDown ? { cursor: String(from + count) } : {}),
    });
  }
  const models = isDown ? [`${of}-a`, `${of}-b`] : [];
  return json({
    ...{ of: node(of, 'run', 1, 2), count: models.length, masked: 0, groups: [] },
    nodes: models.map((uid) => node(uid, 'logged-model', 1, 0)),
    edges: models.map((uid, index) => edge(1e7 + Number(of.slice(3)) * 2 + index, 'generated', of, uid)),
  });
}

/** Lines of the report. */
const lines: string[] = [];
function tell(name: string, values: readonly number[], unit = 'ms'): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    `${sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1).padStart(7)} ${unit}`;
  lines.push(`${name.padEnd(52)} median ${at(0.5)}   p95 ${at(0.95)}   most ${at(1)}`);
}

interface Turn {
  readonly deltaY: number;
  readonly ctrlKey?: boolean;
}

/** ms of each frame while the wheel turns over the graph, and of that what the page's own script took. */
async function tellFrames(page: Page, name: string, turn: Turn): Promise<void> {
  const taken = await wheelFrames(page, turn);
  const part = (which: number) => taken.filter((_, index) => index % 2 === which);
  tell(name, part(0));
  tell('  of that the script of the page', part(1));
}

/** Pairs: from frame to frame, and in it. */
function wheelFrames(page: Page, turn: Turn): Promise<number[]> {
  return page.evaluate<number[]>(`(async () => {
    const host = document.querySelector('.lineage-host');
    const { left, top, width, height } = host.getBoundingClientRect();
    const taken = [];
    let last = await new Promise(requestAnimationFrame);
    for (let n = 0; n < ${frames}; n++) {
      const deltaY = ${turn.deltaY} * (${turn.ctrlKey === true} && n % 100 >= 50 ? -1 : 1);
      const begun = performance.now();
      host.dispatchEvent(new WheelEvent('wheel', {
        ...{ deltaY, ctrlKey: ${turn.ctrlKey === true}, bubbles: true, cancelable: true },
        ...{ clientX: left + width / 2, clientY: top + height / 2 },
      }));
      const turned = performance.now() - begun;
      const [now, drawn] = await new Promise((done) =>
        requestAnimationFrame((now) => done([now, performance.now() - now])));
      taken.push(now - last, turned + drawn);
      last = now;
    }
    return taken;
  })()`);
}

const drawn = (page: Page) =>
  page.evaluate<string>(`document.querySelector('.lineage-host canvas').dataset.drawn`);

async function measure(page: Page, url: string): Promise<void> {
  await page.goto(`${url}lineage?of=hub&view=graph`);
  await page.locator('.lineage-stage:not(.busy) [data-node=hub]').waitFor();
  await tellFrames(page, 'a frame while moving two nodes (the floor)', { deltaY: 1 });
  const all = `${url}lineage?of=hub&open=hub.d,hub.d.run..0&view=graph`;
  const [first, opened]: [number[], number[]] = [[], []];
  for (let n = 0; n < repeats; n++) {
    await page.goto('about:blank');
    const begun = performance.now();
    await page.goto(all);
    await page.locator('.lineage-stage [data-node^=run]').first().waitFor();
    first.push(performance.now() - begun);
    await page.locator('.lineage-stage:not(.busy) [data-node=hub]').waitFor();
    opened.push(performance.now() - begun);
  }
  tell('address to the first of them in sight', first);
  tell(`address to all ${nodes.toLocaleString('en')} nodes read, placed and drawn`, opened);
  await tellFrames(page, 'a frame while moving, with words', { deltaY: 120 });
  lines.push(`  nodes and links drawn then: ${await drawn(page)}`);
  await tellFrames(page, 'a frame while zooming', { deltaY: 40, ctrlKey: true });
  for (let n = 0; n < 12; n++) await page.keyboard.press('-');
  await tellFrames(page, 'a frame while moving, far away', { deltaY: 120 });
  lines.push(`  nodes and links drawn then: ${await drawn(page)}`);
  await page.keyboard.press('s');
  for (let n = 0; n < 12; n++) await page.keyboard.press('+');
  const expanded: number[] = [];
  await page.keyboard.press('ArrowRight');
  for (let n = 0; n < repeats; n++) {
    await page.keyboard.press('ArrowDown');
    const before = page.url();
    const begun = performance.now();
    await page.keyboard.press('Enter');
    await page.waitForURL((now) => now.href !== before && now.search.includes('open='));
    await page.locator('.lineage-stage:not(.busy)').waitFor();
    await page.evaluate('new Promise(requestAnimationFrame)');
    expanded.push(performance.now() - begun);
  }
  tell('one more node opened, until it is drawn', expanded);
  const tools = await page.context().newCDPSession(page);
  await tools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await tools.send('Runtime.getHeapUsage');
  tell('memory of the page', [usedSize / 2 ** 20], 'MiB');
}

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-lineage-'));
try {
  const server = await launch(cairnIn(folder));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(120_000);
    await page.route('**/api/v1/lineage/**', answer);
    await measure(page, server.url.endsWith('/') ? server.url : `${server.url}/`);
    const head = `The lineage explorer with ${nodes.toLocaleString('en')} nodes in Chromium ${browser.version()}, drawn in software; ${cpus().length} processors (${cpus()[0]!.model.trim()}), load average ${loadavg()[0]!.toFixed(1)}; Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
    const text = `${[head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
    process.stdout.write(text);
    if (options.keep) writeFileSync(new URL('results/ui-lineage.txt', import.meta.url), text);
  } finally {
    await browser.close();
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A person looks at a series of very many points: the whole of it, then a spike, down to single points, and back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { eventually } from './run-table.ts';
import { createExperiment, createRun, startServer, type TestServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const count = 60_000;
const spike = 41_234;

/** Falls with noise; one point stands far above all others, and three are no number. */
function lossAt(step: number): number | string {
  if (step === spike) return 40;
  if (step === 20_000 || step === 20_001) return 'NaN';
  if (step === 50_000) return 'Infinity';
  return Number((0.2 + 2 * Math.exp(-step / 9000) + 0.1 * Math.sin(step * 12.9898)).toFixed(4));
}

async function log(
  to: TestServer,
  run: string,
  started: number,
  from: number,
  points: number,
): Promise<void> {
  for (let first = from; first < from + points; first += 5000) {
    const metrics = Array.from({ length: Math.min(5000, from + points - first) }, (_, index) => {
      const step = first + index;
      const time = started + step * 250;
      return { step, time, key: 'loss', value: lossAt(step) };
    });
    await to.call('POST', `/runs/${run}/log`, { metrics });
  }
}

function chart(page: Page, metric = 'loss'): Locator {
  return page.getByRole('figure', { name: new RegExp(`^${metric}: `) });
}

/** Requests for curves, as the page sends them. */
function drawn(page: Page): { from?: number; to?: number; pixels: number; runs: string[] }[] {
  const bodies: { from?: number; to?: number; pixels: number; runs: string[] }[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/series/draw')) bodies.push(request.postDataJSON());
  });
  return bodies;
}

async function expectPoints(page: Page, points: number): Promise<void> {
  await eventually(
    async () => assert.equal(await chart(page).getAttribute('data-points'), String(points)),
    page,
  );
}

describe('a long series', () => {
  for (const theme of themes) {
    it(`is read by pixel, finer where it is zoomed into, and to its points (${theme})`, async () => {
      const started = Date.now() - 86_400_000;
      const experiment = await createExperiment(server, `long ${theme}`);
      const run = await createRun(server, experiment, { name: 'marathon', started, state: 'running' });
      await log(server, run, started, 0, count);
      const page = await browser.open('about:blank', { theme });
      const asked = drawn(page);
      await page.goto(`${server.url}/runs/${run}`);
      await expectPoints(page, count);
      await chart(page).getByText('3 not finite').waitFor();
      await chart(page).getByText('band: least to most, line: mean').waitFor();
      assert.equal(asked.length, 1);
      assert.ok(asked[0]!.pixels >= 300 && asked[0]!.pixels <= 3000);
      await picture(page, `long-series-${theme}`);

      // By keyboard: nearer, along, and all again.
      const plot = page.getByRole('application', { name: /^Plot of loss/ });
      await plot.focus();
      await page.keyboard.press('+');
      await chart(page)
        .getByText(/^step 1\d,\d{3} to 4\d,\d{3} all$/)
        .waitFor();
      await page.keyboard.press('ArrowRight');
      await eventually(async () => assert.match(page.url(), /zoom=/), page);
      await page.keyboard.press('Escape');
      await eventually(async () => assert.doesNotMatch(page.url(), /zoom=/), page);

      // A link holds the range; what is in sight is read down to single points, and all stay counted.
      asked.length = 0;
      await page.goto(`${server.url}/runs/${run}?zoom=${spike - 60}~${spike + 60}`);
      await expectPoints(page, count);
      await eventually(async () => assert.ok(asked.length >= 2), page);
      const finest = asked.at(-1)!;
      assert.ok(finest.to! - finest.from! < count / 10, `${finest.from} to ${finest.to}`);
      await eventually(
        async () => assert.equal(await chart(page).getByText('band: least to most').count(), 0),
        page,
      );
      const box = (await plot.boundingBox())!;
      await page.mouse.move(box.x + 54 + (box.width - 74) / 2, box.y + 60);
      await chart(page)
        .getByText(`step ${spike.toLocaleString('en')} · 40.000`)
        .waitFor();
      await picture(page, `long-series-zoomed-${theme}`);
      await assertAccessible(page, `a zoomed chart, ${theme}`);
      await page.mouse.dblclick(box.x + 200, box.y + 60);
      await eventually(async () => assert.doesNotMatch(page.url(), /zoom=/), page);

      // With a hand: drawn with the pointer, moved with Shift, scaled with the wheel.
      await page.mouse.move(box.x + 150, box.y + 80);
      await page.mouse.down();
      await page.mouse.move(box.x + 250, box.y + 80, { steps: 4 });
      await page.mouse.up();
      await eventually(async () => assert.match(page.url(), /zoom=/), page);
      const before = new URL(page.url()).searchParams.get('zoom');
      await page.keyboard.down('Shift');
      await page.mouse.down();
      await page.mouse.move(box.x + 200, box.y + 80, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
      const zoom = () => new URL(page.url()).searchParams.get('zoom') ?? '';
      await eventually(async () => assert.notEqual(zoom(), before), page);
      const [from, to] = zoom().split('~').map(Number) as [number, number];
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -300);
      await page.keyboard.up('Control');
      await eventually(async () => {
        const [a, b] = zoom().split('~').map(Number) as [number, number];
        assert.ok(Math.abs((b - a) / (to - from) - 0.5) < 0.05, zoom());
      }, page);
      await chart(page).getByRole('button', { name: 'all', exact: true }).click();
      await eventually(async () => assert.doesNotMatch(page.url(), /zoom=/), page);

      // The training goes on: only the tail is read.
      asked.length = 0;
      await log(server, run, started, count, 50);
      await expectPoints(page, count + 50);
      assert.ok(
        asked.length >= 1 && asked.every(({ from: begin }) => begin! > count * 0.9),
        JSON.stringify(asked),
      );
    });
  }

  it('is drawn in a browser whose language formatters do not know', async () => {
    const experiment = await createExperiment(server, 'no language');
    const run = await createRun(server, experiment, { name: 'plain' });
    await log(server, run, Date.now() - 86_400_000, 0, 100);
    const page = await browser.open('about:blank');
    await page.addInitScript(
      `Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' })`,
    );
    await page.goto(`${server.url}/runs/${run}`);
    await chart(page).locator('canvas').waitFor();
  });

  it('stands over its time, its logarithm, and beside a run that began another day', async () => {
    const experiment = await createExperiment(server, 'long axes');
    const started = Date.now() - 86_400_000;
    const ids = [];
    for (const shift of [0, 80_000_000]) {
      const begun = started + shift;
      const id = await createRun(server, experiment, { name: `day ${shift}`, started: begun });
      await log(server, id, begun, 0, 5000);
      ids.push(id);
    }
    const page = await browser.open('about:blank');
    const asked = drawn(page);
    await page.goto(`${server.url}/compare?runs=${ids.join()}&x=relative`);
    await expectPoints(page, 10_000);
    assert.equal(asked.length, 1, 'both lines come in one answer');
    assert.deepEqual(asked[0]!.runs, ids);
    await page.getByRole('checkbox', { name: 'Log x' }).check();
    await chart(page).getByText('2 without a place on this x axis').waitFor();
    await picture(page, 'long-series-log');
    await page.getByRole('button', { name: 'Enlarge loss' }).click();
    await page.getByRole('dialog').getByRole('application').waitFor();
    await picture(page, 'long-series-large');
  });
});

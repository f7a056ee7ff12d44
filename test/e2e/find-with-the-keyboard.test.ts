/** A person finds an experiment and a run, and does things, by the palette: with the keyboard alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { eventually, rowOf } from './run-table.ts';
import { createExperiment, createRun, createRuns, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();

const field = (page: Page) => page.getByRole('combobox', { name: 'Find experiments, models and runs' });

async function options(page: Page): Promise<string[]> {
  const texts = await page.getByRole('option').locator('.palette-text').allInnerTexts();
  return texts.map((text) => text.trim());
}

async function chosen(page: Page): Promise<string> {
  const id = await field(page).getAttribute('aria-activedescendant');
  return page.locator(`[id="${id}"] .palette-text`).innerText();
}

describe('finding with the keyboard alone', () => {
  for (const theme of themes) {
    it(`goes to an experiment, to a run in it, and back to what was recent (${theme})`, async () => {
      const digits = await createExperiment(server, `digits-classifier ${theme}`);
      const churn = await createExperiment(server, `churn-nightly ${theme}`);
      await createRuns(server, digits, [
        { name: `swift-heron-412 ${theme}`, metrics: { loss: [0.5] }, started: 1_760_000_000_000 },
        { name: `quiet-otter-405 ${theme}`, metrics: { loss: [0.4] }, started: 1_760_000_001_000 },
        { name: `calm-ibex-391 ${theme}`, metrics: { loss: [0.3] }, state: 'running' },
      ]);
      await createRun(server, churn, { name: `heron of churn ${theme}`, started: 1_760_000_002_000 });
      const page = await browser.open(`${server.url}/experiments/${churn}`, { theme });
      await rowOf(page, `heron of churn ${theme}`).waitFor();

      await page.keyboard.press('Control+k');
      await field(page).waitFor();
      await assertAccessible(page, `the palette, ${theme}`);
      await page.keyboard.type(`digits cl`);
      await eventually(
        async () => assert.ok((await options(page)).includes(`digits-classifier ${theme}`)),
        page,
      );
      await page.keyboard.press('Escape');
      await field(page).waitFor({ state: 'detached' });

      // Enter before the answer waits for it.
      await page.keyboard.press('Control+k');
      await page.keyboard.type(`digits-classifier ${theme}`);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `digits-classifier ${theme}` }).waitFor();

      await page.keyboard.press('Control+k');
      await page.keyboard.type('heron');
      await eventually(
        async () =>
          assert.deepEqual(
            (await options(page)).filter((name) => name.endsWith(theme)),
            [`heron of churn ${theme}`, `swift-heron-412 ${theme}`],
          ),
        page,
      );
      await picture(page, `palette-${theme}`);
      await assertAccessible(page, `the palette with what was found, ${theme}`);
      while ((await chosen(page)) !== `swift-heron-412 ${theme}`) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `swift-heron-412 ${theme}` }).waitFor();

      // What was opened last is there before anything is typed.
      await page.keyboard.press('Control+k');
      await eventually(
        async () =>
          assert.deepEqual((await options(page)).slice(0, 3), [
            `swift-heron-412 ${theme}`,
            `digits-classifier ${theme}`,
            `churn-nightly ${theme}`,
          ]),
        page,
      );
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `digits-classifier ${theme}` }).waitFor();
    });
  }

  it('opens what a pasted id means, also when it is deleted or only its beginning', async () => {
    const experiment = await createExperiment(server, 'ids');
    const [kept, gone] = await createRuns(server, experiment, [{ name: 'kept' }, { name: 'gone' }]);
    await server.call('DELETE', `/runs/${gone}`);
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await rowOf(page, 'kept').waitFor();
    for (const [text, name] of [
      [`  ${kept} `, 'kept'],
      [gone!, 'gone'],
      [kept!.slice(0, 28), 'kept'],
    ] as const) {
      await page.keyboard.press('Control+k');
      await field(page).fill(text);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name, exact: true }).waitFor();
      await page.goBack();
      await rowOf(page, 'kept').waitFor();
    }
  });

  it('does what the page and the program offer', async () => {
    const experiment = await createExperiment(server, 'things to do');
    await createRuns(server, experiment, [
      { name: 'one', metrics: { loss: [1] }, started: 1_000 },
      { name: 'two', metrics: { loss: [2] }, started: 2_000 },
    ]);
    const page = await browser.open(`${server.url}/experiments/${experiment}`);
    await rowOf(page, 'one').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dark theme');
    await page.keyboard.press('Enter');
    await eventually(
      async () => assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark'),
      page,
    );
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('compare 2');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Compare 2 runs' }).waitFor();

    // From a field too; and a text that nothing has says so.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('nothing is called like this');
    await page.getByText('Nothing is called “nothing is called like this”.').waitFor();
    await page.keyboard.press('Control+k');
    await field(page).waitFor({ state: 'detached' });
  });

  it('opens in less than 100 ms', async () => {
    const page = await browser.open(server.url);
    await page.getByRole('button', { name: /Find or do/ }).waitFor();
    const opened: number[] = [];
    for (let index = 0; index < 5; index++) {
      const time = await page.evaluate<number>(`new Promise((done) => {
        const began = performance.now();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }));
        const look = () => document.querySelector('dialog.palette[open] input') === document.activeElement
          && document.activeElement !== null ? requestAnimationFrame(() => done(performance.now() - began)) : setTimeout(look, 0);
        look();
      })`);
      opened.push(time);
      await page.keyboard.press('Escape');
      await field(page).waitFor({ state: 'detached' });
    }
    // The least of some: on a busy machine a single one says nothing.
    assert.ok(Math.min(...opened) < 100, `opened in ${opened.map((time) => Math.round(time)).join(', ')} ms`);
  });
});

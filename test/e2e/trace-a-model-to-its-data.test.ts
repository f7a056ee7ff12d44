/** A person traces a deployed model to its raw data, and a bad dataset to its models, with the keyboard alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { recordLater, recordStory } from './lineage-story.ts';
import { keepPicture, picture } from './pictures.ts';
import { eventually } from './run-table.ts';
import { startServer } from './server.ts';

const browser = await launchBrowser();

const nodes = (page: Page) => page.getByRole('group', { name: 'Nodes in sight' });
const chosen = (page: Page) => nodes(page).locator('[aria-current=true]');
const row = (page: Page, name: RegExp) => page.getByRole('tabpanel').getByRole('button', { name });

/** Presses the key until the chosen node is the one that is meant. */
async function goUntil(page: Page, key: string, name: RegExp): Promise<void> {
  await eventually(async () => {
    const label = await chosen(page).innerText();
    if (name.test(label)) return;
    await page.keyboard.press(key);
    assert.fail(`at ${label}`);
  }, page);
}

/** From the list to the row that is meant, and Enter. */
async function goToRow(page: Page, name: RegExp): Promise<void> {
  await row(page, name).waitFor();
  await page.keyboard.press('t');
  await eventually(async () => {
    if ((await row(page, name).and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('j');
    assert.fail('not there yet');
  }, page);
  await page.keyboard.press('Enter');
}

async function doByPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find experiments, models and runs' }).waitFor();
  await page.keyboard.type(words);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
}

async function declareByKeys(page: Page, note: string): Promise<void> {
  await doByPalette(page, 'declare it wrong');
  await page.getByRole('dialog').getByRole('textbox').waitFor();
  await page.keyboard.type(note);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('note').getByText(note).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** By Tab until it is there, and Enter. */
async function pressAt(page: Page, element: Locator): Promise<void> {
  await element.waitFor();
  for (let steps = 0; ; steps++) {
    if ((await element.and(page.locator(':focus')).count()) === 1) break;
    assert.ok(steps < 80, 'Tab does not come to it');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
}

describe('lineage', () => {
  for (const theme of themes) {
    it(`goes from a deployed model to its raw data (${theme})`, async () => {
      const server = await startServer();
      const name = 'shop';
      const { raw } = await recordStory(server, name);
      const page = await browser.open(`${server.url}/registry/version?name=${name}-churn&version=1`, {
        theme,
      });
      await page.getByRole('heading', { name: 'Version 1' }).waitFor();
      await doByPalette(page, 'this version comes from');
      await page.getByRole('heading', { name: `${name}-churn v1`, level: 1 }).waitFor();
      await chosen(page).waitFor();

      // To the left along the links, each opened as it is come to, over the run and the jobs to what nobody made.
      for (const place of [/gradient-boosting\s+logged model/, /gradient-boosting\s+run/])
        await goUntil(page, 'ArrowLeft', place);
      await picture(page, `lineage-run-${theme}`);
      await goUntil(page, 'ArrowLeft', /features/);
      for (const place of ['build_features', 'orders', 'ingest']) await goUntil(page, 'h', new RegExp(place));
      await goUntil(page, 'ArrowLeft', new RegExp(`shop.${name}_orders`));
      await assertAccessible(page, `the graph, ${theme}`);

      // Why the last link is believed.
      await page.keyboard.press('e');
      const evidence = page.getByRole('complementary', { name: 'Evidence' });
      await evidence.getByText('was read by').first().waitFor();
      await evidence.getByText('through OpenLineage').first().waitFor();
      // Nothing comes before it: said so, and taken back.
      await pressAt(page, page.getByRole('button', { name: 'Declare it a source' }));
      await evidence.getByText('declared by local').waitFor();
      await pressAt(page, page.getByRole('button', { name: 'Withdraw' }));
      await page.getByRole('button', { name: 'Declare it a source' }).waitFor();
      assert.match(page.url(), new RegExp(`at=${raw}`));

      // The link shows the same again.
      await page.reload();
      await eventually(async () => assert.match(await chosen(page).innerText(), /_orders/), page);

      // The answer says the same, and draws the way.
      await page.keyboard.press('g');
      await pressAt(page, page.getByRole('tab', { name: 'May come from' }));
      await goToRow(page, new RegExp(`shop.${name}_orders`));
      await eventually(async () => assert.equal(await nodes(page).locator('.on-way').count(), 8), page);
      await picture(page, `lineage-up-${theme}`);
      if (theme === 'light') await keepPicture(page, 'lineage-ancestry');
      await assertAccessible(page, `the way, ${theme}`);
      const judged = page.getByRole('tab', { name: 'Only judged by 1' });
      await page.keyboard.press('g');
      await pressAt(page, judged);
      await row(page, /holdout/).waitFor();
    });

    it(`goes from a bad dataset to the models that serve, as of any day (${theme})`, async () => {
      const server = await startServer();
      const name = 'shop';
      const { features, test } = await recordStory(server, name);
      const page = await browser.open(`${server.url}/dataset-versions/${features}`, {
        theme,
      });
      await page.getByRole('link', { name: 'Which deployed models derive from it?' }).waitFor();
      await doByPalette(page, 'which deployed');
      await page.getByRole('tab', { name: 'May derive 2' }).waitFor();
      await page.getByRole('tab', { name: 'Cannot say 1' }).waitFor();
      await page.getByText('In doubt:').waitFor();

      await page.keyboard.press('t');
      await page.keyboard.press('Enter');
      await eventually(async () => assert.equal(await nodes(page).locator('.on-way').count(), 5), page);
      await nodes(page)
        .getByRole('button', { name: /^prod\/shop-churn/ })
        .waitFor();
      await picture(page, `lineage-down-${theme}`);
      if (theme === 'light') await keepPicture(page, 'lineage-impact');
      await assertAccessible(page, `the question, ${theme}`);

      // As of the change before the models were made nothing derived; and as of now again.
      await page.keyboard.press('Escape');
      await page.keyboard.press('s');
      const none = page.getByRole('tab', { name: 'May derive 0' });
      await page.keyboard.press('[');
      await none.waitFor();
      await picture(page, `lineage-before-${theme}`);
      await page.keyboard.press(']');
      await page.getByRole('tab', { name: 'May derive 2' }).waitFor();

      // Twenty of the runs of the fold, and then the others.
      await page.keyboard.press('g');
      await goUntil(page, 'ArrowRight', /more runs\s+in|26 runs\s+in/);
      await page.keyboard.press('Enter');
      await nodes(page)
        .getByRole('button', { name: /^and \d more runs/ })
        .waitFor();
      await page.keyboard.press('Enter');
      await eventually(
        async () =>
          assert.equal(
            await nodes(page)
              .getByRole('button', { name: /more runs/ })
              .count(),
            0,
          ),
        page,
      );
      await picture(page, `lineage-unfolded-${theme}`);

      // The one of which nobody can say, and the step behind it that recorded no input.
      await pressAt(page, page.getByRole('tab', { name: 'Cannot say 1' }));
      await goToRow(page, new RegExp(`${name}-legacy v1`));
      await nodes(page)
        .getByRole('button', { name: /^legacy-import run/ })
        .waitFor();
      await picture(page, `lineage-unknown-${theme}`);
      if (theme === 'light') await keepPicture(page, 'lineage-cannot-say');
      await page.setViewportSize({ width: 1280, height: 800 });
      await picture(page, `lineage-1280-${theme}`);

      // What is recorded meanwhile is told of, and taken in when it is asked for: what stands stays where it is.
      const before = await chosen(page).boundingBox();
      await recordLater(server, name);
      await page.getByRole('status').getByText('so has the answer').waitFor();
      assert.deepEqual(await chosen(page).boundingBox(), before);
      await picture(page, `lineage-news-${theme}`);
      await assertAccessible(page, `news, ${theme}`);
      await page.keyboard.press('r');
      await page.getByRole('tab', { name: 'May derive 3' }).waitFor();
      await page.getByRole('button', { name: /^Take it in/ }).waitFor({ state: 'detached' });
      await page.locator('.lineage-stage:not(.busy)').waitFor();
      assert.deepEqual(await chosen(page).boundingBox(), before);

      // Declared wrong on its page, with what that touches in sight before it is said; and where it comes to is told of it.
      await page.goto(`${server.url}/dataset-versions/${features}`);
      await page.getByRole('link', { name: 'Lineage of this' }).waitFor();
      await doByPalette(page, 'declare it wrong');
      const dialog = page.getByRole('dialog', { name: /^Declare .*features.* wrong$/ });
      await dialog.getByText('3 deployed models').waitFor();
      assert.equal(await dialog.getByRole('button', { name: 'Declare it wrong' }).isDisabled(), true);
      await page.keyboard.type('duplicated rows');
      await picture(page, `taint-dialog-${theme}`);
      await assertAccessible(page, `declaring it wrong, ${theme}`);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const note = page.getByRole('note').getByText('duplicated rows');
      await note.waitFor();
      await page
        .getByRole('note')
        .getByRole('link', { name: /3 deployed models/ })
        .waitFor();
      await page.getByText('is declared wrong', { exact: false }).first().waitFor();
      await picture(page, `tainted-dataset-${theme}`);
      // Taken back, and that taken back too.
      await page.keyboard.press('u');
      await note.waitFor({ state: 'detached' });
      await declareByKeys(page, 'duplicated rows');
      await pressAt(page, page.getByRole('note').getByRole('button', { name: 'Withdraw' }));
      await note.waitFor({ state: 'detached' });
      await page.keyboard.press('u');
      await note.waitFor();
      await page.goto(`${server.url}/lineage?of=${features}&deployed=yes`);
      await note.waitFor();
      await page.goto(`${server.url}/registry/version?name=${name}-churn&version=1`);
      await note.waitFor();
      await picture(page, `tainted-model-${theme}`);
      await assertAccessible(page, `a model of wrong data, ${theme}`);
      await page.goto(`${server.url}/endpoint?name=prod/${name}-churn`);
      await note.waitFor();

      // The place where one of them serves is asked what it comes from.
      const place = await server.call<{ node: { uid: string } }>(
        'GET',
        `/lineage/resolve?ref=prod/${name}-churn`,
      );
      await page.goto(`${server.url}/lineage?of=${place.node.uid}`);
      await page.getByRole('tab', { name: /^May come from [1-9]/ }).waitFor();
      await nodes(page)
        .getByRole('button', { name: new RegExp(`^${name}-churn v1`) })
        .waitFor();
      await picture(page, `lineage-endpoint-${theme}`);

      // Nothing derives from the test set, and the page says what it left out.
      await page.goto(`${server.url}/lineage?of=${test}&deployed=yes`);
      await page.getByRole('tab', { name: 'Derives 0' }).waitFor();
      await page.getByText('1 input for judging left out').waitFor();
    });
  }

  it('shows the answer first on a phone', async () => {
    const server = await startServer();
    const { features } = await recordStory(server, 'phone', 2);
    const page = await browser.open(`${server.url}/lineage?of=${features}&deployed=yes`, {
      width: 390,
      height: 844,
      phone: true,
    });
    await row(page, /phone-churn v1/).waitFor();
    await picture(page, 'lineage-phone');
    await assertAccessible(page, 'a phone');
    await page.getByRole('button', { name: 'Graph' }).click();
    await nodes(page)
      .getByRole('button', { name: /^phone\/features version/ })
      .first()
      .waitFor();
    await picture(page, 'lineage-phone-graph');
  });
});

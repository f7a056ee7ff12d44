/** A person reads a prompt and what changed in it, writes the next version, lets an alias name it, renames and deletes it. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { picture } from './pictures.ts';
import { startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const mark = { key: 'mlflow.prompt.is_prompt', value: 'true' };

/** As MLflow's client registers one. */
async function version(name: string, text: string, description: string, more: Record<string, string> = {}) {
  const tags = Object.entries({ 'mlflow.prompt.text': text, ...more }).map(([key, value]) => ({
    key,
    value,
  }));
  await server.mlflow('model-versions/create', {
    ...{ name, source: 'dummy-source', description },
    tags: [mark, ...tags],
  });
}
const prompt = (name: string) => server.mlflow('registered-models/create', { name, tags: [mark] });
const alias = async (name: string, called: string) => {
  const { aliases } = await server.call<{ aliases: { alias: string; version: number }[] }>(
    'GET',
    `/models/registered/${name}`,
  );
  return aliases.find((each) => each.alias === called)?.version;
};

const first = [
  'You are a careful assistant of the {{ team }} team.',
  'Answer in {{language}}.',
  '',
  'Sum up the text in {{count}} sentences.',
  'Keep names and numbers.',
  'Do not guess.',
  'Do not advise.',
  'Say what is missing.',
  '',
  'Text:',
  '{{text}}',
];
const second = first.with(3, 'Sum up the text in at most {{count}} short sentences.');
const third = second.toSpliced(5, 1, 'Where the text is silent, say so.', 'Never guess.');

const rail = (page: Page, number: number) =>
  page
    .getByRole('navigation', { name: 'Versions' })
    .getByRole('button', { name: new RegExp(`^v${number}\\b`) });

/** What is waited for without end fails here. */
const limits = { timeout: 90_000 };

describe('prompts', () => {
  before(async () => {
    await server.call('POST', '/models/registered', { name: 'fraud' });
  });

  it('teach while there are none; a model is none', limits, async () => {
    const page = await browser.open(`${server.url}/registry`);
    await page.getByRole('link', { name: 'fraud', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Prompts' }).click();
    await page.getByRole('heading', { name: 'No prompt is registered yet' }).waitFor();
    await page.getByText('mlflow.genai.register_prompt(').waitFor();
    await assertAccessible(page, 'no prompts');
  });

  for (const theme of themes) {
    it(`are read and compared (${theme})`, limits, async () => {
      const name = `summary-${theme}`;
      await prompt(name);
      await version(name, first.join('\n'), 'The first');
      await version(name, second.join('\n'), 'Shorter sentences');
      await version(name, third.join('\n'), 'No guessing');
      await server.mlflow('registered-models/alias', { name, alias: 'production', version: '2' });
      const page = await browser.open(`${server.url}/prompts`, { theme });
      const row = page.getByRole('row', { name: new RegExp(`^${name} You are a careful`) });
      await row.getByRole('link', { name: 'production v2' }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'fraud', exact: true }).count(), 0);
      await assertAccessible(page, `the list of prompts, ${theme}`);
      await picture(page, `prompts-${theme}`);
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name: 'Version 3' }).waitFor();
      await page.getByText('Where the text is silent, say so.').waitFor();
      for (const variable of ['team', 'language', 'count', 'text'])
        await page.getByText(variable, { exact: true }).first().waitFor();
      await assertAccessible(page, `a prompt, ${theme}`);
      await picture(page, `prompt-${theme}`);

      // By keys: against the one before, then one further down.
      await page.keyboard.press('d');
      await page.getByText('From v2 to v3:').waitFor();
      const diff = page.getByRole('region', { name: 'Differences' });
      await diff.getByRole('row', { name: /removed: Do not guess\.$/ }).waitFor();
      await diff.getByRole('row', { name: /added: Where the text is silent, say so\.$/ }).waitFor();
      assert.equal(await diff.getByText('{{ team }}').count(), 0, 'what is far from a change is left out');
      await page.getByRole('button', { name: 'Whole text' }).click();
      await diff.getByText('{{ team }}').waitFor();
      await page.getByRole('button', { name: 'Changes only' }).click();
      await page.getByLabel('Against').selectOption('1');
      await page.getByText('From v1 to v3:').waitFor();
      await diff.getByText('at most', { exact: false }).first().waitFor();
      await assertAccessible(page, `two versions of a prompt, ${theme}`);
      await picture(page, `prompt-diff-${theme}`);
      const { search } = new URL(page.url());
      assert.equal(search, `?name=${name}&version=3&against=1`);
      await page.reload();
      await page.getByText('From v1 to v3:').waitFor();
      await page.keyboard.press('d');
      await rail(page, 2).click();
      await page.getByRole('heading', { name: 'Version 2' }).waitFor();
      await page.getByText(`prompts:/${name}@production")`).waitFor();

      await rail(page, 3).click();
      await page.getByRole('button', { name: 'Promote version 3' }).click();
      assert.equal(
        await page.getByRole('menuitem', { name: 'Staging' }).count(),
        0,
        'prompts have no stages',
      );
      await page.getByRole('menuitem', { name: /^production/ }).click();
      await page.getByText('production is version 3 now, it was version 2').waitFor();
      assert.equal(await alias(name, 'production'), 3);
      await page.keyboard.press('u');
      await page.getByText('production: version 2 again').waitFor();
      assert.equal(await alias(name, 'production'), 2);
    });
  }

  it('are written here: a first version, and one from another', limits, async () => {
    const page = await browser.open(`${server.url}/prompts`);
    await page.getByRole('button', { name: 'New prompt' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('no blanks');
    await page.keyboard.press('Enter');
    await page.getByText('Only letters, digits').waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('greeting');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'It says nothing yet' }).waitFor();
    await page.getByRole('button', { name: 'Write it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Text; variables').fill('Hello {{name}}!');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { name: 'Version 1' }).waitFor();
    await page.getByRole('button', { name: 'New version' }).click();
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('It says the same').waitFor();
    await dialog.getByLabel('Text; variables').fill('Good day, {{name}}!');
    await dialog.getByLabel('What is new').fill('Politer');
    await assertAccessible(page, 'writing a version');
    await picture(page, 'prompt-writing');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.getByText('From v1 to v2:').waitFor();
    await rail(page, 2).getByText('Politer').waitFor();
    // MLflow's client finds what it looks for.
    const answer = await fetch(`${server.url}/api/2.0/mlflow/model-versions/get?name=greeting&version=2`);
    const { model_version: made } = (await answer.json()) as {
      model_version: { description: string; source: string; tags: { key: string; value: string }[] };
    };
    assert.deepEqual([made.description, made.source], ['Politer', 'dummy-source']);
    assert.deepEqual(
      made.tags.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      [mark, { key: 'mlflow.prompt.text', value: 'Good day, {{name}}!' }],
    );
  });

  it('that are conversations are read by their roles', limits, async () => {
    await prompt('judge');
    const messages = [
      { role: 'system', content: 'You judge {{what}}.' },
      { role: 'user', content: '{{answer}}' },
    ];
    await version('judge', JSON.stringify(messages), 'Chat', {
      _mlflow_prompt_type: 'chat',
      _mlflow_prompt_response_format: '{"type": "object"}',
    });
    // A link to it as to a model leads to its own page.
    const page = await browser.open(`${server.url}/registry/model?name=judge`);
    await page.getByRole('heading', { name: 'system' }).waitFor();
    await page.getByText('You judge').waitFor();
    await page.getByText('Response format').click();
    await page.getByText('"type": "object"').waitFor();
    await assertAccessible(page, 'a conversation');
    await picture(page, 'prompt-chat');
  });

  it(
    'are found by the palette, renamed with undo, deleted after a question, read on a phone',
    limits,
    async () => {
      await prompt('farewell');
      await version('farewell', 'Bye {{name}}', 'The first');
      await version('farewell', 'Farewell {{name}}', 'The second');
      await server.mlflow('registered-models/alias', { name: 'farewell', alias: 'production', version: '1' });
      const page = await browser.open(`${server.url}/prompts`);
      await page.getByRole('link', { name: 'farewell', exact: true }).waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('farew');
      await page.getByRole('option', { name: 'farewell' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'farewell', exact: true }).waitFor();
      await page.getByRole('button', { name: 'More about farewell' }).click();
      await page.getByRole('menuitem', { name: 'Rename…' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('goodbye');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'goodbye', exact: true }).waitFor();
      await page.getByText('farewell is called goodbye now').waitFor();
      assert.equal(await alias('goodbye', 'production'), 1);
      await page.keyboard.press('u');
      await page.getByRole('heading', { name: 'farewell', exact: true }).waitFor();

      const phone = await browser.open(`${server.url}/prompts/prompt?name=farewell&version=2&against=1`, {
        ...{ width: 390, height: 800, phone: true },
      });
      await phone.getByText('From v1 to v2:').waitFor();
      assert.equal(await phone.evaluate<number>('document.documentElement.scrollWidth'), 390);
      await picture(phone, 'prompt-phone');

      await page.getByRole('button', { name: 'More about Version 2' }).click();
      await page.getByRole('menuitem', { name: 'Delete…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Version 2 of farewell deleted').waitFor();
      await page.getByRole('heading', { name: 'Version 1' }).waitFor();
      await page.getByRole('button', { name: 'More about farewell' }).click();
      await page.getByRole('menuitem', { name: 'Delete…' }).click();
      const asking = page.getByRole('dialog', { name: 'Delete farewell?' });
      await asking.getByText('Programs that load production (v1) will not find it.').waitFor();
      assert.ok(await asking.getByRole('button', { name: 'Delete' }).isDisabled());
      await asking.getByLabel(/to go on/).fill('farewell');
      await assertAccessible(page, 'the question before a prompt is deleted');
      await picture(page, 'prompt-deleting');
      await asking.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('farewell deleted with 1 version').waitFor();
      await page.getByRole('heading', { name: 'Prompts', level: 1 }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'farewell', exact: true }).count(), 0);
      await page.goto(`${server.url}/prompts/prompt?name=farewell`);
      await page.getByRole('heading', { name: 'There is no such prompt here' }).waitFor();
    },
  );
});

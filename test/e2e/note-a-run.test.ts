/** A person writes the note of a run while somebody else does, looks through its child runs and at what happened last. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, launchBrowser } from './browser.ts';
import { picture } from './pictures.ts';
import { eventually } from './run-table.ts';
import { createExperiment, createRun, createRuns, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const tag = 'mlflow.note.content';

describe('noting a run', () => {
  it('shows Markdown, and tells what somebody else wrote meanwhile', async () => {
    const experiment = await createExperiment(server, 'noted');
    const run = await createRun(server, experiment, {
      name: 'with a note',
      metrics: { loss: [1, 0.5] },
      tags: { [tag]: '## Baseline\n\nKeeps the *early* spike.' },
    });
    const page = await browser.open(`${server.url}/runs/${run}`);
    await page.getByRole('heading', { name: 'Baseline' }).waitFor();
    const note = page.getByRole('region', { name: 'Note' });
    await note.getByRole('button', { name: 'Edit' }).click();
    await note.getByRole('textbox', { name: 'Note' }).fill('Mine');
    await server.call('POST', `/runs/${run}/tags`, { key: tag, value: 'Theirs' });
    await note.getByRole('button', { name: 'Save' }).click();
    await note.getByText('Somebody else changed the note meanwhile and wrote: Theirs.').waitFor();
    const stored = async () =>
      (await server.call<{ tags: Record<string, string> }>('GET', `/runs/${run}`)).tags[tag];
    assert.equal(await stored(), 'Theirs');
    await note.getByRole('button', { name: 'Save' }).click();
    await note.getByRole('button', { name: 'Edit' }).waitFor();
    await note.getByText('Mine', { exact: true }).waitFor();
    assert.equal(await stored(), 'Mine');
  });

  it('lists child runs by what tells them apart, and events from the latest', async () => {
    const experiment = await createExperiment(server, 'nested');
    const run = await createRun(server, experiment, { name: 'search', metrics: { best: [0.9] } });
    await createRuns(
      server,
      experiment,
      [1, 2, 3].map((depth) => ({
        name: `trial-${depth}`,
        started: 1_700_000_000_000 + depth,
        params: { depth: String(depth), seed: '7' },
        metrics: { accuracy: [0.8 + depth / 100] },
        tags: { 'mlflow.parentRunId': run },
      })),
    );
    const page = await browser.open(`${server.url}/runs/${run}`, { theme: 'dark' });
    await page.getByRole('tab', { name: 'Child runs 3' }).click();
    const table = page.getByRole('region', { name: 'Child runs' });
    await table.getByRole('columnheader', { name: 'depth' }).waitFor();
    assert.equal(await table.getByRole('columnheader', { name: 'seed' }).count(), 0);
    const rows = (await table.getByRole('row').allInnerTexts()).map((text) =>
      text.replace(/\s+/g, ' ').trim(),
    );
    assert.match(rows[3]!, /^trial-3 finished .* 0\.8300 3$/);
    await assertAccessible(page, 'child runs');
    await picture(page, 'child-runs-dark');
    await table.getByRole('link', { name: 'Compare them' }).click();
    await page.getByRole('heading', { name: 'Compare 3 runs' }).waitFor();
    await page.goBack();

    for (let index = 0; index < 120; index++)
      await server.call('POST', `/runs/${run}/tags`, { key: 'counter', value: String(index) });
    await page.getByRole('tab', { name: 'Events' }).click();
    const events = page.getByRole('region', { name: 'Events' }).getByRole('row');
    await eventually(async () => assert.match(await events.nth(1).innerText(), /Tag set/), page);
    await page.getByRole('button', { name: 'Show earlier ones' }).click();
    await eventually(async () => assert.match(await events.last().innerText(), /Run created/), page);
  });
});

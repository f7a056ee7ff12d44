/** The run table as a person finds it: by role and label. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

export function grid(page: Page): Locator {
  return page.getByRole('grid');
}

/** The row of a run, by its name. */
export function rowOf(page: Page, name: string): Locator {
  return grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
}

/** Names of the rows on the screen, from the top. */
export async function names(page: Page): Promise<string[]> {
  // In one step: rows come and go while a live table is read.
  return page.evaluate<string[]>(`(() => {
    const grid = document.querySelector('[role=grid]');
    if (grid === null) return [];
    const { bottom } = grid.getBoundingClientRect();
    const top = grid.querySelector('[role=columnheader]').getBoundingClientRect().bottom;
    return [...grid.querySelectorAll('[role=rowheader]')]
      .map((header) => ({ name: header.innerText.trim(), place: header.getBoundingClientRect() }))
      .filter(({ name, place }) => name !== '' && place.top >= top - 1 && place.bottom <= bottom + 1)
      .sort((a, b) => a.place.top - b.place.top)
      .map(({ name }) => name);
  })()`);
}

/** The text of a run's cell under a column, with what only screen readers hear. */
export async function cellText(page: Page, run: string, column: string): Promise<string> {
  const text = await (await cell(page, run, column)).innerText();
  return text.replace(/\s+/g, ' ').trim();
}

export async function cell(page: Page, run: string, column: string): Promise<Locator> {
  const index = await header(page, column).getAttribute('aria-colindex');
  return rowOf(page, run).locator(`[aria-colindex="${index}"]`);
}

/** The head of a column, by the name that sorts it. */
export function header(page: Page, column: string): Locator {
  return grid(page)
    .getByRole('columnheader')
    .filter({ has: page.getByRole('button', { name: `Options of ${column}`, exact: true }) })
    .first();
}

/** Looks again until it holds; fails with the last difference. */
export async function eventually(check: () => Promise<void>, page: Page, patience = 20_000): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await page.evaluate('new Promise((done) => requestAnimationFrame(done))');
    }
  }
}

export async function expectNames(page: Page, expected: readonly string[]): Promise<void> {
  await eventually(async () => assert.deepEqual(await names(page), expected), page);
}

export async function expectCell(page: Page, run: string, column: string, text: string): Promise<void> {
  await eventually(async () => assert.equal(await cellText(page, run, column), text), page);
}

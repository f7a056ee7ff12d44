/** Pictures of pages, kept where CAIRN_PICTURES says, so that people look at what the tests saw. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env.CAIRN_PICTURES;

/** A picture of the page as it is now; nothing where no folder is told. */
export async function picture(page: Page, name: string): Promise<void> {
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

const kept = path.resolve(import.meta.dirname, '..', '..', 'docs', 'pictures');

/** A picture of README or the guides. Taken anew by the long run only, so that an ordinary one leaves the tree as it was. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const file = path.join(kept, `${name}.png`);
  if (existsSync(file) && process.env.CAIRN_LONG !== '1') return;
  await page.mouse.move(0, 0);
  await page.screenshot({ path: file });
}

/** Pictures of pages, kept where CAIRN_PICTURES says, so that people look at what the tests saw. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env.CAIRN_PICTURES;

/** A picture of the page as it is now; nothing where no folder is told. */
export async function picture(page: Page, name: string): Promise<void> {
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** Saving a file to the reader's disk. */
import { ApiProblem, download } from '../api/client.ts';
import { artifactUrl } from '../api/operations.ts';
import { hasToken } from '../api/token.ts';
import type { ArtifactOwner } from '../api/types.ts';
import { nameOf } from './file.ts';

/** More than a tab should hold at once. */
const heldLimit = 1_000_000_000;

/**
 * The browser fetches by itself, so a file of any size never passes through this page. A link cannot carry a token: then
 * the page fetches and hands over, up to a gigabyte.
 */
export async function saveFile(
  project: string,
  owner: ArtifactOwner,
  path: string,
  size: number | undefined,
): Promise<void> {
  const url = artifactUrl(project, owner, path);
  if (!hasToken()) return clickOn(url, path);
  if (size !== undefined && size > heldLimit) {
    throw new ApiProblem({
      status: 413,
      code: 'too_large',
      message: `Too large for this page while a token is needed. Use: curl -H "Authorization: Bearer $TOKEN" -o "${nameOf(path)}" "${location.origin}${url}"`,
    });
  }
  const held = URL.createObjectURL(await download(url));
  clickOn(held, path);
  setTimeout(() => URL.revokeObjectURL(held), 60_000);
}

function clickOn(url: string, path: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = nameOf(path);
  link.click();
}

/** The colour of a run: derived from its id, so it is the same on every page and in every session. */
const hues = 8;

export function swatchOf(id: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return `var(--c${((hash >>> 8) % hues) + 1})`;
}

/** What of the graph is opened, as a link says it: sides of nodes, and pages of what is folded there. Pure. */

export type Direction = 'up' | 'down';

/** A part of what is next to a node. */
export interface FoldName {
  readonly type: string;
  /** uid of what they are told under; absent: of all such. */
  readonly group: string | undefined;
}

export interface Opening {
  readonly of: string;
  readonly direction: Direction;
  /** Absent: the side itself. */
  readonly fold?: FoldName;
  /** Pages of the fold; 0: all there are. */
  readonly pages?: number;
}

/** `<uid>.u`, `<uid>.d`, and of a fold `<uid>.d.<type>.<group>.<pages>`, with commas between them. */
export function openingsText(openings: readonly Opening[]): string {
  return openings.map(openingText).join(',');
}

function openingText({ of, direction, fold, pages }: Opening): string {
  const side = `${of}.${direction === 'up' ? 'u' : 'd'}`;
  return fold === undefined ? side : `${side}.${escaped(fold.type)}.${fold.group ?? ''}.${pages ?? 1}`;
}

/** Parts that are none are left out. */
export function openingsOf(text: string): Opening[] {
  return text.split(',').flatMap((part) => openingOf(part) ?? []);
}

function openingOf(text: string): Opening | undefined {
  const [of = '', side, type, group, pages] = text.split('.');
  if (!/^[\w-]+$/.test(of) || (side !== 'u' && side !== 'd')) return undefined;
  const direction = side === 'u' ? 'up' : 'down';
  if (type === undefined) return { of, direction };
  const count = Number(pages ?? 1);
  if (type === '' || !Number.isInteger(count) || count < 0 || count > 5_000) return undefined;
  const fold = { type: decoded(type), group: group === '' ? undefined : group };
  return { of, direction, fold, pages: count };
}

/** The name of a side, or of a fold at it. */
export function sideKey(of: string, direction: Direction, fold?: FoldName): string {
  return openingText({ of, direction, ...(fold === undefined ? {} : { fold, pages: 0 }) });
}

/** With another opening: more pages of a fold take the place of fewer. */
export function withOpening(openings: readonly Opening[], opening: Opening): readonly Opening[] {
  const key = sideKey(opening.of, opening.direction, opening.fold);
  const at = openings.findIndex((one) => sideKey(one.of, one.direction, one.fold) === key);
  return at < 0 ? [...openings, opening] : openings.with(at, opening);
}

/** Without what is opened at a side of a node. */
export function withoutSide(
  openings: readonly Opening[],
  of: string,
  direction: Direction,
): readonly Opening[] {
  return openings.filter((one) => one.of !== of || one.direction !== direction);
}

const escaped = (text: string) => encodeURIComponent(text).replaceAll('.', '%2E');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

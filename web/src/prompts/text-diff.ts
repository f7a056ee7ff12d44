/** What differs between two texts: whole lines first, then the words of lines that took the place of others. Pure. */

export type Change = 'same' | 'removed' | 'added';

export interface DiffPart {
  readonly text: string;
  /** Whether it is this that makes the line another. */
  readonly changed: boolean;
}

export interface DiffLine {
  readonly change: Change;
  /** Numbers from 1 in the text before, and in the text after. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly parts: readonly DiffPart[];
}

/** Differing elements beyond which no shortest way is looked for: quadratic work for two texts that have little in common. */
const effort = 800;

export function textDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const lines: DiffLine[] = [];
  let [x, y] = [0, 0];
  const changes = [...diff(a, b), 'same' as const];
  for (let index = 0; index < changes.length; ) {
    if (changes[index] === 'same') {
      if (index === changes.length - 1) break;
      lines.push({ change: 'same', before: x + 1, after: y + 1, parts: whole(a[x]!, false) });
      x++;
      y++;
      index++;
      continue;
    }
    const end = changes.indexOf('same', index);
    const block = changes.slice(index, end);
    const removed = block.filter((change) => change === 'removed').length;
    const added = block.length - removed;
    lines.push(...blockOf(a.slice(x, x + removed), b.slice(y, y + added), x, y));
    x += removed;
    y += added;
    index = end;
  }
  return lines;
}

/** Lines that went, then those that came: a pair of them is compared by its words. */
function blockOf(removed: readonly string[], added: readonly string[], x: number, y: number): DiffLine[] {
  const pairs = removed.map((line, index) =>
    added[index] === undefined ? undefined : wordsOf(line, added[index]),
  );
  return [
    ...removed.map(
      (line, index): DiffLine => ({
        change: 'removed',
        before: x + index + 1,
        after: undefined,
        parts: pairs[index]?.[0] ?? whole(line, true),
      }),
    ),
    ...added.map(
      (line, index): DiffLine => ({
        change: 'added',
        before: undefined,
        after: y + index + 1,
        parts: pairs[index]?.[1] ?? whole(line, true),
      }),
    ),
  ];
}

const whole = (text: string, changed: boolean): DiffPart[] => [{ text, changed }];

/** Undefined where the two lines have hardly a word in common: then all of each is marked. */
function wordsOf(before: string, after: string): [DiffPart[], DiffPart[]] | undefined {
  const split = (line: string) => line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
  const [a, b] = [split(before), split(after)];
  const parts: [DiffPart[], DiffPart[]] = [[], []];
  let common = 0;
  let [x, y] = [0, 0];
  const add = (side: 0 | 1, text: string, changed: boolean) => {
    const last = parts[side].at(-1);
    if (last?.changed === changed) parts[side][parts[side].length - 1] = { text: last.text + text, changed };
    else parts[side].push({ text, changed });
  };
  for (const change of diff(a, b)) {
    if (change === 'removed') add(0, a[x++]!, true);
    else if (change === 'added') add(1, b[y++]!, true);
    else {
      if (a[x]!.trim() !== '') common += a[x]!.length;
      add(0, a[x++]!, false);
      add(1, b[y++]!, false);
    }
  }
  return common * 4 < Math.min(before.trim().length, after.trim().length) ? undefined : parts;
}

/** The steps from one list to the other, as few as possible (Myers 1986, greedy). */
export function diff(a: readonly string[], b: readonly string[]): Change[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end++;
  }
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const same = (count: number) => Array<Change>(count).fill('same');
  return [...same(start), ...middle, ...same(end)];
}

function between(a: readonly string[], b: readonly string[]): Change[] {
  const [n, m] = [a.length, b.length];
  const replaced = () => [...Array<Change>(n).fill('removed'), ...Array<Change>(m).fill('added')];
  if (n === 0 || m === 0) return replaced();
  const most = Math.min(n + m, effort);
  /** Furthest x on each diagonal k = x - y, after d differing steps. */
  let reach = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(new Map(reach));
    const next = new Map(reach);
    for (let k = -d; k <= d; k += 2) {
      const [left, right] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
      let x = k === -d || (k !== d && left < right) ? right : left + 1;
      while (x < n && x - k < m && x >= 0 && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= n && x - k >= m) return wayBack(trace, n, m);
    }
    reach = next;
  }
  return replaced();
}

function wayBack(trace: readonly Map<number, number>[], n: number, m: number): Change[] {
  const changes: Change[] = [];
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d]!;
    const k = x - y;
    const [left, right] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
    const isDown = k === -d || (k !== d && left < right);
    const fromK = isDown ? k + 1 : k - 1;
    const fromX = isDown ? right : left;
    const [startX, startY] = d === 0 ? [0, 0] : [fromX, fromX - fromK];
    while (x > startX && y > startY) {
      changes.push('same');
      x--;
      y--;
    }
    if (d === 0) break;
    changes.push(isDown ? 'added' : 'removed');
    [x, y] = [startX, startY];
  }
  return removedFirst(changes.reverse());
}

/** Within a block: what went stands before what came, as people read it. */
function removedFirst(changes: readonly Change[]): Change[] {
  const ordered: Change[] = [];
  let waiting = 0;
  for (const change of changes) {
    if (change === 'added') waiting++;
    else {
      if (change === 'same') for (; waiting > 0; waiting--) ordered.push('added');
      ordered.push(change);
    }
  }
  return [...ordered, ...Array<Change>(waiting).fill('added')];
}

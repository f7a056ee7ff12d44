/** Metrics by the part of their names before the first `/`; those without one first, those of the machine last. */
import { achievement } from '../runs/goals.ts';

export interface MetricSection {
  /** Empty for metrics without a prefix. */
  readonly name: string;
  readonly keys: readonly string[];
}

export function isSystemMetric(key: string): boolean {
  return key.startsWith('system/');
}

/** In each section those of `first` before the others, and sections that hold one of them before those that do not. */
export function sectionsOf(keys: readonly string[], first: ReadonlySet<string>): MetricSection[] {
  const sections = new Map<string, string[]>();
  const sorted = byWorth(keys);
  for (const key of [
    ...sorted.filter((each) => first.has(each)),
    ...sorted.filter((each) => !first.has(each)),
  ]) {
    const slash = key.indexOf('/');
    const name = slash > 0 ? key.slice(0, slash) : '';
    const section = sections.get(name);
    if (section === undefined) sections.set(name, [key]);
    else section.push(key);
  }
  const isLast = ({ name }: MetricSection) => Number(name === 'system');
  const bars = ({ keys: [best] }: MetricSection) => Number(!first.has(best!));
  return [...sections]
    .map(([name, members]) => ({ name, keys: members }))
    .sort(
      (a, b) => isLast(a) - isLast(b) || bars(a) - bars(b) || Number(a.name !== '') - Number(b.name !== ''),
    );
}

/** What runs are judged by first, then by name; the machine's last. */
export function byWorth(keys: readonly string[]): string[] {
  // Once for each: judging a name takes a dozen patterns, and a sort looks at each name many times.
  return keys
    .map((key) => [isSystemMetric(key) ? 3 : achievement(key), key] as const)
    .sort(([rankA, a], [rankB, b]) => rankA - rankB || (a < b ? -1 : a > b ? 1 : 0))
    .map(([, key]) => key);
}

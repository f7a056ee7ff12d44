/** Filters that were applied in this browser, the latest first. */
const slot = 'cairn.filters';
const kept = 30;

export function filterHistory(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(slot) ?? '[]');
    return Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberFilter(filter: string): void {
  const text = filter.trim();
  if (text === '') return;
  try {
    const next = [text, ...filterHistory().filter((each) => each !== text)].slice(0, kept);
    localStorage.setItem(slot, JSON.stringify(next));
  } catch {
    // Storage is blocked or full: this filter is not remembered.
  }
}

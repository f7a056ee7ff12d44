// Runs before the first paint, so that a pinned theme never flashes the other one. A file, not an inline script:
// the content security policy allows none. The other half is src/layout/theme.ts.
try {
  const pinned = localStorage.getItem('cairn.theme');
  if (pinned === 'light' || pinned === 'dark') document.documentElement.dataset.theme = pinned;
} catch {
  // Storage is blocked: follow the system.
}

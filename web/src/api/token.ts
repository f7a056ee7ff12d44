/**
 * The token of this tab. It lives in sessionStorage: gone with the tab, not readable by other tabs, never in a URL.
 * `tokenStore` also says whether the server has refused us, which is when the UI asks for one.
 */
const slot = 'cairn.token';

let token: string | null = read();
let refused = false;
const listeners = new Set<() => void>();

function read(): string | null {
  try {
    return sessionStorage.getItem(slot);
  } catch {
    return null;
  }
}

function tell(): void {
  for (const listener of listeners) listener();
}

export const tokenStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** True from the first 401 until a token is entered. */
  isRefused: (): boolean => refused,
};

export function authorization(): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

export function hasToken(): boolean {
  return token !== null;
}

export function enterToken(value: string): void {
  token = value;
  refused = false;
  try {
    sessionStorage.setItem(slot, value);
  } catch {
    // Storage is blocked: the token lasts until the page is reloaded.
  }
  tell();
}

/** Called by the client on every 401. */
export function tokenRefused(): void {
  if (refused) return;
  refused = true;
  tell();
}

/** The end of a Node program: what was logged is delivered before it, without anybody having to wait for it. */
interface Program {
  on(event: 'beforeExit', listener: () => void): void;
  off(event: 'beforeExit', listener: () => void): void;
  readonly exitCode?: unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Undefined in a browser. */
export const program = (globalThis as { process?: Partial<Program> }).process as Program | undefined;

export const environment: Program['env'] = program?.env ?? {};

/** Calls back when a Node program has nothing left to do; resolves to how to stop waiting for that. */
export function beforeExit(listener: () => void): () => void {
  if (typeof program?.on !== 'function') return () => {};
  program.on('beforeExit', listener);
  return () => program?.off('beforeExit', listener);
}

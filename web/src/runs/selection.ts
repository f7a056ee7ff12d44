/** Which runs are ticked. By id, so that rows may come, go and move. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  set(ids: Iterable<string>): void;
  add(ids: Iterable<string>): void;
  clear(): void;
}

/** What was ticked when the table was left, for who comes back. */
let left: { scope: string; ids: ReadonlySet<string> } | undefined;

/** Forgotten when `scope` changes: another experiment, another view. */
export function useSelection(scope: string): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(() =>
    left?.scope === scope ? left.ids : new Set<string>(),
  );
  useEffect(() => {
    left = { scope, ids };
  }, [scope, ids]);
  const before = useRef(scope);
  useEffect(() => {
    if (before.current === scope) return;
    before.current = scope;
    setIds(new Set());
  }, [scope]);

  const toggle = useCallback(
    (id: string) =>
      setIds((old) => {
        const next = new Set(old);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  const set = useCallback((next: Iterable<string>) => setIds(new Set(next)), []);
  const add = useCallback((more: Iterable<string>) => setIds((old) => new Set([...old, ...more])), []);
  const clear = useCallback(() => setIds((old) => (old.size === 0 ? old : new Set())), []);
  return useMemo(() => ({ ids, toggle, set, add, clear }), [ids, toggle, set, add, clear]);
}

import type { Db, Tx } from '../../src/db/db.ts';

/** A store on which the n-th statement of any write fails; `statements` tells how many there were. */
export function failing(db: Db): { db: Db; failAt: number | undefined; statements: number } {
  const state = {
    failAt: undefined as number | undefined,
    statements: 0,
    db: undefined as unknown as Db,
  };
  const counting = <T extends unknown[], R>(call: (...args: T) => Promise<R>) => {
    return async (...args: T): Promise<R> => {
      if (++state.statements === state.failAt) throw new Error('the disk is on fire');
      return call(...args);
    };
  };
  state.db = new Proxy(db, {
    get(target, property) {
      const value = Reflect.get(target, property) as unknown;
      if (property !== 'write') return typeof value === 'function' ? value.bind(target) : value;
      return (body: (tx: Tx) => Promise<unknown>) =>
        target.write((tx) =>
          body({
            dialect: tx.dialect,
            many: counting((query) => tx.many(query)) as Tx['many'],
            one: counting((query) => tx.one(query)) as Tx['one'],
            run: counting((statement) => tx.run(statement)),
            afterCommit: (task) => tx.afterCommit(task),
          }),
        );
    },
  });
  return state;
}

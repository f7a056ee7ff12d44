/**
 * A transaction body waits for nothing but its own statements, and those are synchronous in SQLite: so it ends within the
 * microtasks that follow its start. `setImmediate` fires only after those have run dry, hence a body that is still open
 * then waits for something else (a timer, a request, another transaction) and would hold up every other writer.
 */
import { CairnError } from '../../kernel/errors.ts';

/** Settles as `body` does, or fails once it is certain that it waits for something that is not ours. */
export function settleAtOnce<T>(body: () => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const watch = setImmediate(() => {
      reject(
        new CairnError('internal', 'A transaction body waited for something else than its own statements.'),
      );
    });
    startBody(body).then(
      (value) => {
        clearImmediate(watch);
        resolve(value);
      },
      (error: unknown) => {
        clearImmediate(watch);
        reject(error);
      },
    );
  });
}

/** A body that throws before its first promise fails like any other. */
async function startBody<T>(body: () => Promise<T>): Promise<T> {
  return await body();
}

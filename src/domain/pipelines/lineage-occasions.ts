/** What is seldom asked of events, loaded when it is. */
import type { Db, Dialect, Finding, Queries } from '../../db/db.ts';
import type { Clock } from '../../kernel/time.ts';
import type { FollowBindings } from '../datasets/index.ts';
import type { Graph } from '../graph/index.ts';

/** What brings up to date what follows from which version each read saw. */
export async function followBindings(graph: Graph): Promise<FollowBindings> {
  return (await import('./follow-bindings.ts')).followBindings(graph);
}

/** Holds what follows from events against what they claimed. */
export async function checkLineage(queries: Queries, deep: boolean, dialect: Dialect): Promise<Finding[]> {
  return (await import('./lineage-upkeep.ts')).checkLineage(queries, deep, dialect);
}

/** Makes what follows from events again where it differs. */
export async function rebuildLineage(
  db: Db,
  clock: Clock,
): Promise<{ readonly runs: number; readonly targets: number; readonly mended: number }> {
  return (await import('./lineage-upkeep.ts')).rebuildLineage(db, clock);
}

/** What runs serve, as events tell it, and which models they mean. For who records it, and can wait for no file either. */
export async function servingClaims() {
  const [runs, models, foreign, names] = await Promise.all([
    import('./run-serving.ts'),
    import('./model-claims.ts'),
    import('./foreign-models.ts'),
    import('./names.ts'),
  ]);
  return { ...runs, ...models, ...foreign, ...names };
}
export type ServingClaims = Awaited<ReturnType<typeof servingClaims>>;

export type JoinClaimedModels = typeof import('./model-arrivals.ts').joinClaimedModels;

/** What joins models to claims of them within a transaction, which can wait for no file. */
export async function joinClaimedModels(): Promise<JoinClaimedModels> {
  return (await import('./model-arrivals.ts')).joinClaimedModels;
}

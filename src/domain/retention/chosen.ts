/** Which deleted things are purged, where a caller names them. */
import type { Queries } from '../../db/db.ts';
import { CairnError, notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { findByKeys, type Graph, modelIdOf, uidOfModel } from '../graph/index.ts';
import { type Candidate, deletedAt, type PurgeKind } from './purge.ts';
import { type Chosen, rowsOf } from './purge-store.ts';

/** Ids as clients know them; an experiment stands for all that is in it. */
export interface NamedThings {
  readonly runs?: readonly string[] | undefined;
  readonly experiments?: readonly string[] | undefined;
  readonly loggedModels?: readonly string[] | undefined;
}

/**
 * The nodes of what is named; undefined where nothing is. With `before`, an error for what does not exist, is not deleted or
 * was deleted later; without, what was purged meanwhile is left out.
 */
export async function chosenOf(
  queries: Queries,
  graph: Graph,
  project: ProjectId,
  named: NamedThings,
  before: number | undefined,
): Promise<Chosen | undefined> {
  // An empty list names nothing; it does not stand for everything.
  if (Object.values(named).every((ids) => ids === undefined)) return undefined;
  const { runs = [], experiments = [], loggedModels = [] } = named;
  const byKey = await findByKeys(queries, project, 'experiment-id', experiments);
  const byUid = (kind: PurgeKind, uids: readonly string[]) =>
    rowsOf(queries, graph, [kind], sql`n.project = ${project} AND n.uid ${anyOf(uids)}`);
  const found = {
    runs: new Map((await byUid('run', runs)).map((row) => [row.uid as string, row])),
    experiments: await experimentRows(queries, graph, byKey),
    loggedModels: new Map(
      (
        await byUid(
          'logged-model',
          loggedModels.flatMap((id) => uidOfModel(id) ?? []),
        )
      ).map((row) => [modelIdOf(row.uid) as string, row]),
    ),
  };
  if (before !== undefined) {
    check('runs', 'Run', runs, found.runs, before);
    check('experiments', 'Experiment', experiments, found.experiments, before);
    check('loggedModels', 'Logged model', loggedModels, found.loggedModels, before);
  }
  const members = [...found.experiments.values()].map(({ id }) => id);
  const nodes = [...found.runs.values(), ...found.loggedModels.values()].map(({ id }) => id);
  return { nodes: [...nodes, ...members], members };
}

async function experimentRows(
  queries: Queries,
  graph: Graph,
  byKey: ReadonlyMap<string, NodeId>,
): Promise<Map<string, Candidate>> {
  const rows = await rowsOf(queries, graph, ['experiment'], sql`n.id ${anyOf([...byKey.values()])}`);
  const byNode = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    [...byKey].flatMap(([id, node]): [string, Candidate][] => {
      const row = byNode.get(node);
      return row === undefined ? [] : [[id, row]];
    }),
  );
}

function check(
  field: keyof NamedThings,
  what: string,
  ids: readonly string[],
  found: ReadonlyMap<string, Candidate>,
  before: number,
): void {
  for (const [index, id] of ids.entries()) {
    const row = found.get(id);
    if (row === undefined) throw notFound(`${what} with id=${id} not found`, `${field}[${index}]`);
    const refuse = (why: string) =>
      new CairnError('failed_precondition', `${what} ${id} ${why}`, { field: `${field}[${index}]` });
    const at = deletedAt(row);
    if (at === undefined) throw refuse('is not deleted: only what is deleted is removed.');
    if (at > before) throw refuse('was deleted too short a time ago.');
  }
}

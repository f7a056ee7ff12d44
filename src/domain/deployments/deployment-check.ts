/** When a deployment began and ended, and how, stands at its node too: derived from what is believed of its shares. */
import type { Db, Dialect, Finding, Queries } from '../../db/db.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { claimingAs } from '../../kernel/request-context.ts';
import { anyOf, rawSql, type Sql, sql } from '../../kernel/sql.ts';
import type { Clock } from '../../kernel/time.ts';
import { systemContext } from '../access/index.ts';
import { Journal } from '../events/index.ts';
import {
  type ExecutionState,
  edgeKinds,
  executionStates,
  Graph,
  graphNames,
  keysNamed,
} from '../graph/index.ts';
import { servingClaims } from '../pipelines/index.ts';

const shares = sql`FROM edge s WHERE s.target = n.id AND s.kind = ${edgeKinds.serves} AND s.known_to IS NULL`;
const began = sql`(SELECT min(s.valid_from) ${shares})`;
const last = (column: 'valid_to' | 'subtype'): Sql =>
  sql`(SELECT s.${rawSql(column)} ${shares} ORDER BY s.valid_from DESC, s.id DESC LIMIT 1)`;
// Literals: of bound values PostgreSQL does not know here that they are numbers.
const code = (state: ExecutionState): Sql => rawSql(String(executionStates[state]));
const state = sql`CASE WHEN ${last('valid_to')} IS NULL THEN ${code('running')}
  WHEN ${last('subtype')} = 'failed' THEN ${code('failed')}
  WHEN ${last('subtype')} = 'rolled-back' THEN ${code('killed')} ELSE ${code('finished')} END`;

async function wrong(queries: Queries): Promise<NodeId[]> {
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT n.id FROM node n
    WHERE n.type = (SELECT t.id FROM type t WHERE t.project = 0 AND t.name = 'deployment') AND n.deleted = 0
      AND (n.started <> coalesce(${began}, -1) OR coalesce(n.ended, -1) <> coalesce(${last('valid_to')}, -1) OR n.state <> ${state})
    ORDER BY n.id`);
  return rows.map(({ id }) => id);
}

/** Runs that are looked at together. */
const together = 500;

/** Shallow: the first ones of the runs that are deployments. Deep: all of them. */
export async function checkDeployments(
  queries: Queries,
  deep: boolean,
  dialect: Dialect,
): Promise<Finding[]> {
  let found = (await wrong(queries)).length;
  const check = 'deployments';
  const names = await graphNames(queries, dialect);
  if (names !== undefined) {
    const { wrongRuns } = await import('./run-deployment-check.ts');
    const claims = await servingClaims();
    const graph = { types: names.types, keys: { find: keysNamed } };
    for (let after = 0; ; ) {
      const runs = await claims.servingRunsAfter(queries, after, together);
      found += (await wrongRuns(queries, graph, claims, runs)).length;
      if (!deep || runs.length < together) break;
      after = runs.at(-1)!;
    }
  }
  if (found === 0) return [{ level: 'ok', check, detail: 'each began and ended as is believed of it' }];
  return [
    {
      ...{ level: 'error', check },
      detail: `${found} say of when they served what is not believed; cairn rebuild mends that`,
    },
  ];
}

/** Resolves to how many were mended. */
export async function rebuildDeployments(db: Db, clock: Clock): Promise<number> {
  const graph = await Graph.open(db);
  const journal = new Journal(db, () => {});
  // What is made again is what the face claimed.
  const context = claimingAs(systemContext(clock, 'rebuild'), 'openlineage');
  const { wrongRuns } = await import('./run-deployment-check.ts');
  const { settleAgain } = await import('./run-deployments.ts');
  const claims = await servingClaims();
  let mended = 0;
  for (let after = 0; ; ) {
    const runs = await db.read((queries) => claims.servingRunsAfter(queries, after, together));
    const found = await db.read((queries) => wrongRuns(queries, graph, claims, runs));
    for (const [project, own] of Map.groupBy(found, (run) => run.project)) {
      await journal.write(context, project, 'deployment.rebuild', async (tx) => {
        await settleAgain(tx, graph, context, project, claims, own);
        tx.record({ node: own[0]!.run, body: { changed: own.length } });
      });
      mended += own.length;
    }
    if (runs.length < together) break;
    after = runs.at(-1)!;
  }
  return mended + (await mendNodes(db));
}

function mendNodes(db: Db): Promise<number> {
  return db.write(async (tx) => {
    const nodes = await wrong(tx);
    if (nodes.length === 0) return 0;
    await tx.run(sql`UPDATE node AS n SET started = coalesce(${began}, n.started), ended = ${last('valid_to')}, state = ${state}
      WHERE n.id ${anyOf(nodes)}`);
    return nodes.length;
  });
}

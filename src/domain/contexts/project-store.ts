import type { Queries } from '../../db/db.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/request-context.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import { nodeKinds } from '../graph/index.ts';
import type { Project } from './project.ts';

/** Projects in the order of their names, after a name; only those in scope. */
export async function listProjects(
  queries: Queries,
  scope: Scope,
  type: number,
  after: string,
  limit: number,
): Promise<Project[]> {
  const visible = scope.projects === 'all' ? emptySql : sql`AND n.id ${anyOf(scope.projects)}`;
  const rows = await queries.many<{ id: ProjectId; name: string; created: number }>(sql`
    SELECT n.id, n.name, n.created FROM node n
    WHERE n.context = 0 AND n.kind = ${nodeKinds.context} AND n.type = ${type} AND n.name > ${after} ${visible}
    ORDER BY n.name LIMIT ${limit}`);
  return rows;
}

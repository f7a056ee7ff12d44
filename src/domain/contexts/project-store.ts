import type { Queries } from '../../db/db.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/request-context.ts';
import { anyOf, emptySql, sql } from '../../kernel/sql.ts';
import { nodeKinds, propertyScopes } from '../graph/index.ts';
import type { Project } from './project.ts';

export const descriptionKey = 'description';

const selectProjects = sql`SELECT n.id, n.name, n.created, p.text AS description FROM node n
  LEFT JOIN interned_key k ON k.name = ${descriptionKey}
  LEFT JOIN property p ON p.owner = n.id AND p.scope = ${propertyScopes.declared} AND p.key = k.id`;

/** Projects in the order of their names, after a name; only those in scope. */
export async function listProjects(
  queries: Queries,
  scope: Scope,
  type: number,
  after: string,
  limit: number,
): Promise<Project[]> {
  const visible = scope.projects === 'all' ? emptySql : sql`AND n.id ${anyOf(scope.projects)}`;
  return queries.many<Project>(sql`${selectProjects}
    WHERE n.context = 0 AND n.kind = ${nodeKinds.context} AND n.type = ${type} AND n.name > ${after} ${visible}
    ORDER BY n.name LIMIT ${limit}`);
}

/** A project that is known to exist. */
export async function projectById(queries: Queries, id: ProjectId): Promise<Project> {
  return (await queries.one<Project>(sql`${selectProjects} WHERE n.id = ${id}`))!;
}

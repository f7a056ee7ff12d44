import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  claimKey,
  findByKey,
  type Graph,
  insertNode,
  putProperties,
  updateNode,
  wholeServer,
} from '../graph/index.ts';
import { checkName, nameLimits } from './names.ts';
import type { Project } from './project.ts';
import { descriptionKey, listProjects, projectById } from './project-store.ts';

export const defaultProjectName = 'default';

export class Projects {
  readonly #graph: Graph;
  readonly #journal: Journal;
  /** A project's name never changes and projects are not deleted, so a name found once stays true. */
  readonly #ids = new Map<string, ProjectId>();

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
  }

  async create(
    context: RequestContext,
    input: { readonly name: string; readonly description?: string | undefined },
  ): Promise<Project> {
    checkName('name', input.name, nameLimits.project);
    const { description } = input;
    if (description !== undefined) checkDescription(description);
    const id = (await this.#graph.db.nextIds(1)) as NodeId;
    const project = id as number as ProjectId;
    const now = context.clock.now();
    return this.#journal.write(context, wholeServer, 'project.create', async (tx) => {
      if (!(await claimKey(tx, wholeServer, 'project-name', input.name, id))) {
        throw new CairnError('already_exists', `A project named '${input.name}' exists.`, { field: 'name' });
      }
      await insertNode(tx, {
        id,
        uid: context.newUid(),
        project,
        context: 0,
        kind: 'context',
        type: this.#graph.types.project,
        name: input.name,
        state: null,
        created: now,
        started: null,
        ended: null,
        mark: 0,
      });
      if (description !== undefined) await this.#putDescription(tx, context, project, description);
      tx.record({ node: id, body: { name: input.name, description } });
      return { id: project, name: input.name, description: description ?? null, created: now };
    });
  }

  /** Says what a project is for. */
  async describe(context: RequestContext, name: string, description: string): Promise<Project> {
    checkDescription(description);
    const id = await this.resolve(context, name);
    return this.#journal.write(context, id, 'project.describe', async (tx) => {
      const node = id as number as NodeId;
      await this.#putDescription(tx, context, id, description);
      await updateNode(tx, node, context.clock.now(), {});
      tx.record({ node, body: { description } });
      return projectById(tx, id);
    });
  }

  /** By name, in scope. */
  async get(context: RequestContext, name: string): Promise<Project> {
    const id = await this.resolve(context, name);
    return this.#graph.db.read((queries) => projectById(queries, id));
  }

  /** The id of a project, in scope or not: for those who look at the scope, or at a ticket, themselves. */
  async find(name: string): Promise<ProjectId | undefined> {
    return this.#ids.get(name) ?? (await this.#find(name));
  }

  /** The id of a project in scope; `not_found` otherwise. */
  async resolve(context: RequestContext, name: string): Promise<ProjectId> {
    const id = await this.find(name);
    const visible =
      context.scope.projects === 'all' || (id !== undefined && context.scope.projects.includes(id));
    if (id === undefined || !visible) throw notFound(`No project named '${name}'.`, 'project');
    return id;
  }

  async list(
    context: RequestContext,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<Project>> {
    const fingerprint = queryFingerprint(['projects', context.scope]);
    const after = page.cursor === undefined ? [''] : decodeCursor(page.cursor, fingerprint, 1, 'cursor');
    const found = await this.#graph.db.read((queries) =>
      listProjects(queries, context.scope, this.#graph.types.project, String(after[0]), page.limit + 1),
    );
    const items = found.slice(0, page.limit);
    const last = items.at(-1);
    if (found.length <= page.limit || last === undefined) return { items };
    return { items, cursor: encodeCursor(fingerprint, [last.name]) };
  }

  /** Makes the default project of a new store. Safe when several servers start at once. */
  async ensureDefault(context: RequestContext): Promise<ProjectId> {
    const existing = await this.#find(defaultProjectName);
    if (existing !== undefined) return existing;
    try {
      return (await this.create(context, { name: defaultProjectName })).id;
    } catch (error) {
      if (!(error instanceof CairnError && error.code === 'already_exists')) throw error;
      return this.resolve(context, defaultProjectName);
    }
  }

  async #putDescription(tx: ChangeTx, context: RequestContext, project: ProjectId, text: string) {
    const keys = await this.#graph.keys.resolve(tx, [descriptionKey]);
    const owner = { id: project as number as NodeId, project, context: 0 as NodeId };
    const value = { kind: 'text', value: text } as const;
    const values = new Map([[keys.get(descriptionKey)!, value]]);
    await putProperties(tx, owner, 'declared', context.face, values);
  }

  async #find(name: string): Promise<ProjectId | undefined> {
    if (name.includes('\0')) return undefined;
    const node = await this.#graph.db.read((queries) =>
      findByKey(queries, wholeServer, 'project-name', name),
    );
    if (node === undefined) return undefined;
    const id = node as number as ProjectId;
    this.#ids.set(name, id);
    return id;
  }
}

function checkDescription(text: string): void {
  const limit = nameLimits.projectDescription;
  if (text.length > limit) throw invalid('description', `description is longer than ${limit} characters`);
  if (text.includes('\0')) throw invalid('description', 'description must not contain U+0000');
}

/**
 * In which project a request acts: that of the workspace it names, else the default one. The one place where this is decided,
 * for every operation of the face; what is not in the scope of who asks is not there.
 */
import { principals } from '../../domain/access/index.ts';
import { wholeServer } from '../../domain/graph/index.ts';
import { notFound } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { HttpOperation, HttpReply } from '../../kernel/operation.ts';
import { actingAs, type RequestContext } from '../../kernel/request-context.ts';
import { workspaceHeader } from './artifacts-address.ts';
import { replyToRequestError } from './errors.ts';
import type { MlflowServices, Workspace, WorkspaceOperation } from './services.ts';
import { checkWorkspaceName } from './workspace-names.ts';

export class Workspaces {
  readonly #services: Pick<MlflowServices, 'projects' | 'experiments' | 'project'>;
  readonly #default: Workspace;
  /** Those that have their experiment Default, by name. Projects are neither renamed nor deleted. */
  readonly #opened = new Map<string, Workspace>();

  constructor(services: Pick<MlflowServices, 'projects' | 'experiments' | 'project'>) {
    this.#services = services;
    this.#default = services.project;
    this.#opened.set(services.project.name, services.project);
  }

  /** The operation, each request in its workspace. Who names none, or one that was used before, waits for nothing. */
  within(operation: WorkspaceOperation): HttpOperation {
    // Tells clients what there is, whatever they name.
    if (operation.permission === 'public') {
      return {
        ...operation,
        handle: (context, request) => operation.handle(context, request, this.#default),
      };
    }
    const byTicket = operation.permission === 'ticket';
    return {
      ...operation,
      handle: (context, request) => {
        const name = request.headers[workspaceHeader]?.trim();
        const opened = name ? this.#opened.get(name) : this.#default;
        // A ticket says itself in which project it is good.
        if (opened !== undefined && (byTicket || isInScope(context, opened.id))) {
          return operation.handle(context, request, opened);
        }
        return answered(async () => {
          const workspace = await this.#open(context, name || this.#default.name, byTicket);
          return operation.handle(context, request, workspace);
        });
      },
    };
  }

  async #open(context: RequestContext, name: string, byTicket: boolean): Promise<Workspace> {
    const { projects, experiments } = this.#services;
    if (byTicket) {
      // Whoever holds none is not told what there is: where there is no such project, every ticket is a wrong one.
      return { id: (await projects.find(name)) ?? wholeServer, name };
    }
    checkWorkspaceName(name);
    const id = await projects.find(name);
    if (id === undefined || !isInScope(context, id)) throw noWorkspace(name);
    // Not the doing of whoever asks first, who may be one that only reads.
    await experiments.ensureDefault(actingAs(context, principals.system), id);
    const workspace = { id, name };
    this.#opened.set(name, workspace);
    return workspace;
  }
}

export function noWorkspace(name: string) {
  return notFound(`Workspace '${name}' not found`, 'workspace');
}

function isInScope({ scope }: RequestContext, project: ProjectId): boolean {
  return scope.projects === 'all' || scope.projects.includes(project);
}

async function answered(handle: () => Promise<HttpReply>): Promise<HttpReply> {
  try {
    return await handle();
  } catch (error) {
    return replyToRequestError(error);
  }
}

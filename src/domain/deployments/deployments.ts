/**
 * Deployments as their faces see them. What the use cases run on is loaded with the first of them: most servers are asked
 * for other things first, and a start is the loading of modules.
 */
import type { ProjectId, Uid } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type {
  AsOf,
  Correction,
  Deployment,
  EndOfDeployment,
  Endpoint,
  NewDeployment,
  RollBack,
} from './deployment.ts';
import type { Assertion, DeploymentSearch, EndpointSearch } from './deployment-reads.ts';

const reads = () => import('./deployment-reads.ts');
const changes = () => import('./changes.ts');
const endpoints = () => import('./endpoints.ts');

export class Deployments {
  readonly #graph: Graph;
  readonly #journal: Journal;

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
  }

  async record(context: RequestContext, project: ProjectId, input: NewDeployment): Promise<Uid> {
    const { recordDeployment } = await import('./recording.ts');
    return recordDeployment(this.#graph, this.#journal, context, project, input);
  }

  async end(context: RequestContext, project: ProjectId, input: EndOfDeployment): Promise<Uid[]> {
    return (await changes()).endDeployments(this.#graph, this.#journal, context, project, input);
  }

  async rollBack(context: RequestContext, project: ProjectId, input: RollBack): Promise<Uid> {
    return (await changes()).rollBack(this.#graph, this.#journal, context, project, input);
  }

  async correct(context: RequestContext, project: ProjectId, uid: string, change: Correction): Promise<void> {
    return (await changes()).correctDeployment(this.#graph, this.#journal, context, project, uid, change);
  }

  async retract(context: RequestContext, project: ProjectId, uid: string): Promise<void> {
    return (await changes()).retractDeployment(this.#graph, this.#journal, context, project, uid);
  }

  async get(
    _context: RequestContext,
    project: ProjectId,
    uid: string,
    when: AsOf = {},
  ): Promise<{ readonly deployment: Deployment; readonly assertions: readonly Assertion[] }> {
    return (await reads()).getDeployment(this.#graph, project, uid, when);
  }

  async list(
    _context: RequestContext,
    project: ProjectId,
    search: DeploymentSearch,
  ): Promise<Page<Deployment>> {
    return (await reads()).listDeployments(this.#graph, project, search);
  }

  async endpoint(
    _context: RequestContext,
    project: ProjectId,
    which: { readonly uid: string } | { readonly name: string },
    when: AsOf = {},
  ): Promise<Endpoint> {
    return (await reads()).getEndpoint(this.#graph, project, which, when);
  }

  async endpoints(
    _context: RequestContext,
    project: ProjectId,
    search: EndpointSearch,
  ): Promise<Page<Endpoint>> {
    return (await reads()).listEndpoints(this.#graph, project, search);
  }

  async describeEndpoint(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    description: string,
  ): Promise<void> {
    return (await endpoints()).describeEndpoint(
      this.#graph,
      this.#journal,
      context,
      project,
      uid,
      description,
    );
  }

  async deleteEndpoint(context: RequestContext, project: ProjectId, uid: string): Promise<void> {
    return (await endpoints()).deleteEndpoint(this.#graph, this.#journal, context, project, uid);
  }

  async restoreEndpoint(context: RequestContext, project: ProjectId, uid: string): Promise<void> {
    return (await endpoints()).restoreEndpoint(this.#graph, this.#journal, context, project, uid);
  }
}

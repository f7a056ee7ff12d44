/** The registry as its faces see it: registered models, their versions, what these are named, and where their files are. */
import { CairnError } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import { findNode, type Graph } from '../graph/index.ts';
import type { Runs } from '../runs/index.ts';
import { loadVersions } from './model-version-store.ts';
import { ModelVersions, type VersionMade } from './model-versions.ts';
import { isPrompt, type ModelVersion, type RegisteredModel } from './registered-model.ts';
import { RegisteredModels } from './registered-models.ts';
import { type RegistrySearch, searchRegistered, searchVersions } from './registry-search.ts';
import { VersionNames } from './version-names.ts';
import { isPlaceholder } from './version-source.ts';

export class Registry {
  readonly models: RegisteredModels;
  readonly versions: ModelVersions;
  readonly names: VersionNames;
  readonly #graph: Graph;
  readonly #runs: Pick<Runs, 'get'>;

  constructor(
    graph: Graph,
    journal: Journal,
    runs: Pick<Runs, 'get'>,
    versionMade?: () => Promise<VersionMade>,
  ) {
    this.#graph = graph;
    this.#runs = runs;
    this.models = new RegisteredModels(graph, journal);
    this.versions = new ModelVersions(graph, journal, versionMade);
    this.names = new VersionNames(graph, journal);
  }

  async searchModels(
    context: RequestContext,
    project: ProjectId,
    search: RegistrySearch,
  ): Promise<Page<RegisteredModel>> {
    return searchRegistered(this.#graph, context, project, search);
  }

  async searchVersions(
    context: RequestContext,
    project: ProjectId,
    search: RegistrySearch,
  ): Promise<Page<ModelVersion>> {
    return searchVersions(this.#graph, context, project, search);
  }

  /** Undefined for a uid that is no version's, or a deleted one's. */
  async versionByUid(
    _context: RequestContext,
    project: ProjectId,
    uid: string,
  ): Promise<ModelVersion | undefined> {
    return this.#graph.db.read(async (queries) => {
      const node = uid.includes('\0') ? undefined : await findNode(queries, project, uid);
      if (node?.type !== this.#graph.types['model-version']) return undefined;
      return (await loadVersions(queries, this.#graph, [node.id])).get(node.id);
    });
  }

  /** Where the files of a version are, as an artifact URI. `failed_precondition` for a prompt, which has none. */
  async filesOf(context: RequestContext, project: ProjectId, version: ModelVersion): Promise<string> {
    // The tags of a prompt may go, its source stays.
    if (isPrompt(version.tags) || isPlaceholder(version.source)) {
      throw new CairnError('failed_precondition', 'A prompt has no files.', { field: 'version' });
    }
    const [, run, path = ''] = /^runs:\/([^/]+)\/?(.*)$/s.exec(version.location) ?? [];
    if (run === undefined) return version.location;
    const { artifactUri } = (await this.#runs.get(context, project, run)).run;
    return path === '' ? artifactUri : `${artifactUri}/${path}`;
  }
}

/**
 * Datasets as their faces see them: what runs use, and the datasets of a project across the faces that speak of them. What most servers
 * are asked for seldom is loaded when it is first asked for: a start is the loading of modules.
 */
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Journal } from '../events/index.ts';
import type { Graph } from '../graph/index.ts';
import type { CataloguedDataset, CataloguedUse, DatasetSearch, UseSearch } from './catalogue/catalogue.ts';
import { type FacetSource, noFacets } from './catalogue/facet-source.ts';
import type { CataloguedVersion, VersionDifference } from './catalogue/versions.ts';
import type { DatasetInput, DatasetUse } from './dataset.ts';
import { inputsOfRuns, usesInExperiments } from './dataset-store.ts';
import type { DescriptionChange } from './describing.ts';
import type { LoadFollowBindings } from './identity/claims.ts';
import type { NewDatasetVersion, RecordedVersion } from './recording.ts';

const catalogue = () => import('./catalogue/catalogue.ts');
const versions = () => import('./catalogue/versions.ts');

interface PageOf {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export class Datasets {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #follow: LoadFollowBindings;
  readonly #facets: FacetSource;

  /** `follow`, `facets`: what a later slice derives from which version was read, and keeps of datasets. */
  constructor(graph: Graph, journal: Journal, follow: LoadFollowBindings, facets: FacetSource = noFacets) {
    this.#graph = graph;
    this.#journal = journal;
    this.#follow = follow;
    this.#facets = facets;
  }

  #reads({ scope }: RequestContext) {
    return { graph: this.#graph, facets: this.#facets, scope };
  }

  async list(
    context: RequestContext,
    project: ProjectId,
    search: DatasetSearch,
  ): Promise<Page<CataloguedDataset>> {
    return (await catalogue()).listDatasets(this.#reads(context), context, project, search);
  }

  /** By the uid of any of its records; `not_found` on `dataset`. */
  async get(context: RequestContext, project: ProjectId, uid: string): Promise<CataloguedDataset> {
    return (await catalogue()).getDataset(this.#reads(context), project, uid);
  }

  /** The latest first. */
  async versions(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    page: PageOf,
  ): Promise<Page<CataloguedVersion>> {
    return (await versions()).listVersions(this.#reads(context), context, project, uid, page);
  }

  /** By the uid of any of its records; `not_found` on `version`. */
  async version(context: RequestContext, project: ProjectId, uid: string): Promise<CataloguedVersion> {
    return (await versions()).getVersion(this.#reads(context), project, uid);
  }

  /** Who read and who wrote it, the latest first. */
  async uses(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    search: UseSearch,
  ): Promise<Page<CataloguedUse>> {
    return (await catalogue()).usesOfDataset(this.#reads(context), context, project, uid, search);
  }

  /** What differs between two versions; `not_found` on `left` or `right`. */
  async difference(
    context: RequestContext,
    project: ProjectId,
    pair: { readonly left: string; readonly right: string },
  ): Promise<VersionDifference> {
    return (await versions()).differenceOf(this.#reads(context), project, pair);
  }

  async record(
    context: RequestContext,
    project: ProjectId,
    version: NewDatasetVersion,
  ): Promise<RecordedVersion> {
    const { recordVersion } = await import('./recording.ts');
    return recordVersion(this.#graph, this.#journal, await this.#follow(), context, project, version);
  }

  async describe(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    change: DescriptionChange,
    expected?: DescriptionChange,
  ): Promise<void> {
    const { describeDataset } = await import('./describing.ts');
    return describeDataset(this.#graph, this.#journal, context, project, uid, change, expected);
  }

  /** Takes the last `describe` back. */
  async undo(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    expected?: DescriptionChange,
  ): Promise<void> {
    const { undoDescription } = await import('./describing.ts');
    return undoDescription(this.#graph, this.#journal, context, project, uid, expected);
  }

  /** What each run uses, in the order it was logged; runs without inputs are absent. */
  async inputsOf(
    _context: RequestContext,
    _project: ProjectId,
    runs: readonly NodeId[],
  ): Promise<ReadonlyMap<NodeId, readonly DatasetInput[]>> {
    if (runs.length === 0) return new Map();
    const inputs = await this.#graph.db.read((queries) => inputsOfRuns(queries, this.#graph, runs));
    return Map.groupBy(inputs, (input) => input.run);
  }

  /** Dataset versions that runs of these experiments use, each once per context, at most `limit`. */
  async usesIn(
    context: RequestContext,
    project: ProjectId,
    experiments: readonly string[],
    limit: number,
  ): Promise<DatasetUse[]> {
    return this.#graph.db.scan(
      (queries) => usesInExperiments(queries, this.#graph, project, experiments, limit),
      context.signal,
    );
  }
}

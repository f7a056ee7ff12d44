/**
 * Reading datasets: assets of a project with their versions, and what runs use. They are written with the inputs of runs
 * (slice models: one request brings datasets and models together).
 */
import { notFound } from '../../kernel/errors.ts';
import type { NodeId, ProjectId } from '../../kernel/ids.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Graph } from '../graph/index.ts';
import { nameContains } from '../search/index.ts';
import type { Dataset, DatasetInput, DatasetUse, DatasetVersion } from './dataset.ts';
import {
  countUses,
  findAsset,
  inputsOfRuns,
  listAssets,
  usesInExperiments,
  versionNodes,
  versionsById,
} from './dataset-store.ts';

export interface DatasetSearch {
  /** Part of the name, A–Z equal to a–z. */
  readonly search?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A version and how many runs use it. */
export type ListedVersion = DatasetVersion & { readonly runs: number };

export class Datasets {
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Assets, the latest recorded first. */
  async list(context: RequestContext, project: ProjectId, search: DatasetSearch): Promise<Page<Dataset>> {
    const fingerprint = queryFingerprint(['datasets', project, search.search ?? '']);
    const before = beforeOf(search.cursor, fingerprint);
    const found = await this.#graph.db.scan((queries) => {
      const matches = search.search ? nameContains(this.#graph, search.search) : undefined;
      return listAssets(queries, this.#graph, project, { matches, before, limit: search.limit + 1 });
    }, context.signal);
    return pageOf(found, search.limit, fingerprint, (dataset) => dataset.node);
  }

  /** `not_found` on `dataset`. */
  async get(_context: RequestContext, project: ProjectId, uid: string): Promise<Dataset> {
    const found = await this.#graph.db.read(async (queries) =>
      uid.includes('\0') ? undefined : findAsset(queries, this.#graph, project, uid),
    );
    if (found === undefined) throw notFound(`There is no dataset ${JSON.stringify(uid)}`, 'dataset');
    return found;
  }

  /** Versions of an asset, the latest recorded first. */
  async versions(
    context: RequestContext,
    project: ProjectId,
    uid: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<ListedVersion>> {
    const asset = await this.get(context, project, uid);
    const fingerprint = queryFingerprint(['dataset-versions', project, uid]);
    const before = beforeOf(page.cursor, fingerprint);
    const found = await this.#graph.db.read(async (queries) => {
      const nodes = await versionNodes(queries, asset.node, before, page.limit + 1);
      const versions = await versionsById(queries, this.#graph, nodes);
      const runs = nodes.length === 0 ? new Map<NodeId, number>() : await countUses(queries, nodes);
      return nodes.flatMap((node): ListedVersion | [] => {
        const version = versions.get(node);
        return version === undefined ? [] : { ...version, runs: runs.get(node) ?? 0 };
      });
    });
    return pageOf(found, page.limit, fingerprint, (version) => version.node);
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

function beforeOf(cursor: string | undefined, fingerprint: string): number | undefined {
  if (cursor === undefined) return undefined;
  const [before] = decodeCursor(cursor, fingerprint, 1, 'cursor');
  return typeof before === 'number' && Number.isSafeInteger(before) ? before : 0;
}

/** `found` has one more than `limit` where there is a next page. */
function pageOf<T>(
  found: readonly T[],
  limit: number,
  fingerprint: string,
  idOf: (item: T) => number,
): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, cursor: encodeCursor(fingerprint, [idOf(last)]) };
}

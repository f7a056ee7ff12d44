/**
 * Everything that an event names, resolved to nodes at once: its own jobs, runs and datasets, and those that its facets
 * speak of. To be named is enough for a record to exist, whatever becomes of the facet that named it.
 */
import { present } from '../../kernel/assert.ts';
import { invalid } from '../../kernel/errors.ts';
import type { NodeId } from '../../kernel/ids.ts';
import type { Face } from '../../kernel/request-context.ts';
import type { Origin } from './codes.ts';
import type { NewDerivation } from './derivation.ts';
import type { EventScope } from './event-recorder.ts';
import { lineageLimits, type PlaceName, type SentDataset, type SentFacet } from './lineage-event.ts';
import { assetKey, jobKey, runKey } from './names.ts';
import type { RunName } from './record-nodes.ts';
import {
  columnLineageOf,
  datasetLineageOf,
  facetOf,
  type SourceLink,
  type SourceName,
  symlinksOf,
} from './standard-facets.ts';

/** That a target was made from others, before they are nodes. */
export interface NamedDerivation {
  readonly target: SourceName;
  readonly origin: Origin;
  readonly links: readonly SourceLink[];
  readonly removed: boolean;
}

export class Mentions {
  readonly #face: Face;
  readonly #jobs: PlaceName[] = [];
  readonly #runs: RunName[] = [];
  readonly #datasets: PlaceName[] = [];
  readonly #made = new Set<NodeId>();
  #links = 0;
  #jobIds: ReadonlyMap<string, NodeId> = new Map();
  #runIds: ReadonlyMap<string, NodeId> = new Map();
  #assetIds: ReadonlyMap<string, NodeId> = new Map();

  constructor(face: Face) {
    this.#face = face;
  }

  addJob(job: PlaceName): void {
    this.#jobs.push(job);
  }

  addRun(run: RunName): void {
    this.#runs.push(run);
    this.#jobs.push(run.job);
  }

  /** With its other names. */
  addDataset(dataset: PlaceName & { readonly facets?: readonly SentFacet[] }): void {
    this.#datasets.push(dataset);
    const symlinks = dataset.facets && facetOf(dataset.facets, 'symlinks');
    if (symlinks !== undefined) this.#datasets.push(...symlinksOf(symlinks));
  }

  addDerivation({ target, links }: NamedDerivation, own: PlaceName | undefined): void {
    this.#addSource(target, own);
    this.#links += links.length;
    if (this.#links > lineageLimits.links) {
      throw invalid(
        'facets',
        `The facets of one event link more than ${lineageLimits.links.toLocaleString('en')} sources to targets`,
      );
    }
    for (const { source } of links) this.#addSource(source, own);
  }

  #addSource(source: SourceName, own: PlaceName | undefined): void {
    if (source.kind === 'dataset') {
      this.#datasets.push(source);
      return;
    }
    const job = source.job === 'own' ? own : source.job;
    if (job === undefined) return;
    if (source.runId === undefined) this.#jobs.push(job);
    else this.addRun({ id: source.runId, job });
  }

  /** Makes what is not there. Jobs, then runs, then datasets, as every event does. */
  async resolve({ tx, context, project, nodes, identity }: EventScope): Promise<void> {
    this.#jobIds = await nodes.jobs(tx, context, project, this.#jobs);
    this.#runIds = await nodes.runs(tx, context, project, this.#runs, this.#made);
    this.#assetIds = await nodes.assets(tx, identity, context, project, this.#datasets);
  }

  /** Nobody had named the run before: nothing is stored of it. */
  isNewRun(run: NodeId): boolean {
    return this.#made.has(run);
  }

  job(job: PlaceName): NodeId {
    return present(this.#jobIds.get(jobKey(this.#face, job)), 'node of a job');
  }

  run({ id, job }: RunName): NodeId {
    return present(this.#runIds.get(runKey(this.#face, id, job)), 'node of a run');
  }

  asset(dataset: PlaceName): NodeId {
    return present(this.#assetIds.get(assetKey(this.#face, dataset)), 'node of a dataset');
  }

  /** Everything named, for the log. */
  all(): NodeId[] {
    return [...this.#jobIds.values(), ...this.#runIds.values(), ...this.#assetIds.values()];
  }

  /** `own`: what the event is about. Links to what cannot be told are left out. */
  derivation(
    { origin, links, removed }: NamedDerivation,
    target: NodeId,
    by: NodeId | 0,
    own: { readonly job: PlaceName; readonly node: NodeId } | undefined,
  ): NewDerivation {
    return {
      target,
      by,
      origin,
      removed,
      links: links.flatMap(({ field, source, sourceField, how }) => {
        const node = this.source(source, own);
        return node === undefined ? [] : { field, source: node, sourceField, how };
      }),
    };
  }

  source(
    source: SourceName,
    own: { readonly job: PlaceName; readonly node: NodeId } | undefined,
  ): NodeId | undefined {
    if (source.kind === 'dataset') return this.asset(source);
    if (source.job === 'own') {
      if (source.runId !== undefined && own !== undefined)
        return this.run({ id: source.runId, job: own.job });
      return own?.node;
    }
    return source.runId === undefined
      ? this.job(source.job)
      : this.run({ id: source.runId, job: source.job });
  }
}

/** What the facets of a dataset say that it was made from. */
export function datasetDerivations({ namespace, name, facets }: SentDataset): NamedDerivation[] {
  const target: SourceName = { kind: 'dataset', namespace, name };
  const found: NamedDerivation[] = [];
  const lineage = facetOf(facets, 'lineage');
  const columns = facetOf(facets, 'columnLineage');
  const links = lineage?.removed ? [] : lineage && datasetLineageOf(lineage.value);
  if (lineage !== undefined && links !== undefined)
    found.push({ target, origin: 'datasetLineage', links, removed: lineage.removed });
  const columnLinks = columns?.removed ? [] : columns && columnLineageOf(columns);
  if (columns !== undefined && columnLinks !== undefined)
    found.push({ target, origin: 'columnLineage', links: columnLinks, removed: columns.removed });
  return found;
}

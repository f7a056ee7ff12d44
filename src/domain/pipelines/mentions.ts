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
import type { Claim, RecordScope } from './event-recorder.ts';
import { lineageLimits, type PlaceName, type SentDataset, type SentFacet } from './lineage-event.ts';
import { assetKey, jobKey, runKey } from './names.ts';
import type { RunName } from './record-nodes.ts';
import type { RunPicture } from './run-state.ts';
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

/** Nodes by their keys. */
interface Found {
  readonly jobs: ReadonlyMap<string, NodeId>;
  readonly runs: ReadonlyMap<string, NodeId>;
  readonly assets: ReadonlyMap<string, NodeId>;
  /** Runs that did not exist. */
  readonly made: ReadonlySet<NodeId>;
}
const nothingFound: Found = { jobs: new Map(), runs: new Map(), assets: new Map(), made: new Set() };

export class Mentions {
  readonly #face: Face;
  // What is named, by its key.
  readonly #jobs = new Map<string, PlaceName>();
  readonly #runs = new Map<string, RunName>();
  readonly #datasets = new Map<string, PlaceName>();
  #links = 0;
  #found: Found = nothingFound;

  constructor(face: Face) {
    this.#face = face;
  }

  addJob(job: PlaceName): void {
    this.#jobs.set(jobKey(this.#face, job), job);
  }

  addRun(run: RunName): void {
    this.#runs.set(runKey(this.#face, run.id, run.job), run);
    this.addJob(run.job);
  }

  /** With its other names. */
  addDataset(dataset: PlaceName & { readonly facets?: readonly SentFacet[] }): void {
    this.#addPlace(dataset);
    const symlinks = dataset.facets && facetOf(dataset.facets, 'symlinks');
    if (symlinks !== undefined) for (const place of symlinksOf(symlinks)) this.#addPlace(place);
  }

  #addPlace(dataset: PlaceName): void {
    this.#datasets.set(assetKey(this.#face, dataset), dataset);
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
      this.#addPlace(source);
      return;
    }
    const job = source.job === 'own' ? own : source.job;
    if (job === undefined) return;
    if (source.runId === undefined) this.addJob(job);
    else this.addRun({ id: source.runId, job });
  }

  /**
   * Makes what is not there, of several events together. Jobs, then runs, then datasets, as every event does. `pictures`: what
   * the events say of runs, by their keys; of those that are made it is all that is known.
   */
  static async resolve(
    { tx, context, project, nodes, identity }: RecordScope,
    all: readonly Mentions[],
    pictures: ReadonlyMap<string, RunPicture> = new Map(),
  ): Promise<void> {
    const union = <T>(of: (mentions: Mentions) => ReadonlyMap<string, T>) =>
      all.length === 1 ? of(all[0]!) : new Map(all.flatMap((mentions) => [...of(mentions)]));
    const made = new Set<NodeId>();
    const found = {
      jobs: await nodes.jobs(
        tx,
        context,
        project,
        union((mentions) => mentions.#jobs),
      ),
      runs: await nodes.runs(
        tx,
        context,
        project,
        union((mentions) => mentions.#runs),
        pictures,
        made,
      ),
      assets: await nodes.assets(
        tx,
        identity,
        project,
        union((mentions) => mentions.#datasets),
      ),
      made,
    };
    for (const mentions of all) mentions.#found = found;
  }

  /** Nobody had named the run before: nothing else is stored of it. */
  isNewRun(run: NodeId): boolean {
    return this.#found.made.has(run);
  }

  job(job: PlaceName): NodeId {
    return present(this.#found.jobs.get(jobKey(this.#face, job)), 'node of a job');
  }

  run({ id, job }: RunName): NodeId {
    return present(this.#found.runs.get(runKey(this.#face, id, job)), 'node of a run');
  }

  asset(dataset: PlaceName): NodeId {
    return present(this.#found.assets.get(assetKey(this.#face, dataset)), 'node of a dataset');
  }

  /** Everything named, for the log. */
  all(): NodeId[] {
    const { jobs, runs, assets } = this.#found;
    return [
      ...[...this.#jobs.keys()].map((key) => jobs.get(key)!),
      ...[...this.#runs.keys()].map((key) => runs.get(key)!),
      ...[...this.#datasets.keys()].map((key) => assets.get(key)!),
    ];
  }

  /** `own`: what the event is about. Links to what cannot be told are left out. */
  derivation(
    { origin, links, removed }: NamedDerivation,
    target: NodeId,
    by: NodeId | 0,
    own: { readonly job: PlaceName; readonly node: NodeId } | undefined,
    claim: Claim,
  ): NewDerivation {
    return {
      ...claim,
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

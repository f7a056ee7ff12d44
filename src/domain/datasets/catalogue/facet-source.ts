import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Facets } from '../shape/facet-shape.ts';

/** That a run reads or writes a dataset. */
export interface DatasetUseKey {
  readonly run: NodeId;
  readonly asset: NodeId;
  readonly direction: 'read' | 'write';
}

/**
 * What producers say in facets of datasets and of runs. A later slice keeps them (pipelines, from OpenLineage) and hands them in: this
 * slice stands before it.
 */
export interface FacetSource {
  /** Those of nodes, under these keys; a node without any is absent. */
  ofNodes(
    queries: Queries,
    nodes: readonly NodeId[],
    keys: readonly string[],
  ): Promise<ReadonlyMap<NodeId, Facets>>;
  /** Those of readings and writings, by `useKey`. */
  ofUses(
    queries: Queries,
    uses: readonly DatasetUseKey[],
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Facets>>;
}

export const useKey = ({ run, asset, direction }: DatasetUseKey): string => `${direction} ${run} ${asset}`;

export const noFacets: FacetSource = {
  ofNodes: async () => new Map(),
  ofUses: async () => new Map(),
};

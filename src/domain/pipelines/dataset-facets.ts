/** Facets as the slice of datasets asks for them: what producers say of datasets, of versions, and of each reading and writing. */
import { type FacetSource, useKey } from '../datasets/index.ts';
import type { Graph } from '../graph/index.ts';
import { facetsOf } from './facet-reading.ts';

export function datasetFacets(graph: Graph): FacetSource {
  return {
    async ofNodes(queries, nodes, keys) {
      const found = await facetsOf(queries, graph, nodes, ['run', 'dataset', 'version'], keys);
      return new Map(
        [...Map.groupBy(found, ({ owner }) => owner)].map(([owner, own]) => [
          owner,
          new Map(own.map(({ key, text }) => [key, text])),
        ]),
      );
    },
    async ofUses(queries, uses, keys) {
      const runs = [...new Set(uses.map(({ run }) => run))];
      const asked = new Set(uses.map(useKey));
      const facets = new Map<string, Map<string, string>>();
      for (const [scope, direction] of [
        ['input', 'read'],
        ['output', 'write'],
      ] as const) {
        for (const { owner: run, other, key, text } of await facetsOf(queries, graph, runs, [scope], keys)) {
          if (other === 0) continue;
          const use = useKey({ run, asset: other, direction });
          if (!asked.has(use)) continue;
          const own = facets.get(use) ?? new Map<string, string>();
          facets.set(use, own.set(key, text));
        }
      }
      return facets;
    },
  };
}

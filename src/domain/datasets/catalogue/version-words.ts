/** What versions are called in a list, on an edge, in an answer. */
import type { Queries } from '../../../db/db.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Scope } from '../../../kernel/request-context.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import { seenIn } from '../../access/index.ts';
import { type Graph, propertyScopes } from '../../graph/index.ts';
import { facetVersion } from '../shape/facet-shape.ts';
import type { FacetSource } from './facet-source.ts';

/** What each version is called beside the name of its dataset: as its source does, by its digest, or when it was recorded. */
export async function versionWords(...asked: Parameters<typeof versionNames>): Promise<Map<NodeId, string>> {
  const names = await versionNames(...asked);
  return new Map(
    [...names].map(([id, { word, created }]) => [id, word ?? new Date(created).toISOString().slice(0, 16)]),
  );
}

/** As its source calls each version, or else by its digest; the word is undefined where neither is told. */
export async function versionNames(
  queries: Queries,
  graph: Graph,
  facets: FacetSource,
  scope: Scope,
  versions: readonly NodeId[],
): Promise<Map<NodeId, { readonly word: string | undefined; readonly created: number }>> {
  if (versions.length === 0) return new Map();
  // Whichever record of it says so that may be seen.
  const seen = seenIn(scope, sql`r.project`);
  const rows = await queries.many<{
    id: NodeId;
    record: NodeId;
    created: number;
  }>(sql`SELECT n.id, r.id AS record, n.created
    FROM node n JOIN node r ON r.id = n.class WHERE n.id ${anyOf(versions)} AND ${seen}
    UNION SELECT n.id, r.id, n.created FROM node n JOIN node r ON r.class = n.class AND r.class <> r.id
      WHERE n.id ${anyOf(versions)} AND ${seen}`);
  const records = [...new Set(rows.map(({ record }) => record))];
  const keys = await graph.keys.find(queries, ['version', 'digest', 'digests']);
  const names = new Map([...keys].map(([name, id]) => [id as number, name]));
  const properties = await queries.many<{
    owner: NodeId;
    key: number;
    text: string | null;
  }>(sql`SELECT p.owner, p.key, p.text
    FROM property p WHERE p.owner ${anyOf(records)} AND p.scope IN (${propertyScopes.system}, ${propertyScopes.declared})
      AND p.key ${anyOf([...keys.values()])}`);
  const said = await facets.ofNodes(queries, records, ['version']);
  const told = new Map<NodeId, Map<string, string>>();
  for (const { owner, key, text } of properties) {
    const own = told.get(owner) ?? new Map<string, string>();
    if (text !== null) told.set(owner, own.set(names.get(key) ?? '', text));
  }
  const wordOf = (record: NodeId) => {
    const facet = said.get(record);
    return told.get(record)?.get('version') ?? (facet && facetVersion(facet));
  };
  const digestOf = (record: NodeId) => {
    const own = told.get(record);
    return own?.get('digest') ?? /"value":"([^"]+)"/.exec(own?.get('digests') ?? '')?.[1];
  };
  const first = (own: readonly { record: NodeId }[], read: (record: NodeId) => string | undefined) =>
    own.map(({ record }) => read(record)).find((word) => word !== undefined);
  return new Map(
    [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => {
      const word = first(own, wordOf) ?? first(own, digestOf)?.slice(0, 12);
      return [id, { word, created: own[0]!.created }];
    }),
  );
}

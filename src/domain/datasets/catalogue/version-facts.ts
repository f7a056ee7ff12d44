/** What is told of dataset versions, by whichever face: read from properties and facets into one shape. */
import { hash } from 'node:crypto';
import type { Queries } from '../../../db/db.ts';
import { wordOf } from '../../../kernel/codes.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { type Graph, propertiesOf, propertyScopes, textOf } from '../../graph/index.ts';
import { type Digest, mlflowDigest } from '../digest.ts';
import { facetSchema, facetStatistics, facetVersion, facetWords } from '../shape/facet-shape.ts';
import { listOf, member, objectOf, readJson } from '../shape/json-parts.ts';
import { mlflowProfile, mlflowSchema } from '../shape/mlflow-shape.ts';
import { type Field, mergedStatistics, placedFields, type Statistics } from '../shape/shape.ts';
import type { FacetSource } from './facet-source.ts';
import { useKey } from './facet-source.ts';
import type { Making } from './uses.ts';

export interface Preview {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** What the records of one version tell together. */
export interface VersionFacts {
  /** The version that its source names. */
  readonly version: string | undefined;
  readonly digests: readonly Digest[];
  readonly fields: readonly Field[] | undefined;
  readonly statistics: Statistics;
  readonly preview: Preview | undefined;
  readonly note: string | undefined;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** As an MLflow client wrote it. */
  readonly source: { readonly type: string; readonly text: string } | undefined;
  /** What else is told: kind, format, catalogue. */
  readonly words: readonly { readonly name: string; readonly value: string }[];
}

/** Facts of each record, told apart so that the records of a version can be put together. */
export async function factsOfRecords(
  queries: Queries,
  graph: Graph,
  facets: FacetSource,
  records: readonly NodeId[],
  makings: readonly Making[],
  readings: readonly { readonly run: NodeId; readonly asset: NodeId }[] = [],
): Promise<(ofVersion: readonly NodeId[]) => VersionFacts> {
  const rows = await propertiesOf(queries, records);
  const names = await graph.keys.names(
    queries,
    rows.map(({ key }) => key),
  );
  const texts = new Map<string, string>();
  const tags = new Map<NodeId, { key: string; value: string }[]>();
  for (const row of rows) {
    const name = names.get(row.key) ?? '';
    if (row.scope === propertyScopes['dataset-tag']) {
      tags.set(row.owner, [...(tags.get(row.owner) ?? []), { key: name, value: textOf(row) }]);
    } else if (row.scope === propertyScopes.declared || row.scope === propertyScopes.system) {
      texts.set(`${row.owner} ${wordOf(propertyScopes, row.scope)} ${name}`, textOf(row));
    }
  }
  const said = await facets.ofNodes(queries, records, versionFacets);
  const writing = makings.map(({ run, asset }) => ({ run, asset, direction: 'write' }) as const);
  const reading = readings.map(({ run, asset }) => ({ run, asset, direction: 'read' }) as const);
  const saidOfUses = await facets.ofUses(queries, [...writing, ...reading], versionFacets);
  return (nodes) => {
    const text = (node: NodeId, name: string, scope = 'declared') => texts.get(`${node} ${scope} ${name}`);
    const first = <T>(read: (node: NodeId) => T | undefined): T | undefined => {
      for (const node of nodes) {
        const found = read(node);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const own = new Set(nodes);
    const uses = [
      ...makings.flatMap((making, index) => (own.has(making.version) ? writing[index]! : [])),
      ...reading,
    ].flatMap((use) => saidOfUses.get(useKey(use)) ?? []);
    const parts = [
      ...nodes.map((node) => storedStatistics(text(node, 'statistics'))),
      ...uses.map(facetStatistics),
      ...nodes.map((node) => said.get(node)).map((each) => each && facetStatistics(each)),
      ...nodes.map((node) => mlflowProfile(text(node, 'profile'))),
    ].filter((part) => part !== undefined);
    const seen = new Set<string>();
    const digests = nodes
      .flatMap((node) => storedDigests(text(node, 'digests'), text(node, 'digest')))
      .filter(
        ({ algorithm, value }) => !seen.has(`${algorithm} ${value}`) && seen.add(`${algorithm} ${value}`),
      );
    const words = new Map<string, string>();
    for (const node of nodes) {
      const each = said.get(node);
      if (each === undefined) continue;
      for (const { name, value } of facetWords(each).facts) if (!words.has(name)) words.set(name, value);
    }
    return {
      version: first((node) => {
        const facet = said.get(node);
        return text(node, 'version', 'system') ?? (facet && facetVersion(facet));
      }),
      digests,
      fields: first(
        (node) =>
          storedFields(text(node, 'fields')) ??
          facetSchema(said.get(node)?.get('schema')) ??
          mlflowSchema(text(node, 'schema')),
      ),
      statistics: mergedStatistics(parts),
      preview: first((node) => readJson(text(node, 'preview')) as Preview | undefined),
      note: first((node) => text(node, 'note')),
      tags: nodes.flatMap((node) => tags.get(node) ?? []),
      source: first((node) => {
        const type = text(node, 'source_type');
        return type === undefined ? undefined : { type, text: text(node, 'source') ?? '' };
      }),
      words: [...words].map(([name, value]) => ({ name, value })),
    };
  };
}

const versionFacets = [
  ...['schema', 'dataQualityMetrics', 'inputStatistics', 'outputStatistics', 'version'],
  ...['lifecycleStateChange', 'storage', 'catalog', 'datasetType', 'dataSource'],
];

/** As recording.ts stores them. */
const storedFields = (text: string | undefined) => listOf(readJson(text)) as readonly Field[] | undefined;
const storedStatistics = (text: string | undefined) =>
  objectOf(readJson(text)) === undefined ? undefined : (readJson(text) as Statistics);

function storedDigests(digests: string | undefined, mlflow: string | undefined): readonly Digest[] {
  const stored = (listOf(readJson(digests)) ?? []) as readonly Digest[];
  return mlflow === undefined ? stored : [...stored, mlflowDigest(mlflow)];
}

/** The same for schemas that tell the same fields in the same order. */
export function schemaDigest(fields: readonly Field[]): string {
  const told = placedFields(fields).map(({ path, field }) => [
    path,
    field.type?.replaceAll(/\s+/g, '').toLowerCase(),
    field.nullable,
  ]);
  return hash('sha256', JSON.stringify(told), 'hex').slice(0, 16);
}

export const hasFigures = (statistics: Statistics): boolean =>
  statistics.columns.length > 0 || member(statistics, 'others') !== undefined;

/** Datasets read as one thing across the faces that speak of them: what they are, their versions, who wrote and who read. */
import type { Queries } from '../../../db/db.ts';
import { invalid, notFound } from '../../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import {
  type CursorValue,
  decodeCursor,
  encodeCursor,
  type Page,
  queryFingerprint,
} from '../../../kernel/page.ts';
import type { Face, RequestContext, Scope } from '../../../kernel/request-context.ts';
import type { Graph, KnownHow } from '../../graph/index.ts';
import { isStorable, nameContains } from '../../search/index.ts';
import {
  classByUid,
  countMasked,
  countUses,
  countVersions,
  type DatasetOrder,
  facesOf,
  latestOfClass,
  listClasses,
  type RecordRow,
  recordsOfClasses,
  type SameRow,
  type Sight,
  samesAmong,
} from './class-store.ts';
import { type Description, descriptionsOf } from './descriptions.ts';
import { type Execution, executionsById } from './executions.ts';
import type { FacetSource } from './facet-source.ts';
import { listUses, type UseRow } from './uses.ts';
import { versionWords } from './version-words.ts';

/** One face's record of a dataset or a version. */
export interface FaceRecord {
  readonly uid: Uid;
  readonly face: Face | undefined;
  /** Name of the project whose record it is. */
  readonly project: string;
  readonly name: string;
  /** As written. */
  readonly uri: string | undefined;
  readonly created: number;
  /** Why it is the same as the first of them: by which rule, and how that is known. */
  readonly same: { readonly as: Uid; readonly rule: string; readonly known: KnownHow } | undefined;
}

export interface CataloguedDataset {
  readonly uid: Uid;
  readonly name: string;
  /** In the one spelling that equal places share. */
  readonly uri: string | undefined;
  /** ms; when the first record of it was made. */
  readonly created: number;
  /** ms; when it was last written, or else when its latest version was recorded. */
  readonly latest: number | undefined;
  readonly versions: number;
  readonly readers: number;
  readonly writers: number;
  readonly records: readonly FaceRecord[];
  /** Records in projects that the reader may not see: nothing else is told of them. */
  readonly masked: number;
  readonly description: Description;
}

export type CataloguedUse = Omit<UseRow, 'run' | 'version'> & {
  readonly run: Execution;
  /** What the version is called that was written, or that a read saw. */
  readonly called: string | undefined;
};

export interface DatasetSearch {
  /** Part of the name of any of its records, A–Z equal to a–z. */
  readonly search?: string | undefined;
  readonly order: DatasetOrder;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What the reads run on, and who reads. */
export interface Catalogue {
  readonly scope: Scope;
  readonly graph: Graph;
  readonly facets: FacetSource;
}

export async function listDatasets(
  { graph, facets, scope }: Catalogue,
  context: RequestContext,
  project: ProjectId,
  { search = '', order, limit, cursor }: DatasetSearch,
): Promise<Page<CataloguedDataset>> {
  if (!isStorable(search)) return { items: [] };
  const fingerprint = queryFingerprint(['datasets', project, search, order, scope]);
  const after = cursorOf(cursor, fingerprint, order === 'name' ? 'string' : 'number');
  return graph.db.scan(async (queries) => {
    const matches = search === '' ? undefined : nameContains(graph, search);
    const rows = await listClasses(queries, graph, project, {
      ...{ scope, matches, order, after, limit: limit + 1 },
    });
    const shown = rows.slice(0, limit);
    const items = await datasetsOf(
      queries,
      { graph, facets, scope },
      project,
      shown.map((row) => row.class),
      new Map(shown.map((row) => [row.class, row.latest ?? undefined])),
    );
    const last = shown.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    const value = order === 'name' ? last.name : (last.latest ?? 0);
    return { items, cursor: encodeCursor(fingerprint, [value, last.id]) };
  }, context.signal);
}

/** `not_found` on `dataset`. */
export async function getDataset(
  catalogue: Catalogue,
  project: ProjectId,
  uid: string,
): Promise<CataloguedDataset> {
  return catalogue.graph.db.read(async (queries) => {
    const found = await requireDataset(queries, catalogue, project, uid);
    const sight = { scope: catalogue.scope, project };
    const [first] = await recordsOfClasses(queries, [found], sight);
    const latest = await latestOfClass(queries, first!.id, catalogue.scope);
    return (await datasetsOf(queries, catalogue, project, [found], new Map([[found, latest]])))[0]!;
  });
}

export async function requireDataset(
  queries: Queries,
  { graph, scope }: Catalogue,
  project: ProjectId,
  uid: string,
): Promise<NodeId> {
  const found = await classByUid(queries, graph, { scope, project }, 'dataset', uid);
  if (found === undefined) throw notFound(`There is no dataset ${JSON.stringify(uid)}`, 'dataset');
  return found;
}

async function datasetsOf(
  queries: Queries,
  { graph, facets, scope }: Catalogue,
  project: ProjectId,
  classes: readonly NodeId[],
  latest: ReadonlyMap<NodeId, number | undefined>,
): Promise<CataloguedDataset[]> {
  if (classes.length === 0) return [];
  const rows = await recordsOfClasses(queries, classes, { scope, project });
  const masked = await countMasked(queries, classes, scope);
  const byClass = Map.groupBy(rows, (row) => row.class);
  const versions = await countVersions(queries, rows);
  const uses = await countUses(queries, rows);
  const records = await faceRecords(queries, rows);
  const descriptions = await descriptionsOf(
    queries,
    graph,
    facets,
    classes.map((id) => byClass.get(id)!.map((row) => row.id)),
  );
  return classes.map((id, index) => {
    const members = byClass.get(id)!;
    const [first] = members as [RecordRow];
    return {
      ...{ uid: first.uid, name: first.name, created: first.created, latest: latest.get(id) },
      masked: masked.get(id) ?? 0,
      uri: members.find(({ uri_canonical }) => uri_canonical !== null)?.uri_canonical ?? undefined,
      versions: versions.get(id) ?? 0,
      readers: uses.get(id)?.readers ?? 0,
      writers: uses.get(id)?.writers ?? 0,
      records: records.get(id)!,
      description: descriptions[index]!,
    };
  });
}

/** The records of each class, in the order of the rows. */
export async function faceRecords(
  queries: Queries,
  rows: readonly RecordRow[],
): Promise<Map<NodeId, FaceRecord[]>> {
  const nodes = rows.map(({ id }) => id);
  const faces = await facesOf(queries, nodes);
  const sames = await samesAmong(queries, nodes);
  const uids = new Map(rows.map(({ id, uid }) => [id, uid]));
  const because = new Map<NodeId, SameRow>();
  for (const same of sames) {
    // An edge is written at one end: whoever it is not written at is the same by it, too.
    for (const end of [same.source, same.target]) if (!because.has(end)) because.set(end, same);
  }
  return new Map(
    [...Map.groupBy(rows, (row) => row.class)].map(([id, members]) => [
      id,
      members.map((row) => {
        const edge = because.get(row.id);
        const other = edge === undefined ? undefined : edge.source === row.id ? edge.target : edge.source;
        const as = other === undefined ? undefined : uids.get(other);
        return {
          ...{ uid: row.uid, face: faces.get(row.id), project: row.of_project },
          ...{ name: row.name, created: row.created },
          uri: row.uri ?? undefined,
          same:
            edge === undefined || as === undefined
              ? undefined
              : { as, rule: edge.rule ?? '', known: edge.known },
        };
      }),
    ]),
  );
}

export interface UseSearch {
  readonly direction?: 'read' | 'write' | undefined;
  /** Uid of a version. */
  readonly version?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Runs that read and wrote a dataset, the latest first. */
export async function usesOfDataset(
  catalogue: Catalogue,
  context: RequestContext,
  project: ProjectId,
  uid: string,
  { direction, version, limit, cursor }: UseSearch,
): Promise<Page<CataloguedUse>> {
  const { graph, facets, scope } = catalogue;
  const fingerprint = queryFingerprint([
    ...['dataset-uses', project, uid, direction ?? '', version ?? '', scope],
  ]);
  const after = cursorOf(cursor, fingerprint, 'number') as readonly [number, number] | undefined;
  return graph.db.scan(async (queries) => {
    const found = await requireDataset(queries, catalogue, project, uid);
    const sight = { scope, project };
    const members = (await recordsOfClasses(queries, [found], sight)).map(({ id }) => id);
    const versions =
      version === undefined ? undefined : await recordsOfVersion(queries, graph, sight, version);
    const rows = await listUses(queries, scope, members, { direction, versions, after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const runs = await executionsById(queries, graph, facets, [...new Set(shown.map(({ run }) => run))]);
    const seen = [...new Set(shown.flatMap((use) => use.version ?? []))];
    const words = await versionWords(queries, graph, facets, scope, seen);
    const items = shown.flatMap(({ run, version: of, ...use }) => {
      const execution = runs.get(run);
      const called = of === undefined ? undefined : words.get(of);
      return execution === undefined ? [] : { ...use, run: execution, called };
    });
    const last = shown.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    return { items, cursor: encodeCursor(fingerprint, [last.at, last.id]) };
  }, context.signal);
}

async function recordsOfVersion(
  queries: Queries,
  graph: Graph,
  sight: Required<Sight>,
  uid: string,
): Promise<NodeId[]> {
  const id = await classByUid(queries, graph, sight, 'dataset-version', uid);
  if (id === undefined) throw notFound(`There is no dataset version ${JSON.stringify(uid)}`, 'version');
  return (await recordsOfClasses(queries, [id], sight)).map((row) => row.id);
}

export function cursorOf(
  cursor: string | undefined,
  fingerprint: string,
  first: 'string' | 'number',
): readonly CursorValue[] | undefined {
  if (cursor === undefined) return undefined;
  const after = decodeCursor(cursor, fingerprint, 2, 'cursor');
  const [value, id] = after;
  const isGood = first === 'string' ? typeof value === 'string' : Number.isSafeInteger(value);
  if (!isGood || !Number.isSafeInteger(id))
    throw invalid('cursor', 'Invalid page token: not one of this server');
  return after;
}

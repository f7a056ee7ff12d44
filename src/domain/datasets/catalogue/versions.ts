/** Versions of datasets read across the faces: what is told of each, who made it, how two differ. */
import type { Queries } from '../../../db/db.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../../kernel/ids.ts';
import { encodeCursor, type Page, queryFingerprint } from '../../../kernel/page.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { anyOf, sql } from '../../../kernel/sql.ts';
import type { KnownHow } from '../../graph/index.ts';
import {
  type FigureDifference,
  type SchemaDifference,
  schemaDifference,
  statisticsDifference,
} from '../shape/difference.ts';
import { type Catalogue, cursorOf, type FaceRecord, faceRecords, requireDataset } from './catalogue.ts';
import {
  assetsOfVersions,
  classByUid,
  listVersionClasses,
  type RecordRow,
  recordsOfClasses,
  timesOfVersions,
  type VersionTime,
} from './class-store.ts';
import { type Execution, executionsById } from './executions.ts';
import { countReaders, type Making, makersOf, readingsOf, seenThrough } from './uses.ts';
import { factsOfRecords, schemaDigest, type VersionFacts } from './version-facts.ts';
import { versionWords } from './version-words.ts';

export interface CataloguedVersion {
  readonly uid: Uid;
  readonly name: string;
  readonly dataset: Uid;
  /** ms; when it was written, or else recorded. */
  readonly at: number;
  readonly records: readonly FaceRecord[];
  readonly facts: VersionFacts;
  /** Equal for versions with equal schemas. */
  readonly schemaDigest: string | undefined;
  /** Runs that wrote it. */
  readonly makers: readonly (Execution & { readonly at: number })[];
  /** Runs that read it, or are bound to it. */
  readonly readers: number;
  /** Of what a client saw, and nobody wrote: the version that its latest reading is bound to. */
  readonly seen: { readonly uid: Uid; readonly called: string; readonly known: KnownHow } | undefined;
}

export interface VersionDifference {
  readonly left: CataloguedVersion;
  readonly right: CataloguedVersion;
  /** Undefined where one side tells no fields. */
  readonly schema: SchemaDifference | undefined;
  readonly statistics: readonly FigureDifference[];
}

/** Versions of a dataset, the latest first. */
export async function listVersions(
  catalogue: Catalogue,
  context: RequestContext,
  project: ProjectId,
  uid: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<CataloguedVersion>> {
  const fingerprint = queryFingerprint(['dataset-versions', project, uid]);
  const after = cursorOf(cursor, fingerprint, 'number') as readonly [number, number] | undefined;
  return catalogue.graph.db.scan(async (queries) => {
    const found = await requireDataset(queries, catalogue.graph, project, uid);
    const members = (await recordsOfClasses(queries, [found])).map(({ id }) => id);
    const rows = await listVersionClasses(queries, members, after, limit + 1);
    const shown = rows.slice(0, limit);
    const items = await versionsOf(queries, catalogue, shown, []);
    const last = shown.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    return { items, cursor: encodeCursor(fingerprint, [last.at, last.id]) };
  }, context.signal);
}

/** `not_found` on `version`. */
export async function getVersion(
  catalogue: Catalogue,
  project: ProjectId,
  uid: string,
  field = 'version',
): Promise<CataloguedVersion> {
  return catalogue.graph.db.read((queries) => versionByUid(queries, catalogue, project, uid, field));
}

/** Readings whose figures count as told of a version. */
const readingsShown = 20;

async function versionByUid(
  queries: Queries,
  catalogue: Catalogue,
  project: ProjectId,
  uid: string,
  field: string,
): Promise<CataloguedVersion> {
  const id = await classByUid(queries, catalogue.graph, project, 'dataset-version', uid);
  if (id === undefined) throw notFound(`There is no dataset version ${JSON.stringify(uid)}`, field);
  const records = (await recordsOfClasses(queries, [id])).map((row) => row.id);
  const at = (await timesOfVersions(queries, records)).get(id) ?? 0;
  const readings = await readingsOf(queries, records, readingsShown);
  return (await versionsOf(queries, catalogue, [{ id, at }], readings))[0]!;
}

async function versionsOf(
  queries: Queries,
  { graph, facets }: Catalogue,
  times: readonly VersionTime[],
  readings: readonly { readonly run: NodeId; readonly asset: NodeId }[],
): Promise<CataloguedVersion[]> {
  if (times.length === 0) return [];
  const rows = await recordsOfClasses(
    queries,
    times.map(({ id }) => id),
  );
  const nodes = rows.map(({ id }) => id);
  const byClass = Map.groupBy(rows, (row) => row.class);
  const assets = await assetsOfVersions(queries, nodes);
  const datasets = await classUids(queries, [...new Set(assets.values())]);
  const records = await faceRecords(queries, rows);
  const makings = await makersOf(queries, nodes);
  const facts = await factsOfRecords(queries, graph, facets, nodes, makings, readings);
  const readers = await countReaders(queries, nodes);
  const runs = await executionsById(queries, graph, facets, [...new Set(makings.map(({ run }) => run))]);
  const seen = await seenOf(queries, { graph, facets }, rows, makings);
  return times.map(({ id, at }) => {
    const members = byClass.get(id)!;
    const own = members.map((row) => row.id);
    const first = members.find((row) => row.id === id)!;
    const told = facts(own);
    return {
      ...{ uid: first.uid, name: first.name, at, facts: told, records: records.get(id)! },
      dataset: datasets.get(assets.get(id)!)!,
      schemaDigest: told.fields === undefined ? undefined : schemaDigest(told.fields),
      makers: makings.flatMap((making) => {
        const run = own.includes(making.version) ? runs.get(making.run) : undefined;
        return run === undefined ? [] : { ...run, at: making.at };
      }),
      ...{ readers: readers.get(id) ?? 0, seen: seen.get(id) },
    };
  });
}

/** Of classes that nobody wrote, by their ids. */
async function seenOf(
  queries: Queries,
  { graph, facets }: Catalogue,
  records: readonly RecordRow[],
  makings: readonly Making[],
): Promise<Map<NodeId, CataloguedVersion['seen']>> {
  const classOf = new Map(records.map((row) => [row.id, row.class]));
  const written = new Set(makings.map(({ version }) => classOf.get(version)));
  const unwritten = records.flatMap((row) => (written.has(row.class) ? [] : row.id));
  if (unwritten.length === 0) return new Map();
  const found = (await seenThrough(queries, unwritten)).filter(
    (row) => classOf.get(row.record) !== row.bound,
  );
  const versions = [...new Set(found.map(({ bound }) => bound))];
  const [uids, words] = [
    await uidsOf(queries, versions),
    await versionWords(queries, graph, facets, versions),
  ];
  return new Map(
    found.map(({ record, bound, known }) => [
      classOf.get(record)!,
      { uid: uids.get(bound)!, called: words.get(bound)!, known },
    ]),
  );
}

async function uidsOf(queries: Queries, nodes: readonly NodeId[]): Promise<Map<NodeId, Uid>> {
  if (nodes.length === 0) return new Map();
  const rows = await queries.many<{ id: NodeId; uid: Uid }>(
    sql`SELECT n.id, n.uid FROM node n WHERE n.id ${anyOf(nodes)}`,
  );
  return new Map(rows.map(({ id, uid }) => [id, uid]));
}

/** The uid by which the dataset of each asset is known. */
async function classUids(queries: Queries, assets: readonly NodeId[]): Promise<Map<NodeId, Uid>> {
  const rows = await queries.many<{ id: NodeId; uid: Uid }>(
    sql`SELECT a.id, c.uid FROM node a JOIN node c ON c.id = a.class WHERE a.id ${anyOf(assets)}`,
  );
  return new Map(rows.map(({ id, uid }) => [id, uid]));
}

/** What differs between two versions, of one dataset or of two. */
export async function differenceOf(
  catalogue: Catalogue,
  project: ProjectId,
  uids: { readonly left: string; readonly right: string },
): Promise<VersionDifference> {
  return catalogue.graph.db.read(async (queries) => {
    const left = await versionByUid(queries, catalogue, project, uids.left, 'left');
    const right = await versionByUid(queries, catalogue, project, uids.right, 'right');
    const [before, after] = [left.facts.fields, right.facts.fields];
    return {
      ...{ left, right },
      schema: before === undefined || after === undefined ? undefined : schemaDifference(before, after),
      statistics: statisticsDifference(left.facts.statistics, right.facts.statistics),
    };
  });
}

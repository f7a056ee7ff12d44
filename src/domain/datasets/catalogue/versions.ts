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
  type Sight,
  timesOfVersions,
  type VersionTime,
} from './class-store.ts';
import { type Execution, executionsById } from './executions.ts';
import { countReaders, type Making, makersOf, readingsOf, seenThrough } from './uses.ts';
import { factsOfRecords, schemaDigest, type VersionFacts } from './version-facts.ts';
import { versionWords } from './version-words.ts';

export interface CataloguedVersion {
  readonly uid: Uid;
  /** Name of the project whose record comes first. */
  readonly project: string;
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
  readonly seen:
    | { readonly uid: Uid; readonly project: string; readonly called: string; readonly known: KnownHow }
    | undefined;
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
  const fingerprint = queryFingerprint(['dataset-versions', project, uid, catalogue.scope]);
  const after = cursorOf(cursor, fingerprint, 'number') as readonly [number, number] | undefined;
  return catalogue.graph.db.scan(async (queries) => {
    const found = await requireDataset(queries, catalogue, project, uid);
    const sight = { scope: catalogue.scope, project };
    const members = (await recordsOfClasses(queries, [found], sight)).map(({ id }) => id);
    const rows = await listVersionClasses(queries, members, after, limit + 1);
    const shown = rows.slice(0, limit);
    const items = await versionsOf(queries, catalogue, project, shown, []);
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
  const { scope } = catalogue;
  const sight = { scope, project };
  const id = await classByUid(queries, catalogue.graph, sight, 'dataset-version', uid);
  if (id === undefined) throw notFound(`There is no dataset version ${JSON.stringify(uid)}`, field);
  const records = (await recordsOfClasses(queries, [id], sight)).map((row) => row.id);
  const at = (await timesOfVersions(queries, records)).get(id) ?? 0;
  const readings = await readingsOf(queries, scope, records, readingsShown);
  return (await versionsOf(queries, catalogue, project, [{ id, at }], readings))[0]!;
}

async function versionsOf(
  queries: Queries,
  { graph, facets, scope }: Catalogue,
  project: ProjectId,
  times: readonly VersionTime[],
  readings: readonly { readonly run: NodeId; readonly asset: NodeId }[],
): Promise<CataloguedVersion[]> {
  if (times.length === 0) return [];
  const rows = await recordsOfClasses(
    queries,
    times.map(({ id }) => id),
    { scope, project },
  );
  const nodes = rows.map(({ id }) => id);
  const byClass = Map.groupBy(rows, (row) => row.class);
  const assets = await assetsOfVersions(queries, nodes);
  const datasets = await datasetUids(queries, [...new Set(assets.values())], { scope, project });
  const records = await faceRecords(queries, rows);
  const makings = await makersOf(queries, nodes);
  const facts = await factsOfRecords(queries, graph, facets, nodes, makings, readings);
  const readers = await countReaders(queries, scope, nodes);
  const runs = await executionsById(queries, graph, facets, [...new Set(makings.map(({ run }) => run))]);
  const seen = await seenOf(queries, { graph, facets, scope }, rows, makings);
  return times.map(({ id, at }) => {
    const members = byClass.get(id)!;
    const own = members.map((row) => row.id);
    const [first] = members as [RecordRow];
    const told = facts(own);
    return {
      ...{ uid: first.uid, project: first.of_project, name: first.name, at, facts: told },
      ...{ records: records.get(id)!, dataset: datasets.get(assets.get(first.id)!)! },
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
  { graph, facets, scope }: Catalogue,
  records: readonly RecordRow[],
  makings: readonly Making[],
): Promise<Map<NodeId, CataloguedVersion['seen']>> {
  const classOf = new Map(records.map((row) => [row.id, row.class]));
  const written = new Set(makings.map(({ version }) => classOf.get(version)));
  const unwritten = records.flatMap((row) => (written.has(row.class) ? [] : row.id));
  if (unwritten.length === 0) return new Map();
  const found = (await seenThrough(queries, scope, unwritten)).filter(
    (row) => classOf.get(row.record) !== row.bound_class,
  );
  const versions = [...new Set(found.map(({ bound }) => bound))];
  const words = await versionWords(queries, graph, facets, scope, versions);
  return new Map(
    found.map(({ record, bound, uid, project, known }) => [
      classOf.get(record)!,
      { uid, project, called: words.get(bound)!, known },
    ]),
  );
}

/** The uid by which the dataset of each asset is known in the project asked in. */
async function datasetUids(
  queries: Queries,
  assets: readonly NodeId[],
  sight: Sight,
): Promise<Map<NodeId, Uid>> {
  const rows = await queries.many<{ id: NodeId; class: NodeId }>(
    sql`SELECT a.id, a.class FROM node a WHERE a.id ${anyOf(assets)}`,
  );
  const classes = [...new Set(rows.map((row) => row.class))];
  const firsts = new Map<NodeId, Uid>();
  for (const record of await recordsOfClasses(queries, classes, sight)) {
    if (!firsts.has(record.class)) firsts.set(record.class, record.uid);
  }
  return new Map(rows.map((row) => [row.id, firsts.get(row.class)!]));
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

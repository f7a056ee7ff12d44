/**
 * What people write for a node: a uid, `models:/churn/3`, `models:/churn@champion`, `runs:/<id>`, `endpoints:/prod/scoring`, the place or the
 * name of a dataset, of a registered model, of an endpoint; behind the first two `@` and a version. Whatever reads the same to its reader is
 * never guessed: what several things are called so is refused, and they are named.
 */
import type { Queries } from '../../db/db.ts';
import { canonicalUri } from '../../engines/identity/index.ts';
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import { datasetReading } from '../datasets/index.ts';
import { findByKey, findNode, firstOfClass, type NodeRow, nodeKinds, uidOfModel } from '../graph/index.ts';
import { findNamed, type NamedVersion, parseModelUri } from '../registry/index.ts';
import { isStorable, nameContains } from '../search/index.ts';
import { labelsOf, type World } from './answers/labels.ts';
import { type Resolved, referenceLimits } from './lineage.ts';
import { nodeNames, seenNodes } from './nodes/node-store.ts';

/** As it is told: where to find it, and how it may be asked for without doubt. */
export interface Candidate {
  readonly uid: string;
  /** Name of the project it is of. */
  readonly project: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string | null;
  readonly label: string;
  readonly uri: string | null;
}

export interface Resolution {
  /** Nodes it may mean: of one class one. */
  readonly found: readonly NodeId[];
  /** What comes near, if it means none. */
  readonly near: readonly NodeId[];
  /** Why it means none. */
  readonly why: string;
}

export interface Asked {
  readonly text: string;
  /** Of the request. */
  readonly field: string;
  /** ms: what an alias, `latest`, or an endpoint led to then. */
  readonly asOf?: number | undefined;
}

/** The one node that is meant; `not_found` or `invalid_argument` on the field, naming what comes near, or what all may be meant. */
export async function requireReference(
  queries: Queries,
  world: World,
  project: ProjectId,
  asked: Asked,
): Promise<NodeRow> {
  const { found, near, why } = await resolve(queries, world, project, asked);
  const [only] = found;
  if (only !== undefined && found.length === 1) {
    const row = await queries.one<{ uid: Uid; project: ProjectId }>(
      sql`SELECT n.uid, n.project FROM node n WHERE n.id = ${only}`,
    );
    return (await findNode(queries, row!.project, row!.uid))!;
  }
  const listed = found.length > 0 ? found : near;
  const named = await candidatesOf(queries, world, listed.slice(0, referenceLimits.candidates));
  const more = listed.length > named.length ? ' and more' : '';
  const list = `${named.map(spelt).join('; ')}${more}`;
  const { field, text } = asked;
  if (found.length > 1) throw invalid(field, `${quoted(text)} may be ${list}. Name one by its uid.`);
  const message = named.length === 0 ? why : `${why} There is ${list}.`;
  throw new CairnError('not_found', message, { field });
}

/** The same for who asks what a text may mean: it is answered, not refused. */
export async function resolved(
  queries: Queries,
  world: World,
  project: ProjectId,
  asked: Asked,
): Promise<Resolved> {
  const { found, near, why } = await meaningOf(queries, world, project, asked);
  const listed = (found.length > 0 ? found : near).slice(0, referenceLimits.candidates);
  const candidates = await candidatesOf(queries, world, listed);
  return {
    node: found.length === 1 ? candidates[0] : undefined,
    candidates,
    why: found.length > 0 ? undefined : why,
  };
}

/** What is wrong with how it is written is a reason, too, why it means nothing. */
async function meaningOf(
  queries: Queries,
  world: World,
  project: ProjectId,
  asked: Asked,
): Promise<Resolution> {
  try {
    return await resolve(queries, world, project, asked);
  } catch (error) {
    if (error instanceof CairnError && error.code === 'invalid_argument') return nothing(error.message);
    throw error;
  }
}

async function candidatesOf(queries: Queries, world: World, nodes: readonly NodeId[]): Promise<Candidate[]> {
  const described = await describedNodes(queries, world, nodes);
  return nodes.flatMap((id) => described.get(id) ?? []);
}

/** Nodes as they are told to people. */
export async function describedNodes(
  queries: Queries,
  world: World,
  nodes: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, Candidate>> {
  if (nodes.length === 0) return new Map();
  const names = await nodeNames(queries, nodes, world.scope);
  const labels = await labelsOf(queries, world, names);
  const places = await (await datasetReading()).placesOf(queries, nodes);
  return new Map(
    [...names.values()].map(({ id, uid, project, kind, type, name }) => [
      id,
      { uid, project, kind, type, name, label: labels.get(id) ?? uid, uri: places.get(id) ?? null },
    ]),
  );
}

const spelt = ({ type, label, uri, uid }: Candidate): string =>
  `${type.replace('-', ' ')} ${label}${uri === null ? '' : ` at ${uri}`} (uid ${uid})`;

export const quoted = (text: string): string =>
  JSON.stringify(text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text);

const nothing = (why: string, near: readonly NodeId[] = []): Resolution => ({ found: [], near, why });
const meant = (found: readonly NodeId[]): Resolution => ({ found, near: [], why: '' });

export async function resolve(
  queries: Queries,
  world: World,
  project: ProjectId,
  { text: written, field, asOf }: Asked,
): Promise<Resolution> {
  const text = written.trim();
  const unknown = `Nothing in the project is called ${quoted(text)}.`;
  if (text === '' || text.length > referenceLimits.length || !isStorable(text)) return nothing(unknown);
  const own = await byId(queries, world, project, text);
  if (own.length > 0) return meant(own);
  if (/^models:\//i.test(text)) return modelAt(queries, world, project, { text, field, asOf });
  const endpoint = /^endpoints?:\/+(.+)$/is.exec(text)?.[1];
  if (endpoint !== undefined) {
    const node = await findByKey(queries, project, 'endpoint-name', endpoint);
    return node === undefined ? nothing(`No endpoint is called ${quoted(endpoint)}.`) : meant([node]);
  }
  const datasets = await datasetsCalled(queries, world, project, text);
  const others = await Promise.all(
    (['registered-model-name', 'endpoint-name'] as const).map((space) =>
      findByKey(queries, project, space, text),
    ),
  );
  const whole = [...datasets, ...others.filter((node) => node !== undefined)];
  if (whole.length > 0) return meant(whole);
  const at = text.lastIndexOf('@');
  if (at <= 0 || at === text.length - 1) return nothing(unknown, await nearTo(queries, world, project, text));
  return versionAt(queries, world, project, { text, field, asOf }, at);
}

/** By what needs no name: a uid, a logged model's id, a run of MLflow or of OpenLineage. What the project does not have others may. */
async function byId(
  queries: Queries,
  { scope }: Pick<World, 'scope'>,
  project: ProjectId,
  text: string,
): Promise<NodeId[]> {
  const run = /^runs:\/+([^/]+)(?:\/.*)?$/is.exec(text)?.[1];
  const id = (run ?? text).toLowerCase();
  const uids = [run ?? text, uidOfModel(id), /^[0-9a-f]{32}$/.test(id) ? id : undefined];
  for (const uid of new Set(uids.filter((one) => one !== undefined))) {
    const nodes = await seenNodes(queries, scope, project, [uid]);
    const own = nodes.filter(({ kind }) => run === undefined || kind === nodeKinds.execution);
    if (own.length > 0) return own.map((node) => node.id);
  }
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return [];
  const found = await findByKey(queries, project, 'job-run', JSON.stringify(['openlineage', id]));
  return found === undefined ? [] : [found];
}

/** `models:/churn/3`, `models:/churn@champion`, `models:/m-…`; `models:/churn` is the model with all its versions. */
async function modelAt(
  queries: Queries,
  { graph }: Pick<World, 'graph'>,
  project: ProjectId,
  { text, field, asOf }: Asked,
): Promise<Resolution> {
  const named = parseModelUri(text, field);
  if (!('id' in named)) return modelVersion(queries, { graph }, project, named, asOf);
  const logged = uidOfModel(named.id);
  const node =
    (logged && (await findNode(queries, project, logged))?.id) ??
    (await findByKey(queries, project, 'registered-model-name', named.id));
  return node === undefined ? nothing(`No model is called ${quoted(named.id)}.`) : meant([node]);
}

async function modelVersion(
  queries: Queries,
  { graph }: Pick<World, 'graph'>,
  project: ProjectId,
  named: NamedVersion,
  asOf: number | undefined,
): Promise<Resolution> {
  try {
    return meant([(await findNamed(queries, graph, project, named, asOf)).node]);
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    const model = await findByKey(queries, project, 'registered-model-name', named.name);
    const then =
      asOf === undefined || named.version !== undefined ? '' : ` as of ${new Date(asOf).toISOString()}`;
    return nothing(`${error.message.replace(/\.$/, '')}${then}.`, await versionsOfModel(queries, model));
  }
}

async function versionsOfModel(queries: Queries, model: NodeId | undefined): Promise<NodeId[]> {
  if (model === undefined) return [];
  const rows = await queries.many<{
    id: NodeId;
  }>(sql`SELECT e.source AS id FROM edge e JOIN node n ON n.id = e.source
    WHERE e.target = ${model} AND n.kind = ${nodeKinds.artifact} AND e.known_to IS NULL ORDER BY e.source DESC
    LIMIT ${referenceLimits.candidates + 1}`);
  return rows.map(({ id }) => id);
}

async function datasetsCalled(
  queries: Queries,
  { graph, scope }: World,
  project: ProjectId,
  text: string,
): Promise<NodeId[]> {
  const reading = await datasetReading();
  const place = /^[a-z][a-z0-9+.-]*:|^\//i.test(text) ? canonicalUri(text) : undefined;
  const at = place === undefined ? [] : await reading.datasetsAt(queries, { scope, project }, place);
  // A place is as exact as a name can be.
  if (at.length > 0) return at;
  return reading.datasetsNamed(queries, graph, project, text, referenceLimits.candidates + 1);
}

/** What stands before the last `@` is a dataset, or a registered model; what stands behind it one of its versions. */
async function versionAt(
  queries: Queries,
  world: World,
  project: ProjectId,
  { text, asOf }: Asked,
  at: number,
): Promise<Resolution> {
  const [base, version] = [text.slice(0, at), text.slice(at + 1)];
  const reading = await datasetReading();
  const datasets = await datasetsCalled(queries, world, project, base);
  const model = await findByKey(queries, project, 'registered-model-name', base);
  if (datasets.length === 0 && model === undefined) {
    return nothing(
      `Nothing in the project is called ${quoted(base)}.`,
      await nearTo(queries, world, project, base),
    );
  }
  const sight = { scope: world.scope, project };
  const assets = await reading.recordsOfDatasets(queries, datasets, sight);
  const isLatest = version.toLowerCase() === 'latest';
  const { candidates } = referenceLimits;
  const latest = () =>
    assets.length === 0
      ? Promise.resolve([])
      : reading.latestVersions(queries, sight, assets, asOf, candidates + 1);
  const versions =
    assets.length === 0
      ? []
      : isLatest
        ? (await Promise.all(datasets.map((one) => latestOf(queries, sight, one, asOf)))).flat()
        : await reading.versionsCalled(queries, world.graph, sight, assets, version);
  const named = /^\d+$/.test(version)
    ? { name: base, version: Number(version) }
    : { name: base, alias: version };
  const ofModel = model === undefined ? undefined : await modelVersion(queries, world, project, named, asOf);
  const found = [...versions, ...(ofModel?.found ?? [])];
  if (found.length > 0) return meant(found);
  const why = isLatest
    ? `${quoted(base)} had no version${asOf === undefined ? '' : ` as of ${new Date(asOf).toISOString()}`}.`
    : `${quoted(base)} has no version ${quoted(version)}.`;
  return nothing(why, [...(await latest()), ...(ofModel?.near ?? [])]);
}

async function latestOf(
  queries: Queries,
  sight: { readonly scope: Scope; readonly project: ProjectId },
  dataset: NodeId,
  asOf: number | undefined,
): Promise<NodeId[]> {
  const reading = await datasetReading();
  const assets = await reading.recordsOfDatasets(queries, [dataset], sight);
  return reading.latestVersions(queries, sight, assets, asOf, 1);
}

/** Things whose name holds it, or the last part of it. */
async function nearTo(
  queries: Queries,
  { graph }: World,
  project: ProjectId,
  text: string,
): Promise<NodeId[]> {
  const [last = text] = text
    .replace(/@[^/]*$/, '')
    .split('/')
    .filter((part) => part !== '')
    .slice(-1);
  const { dataset, 'registered-model': model, endpoint } = graph.types;
  const rows = await queries.many<{ id: NodeId }>(sql`SELECT n.id FROM node n WHERE n.project = ${project}
    AND n.type ${anyOf([dataset, model, endpoint])} AND ${firstOfClass('n')} AND n.deleted = 0
    AND ${nameContains(graph, last)} ORDER BY n.id DESC LIMIT ${referenceLimits.candidates + 1}`);
  return rows.map(({ id }) => id);
}

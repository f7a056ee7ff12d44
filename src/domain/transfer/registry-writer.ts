/** Registered models of a batch with their versions, aliases and stages; numbers of deleted versions stay taken. */
import type { EdgeId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import type { ChangeTx } from '../events/index.ts';
import {
  artifactStates,
  claimKey,
  findByKey,
  type Graph,
  insertEdges,
  insertNodes,
  type NewEdge,
  type NewProperties,
  type PropertyValue,
  putPropertiesOfMany,
} from '../graph/index.ts';
import { findModels } from '../models/index.ts';
import type { JoinClaimedModels } from '../pipelines/index.ts';
import { aliasNaming, checkRegisteredName, lookOf, stageNaming, versionKey } from '../registry/index.ts';
import type { Written } from './experiment-writer.ts';
import { asPairs, type Refusal, type RegisteredRecord } from './records.ts';
import { readRegisteredByName } from './registry-reader.ts';
import { differingPair, findRuns, textsOf, unfitPairs } from './values.ts';

type VersionRecord = RegisteredRecord['versions'][number];

export async function writeRegistered(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  records: readonly RegisteredRecord[],
  join: JoinClaimedModels,
): Promise<Written> {
  const refused: Refusal[] = [];
  const changed: NodeId[] = [];
  const made = new Map<string, NodeId>();
  for (const record of records) {
    const why = unfit(record);
    const found =
      why === undefined ? await findByKey(tx, project, 'registered-model-name', record.name) : undefined;
    const here = found && (await readRegisteredByName(tx, graph, project, record.name));
    const against = why ?? (here && contradiction(record, here));
    if (against !== undefined) {
      refused.push({ kind: 'registered', id: record.name, why: against });
      continue;
    }
    const model = found ?? (await insertModel(tx, graph, context, project, record));
    if (found === undefined) changed.push(model);
    const known = new Set([
      ...(here?.versions ?? []).map(({ version }) => version),
      ...(here?.deleted ?? []),
    ]);
    const fresh = record.versions.filter(({ version }) => !known.has(version));
    const gone = record.deleted.filter((version) => !known.has(version));
    const nodes = await insertVersions(tx, graph, context, project, model, record, fresh, gone);
    const numbers = [...fresh.map(({ version }) => version), ...gone];
    for (const [index, node] of nodes.entries()) made.set(`${record.name}/${numbers[index]}`, node);
    const aliases = record.aliases.filter(([alias]) => !here?.aliases.some(([other]) => other === alias));
    await nameVersions(tx, graph, context, project, model, record, aliases, fresh);
    if (nodes.length > 0 || aliases.length > 0) changed.push(model, ...nodes);
  }
  await join(tx, graph, context, project, made);
  return { nodes: [...new Set(changed)], refused };
}

function unfit(record: RegisteredRecord): string | undefined {
  try {
    checkRegisteredName(record.name);
  } catch (error) {
    return (error as Error).message;
  }
  const numbers = [...record.versions.map(({ version }) => version), ...record.deleted];
  if (new Set(numbers).size < numbers.length) return 'a version stands twice';
  const texts = record.versions.flatMap(({ source, creator }) => [source, creator]);
  if (texts.some((text) => text.includes('\0'))) return 'the source of a version holds U+0000';
  const live = new Set(record.versions.map(({ version }) => String(version)));
  if (record.aliases.some(([, version]) => !live.has(version ?? '')))
    return 'an alias names a version that is not told';
  return (
    unfitPairs('tag', asPairs(record.tags)) ??
    record.versions
      .map(({ tags }) => unfitPairs('tag of a version', asPairs(tags)))
      .find((why) => why !== undefined)
  );
}

function contradiction(record: RegisteredRecord, here: RegisteredRecord): string | undefined {
  const tag = differingPair(asPairs(record.tags), new Map(asPairs(here.tags)));
  if (tag !== undefined) return `here its tag '${tag}' has another value`;
  if (record.created !== here.created) return 'here it is another one, made at another time';
  const alias = differingPair(asPairs(record.aliases), new Map(asPairs(here.aliases)));
  if (alias !== undefined) return `here its alias '${alias}' names another version`;
  for (const version of record.versions) {
    const other = here.versions.find((one) => one.version === version.version);
    if (here.deleted.includes(version.version)) return `here its version ${version.version} is deleted`;
    if (other === undefined) continue;
    const { updated: _, ...told } = { ...version, tags: [...version.tags].sort() };
    const { updated: __, ...held } = { ...other, tags: [...other.tags].sort() };
    if (JSON.stringify(ordered(told)) !== JSON.stringify(ordered(held)))
      return `here its version ${version.version} is another one`;
  }
  const gone = record.deleted.find((number) => here.versions.some(({ version }) => version === number));
  return gone === undefined ? undefined : `here its version ${gone} is not deleted`;
}

const ordered = (value: object): [string, unknown][] =>
  Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

async function insertModel(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  record: RegisteredRecord,
): Promise<NodeId> {
  const first = await graph.db.nextIds(2);
  const node = first as NodeId;
  const root = project as number as NodeId;
  await claimKey(tx, project, 'registered-model-name', record.name, node);
  // Where two names that came in read alike the first keeps the look: both stand there already.
  await claimKey(tx, project, 'registered-model-look', lookOf(record.name), node);
  await insertNodes(tx, [
    {
      ...{ id: node, uid: context.newUid(), project, context: root, kind: 'asset' },
      ...{ type: graph.types['registered-model'], name: record.name, state: null },
      ...{ created: record.created, updated: record.updated, started: record.created, ended: null, mark: 0 },
    },
  ]);
  const owner = { id: node, project, context: root };
  await putPropertiesOfMany(tx, context.face, [
    { owner, scope: 'declared', values: await textsOf(tx, graph, describing(record.description)) },
    { owner, scope: 'registered-model-tag', values: await textsOf(tx, graph, asPairs(record.tags)) },
  ]);
  const assertion = { project, known: 'observed', validFrom: record.created, event: tx.eventId } as const;
  await insertEdges(tx, context, [
    { ...assertion, id: (first + 1) as EdgeId, source: node, target: root, kind: 'member-of' },
  ]);
  return node;
}

const describing = (description: string | undefined): [string, string][] =>
  description === undefined ? [] : [['description', description]];

async function insertVersions(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  model: NodeId,
  record: RegisteredRecord,
  fresh: readonly VersionRecord[],
  gone: readonly number[],
): Promise<NodeId[]> {
  const all = [
    ...fresh.map((version) => ({ version, number: version.version })),
    ...gone.map((number) => ({ version: undefined, number })),
  ];
  if (all.length === 0) return [];
  const first = await graph.db.nextIds(all.length * 4);
  const nodeOf = (index: number) => (first + index * 4) as NodeId;
  const greatest = Math.max(...all.map(({ number }) => number));
  const counter = `model-version/${model}`;
  await tx.run(sql`INSERT INTO counter (project, name, next) VALUES (${project}, ${counter}, ${greatest})
    ON CONFLICT (project, name) DO UPDATE SET next = CASE WHEN counter.next > ${greatest} THEN counter.next ELSE ${greatest} END`);
  const root = project as number as NodeId;
  await insertNodes(
    tx,
    all.map(({ version }, index) => ({
      ...{ id: nodeOf(index), uid: context.newUid(), project, context: root, kind: 'artifact' as const },
      ...{ type: graph.types['model-version'], name: record.name, state: artifactStates.ready },
      ...{ uri: version?.source ?? '', created: version?.created ?? record.created, mark: 0 },
      ...{
        updated: version?.updated ?? record.updated,
        started: version?.created ?? record.created,
        ended: null,
      },
      deleted: version === undefined ? 1 : 0,
    })),
  );
  const runs = await findRuns(
    tx,
    project,
    fresh.map(({ run }) => run),
  );
  const models = await findModels(
    tx,
    graph,
    project,
    fresh.map(({ loggedModel }) => loggedModel),
  );
  const properties: NewProperties[] = [];
  for (const [index, { version, number }] of all.entries()) {
    const node = nodeOf(index);
    await claimKey(tx, project, 'model-version', versionKey(model, number), node);
    const owner = { id: node, project, context: root };
    const value: PropertyValue = { kind: 'int64', value: number };
    properties.push({ owner, scope: 'system', values: new Map([[graph.systemKeys.version_number, value]]) });
    const assertion = { project, event: tx.eventId, validFrom: version?.created ?? record.created } as const;
    const edges: NewEdge[] = [
      {
        ...assertion,
        id: (node + 1) as EdgeId,
        source: node,
        target: model,
        kind: 'version-of',
        known: 'observed',
      },
    ];
    if (version !== undefined) {
      const facts: [string, string][] = [
        ...describing(version.description),
        ['run_id', version.run],
        ['run_link', version.runLink],
        ['storage_location', version.location],
        ...(version.loggedModel === '' ? [] : [['logged_model', version.loggedModel] as [string, string]]),
      ];
      properties.push({ owner, scope: 'declared', values: await textsOf(tx, graph, facts) });
      properties.push({
        owner,
        scope: 'model-version-tag',
        values: await textsOf(tx, graph, asPairs(version.tags)),
      });
      const logged = models.get(version.loggedModel)?.id;
      const run = runs.get(version.run);
      const id = (node + 2) as EdgeId;
      const from = { ...assertion, id, target: node, known: 'declared' } as const;
      if (logged !== undefined)
        edges.push({ ...from, source: logged, kind: 'derived', subtype: 'logged-model' });
      else if (run !== undefined) edges.push({ ...from, source: run, kind: 'generated', subtype: 'run' });
    }
    // Who made a version is who asserts that it is one.
    await insertEdges(tx, version === undefined ? context : inTheNameOf(context, version.creator), edges);
  }
  await putPropertiesOfMany(tx, context.face, properties);
  return all.map((_, index) => nodeOf(index));
}

function inTheNameOf(context: RequestContext, name: string): RequestContext {
  const { scope, face, requestId, clock, random, signal } = context;
  const actor = { ...context.actor, name };
  return { actor, scope, face, requestId, clock, random, signal, newUid: () => context.newUid() };
}

/** Aliases and stages, true from when the version last changed: the source tells no earlier history of them. */
async function nameVersions(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  model: NodeId,
  record: RegisteredRecord,
  aliases: RegisteredRecord['aliases'],
  fresh: readonly VersionRecord[],
): Promise<void> {
  const staged = fresh.filter(({ stage }) => stage !== 'None');
  const named = [
    ...aliases.map(([alias = '', version]) => ({ naming: aliasNaming(alias), number: Number(version) })),
    ...staged.map(({ stage, version }) => ({ naming: stageNaming(stage), number: version })),
  ];
  if (named.length === 0) return;
  const first = await graph.db.nextIds(named.length);
  const edges: NewEdge[] = [];
  for (const [index, { naming, number }] of named.entries()) {
    const version = await findByKey(tx, project, 'model-version', versionKey(model, number));
    const told = record.versions.find((one) => one.version === number);
    if (version === undefined) continue;
    edges.push({
      ...{
        id: (first + index) as EdgeId,
        project,
        source: model,
        target: version,
        kind: 'named',
        subtype: naming,
      },
      ...{ known: 'declared', validFrom: told?.updated ?? record.updated, event: tx.eventId },
    });
  }
  await insertEdges(tx, context, edges);
}

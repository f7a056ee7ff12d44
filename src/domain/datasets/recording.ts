/**
 * A dataset version that somebody tells of in so many words: where it lies, what it holds, which run made it. What was
 * told of it before stays; what is new is added, what contradicts is refused.
 */
import { canonicalDataset, canonicalUri } from '../../engines/identity/index.ts';
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { sql } from '../../kernel/sql.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import {
  edgeKinds,
  executionStates,
  type Graph,
  insertEdge,
  nodeKinds,
  type PropertyScope,
  propertiesOf,
  putPropertiesOfMany,
  textOf,
} from '../graph/index.ts';
import type { Preview } from './catalogue/version-facts.ts';
import { datasetLimits } from './dataset.ts';
import { type Digest, digestClaims, type GivenDigest, readDigests } from './digest.ts';
import type { FollowBindings } from './identity/claims.ts';
import { IdentityChange } from './identity/identity-change.ts';
import { type ColumnStatistics, type Field, placedFields } from './shape/shape.ts';

export interface NewDatasetVersion {
  /** What people call it; with `namespace` the name within that. */
  readonly name: string;
  /** Where it lies; in its place a namespace of OpenLineage, where the name says the rest. */
  readonly uri?: string | undefined;
  readonly namespace?: string | undefined;
  /** As its source names it: a snapshot, a commit. */
  readonly version?: string | undefined;
  readonly digests?: readonly GivenDigest[] | undefined;
  /** ms; when it came to be. */
  readonly created?: number | undefined;
  readonly schema?: { readonly fields: readonly Field[] } | undefined;
  readonly rows?: number | undefined;
  readonly bytes?: number | undefined;
  readonly files?: number | undefined;
  readonly statistics?: readonly ColumnStatistics[] | undefined;
  readonly preview?: Preview | undefined;
  readonly note?: string | undefined;
  readonly tags?: readonly { readonly key: string; readonly value: string }[] | undefined;
  /** Uid of the run that wrote it. */
  readonly run?: string | undefined;
}

export interface RecordedVersion {
  readonly uid: Uid;
  /** It was not known before. */
  readonly made: boolean;
}

interface Place {
  readonly uri: string | null;
  readonly canonicalUri: string | null;
  /** Natural key of the dataset, behind the face. */
  readonly key: readonly string[];
}

export async function recordVersion(
  graph: Graph,
  journal: Journal,
  follow: FollowBindings,
  context: RequestContext,
  project: ProjectId,
  input: NewDatasetVersion,
): Promise<RecordedVersion> {
  checkText('name', input.name, datasetLimits.name);
  const place = placeOf(input);
  const digests = readDigests('digests', input.digests ?? []);
  checkInput(input, context.clock.now());
  const claims = { explicit: input.version, ...digestClaims(digests) };
  return journal.write(context, project, 'dataset.record', async (tx) => {
    const run = input.run === undefined ? undefined : await requireMaker(tx, project, input.run);
    const identity = new IdentityChange(tx, graph, context, project);
    const assetKey = JSON.stringify([context.face, ...place.key]);
    const { uri, canonicalUri } = place;
    const assets = await identity.ensureAssets([
      { key: assetKey, name: input.name, uri, canonicalUri, context: project as number as NodeId },
    ]);
    const asset = assets.get(assetKey)!;
    const key = JSON.stringify([context.face, assetKey, ...versionKey(context, input, claims)]);
    const at = input.created ?? run?.ended ?? context.clock.now();
    const versions = await identity.ensureVersions([
      { key, asset, name: input.name, uri, canonicalUri, created: at, ...claims },
    ]);
    const node = versions.get(key)!;
    const made = identity.made.has(node);
    const row = (await tx.one<{ uid: Uid; created: number }>(
      sql`SELECT uid, created FROM node WHERE id = ${node}`,
    ))!;
    if (!made && input.created !== undefined && input.created !== row.created) {
      throw contradiction('created', new Date(row.created).toISOString());
    }
    const added = await putFacts(tx, graph, context, { node, project }, input, digests);
    // What is known of its content now: with a digest that was not told before, more.
    if (!made && added.includes('digests')) {
      identity.setVersionIdentity([{ version: node, asset, uid: row.uid, ...claims }]);
    }
    const wrote = run !== undefined && (await addMaker(tx, graph, context, project, run, node, at));
    if (run !== undefined && wrote) {
      const binds = run.state !== executionStates.failed && run.state !== executionStates.killed;
      identity.putUses([{ asset, direction: 'write', at, run: run.id, record: node, binds }]);
    }
    if (made || wrote || added.length > 0) {
      await follow(tx, context, await identity.settle());
      tx.record({
        node,
        touched: run === undefined ? [asset] : [asset, run.id],
        body: {
          ...{ name: input.name, uri: input.uri, namespace: input.namespace, version: input.version },
          ...{ digests: input.digests, created: at, run: input.run, told: added },
          ...{ rows: input.rows, bytes: input.bytes, files: input.files },
        },
        isFirst: made,
      });
    }
    return { uid: row.uid, made };
  });
}

function placeOf({ name, uri, namespace }: NewDatasetVersion): Place {
  if (uri !== undefined && namespace !== undefined) {
    throw invalid('namespace', 'namespace and uri both say where it lies: give one of them');
  }
  if (uri !== undefined) {
    checkText('uri', uri, datasetLimits.uri);
    const canonical = canonicalUri(uri);
    if (canonical === undefined) {
      throw invalid(
        'uri',
        'uri is no place that means the same for everyone: give it whole, as in s3://bucket/key or /data/a.csv',
      );
    }
    return { uri, canonicalUri: canonical, key: ['uri', canonical] };
  }
  if (namespace === undefined) return { uri: null, canonicalUri: null, key: ['name', name] };
  checkText('namespace', namespace, datasetLimits.name);
  return {
    uri: null,
    canonicalUri: canonicalDataset(namespace, name) ?? null,
    key: ['named', namespace, name],
  };
}

/** What makes two tellings mean one version: the best that is known of it. Without anything each is another one. */
function versionKey(
  context: RequestContext,
  { version, run }: NewDatasetVersion,
  { strong, weak }: { readonly strong?: string; readonly weak?: string },
): readonly string[] {
  if (version !== undefined) return ['version', version];
  if (strong !== undefined) return ['digest', strong];
  if (weak !== undefined) return ['weak', weak, run ?? ''];
  return run === undefined ? ['only', context.newUid()] : ['run', run];
}

function checkInput(input: NewDatasetVersion, now: number): void {
  const { version, created, schema, preview, note, tags = [], statistics = [] } = input;
  if (version !== undefined) checkText('version', version, datasetLimits.version);
  if (note?.includes('\0')) throw invalid('note', 'note must not contain U+0000');
  if (created !== undefined && created > now + datasetLimits.skew) {
    throw invalid('created', 'created lies in the future');
  }
  const fields = placedFields(schema?.fields ?? []);
  if (fields.length > datasetLimits.fields) {
    throw invalid(
      'schema.fields',
      `schema.fields has ${fields.length} fields; ${datasetLimits.fields} are the most`,
    );
  }
  for (const [at, { name }] of statistics.entries())
    checkText(`statistics[${at}].name`, name, datasetLimits.name);
  for (const [at, { key, value }] of tags.entries()) {
    checkText(`tags[${at}].key`, key, datasetLimits.tagKey);
    if (value.includes('\0')) throw invalid(`tags[${at}].value`, `tags[${at}].value must not contain U+0000`);
  }
  if (preview === undefined) return;
  for (const [at, row] of preview.rows.entries()) {
    if (row.length === preview.columns.length) continue;
    throw invalid(
      `preview.rows[${at}]`,
      `preview.rows[${at}] has ${row.length} values for ${preview.columns.length} columns`,
    );
  }
  const size = Buffer.byteLength(JSON.stringify(preview));
  if (size > datasetLimits.preview) {
    throw invalid('preview', `preview has ${size} bytes as JSON; ${datasetLimits.preview} are the most`);
  }
}

function checkText(field: string, text: string, limit: number): void {
  if (text === '' || text.length > limit || text.includes('\0')) {
    throw invalid(field, `${field} must have 1 to ${limit} characters, none of them U+0000`);
  }
}

interface Maker {
  readonly id: NodeId;
  readonly state: number | null;
  readonly ended: number | null;
}

async function requireMaker(tx: ChangeTx, project: ProjectId, uid: string): Promise<Maker> {
  const row = uid.includes('\0')
    ? undefined
    : await tx.one<Maker>(sql`SELECT n.id, n.state, n.ended FROM node n JOIN type t ON t.id = n.type
        WHERE n.project = ${project} AND n.uid = ${uid} AND n.kind = ${nodeKinds.execution} AND t.name IN ('run', 'job-run')`);
  if (row === undefined) throw notFound(`There is no run ${JSON.stringify(uid)}`, 'run');
  return row;
}

/** False where the run is known to have written it. */
async function addMaker(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  run: Maker,
  node: NodeId,
  at: number,
): Promise<boolean> {
  const known = await tx.one(sql`SELECT id FROM edge WHERE source = ${run.id} AND target = ${node}
    AND kind = ${edgeKinds.generated} AND known_to IS NULL`);
  if (known !== undefined) return false;
  await insertEdge(tx, context, {
    ...{ id: (await graph.db.nextIds(1)) as EdgeId, project, source: run.id, target: node },
    ...{ kind: 'generated', known: 'declared', validFrom: at, event: tx.eventId },
  });
  return true;
}

/** Stores what was not told before; resolves to which that is. `conflict` where something else was told. */
async function putFacts(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  { node, project }: { readonly node: NodeId; readonly project: ProjectId },
  input: NewDatasetVersion,
  digests: readonly Digest[],
): Promise<string[]> {
  const { rows, bytes, files, statistics: columns = [] } = input;
  const figures = { rows, bytes, files, columns };
  const hasFigures = columns.length > 0 || [rows, bytes, files].some((figure) => figure !== undefined);
  const facts: readonly (readonly [
    scope: PropertyScope,
    key: string,
    field: string,
    text: string | undefined,
  ])[] = [
    ['system', 'version', 'version', input.version],
    ['declared', 'digests', 'digests', digests.length === 0 ? undefined : JSON.stringify(digests)],
    ['declared', 'fields', 'schema', input.schema && JSON.stringify(input.schema.fields)],
    ['declared', 'statistics', 'statistics', hasFigures ? JSON.stringify(figures) : undefined],
    ['declared', 'preview', 'preview', input.preview && JSON.stringify(input.preview)],
    ['declared', 'note', 'note', input.note],
    ...(input.tags ?? []).map(({ key, value }) => ['dataset-tag', key, 'tags', value] as const),
  ];
  const given = facts.flatMap(([scope, key, field, text]) =>
    text === undefined ? [] : { scope, key, field, text },
  );
  const keys = await graph.keys.resolve(tx, [...new Set(given.map(({ key }) => key))]);
  const stored = new Map<string, string>();
  for (const scope of ['system', 'declared', 'dataset-tag'] as const) {
    for (const row of await propertiesOf(tx, [node], { scope }))
      stored.set(`${scope} ${row.key}`, textOf(row));
  }
  const fresh = given.filter(({ scope, key, field, text }) => {
    const before = stored.get(`${scope} ${keys.get(key)!}`);
    if (before !== undefined && before !== text) throw contradiction(field, shown(before));
    return before === undefined;
  });
  const owner = { id: node, project, context: project as number as NodeId };
  await putPropertiesOfMany(
    tx,
    context.face,
    [...Map.groupBy(fresh, ({ scope }) => scope)].map(([scope, list]) => ({
      ...{ owner, scope },
      values: new Map<KeyId, { kind: 'text'; value: string }>(
        list.map(({ key, text }) => [keys.get(key)!, { kind: 'text', value: text }]),
      ),
    })),
  );
  return [...new Set(fresh.map(({ field }) => field))];
}

const shown = (text: string): string => (text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text);

function contradiction(field: string, before: string): CairnError {
  return new CairnError('conflict', `Of this version ${field} is known already, and is another: ${before}`, {
    field,
  });
}

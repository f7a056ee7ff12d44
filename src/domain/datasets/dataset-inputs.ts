/**
 * Recording that a run uses datasets, as part of a write of a later slice: assets, versions and edges that are missing are
 * made, what is there already stays as it was first written. What is the same as what, and which version of another face's making
 * was read, follows (identity/). The number of statements does not depend on the number of datasets.
 */
import { locationOf, type SourceLocation } from '../../engines/identity/index.ts';
import { present } from '../../kernel/assert.ts';
import { invalid } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { ChangeTx } from '../events/index.ts';
import {
  edgesAt,
  findByKeys,
  type Graph,
  insertEdges,
  type NewProperties,
  type PropertyValue,
  putPropertiesOfMany,
} from '../graph/index.ts';
import type { RunRow } from '../runs/index.ts';
import type { DatasetRecord, NewDatasetInput } from './dataset.ts';
import { assetKey, recordKey } from './dataset-keys.ts';
import type { FollowBindings } from './identity/claims.ts';
import { IdentityChange } from './identity/identity-change.ts';
import { placedVersions, versionTag } from './identity/recorded-claims.ts';

/** An input that the run did not have before. */
export interface AddedInput {
  readonly node: NodeId;
  readonly input: NewDatasetInput;
}

/** A record, and where it says that it lies. */
interface Draft {
  readonly input: NewDatasetInput;
  readonly location: SourceLocation | undefined;
  readonly key: string;
}

/** `run` is held; `follow` is told which reads, of any face, saw another version than was thought. Of equal records the first counts, in the request as in the store. */
export async function addDatasetInputs(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  run: RunRow,
  inputs: readonly NewDatasetInput[],
  follow: FollowBindings,
): Promise<AddedInput[]> {
  if (inputs.length === 0) return [];
  for (const [index, input] of inputs.entries()) checkInput(`datasets[${index}]`, input);
  const drafts = draftsOf(context, run, inputs);
  const identity = new IdentityChange(tx, graph, context, run.project);
  const nodes = await recordsOf(tx, graph, context, run, drafts, identity);
  const used = new Set((await edgesAt(tx, 'target', [run.id], 'used')).map((edge) => edge.source));
  const added = drafts
    .map((draft) => ({ draft, node: present(nodes.get(draft.key), 'node of a claimed key') }))
    .filter(({ node }) => !used.has(node));
  if (added.length === 0) return [];
  await insertUses(tx, graph, context, run, added);
  const placed = await placedVersions(
    tx,
    added.map(({ node }) => node),
  );
  // What the source names counts for the records that are made of it.
  const named = new Set(
    added.flatMap(({ draft, node }) => (identity.made.has(node) && draft.location?.version ? node : [])),
  );
  const inputOf = new Map(added.map(({ draft, node }) => [node, draft.input]));
  identity.putUses(
    placed.map(({ version, asset, names_version: names }) => ({
      ...{ asset, direction: 'read', at: run.started, run: run.id, record: version },
      explicit: inputOf.get(version)?.tags.find(({ key }) => key === versionTag)?.value,
      binds: names === 0 && !named.has(version),
    })),
  );
  await follow(tx, context, await identity.settle());
  return added.map(({ draft, node }) => ({ node, input: draft.input }));
}

/** UTF-16 units of a key of a tag: keys are interned, and indexed whole. */
const tagKeyLimit = 512;

/** What becomes a name or a key holds no U+0000, which no store keeps as text. */
function checkInput(path: string, { record, context = '', tags }: NewDatasetInput): void {
  for (const part of ['name', 'digest', 'sourceType'] as const) {
    if (part !== 'sourceType' && record[part] === '')
      throw invalid(`${path}.${part}`, `${path}.${part} must not be empty`);
    if (record[part].includes('\0'))
      throw invalid(`${path}.${part}`, `${path}.${part} must not contain U+0000`);
  }
  if (context.includes('\0')) throw invalid(`${path}.context`, `${path}.context must not contain U+0000`);
  for (const [at, { key }] of tags.entries()) {
    const field = `${path}.tags[${at}].key`;
    if (key === '' || key.length > tagKeyLimit || key.includes('\0')) {
      throw invalid(field, `${field} must have 1 to ${tagKeyLimit} characters, none of them U+0000`);
    }
  }
}

function draftsOf(context: RequestContext, run: RunRow, inputs: readonly NewDatasetInput[]): Draft[] {
  const unique = new Map<string, NewDatasetInput>();
  for (const input of inputs) {
    const key = recordKey(context.face, run.context, input.record);
    if (!unique.has(key)) unique.set(key, input);
  }
  return [...unique].map(([key, input]) => {
    return { input, key, location: locationOf(input.record.sourceType, input.record.source) };
  });
}

/** The node of each record; those that are new are made, with their assets and what the client wrote. */
async function recordsOf(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  run: RunRow,
  drafts: readonly Draft[],
  identity: IdentityChange,
): Promise<ReadonlyMap<string, NodeId>> {
  const known = await findByKeys(
    tx,
    run.project,
    'dataset-record',
    drafts.map(({ key }) => key),
  );
  const unknown = drafts.filter(({ key }) => !known.has(key));
  if (unknown.length === 0) return known;
  const keyed = unknown.map((draft) => {
    const { record } = draft.input;
    return { ...draft, record, assetKey: assetKey(context.face, run.context, record, draft.location) };
  });
  const assets = await identity.ensureAssets(
    keyed.map(({ assetKey: key, record, location }) => ({
      ...{
        key,
        name: record.name,
        uri: location?.written ?? null,
        canonicalUri: location?.canonical ?? null,
      },
      // An asset with a place is the project's; one without is known in its experiment only.
      context: location === undefined ? run.context : (run.project as number as NodeId),
    })),
  );
  const created = context.clock.now();
  const versions = await identity.ensureVersions(
    keyed.map(({ key, assetKey: of, record, location }) => ({
      ...{ key, asset: present(assets.get(of), 'node of a claimed key'), name: record.name },
      ...{ uri: location?.written ?? null, canonicalUri: location?.canonical ?? null },
      ...{ context: run.context, created },
      // Without a place, no two records are of one asset and have one digest.
      ...(location !== undefined && { explicit: location.version, weak: record.digest }),
    })),
  );
  const fresh = unknown.flatMap((draft) => {
    const node = present(versions.get(draft.key), 'node of a claimed key');
    return identity.made.has(node) ? [{ draft, node }] : [];
  });
  await putPropertiesOfMany(tx, context.face, await propertiesOfRecords(tx, graph, run, fresh));
  return new Map([...known, ...versions]);
}

/** What the client wrote, in the scope `declared`; what was made of it, in `system`. */
async function propertiesOfRecords(
  tx: ChangeTx,
  graph: Graph,
  run: RunRow,
  records: readonly { readonly draft: Draft; readonly node: NodeId }[],
): Promise<NewProperties[]> {
  const names = ['digest', 'source_type', 'source', 'schema', 'profile', 'digest_kind', 'version'] as const;
  const keys = await graph.keys.resolve(tx, names);
  const values = (texts: Partial<Record<(typeof names)[number], string | undefined>>) => {
    const found = new Map<KeyId, PropertyValue>();
    for (const [name, value] of Object.entries(texts)) {
      if (value !== undefined) found.set(keys.get(name)!, { kind: 'text', value });
    }
    return found;
  };
  return records.flatMap(({ draft, node }) => {
    const owner = { id: node, project: run.project, context: run.context };
    const { digest, sourceType, source, schema, profile } = draft.input.record;
    return [
      {
        owner,
        scope: 'declared',
        values: values({ digest, source_type: sourceType, source, schema, profile }),
      },
      { owner, scope: 'system', values: values({ digest_kind: 'weak', version: draft.location?.version }) },
    ] satisfies NewProperties[];
  });
}

async function insertUses(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  run: RunRow,
  uses: readonly { readonly draft: Draft; readonly node: NodeId }[],
): Promise<void> {
  const first = await graph.db.nextIds(uses.length);
  const edgeId = (index: number) => (first + index) as EdgeId;
  const validFrom = context.clock.now();
  await insertEdges(
    tx,
    context,
    uses.map(({ draft, node }, index) => ({
      id: edgeId(index),
      project: run.project,
      source: node,
      target: run.id,
      kind: 'used',
      ...(draft.input.context !== undefined && { subtype: draft.input.context }),
      known: 'observed',
      validFrom,
      event: tx.eventId,
    })),
  );
  const tagged = uses.flatMap(({ draft }, index) => {
    return draft.input.tags.length === 0 ? [] : { tags: draft.input.tags, edge: edgeId(index) };
  });
  const keys = await graph.keys.resolve(
    tx,
    tagged.flatMap(({ tags }) => tags.map((tag) => tag.key)),
  );
  await putPropertiesOfMany(
    tx,
    context.face,
    tagged.map(({ tags, edge }) => ({
      // An edge is in no experiment's table of columns.
      owner: { id: edge, project: run.project, context: 0 },
      scope: 'tag',
      values: new Map(tags.map(({ key, value }) => [keys.get(key)!, { kind: 'text', value } as const])),
    })),
  );
}

/** What an event says of a record: texts that may be long by their digest in the graph alone. */
export function describeInput({ record, context, tags }: NewDatasetInput): Readonly<Record<string, unknown>> {
  const { name, digest, sourceType, source }: DatasetRecord = record;
  return { name, digest, sourceType, source, ...(context !== undefined && { context }), tags };
}

/**
 * Recording that a run uses datasets, as part of a write of a later slice: assets, versions and edges that are missing are
 * made, what is there already stays as it was first written. At most ten statements, whatever the number of datasets.
 */
import { present } from '../../kernel/assert.ts';
import { invalid } from '../../kernel/errors.ts';
import type { EdgeId, KeyId, NodeId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { ChangeTx } from '../events/index.ts';
import {
  claimKeys,
  edgesAt,
  type Graph,
  insertEdges,
  insertNodes,
  type NewEdge,
  type NewNode,
  type NewProperties,
  type PropertyValue,
  putPropertiesOfMany,
} from '../graph/index.ts';
import type { RunRow } from '../runs/index.ts';
import type { DatasetRecord, NewDatasetInput } from './dataset.ts';
import { assetKey, contentKey, recordKey } from './dataset-keys.ts';
import { locationOf, type SourceLocation } from './source-location.ts';

/** An input that the run did not have before. */
export interface AddedInput {
  readonly node: NodeId;
  readonly input: NewDatasetInput;
}

/** A record with the ids of everything that may have to be made for it. */
interface Draft {
  readonly input: NewDatasetInput;
  readonly location: SourceLocation | undefined;
  readonly key: string;
  readonly assetKey: string;
  readonly first: number;
}

const idsPerDraft = 6;
const [versionAt, assetAt, versionEdgeAt, memberEdgeAt, sameEdgeAt, usedEdgeAt] = [0, 1, 2, 3, 4, 5];

/** `run` is held. Of equal records the first counts, in the request as in the store. */
export async function addDatasetInputs(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  run: RunRow,
  inputs: readonly NewDatasetInput[],
): Promise<AddedInput[]> {
  if (inputs.length === 0) return [];
  for (const [index, input] of inputs.entries()) checkInput(`datasets[${index}]`, input);
  const drafts = await draftsOf(graph, context, run, inputs);
  const proposed = new Map(drafts.map((draft) => [draft.key, id(draft, versionAt)]));
  const nodes = await claimKeys(tx, run.project, 'dataset-record', proposed);
  const fresh = drafts.filter((draft) => nodes.get(draft.key) === id(draft, versionAt));
  if (fresh.length > 0) await insertVersions(tx, graph, context, run, fresh);
  const used = new Set((await edgesAt(tx, 'target', [run.id], 'used')).map((edge) => edge.source));
  const added = drafts
    .map((draft) => ({ draft, node: present(nodes.get(draft.key), 'node of a claimed key') }))
    .filter(({ node }) => !used.has(node));
  await insertUses(tx, graph, context, run, added);
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

const id = (draft: Draft, offset: number): NodeId => (draft.first + offset) as NodeId;
const edgeId = (draft: Draft, offset: number): EdgeId => (draft.first + offset) as EdgeId;

async function draftsOf(
  graph: Graph,
  context: RequestContext,
  run: RunRow,
  inputs: readonly NewDatasetInput[],
): Promise<Draft[]> {
  const unique = new Map<string, NewDatasetInput>();
  for (const input of inputs) {
    const key = recordKey(context.face, run.context, input.record);
    if (!unique.has(key)) unique.set(key, input);
  }
  const first = await graph.db.nextIds(unique.size * idsPerDraft);
  return [...unique].map(([key, input], index) => {
    const location = locationOf(input.record.sourceType, input.record.source);
    return {
      input,
      location,
      key,
      assetKey: assetKey(context.face, run.context, input.record, location),
      first: first + index * idsPerDraft,
    };
  });
}

/** Nodes, properties and edges of records that are new. */
async function insertVersions(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  run: RunRow,
  drafts: readonly Draft[],
): Promise<void> {
  const { project, context: experiment } = run;
  // Several versions of one request may share an asset: the first proposes it.
  const proposedAssets = new Map<string, NodeId>();
  for (const draft of drafts) {
    if (!proposedAssets.has(draft.assetKey)) proposedAssets.set(draft.assetKey, id(draft, assetAt));
  }
  const assets = await claimKeys(tx, project, 'dataset-asset', proposedAssets);
  const versions = drafts.map((draft) => {
    const asset = present(assets.get(draft.assetKey), 'node of a claimed key');
    return { draft, asset, contentKey: contentKey(asset, draft.input.record, draft.location) };
  });
  const proposedContents = new Map<string, NodeId>();
  for (const version of versions) {
    if (!proposedContents.has(version.contentKey))
      proposedContents.set(version.contentKey, id(version.draft, versionAt));
  }
  const contents = await claimKeys(tx, project, 'dataset-content', proposedContents);

  const now = context.clock.now();
  const base = { project, created: now, state: null, started: now, ended: null, mark: 0 };
  const assertion = { project, known: 'observed', validFrom: now, event: tx.eventId } as const;
  const nodes: NewNode[] = [];
  const edges: NewEdge[] = [];
  for (const { draft, asset, contentKey: content } of versions) {
    const { record } = draft.input;
    const node = id(draft, versionAt);
    const same = present(contents.get(content), 'node of a claimed key');
    const uri = draft.location?.written ?? null;
    const canonicalUri = draft.location?.canonical ?? null;
    nodes.push({
      ...base,
      id: node,
      uid: context.newUid(),
      context: experiment,
      kind: 'artifact',
      type: graph.types['dataset-version'],
      name: record.name,
      uri,
      canonicalUri,
      class: same,
    });
    if (asset === id(draft, assetAt)) {
      nodes.push({
        ...base,
        id: asset,
        uid: context.newUid(),
        // An asset with a place is the project's; one without is known in its experiment only.
        context: draft.location === undefined ? experiment : (project as number as NodeId),
        kind: 'asset',
        type: graph.types.dataset,
        name: record.name,
        uri,
        canonicalUri,
      });
    }
    edges.push({
      ...assertion,
      id: edgeId(draft, versionEdgeAt),
      source: node,
      target: asset,
      kind: 'version-of',
    });
    edges.push({
      ...assertion,
      id: edgeId(draft, memberEdgeAt),
      source: node,
      target: experiment,
      kind: 'member-of',
    });
    if (same !== node) {
      const strong = draft.location?.version !== undefined;
      edges.push({
        ...assertion,
        id: edgeId(draft, sameEdgeAt),
        source: node,
        target: same,
        kind: 'same',
        known: strong ? 'declared' : 'inferred',
        rule: strong ? 'equal version' : 'equal weak digest',
      });
    }
  }
  await insertNodes(tx, nodes);
  await insertEdges(tx, context, edges);
  await putPropertiesOfMany(tx, context.face, await propertiesOfDrafts(tx, graph, run, drafts));
}

/** What the client wrote, in the scope `declared`; what was made of it, in `system`. */
async function propertiesOfDrafts(
  tx: ChangeTx,
  graph: Graph,
  run: RunRow,
  drafts: readonly Draft[],
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
  return drafts.flatMap((draft) => {
    const owner = { id: id(draft, versionAt), project: run.project, context: run.context };
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
  if (uses.length === 0) return;
  const validFrom = context.clock.now();
  await insertEdges(
    tx,
    context,
    uses.map(({ draft, node }) => ({
      id: edgeId(draft, usedEdgeAt),
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
  const tagged = uses.filter(({ draft }) => draft.input.tags.length > 0);
  const keys = await graph.keys.resolve(
    tx,
    tagged.flatMap(({ draft }) => draft.input.tags.map((tag) => tag.key)),
  );
  await putPropertiesOfMany(
    tx,
    context.face,
    tagged.map(({ draft }) => ({
      // An edge is in no experiment's table of columns.
      owner: { id: edgeId(draft, usedEdgeAt), project: run.project, context: 0 },
      scope: 'tag',
      values: new Map(
        draft.input.tags.map(({ key, value }) => [keys.get(key)!, { kind: 'text', value } as const]),
      ),
    })),
  );
}

/** What an event says of a record: texts that may be long by their digest in the graph alone. */
export function describeInput({ record, context, tags }: NewDatasetInput): Readonly<Record<string, unknown>> {
  const { name, digest, sourceType, source }: DatasetRecord = record;
  return { name, digest, sourceType, source, ...(context !== undefined && { context }), tags };
}

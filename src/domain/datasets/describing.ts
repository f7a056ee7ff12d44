/** What people say of a dataset, changed by those who expect what they change, and taken back. */
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { anyOf, sql } from '../../kernel/sql.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import { type Graph, lockNodes, propertyScopes, putPropertiesOfMany } from '../graph/index.ts';
import { classByUid, recordsOfClasses } from './catalogue/class-store.ts';
import {
  type DescribedField,
  describedFields,
  joinedWords,
  type OwnWords,
  ownWords,
} from './catalogue/descriptions.ts';
import { datasetLimits } from './dataset.ts';

/** null takes away what people said, so that what producers say shows again. What is left out stays. */
export interface DescriptionChange {
  readonly description?: string | null | undefined;
  readonly owner?: string | null | undefined;
  readonly licence?: string | null | undefined;
  /** null removes a tag. */
  readonly tags?: Readonly<Record<string, string | null>> | undefined;
}

/** Resolves when it is changed; `conflict` on a field of `expected` that is another one now. */
export async function describeDataset(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  uid: string,
  change: DescriptionChange,
  expected: DescriptionChange = {},
): Promise<void> {
  checkChange('', change);
  checkChange('expected.', expected);
  await journal.write(context, project, 'dataset.describe', async (tx) => {
    const { assets, name, words, shown } = await holdDataset(tx, graph, context, project, uid);
    mustBe(shown, expected);
    const before = differing(words, change);
    if (before === undefined) return;
    await putWords(tx, graph, context, project, assets, change, before);
    tx.record({ node: assets[0]!, body: { dataset: name, ...change, before } });
  });
}

/** Puts back what the last change took away. Undone again, that change is back. */
export async function undoDescription(
  graph: Graph,
  journal: Journal,
  context: RequestContext,
  project: ProjectId,
  uid: string,
  expected: DescriptionChange = {},
): Promise<void> {
  checkChange('expected.', expected);
  await journal.write(context, project, 'dataset.undo', async (tx) => {
    const { assets, name, words, shown } = await holdDataset(tx, graph, context, project, uid);
    mustBe(shown, expected);
    if (words.undo === undefined) {
      throw new CairnError(
        'failed_precondition',
        'Nothing was said of this dataset that could be taken back.',
        {
          field: 'dataset',
        },
      );
    }
    const change = JSON.parse(words.undo) as DescriptionChange;
    const before = differing(words, change) ?? {};
    await putWords(tx, graph, context, project, assets, change, before);
    tx.record({ node: assets[0]!, body: { dataset: name, ...change, before } });
  });
}

function checkChange(prefix: string, { tags = {}, ...fields }: DescriptionChange): void {
  for (const name of describedFields) {
    const value = fields[name];
    if (value?.includes('\0')) throw invalid(prefix + name, `${prefix}${name} must not contain U+0000`);
  }
  for (const [key, value] of Object.entries(tags)) {
    const field = `${prefix}tags.${key.slice(0, 100).toWellFormed()}`;
    if (key === '' || key.length > datasetLimits.tagKey || key.includes('\0')) {
      throw invalid(
        field,
        `The key of a tag must have 1 to ${datasetLimits.tagKey} characters, none of them U+0000`,
      );
    }
    if (value?.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
  }
}

interface HeldDataset {
  /** Those of the project: what is said in others is not changed from here. */
  readonly assets: readonly NodeId[];
  readonly name: string;
  /** What is said of them. */
  readonly words: OwnWords;
  /** What the catalogue shows: where the project says nothing, what others do. */
  readonly shown: OwnWords;
}

/** The first asset of the class is held until the transaction ends: one change comes after the other. */
async function holdDataset(
  tx: ChangeTx,
  graph: Graph,
  { scope }: RequestContext,
  project: ProjectId,
  uid: string,
): Promise<HeldDataset> {
  const found = await classByUid(tx, graph, { scope: { projects: [project] }, project }, 'dataset', uid);
  if (found === undefined) throw notFound(`There is no dataset ${JSON.stringify(uid)}`, 'dataset');
  await tx.one(sql`SELECT n.id FROM node n WHERE n.id = ${found} ${lockNodes(graph.db.dialect)}`);
  const rows = await recordsOfClasses(tx, [found], { scope, project });
  const all = rows.map(({ id }) => id);
  const assets = rows.flatMap((row) => (row.project === project ? row.id : []));
  const said = await ownWords(tx, graph, all);
  return {
    ...{ assets, name: rows[0]!.name },
    ...{ words: joinedWords(said, assets), shown: joinedWords(said, all) },
  };
}

function mustBe(words: OwnWords, { tags = {}, ...fields }: DescriptionChange): void {
  const check = (field: string, expected: string | null, now: string | undefined) => {
    if ((now ?? null) === expected) return;
    const found = now === undefined ? 'nothing' : JSON.stringify(now.slice(0, 200).toWellFormed());
    throw new CairnError('conflict', `It says ${found} now: somebody has changed it.`, { field });
  };
  for (const name of describedFields) {
    const expected = fields[name];
    if (expected !== undefined) check(`expected.${name}`, expected, words.fields.get(name));
  }
  for (const [key, value] of Object.entries(tags)) check(`expected.tags.${key}`, value, words.tags.get(key));
}

/** What the change takes away; undefined where it changes nothing. */
function differing(
  words: OwnWords,
  { tags = {}, ...fields }: DescriptionChange,
): DescriptionChange | undefined {
  const before: { -readonly [name in DescribedField]?: string | null } = {};
  for (const name of describedFields) {
    const now = words.fields.get(name) ?? null;
    if (fields[name] !== undefined && fields[name] !== now) before[name] = now;
  }
  const oldTags = Object.entries(tags).flatMap(([key, value]) => {
    const now = words.tags.get(key) ?? null;
    return now === value ? [] : [[key, now] as const];
  });
  const isSame = Object.keys(before).length === 0 && oldTags.length === 0;
  if (isSame) return undefined;
  return { ...before, ...(oldTags.length > 0 && { tags: Object.fromEntries(oldTags) }) };
}

/** Said by the first asset of the class alone, whichever said it before: two that became one do not say two things. */
async function putWords(
  tx: ChangeTx,
  graph: Graph,
  context: RequestContext,
  project: ProjectId,
  assets: readonly NodeId[],
  { tags = {}, ...fields }: DescriptionChange,
  undo: DescriptionChange,
): Promise<void> {
  const told = describedFields.flatMap((name) =>
    fields[name] === undefined ? [] : [[name, fields[name]] as const],
  );
  const tagged = Object.entries(tags);
  const keys = await graph.keys.resolve(tx, [
    ...told.map(([name]) => name),
    ...tagged.map(([key]) => key),
    'undo',
  ]);
  const owner = { id: assets[0]!, project, context: project as number as NodeId };
  for (const [scope, pairs] of [
    ['declared', told],
    ['dataset-tag', tagged],
  ] as const) {
    const ids = pairs.map(([key]) => keys.get(key)!);
    if (ids.length === 0) continue;
    await tx.run(
      sql`DELETE FROM property WHERE owner ${anyOf(assets)} AND scope = ${propertyScopes[scope]} AND key ${anyOf(ids)}`,
    );
    const values = pairs.flatMap(([key, value]) =>
      value === null ? [] : [textValue(keys.get(key)!, value)],
    );
    if (values.length > 0)
      await putPropertiesOfMany(tx, context.face, [{ owner, scope, values: new Map(values) }]);
  }
  const values = new Map([textValue(keys.get('undo')!, JSON.stringify(undo))]);
  await putPropertiesOfMany(tx, context.face, [{ owner, scope: 'system', values }]);
}

const textValue = (key: KeyId, value: string) => [key, { kind: 'text', value } as const] as const;

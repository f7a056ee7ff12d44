/**
 * What differs between two versions of a model, or two runs: the data they learned from and were judged by, the code, the parameters, the
 * packages. Data are compared by what each comes from, at any distance; the rest stands at the nearest run, at the logged model, and in
 * the files that MLflow's clients put beside a model.
 */
import type { Queries } from '../../db/db.ts';
import { CairnError } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Artifacts } from '../artifacts/index.ts';
import { findNode, propertiesOf, propertyScopes, textOf } from '../graph/index.ts';
import { loadModels } from '../models/index.ts';
import { loadVersions } from '../registry/index.ts';
import type { When } from './evidence-store.ts';
import type { World } from './labels.ts';
import { walkLimits } from './lineage.ts';
import { packagesOf, pythonOf } from './packages.ts';
import { type Ancestry, ancestryOf, type NodeView, type StepView, type ToldDataView } from './questions.ts';
import { requireReference } from './references.ts';
import type { Walks } from './walks.ts';

export interface DifferenceQuestion extends When {
  /** References. */
  readonly from: string;
  readonly to: string;
}

/** null: it is not there. */
export interface Change {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Data with the way by which it is known to be behind one side. */
export type KnownData = ToldDataView & { readonly path: readonly StepView[] };

export interface DataChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** uid of the dataset. */
  readonly dataset: string;
  readonly name: string;
  /** Versions that only the one side has, and only the other. */
  readonly from: readonly KnownData[];
  readonly to: readonly KnownData[];
}

export interface Difference {
  readonly from: NodeView;
  readonly to: NodeView;
  /** Where code and parameters stand. */
  readonly runs: { readonly from: NodeView | null; readonly to: NodeView | null };
  readonly data: readonly DataChange[];
  readonly evaluation: readonly DataChange[];
  readonly code: readonly Change[];
  readonly params: readonly Change[];
  readonly environment: readonly Change[];
  /** How many of each are the same. */
  readonly same: {
    readonly data: number;
    readonly code: number;
    readonly params: number;
    readonly environment: number;
  };
  /** Files that the packages were read from; null where there is none. */
  readonly files: { readonly from: string | null; readonly to: string | null };
  /** The ancestry of both is told to the end. */
  readonly complete: boolean;
}

/** Tags by which MLflow's clients tell the code, and what people call them. */
const codeTags: Readonly<Record<string, string>> = {
  'mlflow.source.git.commit': 'commit',
  'mlflow.source.git.branch': 'branch',
  'mlflow.source.git.repoURL': 'repository',
  'mlflow.source.name': 'source',
  'mlflow.source.type': 'kind of source',
  'mlflow.project.entryPoint': 'entry point',
  'mlflow.project.env': 'project environment',
  'mlflow.databricks.notebookPath': 'notebook',
  'mlflow.databricks.notebookRevisionID': 'revision of the notebook',
  'mlflow.docker.image.uri': 'image',
};

interface Side {
  readonly ancestry: Ancestry;
  readonly run: NodeView | null;
  readonly code: ReadonlyMap<string, string>;
  readonly params: ReadonlyMap<string, string>;
  readonly environment: ReadonlyMap<string, string>;
  readonly file: string | null;
}

export async function differenceOf(
  walks: Walks,
  world: World,
  artifacts: Artifacts,
  context: RequestContext,
  project: ProjectId,
  { from, to, ...when }: DifferenceQuestion,
): Promise<Difference> {
  // Both are known before the first walk is begun.
  await world.graph.db.scan(async (queries) => {
    const { asOf } = when;
    await requireReference(queries, world, project, { text: from, field: 'from', asOf });
    await requireReference(queries, world, project, { text: to, field: 'to', asOf });
  }, context.signal);
  const sideOf = async (of: string): Promise<Side> => {
    const ancestry = await ancestryOf(walks, world, context, project, {
      ...{ ...when, of, limit: walkLimits.items },
    });
    const nearest = (isIt: (node: NodeView) => boolean) =>
      isIt(ancestry.of)
        ? ancestry.of
        : (ancestry.items
            .filter(({ node }) => isIt(node))
            .reduce<Ancestry['items'][number] | undefined>(
              (best, item) => (best === undefined || item.hops < best.hops ? item : best),
              undefined,
            )?.node ?? null);
    const run = nearest(({ kind }) => kind === 'execution');
    const model = nearest(({ type }) => type === 'logged-model');
    const stated = await world.graph.db.scan(
      (queries) => statedAt(queries, world, project, ancestry.of, run, model),
      context.signal,
    );
    return { ancestry, run, ...stated, ...(await packagesAt(artifacts, context, project, stated.places)) };
  };
  const [one, other] = [await sideOf(from), await sideOf(to)];
  const [code, params, environment] = (['code', 'params', 'environment'] as const).map((what) =>
    changes(one[what], other[what]),
  );
  const data = dataChanges(knownData(one.ancestry), knownData(other.ancestry));
  const evaluation = dataChanges(judgingData(one.ancestry), judgingData(other.ancestry));
  return {
    ...{ from: one.ancestry.of, to: other.ancestry.of, runs: { from: one.run, to: other.run } },
    ...{ data: data.changed, evaluation: evaluation.changed },
    ...{ code: code!.changed, params: params!.changed, environment: environment!.changed },
    same: { data: data.same, code: code!.same, params: params!.same, environment: environment!.same },
    files: { from: one.file, to: other.file },
    complete: one.ancestry.complete && other.ancestry.complete,
  };
}

/** What stands at the run and the logged model, and where files of the model may lie. */
async function statedAt(
  queries: Queries,
  { graph }: World,
  project: ProjectId,
  of: NodeView,
  run: NodeView | null,
  model: NodeView | null,
) {
  const idOf = async (node: NodeView | null) =>
    node === null ? undefined : (await findNode(queries, project, node.uid))?.id;
  const [own, runId, modelId] = [await idOf(of), await idOf(run), await idOf(model)];
  const rows = await propertiesOf(
    queries,
    [runId, modelId].filter((id) => id !== undefined),
  );
  const names = await graph.keys.names(
    queries,
    rows.map(({ key }) => key),
  );
  const code = new Map<string, string>();
  const params = new Map<string, string>();
  for (const row of rows) {
    const name = names.get(row.key) ?? '';
    const called = codeTags[name];
    if (row.scope === propertyScopes.tag && called !== undefined) code.set(called, textOf(row));
    else if (row.scope === propertyScopes.param) params.set(name, textOf(row));
    else if (row.scope === propertyScopes['model-param'] && !params.has(name)) params.set(name, textOf(row));
  }
  const places = [
    own === undefined ? undefined : (await loadVersions(queries, graph, [own])).get(own)?.location,
    modelId === undefined
      ? undefined
      : (await loadModels(queries, graph, [modelId])).get(modelId)?.artifactUri,
  ].filter((place) => place !== undefined && place !== '');
  return { code, params, places: [...new Set(places as string[])] };
}

/** Bytes of a file that are read; a longer one is no list of packages. */
const longestFile = 1_000_000;

async function packagesAt(
  artifacts: Artifacts,
  context: RequestContext,
  project: ProjectId,
  places: readonly string[],
): Promise<{ readonly environment: ReadonlyMap<string, string>; readonly file: string | null }> {
  for (const place of places) {
    const text = await fileAt(artifacts, context, project, place, 'requirements.txt');
    if (text === undefined) continue;
    const environment = packagesOf(text);
    const python = pythonOf((await fileAt(artifacts, context, project, place, 'python_env.yaml')) ?? '');
    if (python !== undefined) environment.set('python', python);
    return { environment, file: `${place.replace(/\/$/, '')}/requirements.txt` };
  }
  return { environment: new Map(), file: null };
}

/** Undefined where there is no such file, or the server does not open that place. */
async function fileAt(
  artifacts: Artifacts,
  context: RequestContext,
  project: ProjectId,
  place: string,
  name: string,
): Promise<string | undefined> {
  try {
    const { size, read } = await artifacts.open(context, project, place, name);
    if (size > longestFile) return undefined;
    const parts: Uint8Array[] = [];
    for await (const part of await read(0, size, context.signal)) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    if (error instanceof CairnError && error.code !== 'internal' && error.code !== 'unavailable')
      return undefined;
    throw error;
  }
}

function changes(from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>) {
  const names = [...new Set([...from.keys(), ...to.keys()])].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  const changed: Change[] = [];
  for (const name of names) {
    const [before, after] = [from.get(name) ?? null, to.get(name) ?? null];
    if (before !== after) changed.push({ name, from: before, to: after });
  }
  return { changed, same: names.length - changed.length };
}

function knownData({ data, items }: Ancestry): KnownData[] {
  const paths = new Map(items.map(({ node, path }) => [node.uid, path]));
  return data.map((each) => ({ ...each, path: paths.get(each.node.uid) ?? [] }));
}

function judgingData({ judgedBy, evaluation }: Ancestry): KnownData[] {
  return judgedBy.map(({ role: _role, run: _run, ...each }) => ({
    ...each,
    path: evaluation.filter(({ from }) => from.uid === each.node.uid).slice(0, 1),
  }));
}

function dataChanges(from: readonly KnownData[], to: readonly KnownData[]) {
  const before = Map.groupBy(from, ({ dataset }) => dataset);
  const after = Map.groupBy(to, ({ dataset }) => dataset);
  const changed: DataChange[] = [];
  let same = 0;
  for (const dataset of new Set([...before.keys(), ...after.keys()])) {
    const [left, right] = [before.get(dataset) ?? [], after.get(dataset) ?? []];
    const only = (these: readonly KnownData[], those: readonly KnownData[]) =>
      these.filter(({ known }) => !those.some((one) => one.known === known));
    const [gone, come] = [only(left, right), only(right, left)];
    if (gone.length + come.length === 0) {
      same++;
      continue;
    }
    const change = left.length === 0 ? 'added' : right.length === 0 ? 'removed' : 'changed';
    const name = (left[0] ?? right[0])!.node.name ?? '';
    changed.push({ change, dataset, name, from: gone, to: come });
  }
  return { changed, same };
}

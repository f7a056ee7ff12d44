/**
 * What differs between two versions of a model, or two runs: the data they learned from and were judged by, the code, the parameters, the
 * packages. Data are compared by what each comes from, at any distance; the rest stands at the nearest run, at the logged model, and in
 * the files that MLflow's clients put beside a model.
 */
import type { ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Artifacts } from '../../artifacts/index.ts';
import type { When } from '../answers/evidence-store.ts';
import type { World } from '../answers/labels.ts';
import { type UntimedPart, untimedParts, walkLimits } from '../lineage.ts';
import {
  type Ancestry,
  ancestryOf,
  asksOfThen,
  type NodeView,
  type StepView,
  type ToldDataView,
} from '../questions.ts';
import { requireReference } from '../references.ts';
import type { Walks } from '../walks/walks.ts';
import { environmentAt, type Measured, type Stated, statedAt } from './stated-facts.ts';

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

/** Of one metric on one dataset; null: it was not measured. */
export interface MetricPair {
  readonly name: string;
  readonly dataset: string | null;
  readonly from: number | null;
  readonly to: number | null;
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
  /** The last values of both, beside each other. */
  readonly metrics: readonly MetricPair[];
  /** Files that the packages were read from. */
  readonly files: { readonly from: readonly string[]; readonly to: readonly string[] };
  /** Of an instant that was asked about: what is told as it is now, for nothing keeps what it was. */
  readonly untimed: readonly UntimedPart[];
  /** The ancestry of both is told to the end. */
  readonly complete: boolean;
}

interface Side extends Omit<Stated, 'places'> {
  readonly ancestry: Ancestry;
  readonly run: NodeView | null;
  readonly files: readonly string[];
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
    const { packages, files } = await environmentAt(artifacts, context, project, stated.places);
    return { ancestry, run, ...stated, files, environment: new Map([...stated.environment, ...packages]) };
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
    metrics: metricsOf(one.metrics, other.metrics),
    files: { from: one.files, to: other.files },
    untimed: asksOfThen(when) ? untimedParts.filter((part) => one[part].size + other[part].size > 0) : [],
    complete: one.ancestry.complete && other.ancestry.complete,
  };
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

function metricsOf(
  from: ReadonlyMap<string, Measured>,
  to: ReadonlyMap<string, Measured>,
): readonly MetricPair[] {
  const places = [...new Set([...from.keys(), ...to.keys()])].sort();
  return places.map((place) => {
    const [before, after] = [from.get(place), to.get(place)];
    const { name, dataset } = (before ?? after)!;
    return { name, dataset, from: before?.value ?? null, to: after?.value ?? null };
  });
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

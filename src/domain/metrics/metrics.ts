/**
 * Writing and reading metrics. `logBatch` is the one way that parameters, tags and points of a run are logged together:
 * all of it or nothing, in one transaction. A parameter never changes; a point that a series holds already is dropped, so
 * a retried request changes nothing.
 */
import {
  compareHistory,
  type Int64,
  mergeSorted,
  type PointColumns,
  PointGroups,
  pointAt,
  sortForHistory,
  sortPoints,
} from '../../engines/metrics/index.ts';
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { fromJsonInt64 } from '../../kernel/json-number.ts';
import {
  type CursorValue,
  decodeCursor,
  encodeCursor,
  type Page,
  queryFingerprint,
} from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { type Tag, touchNode } from '../contexts/index.ts';
import type { ChangeTx, Journal } from '../events/index.ts';
import { type Graph, type PropertyValue, propertiesOf, putProperties, textOf } from '../graph/index.ts';
import {
  findRun,
  type Param,
  type RunRow,
  requireActiveRun,
  requireRun,
  writeRunTags,
} from '../runs/index.ts';
import type { MetricPoint, MetricSummary } from './metric.ts';
import { appendModelPoints } from './model-points.ts';
import { PointSealer } from './point-sealer.ts';
import { loadParts } from './point-store.ts';
import { appendPoints, type StoredPoints } from './point-writer.ts';
import { ownOrder } from './series-order.ts';
import { seriesOfNode, seriesOfRuns, summaryFromRow } from './series-store.ts';

export interface LogBatch {
  readonly points?: readonly MetricPoint[];
  readonly params?: readonly Param[];
  readonly tags?: readonly Tag[];
}

export interface HistoryPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** UTF-16 units of a key of a metric, parameter or tag: keys are interned, and indexed whole. */
export const metricKeyLimit = 250;

export class Metrics {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly sealer: PointSealer;

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
    this.sealer = new PointSealer(graph.db);
  }

  async logBatch(context: RequestContext, project: ProjectId, runId: string, batch: LogBatch): Promise<void> {
    const { points = [], params = [], tags = [] } = batch;
    for (const [list, items] of [
      ['metrics', points],
      ['params', params],
      ['tags', tags],
    ] as const) {
      for (const [index, item] of items.entries()) checkKey(`${list}[${index}].key`, item.key);
    }
    const headId = points.length === 0 ? 0 : await this.#graph.db.nextIds(1);
    await this.#journal.write(context, project, 'run.log', async (tx) => {
      const run = await requireRun(tx, this.#graph, project, runId);
      requireActiveRun(run);
      const newParams = await this.#logParams(tx, context, run, params);
      await writeRunTags(tx, this.#graph, context, run, tags);
      const head = await this.#logPoints(tx, run, headId, points);
      const measured = await appendModelPoints(tx, this.#graph, run, points);
      if (head === undefined && measured.length === 0 && newParams.length === 0 && tags.length === 0) return;
      for (const node of [
        ...(head === undefined ? [] : [run.id]),
        ...measured.map((stored) => stored.node),
      ]) {
        tx.afterCommit(() => this.sealer.headAdded(node, run.project));
      }
      await touchNode(tx, run.id, context.clock.now());
      tx.record({
        node: run.id,
        touched: measured.map((stored) => stored.node),
        body: {
          ...(newParams.length > 0 && { params: newParams }),
          ...(tags.length > 0 && { tags }),
          ...(head !== undefined && { metrics: head }),
          ...(measured.length > 0 && { models: measured.map(({ node: _, ...stored }) => stored) }),
        },
      });
    });
  }

  /** The points of one metric in the order (time, step, value). An unknown metric has none. */
  async history(
    _context: RequestContext,
    project: ProjectId,
    runId: string,
    key: string,
    page: HistoryPage,
  ): Promise<Page<MetricPoint>> {
    const fingerprint = queryFingerprint(['history', project, runId, key]);
    const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor, fingerprint, 3, 'cursor');
    const points = sortForHistory(await this.#points(project, runId, key, after && fromCursor(after[0])));
    const start = after === undefined ? 0 : firstAfter(points, after);
    const end = Math.min(points.values.length, start + page.limit);
    const items: MetricPoint[] = [];
    for (let index = start; index < end; index++) items.push({ key, ...pointAt(points, index) });
    const last = items.at(-1);
    if (last === undefined || end === points.values.length) return { items };
    return {
      items,
      cursor: encodeCursor(fingerprint, [String(last.time), String(last.step), spell(last.value)]),
    };
  }

  /** Summaries of the metrics of runs: of all, or of the keys given. */
  async summaries(
    _context: RequestContext,
    _project: ProjectId,
    runs: readonly NodeId[],
    keys?: readonly string[],
  ): Promise<MetricSummary[]> {
    if (runs.length === 0) return [];
    return this.#graph.db.read(async (queries) => {
      const keyIds = keys && [...(await this.#graph.keys.find(queries, keys)).values()];
      const rows = await seriesOfRuns(queries, runs, keyIds);
      const names = await this.#graph.keys.names(
        queries,
        rows.map((row) => row.key),
      );
      return rows.map((row) => summaryFromRow(row, names.get(row.key) ?? ''));
    });
  }

  async #points(
    project: ProjectId,
    runId: string,
    key: string,
    timeFrom: Int64 | undefined,
  ): Promise<PointColumns> {
    return this.#graph.db.scan(async (queries) => {
      const run = runId.includes('\0') ? undefined : await findRun(queries, this.#graph, project, runId);
      if (run === undefined) throw notFound(`Run with id=${runId} not found`, 'run');
      const keyId = key.includes('\0') ? undefined : (await this.#graph.keys.find(queries, [key])).get(key);
      const [series] = keyId === undefined ? [] : await seriesOfNode(queries, run.id, [keyId]);
      if (series === undefined) return mergeSorted([]);
      const parts = await loadParts(
        queries,
        [run.id],
        [series.id],
        timeFrom === undefined ? {} : { timeFrom },
      );
      return mergeSorted((parts.get(series.id) ?? []).map(sortPoints));
    });
  }

  /** Stores parameters that are new; `conflict` where one has another value. Resolves to the new ones. */
  async #logParams(
    tx: ChangeTx,
    context: RequestContext,
    run: RunRow,
    params: readonly Param[],
  ): Promise<readonly Param[]> {
    if (params.length === 0) return [];
    const keys = await this.#graph.keys.resolve(
      tx,
      params.map((param) => param.key),
    );
    const stored = new Map<KeyId, string>();
    for (const row of await propertiesOf(tx, [run.id], { scope: 'param', keys: [...keys.values()] })) {
      stored.set(row.key, textOf(row));
    }
    const fresh = new Map<KeyId, PropertyValue>();
    const added: Param[] = [];
    for (const [index, { key, value }] of params.entries()) {
      const id = keys.get(key)!;
      const before = stored.get(id);
      if (before !== undefined && before !== value) throw changedParam(index, key, before, value, run);
      if (before !== undefined) continue;
      stored.set(id, value);
      fresh.set(id, { kind: 'text', value });
      added.push({ key, value });
    }
    if (fresh.size > 0) await putProperties(tx, run, 'param', context.face, fresh);
    return added;
  }

  /** Stores the points that are not there yet; resolves to what the event keeps of them. */
  async #logPoints(
    tx: ChangeTx,
    run: RunRow,
    headId: number,
    points: readonly MetricPoint[],
  ): Promise<StoredPoints | undefined> {
    if (points.length === 0) return undefined;
    const groups = new PointGroups<string>(points.length);
    for (const point of points) groups.add(point.key, point.value, point.step, point.time);
    return appendPoints(tx, this.#graph, {
      owner: run,
      headId,
      groups,
      nameOf: (key) => ({ key, by: '' }),
      order: ownOrder,
    });
  }
}

function checkKey(field: string, key: string): void {
  if (key === '') throw invalid(field, `${field} must not be empty`);
  if (key.length > metricKeyLimit)
    throw invalid(field, `${field} is longer than ${metricKeyLimit} characters`);
  if (key.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
}

function changedParam(index: number, key: string, before: string, value: string, run: RunRow): CairnError {
  return new CairnError(
    'conflict',
    `Changing param values is not allowed. Param with key='${key}' was already logged with value='${before}' for run ID='${run.uid}'. Attempted logging new value '${value}'.`,
    { field: `params[${index}].value` },
  );
}

function spell(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function fromCursor(value: CursorValue | undefined): Int64 {
  const text = String(value);
  const exact = /^-?\d{1,19}$/.test(text) ? fromJsonInt64(text) : undefined;
  if (exact === undefined) throw invalid('cursor', 'Invalid page token: not one of this server');
  return exact;
}

/** Index of the first point after the cursor's in the order (time, step, value). */
function firstAfter(points: PointColumns, after: readonly CursorValue[]): number {
  const cursor = {
    times: columnOf(fromCursor(after[0])),
    steps: columnOf(fromCursor(after[1])),
    values: Float64Array.of(Number(after[2])),
  };
  let low = 0;
  let high = points.values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareHistory(points, middle, cursor, 0) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function columnOf(value: Int64): PointColumns['times'] {
  return typeof value === 'bigint' ? BigInt64Array.of(value) : Float64Array.of(value);
}

/**
 * Writing and reading metrics. `logBatch` is the one way that parameters, tags and points of a run are logged together:
 * all of it or nothing, in one transaction. A parameter never changes; a point that a series holds already is dropped, so
 * a retried request changes nothing.
 */
import type { Queries } from '../../db/db.ts';
import { eachPoint, type Int64, type NamedPoints, PointGroups } from '../../engines/metrics/index.ts';
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { KeyId, NodeId, ProjectId } from '../../kernel/ids.ts';
import { toJsonInt64 } from '../../kernel/json-number.ts';
import { decodeCursor, encodeCursor, type Page, queryFingerprint } from '../../kernel/page.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { Tag } from '../contexts/index.ts';
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
import { ChunkReader } from './chunk-reader.ts';
import { type CurveRequest, type Curves, drawCurves } from './curves.ts';
import { firstSeriesOfRuns, metricsFingerprint } from './first-series.ts';
import type { MetricPoint, MetricSummary } from './metric.ts';
import { findNames } from './metric-names.ts';
import { appendModelPoints } from './model-points.ts';
import { PointSealer } from './point-sealer.ts';
import { appendPoints, type StoredPoints } from './point-writer.ts';
import { supersede } from './rewind.ts';
import { insertRewind, type Rewind, rewindsOf } from './rewind-store.ts';
import { type ExportedPoints, type ExportRequest, exportSeries } from './series-export.ts';
import { type HistoryColumns, type HistoryPage, historyColumns, historyPage } from './series-history.ts';
import { findLines } from './series-lines.ts';
import { ownOrder } from './series-order.ts';
import type { AxisRange } from './series-parts.ts';
import { type Ranks, sampleSeries } from './series-sampling.ts';
import { seriesByIds, seriesOfRuns, summaryFromRow } from './series-store.ts';

export interface LogBatch {
  readonly points?: readonly MetricPoint[];
  /** Points that come as columns, no name twice. A request brings either these or `points`. */
  readonly series?: readonly NamedPoints[];
  readonly params?: readonly Param[];
  readonly tags?: readonly Tag[];
}

export interface MetricQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** The name begins so. */
  readonly prefix?: string | undefined;
  /** The name holds this, A–Z equal to a–z. */
  readonly contains?: string | undefined;
}

/** UTF-16 units of a key of a metric, parameter or tag: keys are interned, and indexed whole. */
export const metricKeyLimit = 250;

export class Metrics {
  readonly #graph: Graph;
  readonly #journal: Journal;
  readonly #chunks = new ChunkReader();
  readonly sealer: PointSealer;

  constructor(graph: Graph, journal: Journal) {
    this.#graph = graph;
    this.#journal = journal;
    this.sealer = new PointSealer(graph.db);
  }

  async logBatch(context: RequestContext, project: ProjectId, runId: string, batch: LogBatch): Promise<void> {
    const { points = [], series = [], params = [], tags = [] } = batch;
    for (const [list, items] of [
      ['metrics', points],
      ['params', params],
      ['tags', tags],
    ] as const) {
      for (const [index, item] of items.entries()) checkKey(`${list}[${index}].key`, item.key);
    }
    for (const [index, [name]] of series.entries()) checkKey(`series[${index}].name`, name);
    const count = series.reduce((sum, [, columns]) => sum + columns.values.length, points.length);
    const headId = count === 0 ? 0 : await this.#graph.db.nextIds(1);
    await this.#journal.write(context, project, 'run.log', async (tx) => {
      const run = await requireRun(tx, this.#graph, project, runId);
      requireActiveRun(run);
      const newParams = await this.#logParams(tx, context, run, params);
      await writeRunTags(tx, this.#graph, context, run, tags);
      const head = await this.#logPoints(tx, run, headId, points, series);
      const measured = await appendModelPoints(tx, this.#graph, run, points);
      if (head === undefined && measured.length === 0 && newParams.length === 0 && tags.length === 0) return;
      for (const node of [
        ...(head === undefined ? [] : [run.id]),
        ...measured.map((stored) => stored.node),
      ]) {
        tx.afterCommit(() => this.sealer.headAdded(node, run.project, count));
      }
      tx.record({
        node: run.id,
        updated: context.clock.now(),
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

  /**
   * The run goes back to a step, as training does that is restarted from a checkpoint: its points of that step and of greater ones
   * are superseded, and the same steps may be logged again. Points that measure a logged model stay with the model.
   * Resolves to undefined, and changes nothing, where no point is that far.
   */
  async rewind(
    context: RequestContext,
    project: ProjectId,
    runId: string,
    step: Int64,
  ): Promise<Rewind | undefined> {
    const id = await this.#graph.db.nextIds(1);
    return this.#journal.write(context, project, 'run.rewind', async (tx) => {
      const run = await requireRun(tx, this.#graph, project, runId);
      requireActiveRun(run);
      const { halved, ...superseded } = await supersede(tx, this.#graph, run, id, step);
      if (superseded.series === 0) return undefined;
      const recorded = context.clock.now();
      const rewind = { id, step, recorded, actor: context.actor.name, ...superseded };
      await insertRewind(tx, run, rewind);
      if (halved.length > 0) tx.afterCommit(() => this.sealer.chunksMoved(run.id, run.project, halved));
      tx.record({
        node: run.id,
        updated: recorded,
        body: { rewind: id, step: toJsonInt64(step), ...superseded },
      });
      return rewind;
    });
  }

  /** Where a run went back, latest first. */
  async rewinds(
    _context: RequestContext,
    project: ProjectId,
    runId: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<Rewind>> {
    const fingerprint = queryFingerprint(['rewinds', project, runId]);
    const after = page.cursor === undefined ? [] : decodeCursor(page.cursor, fingerprint, 1, 'cursor');
    const before = typeof after[0] === 'number' ? after[0] : undefined;
    const found = await this.#graph.db.read(async (queries) => {
      const run = await this.#run(queries, project, runId);
      return rewindsOf(queries, run.id, page.limit + 1, before);
    });
    const items = found.slice(0, page.limit);
    return found.length > items.length
      ? { items, cursor: encodeCursor(fingerprint, [items.at(-1)!.id]) }
      : { items };
  }

  /** The points of one metric in the order (time, step, value). An unknown metric has none. */
  async history(
    _context: RequestContext,
    project: ProjectId,
    runId: string,
    key: string,
    page: HistoryPage,
  ): Promise<Page<MetricPoint>> {
    return this.#graph.db.scan(async (queries) => {
      const run = await this.#run(queries, project, runId);
      return historyPage(queries, this.#graph, this.#chunks, run, key, page);
    });
  }

  /** The same as columns. */
  async historyColumns(
    _context: RequestContext,
    project: ProjectId,
    runId: string,
    key: string,
    page: HistoryPage,
  ): Promise<HistoryColumns> {
    return this.#graph.db.scan(async (queries) => {
      const run = await this.#run(queries, project, runId);
      return historyColumns(queries, this.#graph, this.#chunks, run, key, page);
    });
  }

  /**
   * Of each run, the points of one metric whose ranks in the order (step, time, value) are wanted, among those within a
   * range of steps. A run that is not there, or has no such metric, has none.
   */
  async sample(
    context: RequestContext,
    project: ProjectId,
    runs: readonly string[],
    key: string,
    steps: AxisRange,
    ranks: Ranks,
  ): Promise<ReadonlyMap<string, readonly MetricPoint[]>> {
    return this.#graph.db.scan(async (queries) => {
      const lines = await findLines(queries, this.#graph, project, runs, [key]);
      const found = new Map<string, readonly MetricPoint[]>();
      for (const { run, parts } of lines) {
        const points = await sampleSeries(queries, this.#chunks, parts, steps, ranks);
        found.set(
          run,
          Array.from(eachPoint(points), (point) => ({ key, ...point })),
        );
      }
      return found;
    }, context.signal);
  }

  /** Many series of many runs, as a chart draws them. */
  async draw(context: RequestContext, project: ProjectId, request: CurveRequest): Promise<Curves> {
    return drawCurves(context, this.#graph, this.#chunks, project, request);
  }

  /** Every point of many series, slice by slice; see series-export.ts. */
  async read(
    context: RequestContext,
    project: ProjectId,
    request: ExportRequest,
  ): Promise<AsyncGenerator<ExportedPoints>> {
    return exportSeries(context, this.#graph, project, request);
  }

  /** The metrics of one run by name: a page of all, or of those that a search finds. */
  async list(
    _context: RequestContext,
    project: ProjectId,
    runId: string,
    { limit, cursor, prefix, contains }: MetricQuery,
  ): Promise<Page<MetricSummary>> {
    const fingerprint = metricsFingerprint(project, runId, prefix, contains);
    const after =
      cursor === undefined ? undefined : String(decodeCursor(cursor, fingerprint, 1, 'cursor')[0]);
    for (const [field, text] of Object.entries({ prefix, contains })) {
      if (text?.includes('\0') || text?.isWellFormed() === false) throw invalid(field, `${field} is no text`);
    }
    return this.#graph.db.scan(async (queries) => {
      const run = await this.#run(queries, project, runId);
      const found = await findNames(queries, run.id, { prefix, contains, after, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const rows = new Map(
        (
          await seriesByIds(
            queries,
            shown.map((name) => name.series),
          )
        ).map((row) => [row.id, row]),
      );
      const items = shown.map(({ name, series }) => summaryFromRow(rows.get(series)!, name));
      return found.length > shown.length
        ? { items, cursor: encodeCursor(fingerprint, [shown.at(-1)!.name]) }
        : { items };
    });
  }

  /** Summaries of the metrics of runs: of all, of the keys given, or of the first `limit` of each run by name. */
  async summaries(
    _context: RequestContext,
    _project: ProjectId,
    runs: readonly NodeId[],
    only: { readonly keys?: readonly string[]; readonly limit?: number } = {},
  ): Promise<MetricSummary[]> {
    if (runs.length === 0) return [];
    const { keys, limit } = only;
    return this.#graph.db.read(async (queries) => {
      const keyIds = keys && [...(await this.#graph.keys.find(queries, keys)).values()];
      const rows =
        limit === undefined
          ? await seriesOfRuns(queries, runs, keyIds)
          : (await firstSeriesOfRuns(queries, runs, limit)).rows;
      const names = await this.#graph.keys.names(
        queries,
        rows.map((row) => row.key),
      );
      return rows.map((row) => summaryFromRow(row, names.get(row.key) ?? ''));
    });
  }

  async #run(queries: Queries, project: ProjectId, runId: string): Promise<RunRow> {
    const run = runId.includes('\0') ? undefined : await findRun(queries, this.#graph, project, runId);
    if (run === undefined) throw notFound(`Run with id=${runId} not found`, 'run');
    return run;
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
    series: readonly NamedPoints[],
  ): Promise<StoredPoints | undefined> {
    if (points.length === 0 && series.length === 0) return undefined;
    return appendPoints(tx, this.#graph, {
      owner: run,
      headId,
      groups: points.length === 0 ? series : grouped(points),
      nameOf: (key) => ({ key, by: '' }),
      order: ownOrder,
    });
  }
}

function grouped(points: readonly MetricPoint[]): readonly NamedPoints[] {
  const groups = new PointGroups<string>(points.length);
  for (const point of points) groups.add(point.key, point.value, point.step, point.time);
  return groups.finish();
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

/** Storeys over the chunks of long series: drawn and thinned right, whatever was merged, moved, damaged or killed in between. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Domain, openDomain } from '../../src/app.ts';
import type { Db } from '../../src/db/db.ts';
import { checkDerivedData, rebuildDerivedData } from '../../src/derived-data.ts';
import type { MetricPoint } from '../../src/domain/metrics/index.ts';
import type { NodeId } from '../../src/kernel/ids.ts';
import { sql } from '../../src/kernel/sql.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import { forEachStore } from '../stores/stores.ts';
import { failing } from './failing-db.ts';
import { bandsOf, levelOf, type NaivePoint } from './naive-series.ts';

const chunk = 8192;
const isLong = process.env.CAIRN_LONG === '1';
/** Chunks of the long series, and the storeys that stand on them: two heights, but in the long run three. */
const [chunks, storeys] = isLong ? [66, [8, 1]] : [18, [2]];
/** Steps of it: every second has a point. */
const end = 2 * chunks * chunk;
const start = 1_760_000_000_000;
/** Points of one request. */
const perBatch = 65_536;

interface Run {
  readonly id: string;
  readonly node: NodeId;
}

class LongSeries {
  readonly domain: Domain;
  readonly run: Run;
  points: NaivePoint[] = [];

  constructor(domain: Domain, run: Run) {
    this.domain = domain;
    this.run = run;
  }

  async log(points: readonly NaivePoint[]): Promise<void> {
    for (let at = 0; at < points.length; at += perBatch) {
      const batch: MetricPoint[] = points
        .slice(at, at + perBatch)
        .map((point) => ({ key: 'loss', ...point }));
      await this.domain.metrics.logBatch(testContext, this.domain.defaultProject, this.run.id, {
        points: batch,
      });
    }
    this.points = [...this.points, ...points].sort((a, b) => Number(a.step) - Number(b.step));
  }

  async seal(): Promise<void> {
    await this.domain.metrics.sealer.settle();
    await this.domain.metrics.sealer.seal(this.run.node, this.domain.defaultProject);
  }

  /** Storeys of each height, the lowest first, over all series of the run. */
  async storeys(): Promise<number[]> {
    const rows = await this.domain.db.read((queries) =>
      queries.many<{
        n: number;
      }>(sql`SELECT count(*) AS n FROM point_outline o JOIN series s ON s.id = o.series
        WHERE s.node = ${this.run.node} AND o.height > 0 GROUP BY o.height ORDER BY o.height`),
    );
    return rows.map((row) => row.n);
  }

  /** Storeys that do not stand on eight parts, and parts that stand in none that is there. */
  async loosened(): Promise<number> {
    const row = await this.domain.db.read((queries) =>
      queries.one<{ n: number }>(sql`SELECT (SELECT count(*) FROM point_outline o WHERE o.height > 0
          AND (SELECT count(*) FROM point_outline b WHERE b.series = o.series AND b.parent = o.id) <> 8)
        + (SELECT count(*) FROM point_outline o WHERE o.parent <> 0
          AND NOT EXISTS (SELECT 1 FROM point_outline a WHERE a.series = o.series AND a.id = o.parent)) AS n`),
    );
    return row!.n;
  }

  async checkDrawing(from: number, to: number, pixels: number): Promise<void> {
    const { curves } = await this.domain.metrics.draw(testContext, this.domain.defaultProject, {
      runs: [this.run.id],
      keys: ['loss'],
      x: 'step',
      from,
      to,
      pixels,
    });
    const [curve] = curves;
    const about = `${from} to ${to} in ${pixels}`;
    assert.ok(curve !== undefined && 'bands' in curve && curve.bands !== undefined, about);
    const { bands } = curve;
    const wanted = bandsOf(this.points, 'step', from, to, levelOf(from, to, pixels));
    assert.deepEqual(
      [...bands.counts],
      wanted.map((band) => band.count),
      about,
    );
    assert.deepEqual(
      [...bands.min],
      wanted.map((band) => band.min),
      about,
    );
    assert.deepEqual(
      [...bands.max],
      wanted.map((band) => band.max),
      about,
    );
    assert.deepEqual(
      Array.from(bands.first.steps, Number),
      wanted.map((band) => Number(band.first.step)),
      about,
    );
    assert.deepEqual(
      Array.from(bands.last.steps, Number),
      wanted.map((band) => Number(band.last.step)),
      about,
    );
  }

  async checkDrawings(): Promise<void> {
    const [from, to] = [Number(this.points[0]!.step), Number(this.points.at(-1)!.step)];
    for (const pixels of [3, 400]) await this.checkDrawing(from, to, pixels);
    await this.checkDrawing(from + Math.floor((to - from) / 3), to - Math.floor((to - from) / 4), 100);
  }

  /** Points of these ranks, of those within the steps. */
  async sample(size: number, steps = {}): Promise<readonly MetricPoint[]> {
    const { metrics, defaultProject } = this.domain;
    const ranks = (count: number) =>
      Array.from({ length: size }, (_, i) => Math.floor((i * (count - 1)) / (size - 1)));
    return (
      (await metrics.sample(testContext, defaultProject, [this.run.id], 'loss', steps, ranks)).get(
        this.run.id,
      ) ?? []
    );
  }

  /** Every sampled point is one of the series, and at most an eighth of the way to the next one away from where it should be. */
  async checkSample(size: number, from: number, to: number, exact: boolean): Promise<void> {
    const inside = this.points.filter((point) => point.step >= from && point.step <= to);
    const found = await this.sample(size, { from, to });
    assert.equal(found.length, size);
    const rankOf = new Map(inside.map((point, rank) => [Number(point.step), rank]));
    const spacing = (inside.length - 1) / (size - 1);
    for (const [i, point] of found.entries()) {
      const rank = rankOf.get(Number(point.step))!;
      const { value, time } = inside[rank]!;
      assert.deepEqual([point.value, point.time], [value, time]);
      const off = Math.abs(rank - Math.floor(i * spacing));
      assert.ok(
        exact || i === 0 || i === size - 1 ? off === 0 : off <= spacing / 8,
        `${i} of ${size} is ${off} off`,
      );
    }
  }

  async checkSound(): Promise<void> {
    assert.deepEqual(await errorsOf(this.domain), []);
  }
}

async function errorsOf(domain: Domain): Promise<string[]> {
  const findings = await domain.db.read((queries) => checkDerivedData(queries, true, domain.db.dialect));
  return findings.filter((finding) => finding.level === 'error').map((finding) => finding.detail);
}

const pointsFrom = (first: number, count: number, pace = 1): NaivePoint[] =>
  Array.from({ length: count }, (_, i) => {
    const step = first + i * pace;
    return { value: Math.fround(Math.sin(step / 5_000) + (step % 97) / 100), step, time: start + 100 * step };
  });

forEachStore((open) => {
  async function longSeries(db?: Db): Promise<LongSeries & { close(): Promise<void> }> {
    const { blobs, remove } = temporaryBlobs();
    const domain = await openDomain(db ?? (await open()), {
      defaultArtifactRoot: 'mlflow-artifacts:/',
      blobs,
    });
    const { run } = await domain.runs.create(testContext, domain.defaultProject, { experiment: '0' });
    return Object.assign(new LongSeries(domain, run), {
      async close() {
        await domain.close();
        remove();
      },
    });
  }

  it('stand on every eight, are read instead of what they stand on, and follow late points and rewinds', async () => {
    const series = await longSeries();
    // Even steps first: room for late ones.
    await series.log(pointsFrom(0, chunks * chunk, 2));
    await series.seal();
    assert.deepEqual(await series.storeys(), storeys);
    await series.checkDrawings();
    await series.checkSample(20, 0, 1e9, false);
    await series.checkSample(15, 50_001, Math.floor(0.83 * end), false);
    await series.checkSample(3_000, 0, 1e9, true);

    // Points that come late are counted, and take down nothing but what stands on the chunks they fall into.
    await series.log(pointsFrom(2 * Math.floor(0.14 * end) + 1, 3_000, 2));
    await series.seal();
    await series.checkSound();
    assert.equal((await series.storeys())[0], storeys[0]);
    await series.checkDrawings();

    const rewound = Math.floor(0.65 * end);
    await series.domain.metrics.rewind(testContext, series.domain.defaultProject, series.run.id, rewound);
    await series.domain.metrics.sealer.settle();
    series.points = series.points.filter((point) => point.step < rewound);
    await series.checkSound();
    await series.checkDrawings();
    assert.ok((await series.storeys())[0]! >= (isLong ? 6 : 1), 'what is left has storeys of its own');

    await series.domain.db.write(async (tx) => {
      await tx.run(
        sql`UPDATE point_outline SET data = ${Buffer.from('none')} WHERE id = (SELECT max(id) FROM point_outline WHERE height = 1)`,
      );
      await tx.run(
        sql`DELETE FROM point_outline WHERE id = (SELECT min(id) FROM point_outline WHERE height = 0)`,
      );
    });
    assert.equal((await errorsOf(series.domain)).length, 1);
    await rebuildDerivedData(series.domain.db, systemClock);
    await series.checkSound();
    await series.checkDrawings();
    await series.close();
  });

  it('are whole or not at all when building them fails, at whichever statement', async () => {
    const state = failing(await open());
    const series = await longSeries(state.db);
    let failed = 0;
    // The first ones are the merge's: interrupted-merges.test.ts.
    // Every second statement, but in the long run each.
    for (let failAt = 6; ; failAt += isLong ? 1 : 2) {
      await series.log(pointsFrom(series.points.length, 8 * chunk - 100));
      await series.log(pointsFrom(series.points.length, 100));
      state.statements = 0;
      state.failAt = failAt;
      const done = await series.seal().then(
        () => true,
        () => false,
      );
      state.failAt = undefined;
      assert.equal(await series.loosened(), 0, `after statement ${failAt} failed`);
      if (done && state.statements < failAt) break;
      failed++;
      assert.ok(failAt < 40, 'a merge and its storeys are a few statements');
    }
    assert.ok(failed > (isLong ? 3 : 1), `${failed} statements failed`);
    await series.checkSound();
    await series.checkDrawings();
    await series.close();
  });
});

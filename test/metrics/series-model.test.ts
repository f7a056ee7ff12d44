/**
 * Any order of batches, repeats, merges and rewinds, then reads of every kind: what the store answers is what a plain map of
 * points answers, and the doctor agrees. Generated; the seed is printed, and `CAIRN_SEED` plays one again.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { Domain } from '../../src/app.ts';
import { checkDerivedData } from '../../src/derived-data.ts';
import type { MetricPoint } from '../../src/domain/metrics/index.ts';
import { testContext } from '../fixtures/linked-domain.ts';
import { servedFor } from '../fixtures/served-domain.ts';
import { forEachStore } from '../stores/stores.ts';
import { bandsOf, bySteps, byTimes, levelOf, type NaivePoint, NaiveRun } from './naive-series.ts';

const keys = ['a', 'b'] as const;
const seed = Number(process.env.CAIRN_SEED ?? Math.floor(Math.random() * 2 ** 31));

interface Batch {
  readonly key: (typeof keys)[number];
  readonly start: number | bigint;
  readonly count: number;
  readonly stride: number;
  readonly pace: number;
  readonly values: 'decimal' | 'noise' | 'odd';
  readonly shift: number;
}

const batch: fc.Arbitrary<Batch> = fc.record({
  key: fc.constantFrom(...keys),
  start: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -2_000, max: 30_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(2n ** 62n, -(2n ** 62n), 2 ** 52) },
  ),
  count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1_000, max: 7_000 })),
  stride: fc.constantFrom(0, 1, 1, 1, 3),
  pace: fc.constantFrom(0, 100, 100, -7),
  values: fc.constantFrom('decimal', 'noise', 'odd'),
  shift: fc.constantFrom(0, 0, 1, 50_000),
});

type Act =
  | { readonly do: 'log'; readonly batch: Batch }
  | { readonly do: 'again'; readonly which: number }
  | { readonly do: 'merge' }
  | { readonly do: 'rewind'; readonly step: number }
  | {
      readonly do: 'read';
      readonly axis: 'step' | 'time';
      readonly window: readonly [number, number];
      readonly pixels: number;
    };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('log' as const), batch }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), which: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.constant({ do: 'merge' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rewind' as const),
      step: fc.integer({ min: -2_000, max: 40_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      axis: fc.constantFrom('step' as const, 'time' as const),
      window: fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 })),
      pixels: fc.constantFrom(1, 7, 40, 400),
    }),
  },
);

function pointsOf({ start, count, stride, pace, values, shift }: Batch): NaivePoint[] {
  const epoch = 1_760_000_000_000;
  const wild = [Number.NaN, Number.POSITIVE_INFINITY, -0, 0, Number.NEGATIVE_INFINITY, 1e300, -1e-300];
  return Array.from({ length: count }, (_, i) => {
    const step = typeof start === 'bigint' ? start + BigInt(i * stride) : start + i * stride;
    const noise = Math.sin(Number(start) + i * 12.9898 + shift) * 43_758.5453;
    const value = { decimal: Math.round(noise) / 1000, noise, odd: wild[i % wild.length]! }[values];
    return { value, step, time: epoch + (typeof start === 'bigint' ? 0 : start * 10) + i * pace + shift };
  });
}

class Story {
  readonly #domain: Domain;
  readonly #context = testContext;
  readonly #naive = new NaiveRun();
  readonly #sent: Batch[] = [];
  #run = { id: '', node: 0 as never };

  constructor(domain: Domain) {
    this.#domain = domain;
  }

  async play(acts: readonly Act[]): Promise<void> {
    const { domain, context } = { domain: this.#domain, context: this.#context };
    const { run } = await domain.runs.create(context, domain.defaultProject, { experiment: '0' });
    this.#run = { id: run.id, node: run.node as never };
    for (const next of acts) await this.#act(next);
    await this.#readAll();
    const findings = await domain.db.read((queries) => checkDerivedData(queries, false, domain.db.dialect));
    assert.deepEqual(
      findings.filter((finding) => finding.level === 'error'),
      [],
    );
  }

  async #act(next: Act): Promise<void> {
    const { metrics, defaultProject: project } = this.#domain;
    if (next.do === 'log') await this.#log(next.batch);
    else if (next.do === 'again' && this.#sent.length > 0)
      await this.#log(this.#sent[next.which % this.#sent.length]!);
    else if (next.do === 'merge') await metrics.sealer.seal(this.#run.node, project);
    else if (next.do === 'rewind') {
      const expected = this.#naive.beyond(next.step);
      const rewind = await metrics.rewind(this.#context, project, this.#run.id, next.step);
      assert.equal(rewind?.series ?? 0, expected.size);
      assert.equal(
        rewind?.points ?? 0,
        [...expected.values()].reduce((sum, points) => sum + points.length, 0),
      );
      if (rewind !== undefined) this.#naive.rewind(rewind.id, next.step);
    } else if (next.do === 'read') {
      for (const key of keys) await this.#draw(key, next.axis, next.window, next.pixels);
    }
  }

  async #log(sent: Batch): Promise<void> {
    this.#sent.push(sent);
    const points = pointsOf(sent);
    this.#naive.log(sent.key, points);
    await this.#domain.metrics.logBatch(this.#context, this.#domain.defaultProject, this.#run.id, {
      points: points.map((point) => ({ key: sent.key, ...point })),
    });
  }

  async #readAll(): Promise<void> {
    const { metrics, defaultProject: project } = this.#domain;
    const summaries = await metrics.summaries(this.#context, project, [this.#run.node]);
    assert.deepEqual(summaries.map((summary) => summary.key).sort(), [...this.#naive.metrics.keys()].sort());
    for (const key of keys) {
      await this.#history(key);
      await this.#sample(key);
      for (const axis of ['step', 'time'] as const) await this.#draw(key, axis, [0, 1000], 300);
      for (const rewind of this.#naive.superseded.keys()) await this.#history(key, rewind);
    }
    await this.#over();
  }

  async #history(key: string, rewind?: number): Promise<void> {
    const wanted = this.#naive.points(key, rewind).sort(byTimes);
    const found: MetricPoint[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#domain.metrics.history(
        this.#context,
        this.#domain.defaultProject,
        this.#run.id,
        key,
        { limit: 2_999, cursor, rewind },
      );
      found.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    same(found, wanted, `history of ${key} ${rewind ?? ''}`);
  }

  async #sample(key: string): Promise<void> {
    const all = this.#naive.points(key).sort(bySteps);
    const range = { from: 500, to: 9_000n };
    const inside = all.filter((point) => point.step >= range.from && point.step <= range.to);
    const every = (count: number) => Array.from({ length: Math.ceil(count / 17) }, (_, i) => i * 17);
    for (const [steps, points] of [
      [{}, all],
      [range, inside],
    ] as const) {
      const found = await this.#domain.metrics.sample(
        this.#context,
        this.#domain.defaultProject,
        [this.#run.id],
        key,
        steps,
        every,
      );
      same(
        found.get(this.#run.id) ?? [],
        every(points.length).map((rank) => points[rank]!),
        `ranks of ${key}`,
      );
    }
  }

  async #draw(
    key: string,
    axis: 'step' | 'time',
    [begin, end]: readonly [number, number],
    pixels: number,
  ): Promise<void> {
    const all = this.#naive.points(key).sort(axis === 'step' ? bySteps : byTimes);
    if (all.length === 0) return;
    const place = (share: number) => all[Math.floor(((all.length - 1) * share) / 1000)]![axis];
    const [from, to] = [place(Math.min(begin, end)), place(Math.max(begin, end))];
    const { curves } = await this.#domain.metrics.draw(this.#context, this.#domain.defaultProject, {
      runs: [this.#run.id],
      keys: [key],
      x: axis,
      from,
      to,
      pixels,
    });
    const [curve] = curves;
    const inside = all.filter((point) => point[axis] >= from && point[axis] <= to);
    const about = `${key} over ${axis} from ${from} to ${to} in ${pixels}`;
    assert.ok(curve !== undefined, about);
    if (inside.length <= 2 * pixels) {
      assert.ok('points' in curve && curve.points !== undefined, about);
      same(rowsOf(curve.points), inside, about);
      return;
    }
    assert.ok('bands' in curve && curve.bands !== undefined, about);
    const { bands } = curve;
    const level = levelOf(from, to, pixels);
    assert.equal(bands.level, level, about);
    const wanted = bandsOf(all, axis, from, to, level);
    assert.deepEqual(
      Array.from(bands.buckets as Iterable<number | bigint>, BigInt),
      wanted.map((band) => band.bucket),
      about,
    );
    assert.deepEqual(
      [...bands.counts],
      wanted.map((band) => band.count),
      about,
    );
    assert.deepEqual(
      [...bands.nonFinite],
      wanted.map((band) => band.nonFinite),
      about,
    );
    assert.deepEqual(
      Array.from(bands.min, plain),
      wanted.map((band) => band.min),
      about,
    );
    assert.deepEqual(
      Array.from(bands.max, plain),
      wanted.map((band) => band.max),
      about,
    );
    same(
      rowsOf(bands.first),
      wanted.map((band) => band.first),
      about,
    );
    same(
      rowsOf(bands.last),
      wanted.map((band) => band.last),
      about,
    );
    for (const [index, { sum, count }] of wanted.entries()) {
      const size = Math.max(Math.abs(wanted[index]!.min), Math.abs(wanted[index]!.max));
      const close = Math.abs(bands.sums[index]! - sum) <= Math.max(1, Math.min(size, 1e300)) * count * 1e-12;
      assert.ok(
        close || !Number.isFinite(size) || size >= 1e300,
        `${about}: sum ${bands.sums[index]} is not ${sum}`,
      );
    }
  }

  async #over(): Promise<void> {
    const [x, y] = keys.map((key) => latestOfSteps(this.#naive.points(key)));
    const wanted = [...y!]
      .flatMap(([step, point]) => {
        const other = x!.get(step);
        return other === undefined || !Number.isFinite(other.value)
          ? []
          : [{ x: other.value, y: point.value, step: point.step }];
      })
      .sort((a, b) => a.x - b.x || (a.step < b.step ? -1 : 1));
    const { curves } = await this.#domain.metrics.draw(this.#context, this.#domain.defaultProject, {
      runs: [this.#run.id],
      keys: ['b'],
      x: { metric: 'a' },
      pixels: 4_000,
    });
    if (this.#naive.metrics.size < 2) return assert.equal(curves.length, 0);
    const curve = curves[0]!;
    if (wanted.length <= 8_000) {
      assert.ok('pairs' in curve);
      assert.deepEqual(
        Array.from(curve.pairs.xs, plain),
        wanted.map((pair) => plain(pair.x)),
      );
      assert.deepEqual(
        Array.from(curve.pairs.ys, plain),
        wanted.map((pair) => plain(pair.y)),
      );
    } else {
      assert.ok('pairBands' in curve);
      assert.equal(
        curve.pairBands.counts.reduce((a, b) => a + b, 0),
        wanted.length,
      );
    }
  }
}

const plain = (value: number) => value + 0;

function latestOfSteps(points: readonly NaivePoint[]): Map<string, NaivePoint> {
  return new Map([...points].sort(bySteps).map((point) => [String(point.step), point]));
}

function rowsOf({
  values,
  steps,
  times,
}: {
  values: Float64Array;
  steps: ArrayLike<number | bigint>;
  times: ArrayLike<number | bigint>;
}) {
  return Array.from(values, (value, i) => ({ value, step: steps[i]!, time: times[i]! }));
}

/** Equal in every bit; the first difference tells more than thousands of points. */
function same(found: readonly NaivePoint[], wanted: readonly NaivePoint[], about: string): void {
  assert.equal(found.length, wanted.length, about);
  for (const [index, point] of wanted.entries()) {
    const { value, step, time } = found[index]!;
    if (
      Object.is(value, point.value) &&
      BigInt(step) === BigInt(point.step) &&
      BigInt(time) === BigInt(point.time)
    )
      continue;
    assert.fail(
      `${about}: at ${index} (${value}, ${step}, ${time}) instead of (${point.value}, ${point.step}, ${point.time})`,
    );
  }
}

forEachStore((open) => {
  const served = servedFor(open);

  it(`agrees with a plain map (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 16 }), (acts) =>
        new Story(served().domain).play(acts),
      ),
      { seed, numRuns: 15, endOnFailure: true },
    );
  });
});

import {
  type Bands,
  type Int64,
  type PairBands,
  type Pairs,
  type PointColumns,
  startOf,
} from '../../engines/metrics/index.ts';
import { invalid } from '../../kernel/errors.ts';
import { JsonDouble, JsonInt64, toJsonDouble, toJsonInt64 } from '../../kernel/json-number.ts';
import { type Operation, operation } from '../../kernel/operation.ts';
import { type Static, Type } from '../../kernel/schema.ts';
import { ProjectQuery } from '../contexts/index.ts';
import { type Curve, type CurveRequest, curveLimits } from './curves.ts';
import { int64, Key, type MetricServices, RewindId } from './metric-wire.ts';

const Doubles = Type.Array(JsonDouble);
const Int64s = Type.Array(JsonInt64);
const Counts = Type.Array(Type.Integer());
const Extremes = Type.Array(Type.Union([JsonDouble, Type.Null()]), {
  description: 'Over all but NaN; null where there is nothing else.',
});

const BandColumns = {
  counts: Counts,
  nonFinite: Type.Array(Type.Integer(), { description: 'How many points are NaN or infinite.' }),
  min: Extremes,
  max: Extremes,
  first: Doubles,
  last: Doubles,
  sums: Type.Array(JsonDouble, {
    description:
      'Of the finite values: mean = sum / (count − non-finite). An infinity where it is beyond the doubles.',
  }),
};

const CurveWire = Type.Object(
  {
    run: Type.String(),
    key: Type.String(),
    points: Type.Optional(
      Type.Object(
        { steps: Int64s, times: Int64s, values: Doubles },
        { description: 'All points between from and to: there are at most two for each pixel.' },
      ),
    ),
    bands: Type.Optional(
      Type.Object(
        {
          starts: Int64s,
          ...BandColumns,
          firstX: Type.Array(JsonInt64, { description: 'Step or time of the first point.' }),
          lastX: Int64s,
        },
        { description: 'Columns with an entry for every bucket of 2^level steps (or ms) that holds points.' },
      ),
    ),
    pairs: Type.Optional(
      Type.Object(
        { xs: Doubles, steps: Int64s, values: Doubles },
        { description: 'Over another metric: values at the steps that both have, by x, then step.' },
      ),
    ),
    pairBands: Type.Optional(
      Type.Object(
        { width: Type.Number(), starts: Doubles, ...BandColumns },
        { description: 'The same in buckets.' },
      ),
    ),
  },
  { title: 'DrawnCurve' },
);

const X = Type.Union(
  [Type.Enum(['step', 'time', 'relative']), Type.Object({ metric: Key }, { additionalProperties: false })],
  {
    description:
      '`step`, `time`, `relative` (from and to in ms since the start of each run; what comes has its times as they were logged), or the values of another metric of the same run.',
  },
);
const Bound = (description: string) =>
  Type.Optional(Type.Union([Type.Number(), Type.String({ pattern: '^-?[0-9]{1,19}$' })], { description }));

export function curveOperations({ projects, metrics }: MetricServices): Operation[] {
  return [
    operation({
      id: 'series.draw',
      method: 'POST',
      path: '/api/v1/series/draw',
      permission: 'metadata:read',
      summary:
        'Metrics of runs as a chart draws them: for each, all points where they are few, else bands on a grid that does not move while points come.',
      query: Type.Object(ProjectQuery),
      body: Type.Object(
        {
          runs: Type.Array(Type.String({ maxLength: 250 }), { minItems: 1, maxItems: curveLimits.lines }),
          keys: Type.Array(Key, { minItems: 1, maxItems: curveLimits.lines }),
          x: Type.Optional(X),
          from: Bound('Least x; where the first line begins, when absent.'),
          to: Bound('Greatest x; where the last line ends, when absent.'),
          pixels: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 10_000,
              description: 'Buckets of a line at most; 500 when absent.',
            }),
          ),
          rewind: Type.Optional(RewindId),
        },
        { additionalProperties: false },
      ),
      output: Type.Object({
        level: Type.Union([Type.Integer(), Type.Null()], {
          description: 'A bucket is 2^level steps (or ms) wide.',
        }),
        from: Type.Union([JsonInt64, Type.Number(), Type.Null()]),
        to: Type.Union([JsonInt64, Type.Number(), Type.Null()]),
        curves: Type.Array(CurveWire, {
          description: 'In the order of runs, then keys; without those that have no points.',
        }),
      }),
      errors: ['query_too_expensive'],
      async run(context, { query, body }) {
        const project = await projects.resolve(context, query.project);
        const x = body.x ?? 'step';
        const drawn = await metrics.draw(context, project, {
          runs: body.runs,
          keys: body.keys,
          x,
          from: boundOf('from', body.from, x),
          to: boundOf('to', body.to, x),
          pixels: body.pixels ?? 500,
          rewind: body.rewind,
        });
        return {
          level: drawn.level ?? null,
          from: drawn.from === undefined ? null : toJsonInt64(drawn.from),
          to: drawn.to === undefined ? null : toJsonInt64(drawn.to),
          curves: drawn.curves.map(curveWire),
        };
      },
    }),
  ];
}

/** Of a metric's values any double; of steps and times an int64. */
function boundOf(field: string, value: number | string | undefined, x: CurveRequest['x']): Int64 | undefined {
  if (value === undefined) return undefined;
  if (typeof x === 'object') {
    if (typeof value === 'string') throw invalid(field, `${field} must be a number where x is a metric`);
    return value;
  }
  return int64(field, value);
}

function curveWire(curve: Curve): Static<typeof CurveWire> {
  const { run, key } = curve;
  if ('pairs' in curve) return { run, key, pairs: pairsWire(curve.pairs) };
  if ('pairBands' in curve) return { run, key, pairBands: pairBandsWire(curve.pairBands) };
  return curve.points === undefined
    ? { run, key, bands: bandsWire(curve.bands) }
    : { run, key, points: pointsWire(curve.points) };
}

function pointsWire({ steps, times, values }: PointColumns) {
  return { steps: int64s(steps), times: int64s(times), values: doubles(values) };
}

function bandsWire(bands: Bands) {
  const xs = bands.axis === 'step' ? 'steps' : 'times';
  return {
    starts: startsOf(bands).map(toJsonInt64),
    ...columnsWire({ ...bands, first: bands.first.values, last: bands.last.values }),
    firstX: int64s(bands.first[xs]),
    lastX: int64s(bands.last[xs]),
  };
}

function pairsWire({ xs, steps, ys }: Pairs) {
  return { xs: doubles(xs), steps: int64s(steps), values: doubles(ys) };
}

function pairBandsWire(bands: PairBands) {
  const width = 2 ** bands.level;
  return { width, starts: doubles(bands.buckets.map((bucket) => bucket * width)), ...columnsWire(bands) };
}

function columnsWire(bands: Omit<PairBands, 'level' | 'buckets'>) {
  return {
    counts: [...bands.counts],
    nonFinite: [...bands.nonFinite],
    min: extremes(bands.min),
    max: extremes(bands.max),
    first: doubles(bands.first),
    last: doubles(bands.last),
    sums: doubles(bands.sums),
  };
}

const int64s = (column: Float64Array | BigInt64Array) => Array.from(column as Iterable<Int64>, toJsonInt64);
const doubles = (column: Float64Array) => Array.from(column, toJsonDouble);
const extremes = (column: Float64Array) =>
  Array.from(column, (value) => (Number.isNaN(value) ? null : toJsonDouble(value)));
const startsOf = ({ buckets, level }: Bands) =>
  Array.from(buckets as Iterable<Int64>, (bucket) => startOf(bucket, level));

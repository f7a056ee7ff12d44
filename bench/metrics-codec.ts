/**
 * What the metric codec costs: bytes per point by kind of values, speed of chunks, cost of a head by shape of request.
 * `node bench/metrics-codec.ts`; takes about ten seconds, prints three tables. Raw points are 24 bytes.
 */
import {
  decodeChunk,
  decodeHead,
  dropDuplicates,
  encodeChunk,
  encodeHead,
  type HeadEntry,
  maxChunkPoints,
  mergeSorted,
  type PointColumns,
  PointGroups,
  pointsFrom,
  splitIntoChunks,
  summarise,
} from '../src/engines/metrics/index.ts';
import { generator } from './random.ts';

const random = generator(42);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const loss = (i: number): number => 2.3 * Math.exp(-i / 20_000) + 0.1 + 0.05 * normal();
const bfloat = (value: number): number => {
  const words = new Uint32Array(Float32Array.of(value).buffer);
  words[0]! &= 0xffff0000;
  return new Float32Array(words.buffer)[0]!;
};

const kinds: Record<string, (i: number) => number> = {
  'noisy 64-bit': loss,
  '32-bit widened (.item())': (i) => Math.fround(loss(i)),
  'bf16 widened': (i) => bfloat(loss(i)),
  'four decimals': (i) => Math.round(loss(i) * 1e4) / 1e4,
  'accuracy k/1000': (i) => Math.round(1000 * (1 - Math.exp(-i / 30_000)) + 5 * normal()) / 1000,
  'accuracy k/1009': (i) => Math.round(1009 * (1 - Math.exp(-i / 30_000)) + 5 * normal()) / 1009,
  'smooth learning rate': (i) => 0.0005 * (1 + Math.cos((Math.PI * i) / 131_072)),
  'linear learning rate': (i) => 1e-3 * (1 - i / 131_072),
  constant: () => 1e-3,
  'counter (integers)': (i) => 32 * i,
  'GPU use, % (integers)': () => Math.round(90 + 5 * normal()),
  'memory, bytes': () => 4096 * Math.round(2e6 + 1e3 * normal()),
  'four decimals, 1 % NaN': (i) => (random() < 0.01 ? Number.NaN : Math.round(loss(i) * 1e4) / 1e4),
};

const count = 16 * maxChunkPoints;
const epoch = 1_760_000_000_000;

function column(value: (i: number) => number, jitter: boolean): PointColumns {
  let time = epoch;
  return pointsFrom(
    Array.from({ length: count }, (_, i) => {
      time += jitter ? Math.max(1, Math.round(100 + 4 * normal())) : 100;
      return { value: value(i), step: i, time };
    }),
  );
}

/** Fastest of `rounds`, in µs: what the code costs, without the neighbours on the machine. */
function fastest(rounds: number, run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best * 1000;
}

function chunkRows(): Record<string, string>[] {
  return Object.entries(kinds).map(([kind, value]) => {
    const [regular, jittered] = [column(value, false), column(value, true)];
    const chunk = splitIntoChunks(jittered)[1]!.points;
    const blob = encodeChunk(chunk);
    const size = (points: PointColumns) =>
      splitIntoChunks(points).reduce((sum, plan) => sum + encodeChunk(plan.points).length, 0) / count;
    return {
      values: kind,
      'bytes/point': size(regular).toFixed(2),
      'jittered times': size(jittered).toFixed(2),
      'encode M/s': (maxChunkPoints / fastest(200, () => encodeChunk(chunk))).toFixed(1),
      'decode M/s': (maxChunkPoints / fastest(200, () => decodeChunk(blob))).toFixed(1),
    };
  });
}

function group(series: number, points: number, value: (i: number) => number): HeadEntry[] {
  const groups = new PointGroups<number>(series * points);
  for (let i = 0; i < points; i++) {
    for (let s = 0; s < series; s++) groups.add(1000 + s, value(i), i, epoch + 100 * i + (s >> 3));
  }
  return groups.finish().map(([id, columns]) => ({ series: id, points: columns }));
}

function headRows(): Record<string, string>[] {
  const shapes: [string, number, number, (i: number) => number][] = [
    ['1 series × 1 point', 1, 1, loss],
    ['10 series × 1 point', 10, 1, loss],
    ['1 series × 1,000 points', 1, 1000, loss],
    ['1 series × 1,000 points, 32-bit', 1, 1000, kinds['32-bit widened (.item())']!],
    ['1 series × 1,000 points, four decimals', 1, 1000, kinds['four decimals']!],
    ['1,000 series × 1 point', 1000, 1, loss],
  ];
  return shapes.map(([shape, series, points, value]) => {
    const entries = group(series, points, value);
    const bytes = encodeHead(entries);
    const times = Math.ceil(3_000 / (series * points));
    const each = (run: () => unknown) =>
      (
        fastest(100, () => {
          for (let i = 0; i < times; i++) run();
        }) / times
      ).toFixed(1);
    return {
      request: shape,
      bytes: String(bytes.length),
      'group µs': each(() => group(series, points, () => 0.1)),
      'dedupe + summary µs': each(() => entries.map((entry) => summarise(dropDuplicates(entry.points)))),
      'encode µs': each(() => encodeHead(entries)),
      'decode µs': each(() => decodeHead(bytes)),
      'decode one of it µs': each(() => decodeHead(bytes, 1000 + series - 1)),
    };
  });
}

function mergeRows(): Record<string, string>[] {
  const points = column(loss, true);
  const singles = splitIntoChunks(points, 1)
    .slice(0, maxChunkPoints)
    .map((plan) => plan.points);
  const odd = [0, 1, 2, 3].map((rest) => mergeSorted(singles.filter((_, i) => i % 4 === rest)));
  return [
    {
      merge: '8,192 heads of one point, in order',
      ms: (fastest(20, () => mergeSorted(singles)) / 1000).toFixed(2),
    },
    { merge: '4 interleaved parts of 2,048', ms: (fastest(20, () => mergeSorted(odd)) / 1000).toFixed(2) },
  ];
}

console.table(chunkRows());
console.table(headRows());
console.table(mergeRows());

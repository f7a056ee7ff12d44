import { encodePointBatch, type Int64, int64At } from '../../engines/metrics/index.ts';
import { type Flow, type Operation, operation } from '../../kernel/operation.ts';
import { Type } from '../../kernel/schema.ts';
import { ProjectQuery } from '../contexts/index.ts';
import { int64, Key, type MetricServices, RewindId } from './metric-wire.ts';
import { type ExportedPoints, exportLimits } from './series-export.ts';

/** Lines of text that are handed on together: some 100 KiB. */
const linesAtOnce = 1_024;

interface Format {
  readonly contentType: string;
  write(slices: AsyncIterable<ExportedPoints>): AsyncIterable<string | Uint8Array>;
}

const formats = {
  ndjson: { contentType: 'application/x-ndjson', write: ndjson },
  csv: { contentType: 'text/csv; charset=utf-8; header=present', write: csv },
  columns: { contentType: 'application/vnd.cairn.point-batches', write: batches },
} as const satisfies Record<string, Format>;

const Bound = (description: string) =>
  Type.Optional(Type.Union([Type.Integer(), Type.String({ pattern: '^-?[0-9]{1,19}$' })], { description }));

export function exportOperation({ projects, metrics }: MetricServices): Operation {
  return operation({
    id: 'series.read',
    method: 'POST',
    path: '/api/v1/series/read',
    permission: 'metadata:read',
    summary:
      'Every point of metrics of runs, of any number, as they are read: run by run, metric by metric, in the order of steps or times. ' +
      'As lines of JSON, as CSV, or as batches of columns (docs/formats/ingest.md).',
    query: Type.Object(ProjectQuery),
    body: Type.Object(
      {
        runs: Type.Array(Type.String({ maxLength: 250 }), { minItems: 1, maxItems: exportLimits.lines }),
        keys: Type.Array(Key, { minItems: 1, maxItems: exportLimits.lines }),
        x: Type.Optional(
          Type.Enum(['step', 'time'], {
            description: 'The order, and what `from` and `to` are; `step` when absent.',
          }),
        ),
        from: Bound('Least step or time.'),
        to: Bound('Greatest step or time.'),
        every: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: Number.MAX_SAFE_INTEGER,
            description: 'Only steps that are multiples of it.',
          }),
        ),
        rewind: Type.Optional(RewindId),
        format: Type.Optional(
          Type.Enum(['ndjson', 'csv', 'columns'], { description: '`ndjson` when absent.' }),
        ),
      },
      { additionalProperties: false },
    ),
    answersFlow: Object.values(formats).map((format) => format.contentType),
    output: Type.Unsafe<Flow>({ type: 'string', format: 'binary' }),
    errors: ['query_too_expensive'],
    async run(context, { query, body }) {
      const project = await projects.resolve(context, query.project);
      const { format = 'ndjson', x = 'step', from, to, ...request } = body;
      const slices = await metrics.read(context, project, {
        ...request,
        x,
        from: from === undefined ? undefined : int64('from', from),
        to: to === undefined ? undefined : int64('to', to),
      });
      const { contentType, write } = formats[format];
      return { contentType, body: write(slices) };
    },
  });
}

/** JSON knows neither NaN nor infinities, and −0 does not survive most of its readers: those are texts, as everywhere in the API. */
async function* ndjson(slices: AsyncIterable<ExportedPoints>): AsyncGenerator<string> {
  yield* lines(slices, ({ run, key }) => {
    const start = `{"run":${JSON.stringify(run)},"key":${JSON.stringify(key)},"step":`;
    return (step, time, value) =>
      `${start}${jsonInt64(step)},"time":${jsonInt64(time)},"value":${isPlain(value) ? value : `"${spelt(value)}"`}}\n`;
  });
}

async function* csv(slices: AsyncIterable<ExportedPoints>): AsyncGenerator<string> {
  yield 'run,key,step,time,value\r\n';
  yield* lines(slices, ({ run, key }) => {
    const start = `${run},${/[",\r\n]/.test(key) ? `"${key.replaceAll('"', '""')}"` : key},`;
    return (step, time, value) => `${start}${step},${time},${isPlain(value) ? value : spelt(value)}\r\n`;
  });
}

type WriteLine = (step: Int64, time: Int64, value: number) => string;

async function* lines(
  slices: AsyncIterable<ExportedPoints>,
  writerOf: (slice: ExportedPoints) => WriteLine,
): AsyncGenerator<string> {
  for await (const slice of slices) {
    const write = writerOf(slice);
    const { values, steps, times } = slice.points;
    for (let start = 0; start < values.length; start += linesAtOnce) {
      let text = '';
      const end = Math.min(start + linesAtOnce, values.length);
      for (let i = start; i < end; i++) text += write(int64At(steps, i), int64At(times, i), values[i]!);
      yield text;
    }
  }
}

const isPlain = (value: number) => Number.isFinite(value) && !Object.is(value, -0);
const spelt = (value: number) => (Object.is(value, -0) ? '-0' : String(value));
const jsonInt64 = (value: Int64) => (typeof value === 'number' ? value : `"${value}"`);

/** Each with the id of its run and its length before it. */
async function* batches(slices: AsyncIterable<ExportedPoints>): AsyncGenerator<Uint8Array> {
  for await (const { run, key, points } of slices) {
    const batch = encodePointBatch([[key, points]]);
    const id = Buffer.from(run, 'utf8');
    const head = Buffer.alloc(6);
    head.writeUInt32LE(batch.length, 0);
    head.writeUInt16LE(id.length, 4);
    yield Buffer.concat([head, id, batch]);
  }
}

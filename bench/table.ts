/** Figures as tables: aligned text for the terminal, and Markdown, which is the same text between bars. */
import type { Figures } from './load/measure.ts';
import type { Result, Row } from './rounds.ts';

export type Table = readonly (readonly string[])[];

/** The rates, with how many times Cairn's each peer's is contained in it, where Cairn is the first of the peers. */
export function rateTable(result: Result, peers: readonly string[]): Table {
  const [first = '', ...others] = peers;
  const head = ['work', 'conns', 'unit', `${first}/s`, ...others.flatMap((name) => [`${name}/s`, 'ratio'])];
  const rows = result.rows.map((row) => {
    const [own, ...theirs] = row.figures;
    return [
      row.name,
      String(row.connections),
      row.unit,
      rate(own),
      ...theirs.flatMap((figures) => [rate(figures), ratio(own, figures)]),
    ];
  });
  const floors = result.rows
    .filter((row) => row.floor !== undefined)
    .map((row) => floorRow(row, head.length));
  return [head, ...rows, ...floors];
}

/** Where the time went: p50, p95 and p99 of one request, and the CPU it cost the server. */
export function costTable(result: Result, peers: readonly string[]): Table {
  const head = [
    'work',
    ...peers.flatMap((name) => [`${name} p50 ms`, 'p95 ms', 'p99 ms', 'CPU ms']),
    'client',
  ];
  const rows = result.rows.map((row) => [
    row.name,
    ...row.figures.flatMap((figures) =>
      isMeasured(figures)
        ? [figures.p50, figures.p95, figures.p99, figures.cpu].map(milliseconds)
        : ['–', '–', '–', '–'],
    ),
    row.figures.map(clientShare).join(' '),
  ]);
  return [head, ...rows];
}

export function memoryTable(result: Result, peers: readonly string[]): Table {
  const mebibytes = (value: number | undefined) => (value === undefined ? '–' : `${Math.round(value)} MiB`);
  return [
    ['start and memory', ...peers],
    [
      'start on an existing store, to the first 200',
      ...result.memory.map(({ started }) => (started === undefined ? '–' : `${Math.round(started)} ms`)),
    ],
    ['after the start', ...result.memory.map(({ idle }) => mebibytes(idle))],
    ['most, after a row', ...result.memory.map(({ loaded }) => mebibytes(loaded))],
  ];
}

/** What a reader must know of rows in which something failed, or the client was the limit. */
export function remarks(result: Result, peers: readonly string[]): string[] {
  return result.rows.flatMap(({ name, figures }) =>
    figures.flatMap((one, index) => {
      if (typeof one === 'string') return [`${name}: ${peers[index]} failed: ${one.split('\n')[0]}`];
      if (one === undefined) return [];
      const found: string[] = [];
      if (one.failed > 0)
        found.push(`${name}: ${peers[index]} refused ${one.failed} requests, which do not count`);
      if (one.client > busyClient) {
        const share = Math.round(one.client * 100);
        found.push(`${name}: the client was ${share} % busy, so ${peers[index]} may be faster than shown`);
      }
      return found;
    }),
  );
}

/** Share of a core from which on the client may be what limits. */
const busyClient = 0.85;

export function aligned(table: Table): string {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column]!, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdown([head = [], ...rows]: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    `|${head.map((_, column) => (column === 0 ? '---|' : '---:|')).join('')}`,
    ...rows.map(line),
  ].join('\n');
}

const pad = (cell: string, width: number, column: number) =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width);

function floorRow(row: Row, columns: number): string[] {
  const own = row.figures[0];
  const share = isMeasured(own)
    ? `, of which Cairn reaches ${Math.round((own.rate / row.floor!) * 100)} %`
    : '';
  const cells = [`floor: JSON.parse and raw SQLite rows${share}`, '1', row.unit, whole(row.floor!)];
  return [...cells, ...new Array<string>(columns - cells.length).fill('')];
}

type Cell = Row['figures'][number];

function isMeasured(figures: Cell): figures is Figures {
  return typeof figures === 'object';
}

function rate(figures: Cell): string {
  if (typeof figures === 'string') return 'failed';
  return figures === undefined ? '–' : whole(figures.rate);
}

function ratio(own: Cell, other: Cell): string {
  if (!isMeasured(own) || !isMeasured(other) || other.rate === 0) return '–';
  // Beside one that refuses what the other answers, a number would only look large.
  if (other.failed > 0) return '–';
  const times = own.rate / other.rate;
  return `${times.toFixed(times < 10 ? 1 : 0)} ×`;
}

function clientShare(figures: Cell): string {
  return isMeasured(figures) ? `${Math.round(figures.client * 100)} %` : '–';
}

export function whole(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

/** Three digits are enough, and all that repeats. */
function milliseconds(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value < 0.1 ? 2 : 3);
}

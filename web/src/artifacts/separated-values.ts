/** Rows of separated values (RFC 4180): quotes may hold separators, line ends and doubled quotes. */
export function separatedRows(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  const endRow = () => {
    row.push(value);
    rows.push(row);
    row = [];
    value = '';
  };
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]!;
    if (quoted) {
      if (sign !== '"') value += sign;
      else if (text[index + 1] === '"') {
        value += '"';
        index++;
      } else quoted = false;
    } else if (sign === '"' && value === '') quoted = true;
    else if (sign === separator) {
      row.push(value);
      value = '';
    } else if (sign === '\n') endRow();
    else if (sign !== '\r') value += sign;
  }
  if (value !== '' || row.length > 0) endRow();
  return rows;
}

/** The sign that parts most values of the first line, outside of quotes. */
export function separatorOf(text: string, path: string): string {
  if (path.toLowerCase().endsWith('.tsv')) return '\t';
  const line = text
    .slice(0, 10_000)
    .split('\n')[0]!
    .replaceAll(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((sign) => [line.split(sign).length, sign] as const);
  // sort() is stable: a comma where they are even.
  return counts.sort(([a], [b]) => b - a)[0]![1];
}

const quote = 0x22;
const lineEnd = 0x0a;

/**
 * Where complete records end in bytes that begin at the beginning of one: positions after their line ends. Bytes, not
 * characters, so that the next page can be asked for by range. Where `separator` is null every line is a record.
 */
export function recordEnds(bytes: Uint8Array, separator: string | null, limit: number): number[] {
  const ends: number[] = [];
  const parts = separator?.charCodeAt(0) ?? null;
  let quoted = false;
  let fresh = true;
  for (let index = 0; index < bytes.length && ends.length < limit; index++) {
    const byte = bytes[index];
    if (quoted) {
      if (byte !== quote) continue;
      if (bytes[index + 1] === quote) index++;
      else quoted = false;
    } else if (byte === lineEnd) {
      ends.push(index + 1);
      fresh = true;
    } else if (byte === quote && fresh && parts !== null) {
      quoted = true;
      fresh = false;
    } else fresh = byte === parts;
  }
  return ends;
}

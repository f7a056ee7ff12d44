import { asciiString, isObject } from './message-reading.ts';

/** The value as Python's json.dumps writes it: a blank after each comma and colon, ASCII only, keys as they came. */
export function pythonDumps(value: unknown): string {
  if (typeof value === 'string') return asciiString(value);
  if (Array.isArray(value)) return `[${value.map(pythonDumps).join(', ')}]`;
  if (!isObject(value)) return String(value);
  const fields = Object.entries(value).map(([key, item]) => `${asciiString(key)}: ${pythonDumps(item)}`);
  return `{${fields.join(', ')}}`;
}

/**
 * Prints an answer as MLflow's server does: snake_case in the order of the table, two blanks of indent, fields that are
 * unset and lists that are empty left out, int64 as JSON numbers to the last digit, NaN and infinities as texts.
 */
import { isObject } from './message-reading.ts';
import type { Field, Message, Printed } from './message-schema.ts';

export function printMessage<M extends Message>(message: M, value: Printed<M>): string {
  return printObject(message, value, '');
}

/** A message inside of another that is printed around it: the lines after the first begin with `indent`. */
export function printMessageAt<M extends Message>(message: M, value: Printed<M>, indent: string): string {
  return printObject(message, value, indent);
}

function printObject(message: Message, value: Readonly<Record<string, unknown>>, indent: string): string {
  const inner = `${indent}  `;
  const lines: string[] = [];
  for (const name in message) {
    const printed = printField(message[name]!, value[name], inner);
    if (printed !== undefined) lines.push(`${inner}"${name}": ${printed}`);
  }
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

function printField(field: Field, value: unknown, indent: string): string | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return printItem(field, value, indent);
  if (value.length === 0) return undefined;
  const inner = `${indent}  `;
  return `[\n${value.map((item) => inner + printItem(field, item, inner)).join(',\n')}\n${indent}]`;
}

function printItem(field: Field, value: unknown, indent: string): string {
  if (field.message && isObject(value)) return printObject(field.message, value, indent);
  if (field.kind === 'double') return printDouble(value as number);
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** With a point or exponent, so that typed readers see a double: 1 → 1.0. */
export function printDouble(value: number): string {
  const text = String(value);
  if (!Number.isInteger(value)) return Number.isFinite(value) ? text : `"${text}"`;
  if (Object.is(value, -0)) return '-0.0';
  // From here on JavaScript writes an exponent.
  return Math.abs(value) < 1e21 ? `${text}.0` : text;
}

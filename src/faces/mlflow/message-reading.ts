/**
 * Reads a message from JSON the way protobuf's JSON mapping does, leniently: unknown fields are ignored, names may be
 * camelCase, numbers may be texts, enums come by name or number, null means unset. What does not fit is an error with the
 * words of MLflow's server, which its clients and tests match, and nothing of the message is used.
 */
import { type CairnError, invalid } from '../../kernel/errors.ts';
import type { Field, Int64, Message, Read } from './message-schema.ts';

const hint = ' See the API docs for more information about request parameters.';

/** `raw` is the decoded request. Fields are checked in the order of the table. */
export function readMessage<M extends Message>(message: M, raw: unknown): Read<M> {
  if (!isObject(raw)) throw invalid('body', 'The request body must be a JSON object.');
  return readObject(message, raw, undefined) as Read<M>;
}

/** A field as it is looked for in an object. */
interface Slot {
  readonly name: string;
  /** The same in camelCase, where that is another name. */
  readonly camel: string | undefined;
  readonly field: Field;
}

const slotsOfMessages = new WeakMap<Message, readonly Slot[]>();

function slotsOf(message: Message): readonly Slot[] {
  let slots = slotsOfMessages.get(message);
  if (slots === undefined) {
    slots = Object.entries(message).map(([name, field]) => {
      const camel = camelCase(name);
      return { name, camel: camel === name ? undefined : camel, field };
    });
    slotsOfMessages.set(message, slots);
  }
  return slots;
}

/** Where an object stands in the request; spelt out only for an error, since a batch holds thousands of values. */
interface Place {
  readonly parent: Place | undefined;
  /** The field it is the value of. */
  readonly name: string;
  /** Undefined unless the field is a list. */
  readonly index: number | undefined;
}

/** `metrics[3].value` */
function spell(parent: Place | undefined, name: string, index?: number): string {
  const own = index === undefined ? name : `${name}[${index}]`;
  return parent === undefined ? own : `${spell(parent.parent, parent.name, parent.index)}.${own}`;
}

function readObject(
  message: Message,
  raw: Readonly<Record<string, unknown>>,
  place: Place | undefined,
): object {
  const read: Record<string, unknown> = {};
  for (const slot of slotsOf(message)) {
    const { name, field } = slot;
    const written = pick(raw, slot);
    const isUnset = written === undefined || written === null;
    if (field.required && (isUnset || written === '')) throw missing(spell(place, name));
    if (isUnset && !field.repeated) {
      read[name] = undefined;
      continue;
    }
    const value = field.repeated
      ? readList(field, name, written ?? [], place)
      : readItem(field, name, undefined, written, place);
    const problem = field.check?.(value);
    if (problem !== undefined) throw invalid(spell(place, name), problem + hint);
    read[name] = value;
  }
  return read;
}

/** The value under the field's name, its camelCase name or its alias: none of them is a property that every object has. */
function pick(raw: Readonly<Record<string, unknown>>, { name, camel, field }: Slot): unknown {
  let own = raw[name];
  if (camel !== undefined) {
    const other = raw[camel];
    if (own !== undefined && other !== undefined) {
      throw invalid(name, `Request specifies both '${name}' and '${camel}'; provide only one of them.`);
    }
    own ??= other;
  }
  if (field.alias === undefined) return own;
  const other = raw[field.alias];
  if (own === undefined || own === null || own === '') return other ?? own;
  if (other !== undefined && other !== own && other !== null && other !== '') {
    throw invalid(name, `Request specifies different values for '${name}' and '${field.alias}'.`);
  }
  return own;
}

function readList(field: Field, name: string, written: unknown, place: Place | undefined): unknown[] {
  if (!Array.isArray(written)) throw invalidValue(spell(place, name), written);
  return written.map((item, index) => readItem(field, name, index, item, place));
}

function readItem(
  field: Field,
  name: string,
  index: number | undefined,
  written: unknown,
  place: Place | undefined,
): unknown {
  const value = field.message
    ? isObject(written)
      ? readObject(field.message, written, { parent: place, name, index })
      : undefined
    : readScalar(field, written, name, index, place);
  if (value === undefined) throw invalidValue(spell(place, name, index), written);
  return value;
}

function readScalar(
  field: Field,
  written: unknown,
  name: string,
  index: number | undefined,
  place: Place | undefined,
): unknown {
  switch (field.kind) {
    case 'string':
      if (typeof written === 'string' && !field.allowsNul && written.includes('\0')) {
        const path = spell(place, name, index);
        throw invalid(path, `Invalid value for parameter '${path}' supplied: it must not contain U+0000.`);
      }
      return typeof written === 'string' ? written : undefined;
    case 'bool':
      return typeof written === 'boolean' ? written : undefined;
    case 'double':
      return readDouble(written);
    case 'int64':
      return readInteger(written, 63n);
    case 'int32':
      return readInteger(written, 31n);
    default:
      return readEnum(field.names ?? {}, written);
  }
}

function readDouble(written: unknown): number | undefined {
  if (typeof written === 'number') return written;
  if (typeof written === 'bigint') return Number(written);
  if (typeof written !== 'string') return undefined;
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(written)) return Number(written);
  const word = /^([+-]?)(nan|inf|infinity)$/i.exec(written);
  if (word === null) return undefined;
  if (word[2]!.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A whole number of `bits` bits and a sign; `5.0` and "5" are whole, 1.5 is not a number of this kind. */
function readInteger(written: unknown, bits: bigint): Int64 | undefined {
  if (bits === 63n && Number.isSafeInteger(written)) return written as number;
  const whole = wholeNumber(written);
  if (whole === undefined || whole < -(1n << bits) || whole >= 1n << bits) return undefined;
  const small = Number(whole);
  return Number.isSafeInteger(small) ? small : whole;
}

function wholeNumber(written: unknown): bigint | undefined {
  if (typeof written === 'bigint') return written;
  if (typeof written === 'number') return Number.isInteger(written) ? BigInt(written) : undefined;
  if (typeof written !== 'string' || written.length > 40) return undefined;
  if (/^[+-]?\d+$/.test(written)) return BigInt(written.replace('+', ''));
  return /^[+-]?\d+(\.\d*)?([eE][+]?\d+)?$/.test(written) ? wholeNumber(Number(written)) : undefined;
}

function readEnum(names: Readonly<Record<string, number>>, written: unknown): string | undefined {
  if (typeof written === 'string' && Object.hasOwn(names, written)) return written;
  const number = readInteger(written, 31n);
  return Object.keys(names).find((name) => names[name] === number);
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(where: string): CairnError {
  return invalid(where, `Missing value for required parameter '${where}'.${hint}`);
}

function invalidValue(where: string, written: unknown): CairnError {
  const shown = pythonJson(written);
  return invalid(
    where,
    `Invalid value ${shown} for parameter '${where}' supplied:  Hint: Value was of type '${pythonType(written)}'.${hint}`,
  );
}

/** Characters of a refused value that an error repeats. */
const shownLimit = 300;

/** The value as Python's json.dumps writes it with sorted keys and no blanks: clients compare the text. */
export function pythonJson(value: unknown): string {
  const print = (part: unknown): string => {
    if (typeof part === 'string') return asciiString(part);
    if (Array.isArray(part)) return `[${part.map(print).join(',')}]`;
    if (isObject(part)) {
      const keys = Object.keys(part).sort();
      return `{${keys.map((key) => `${asciiString(key)}:${print(part[key])}`).join(',')}}`;
    }
    return String(part);
  };
  const whole = print(value);
  return whole.length <= shownLimit ? whole : `${whole.slice(0, shownLimit)}…`;
}

/** A JSON string with everything beyond ASCII escaped, as Python writes it. */
export function asciiString(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function pythonType(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      return 'dict';
  }
}

/**
 * Reads what a person asked for: the flags of one command, then the environment, then the file of settings. What is not
 * known is refused with the nearest name that is.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Setting, type SettingName, type SettingValues, settings, UsageError } from '../config.ts';
import { nearest } from './nearest.ts';

/** An option of one command, given by flag only. */
export interface Option {
  readonly flag: string;
  readonly kind: 'text' | 'switch';
  readonly value?: string;
  readonly doc: string;
}

export interface Invocation {
  /** The settings that the command takes, after precedence. */
  readonly values: SettingValues;
  /** The command's own options: text, or true for a switch. */
  readonly options: Readonly<Record<string, string | true | undefined>>;
  /** Words beside the options. */
  readonly words: readonly string[];
}

/** What a command accepts on its line. */
export interface Accepts {
  readonly settings: readonly SettingName[];
  readonly options: readonly Option[];
  /** How many words beside options; none unless told. */
  readonly words?: number;
}

/** Where settings come from; tests pass their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file, or undefined if there is none. */
  readFile(path: string): string | undefined;
}

export const configFile = 'cairn.json';
const configOption: Option = {
  flag: 'config',
  kind: 'text',
  value: 'FILE',
  doc: `File of settings, a JSON object. Unless set: ${configFile} of the current folder, if there.`,
};
export const commonOptions: readonly Option[] = [
  configOption,
  { flag: 'help', kind: 'switch', doc: 'Show this help.' },
];

/** Reads the flags of one command, then the environment and the file, for the settings that the command takes. */
export function readInvocation(argv: readonly string[], accepts: Accepts, from: Surroundings): Invocation {
  const all: readonly Setting[] = settings;
  const taken = all.filter(({ name }) => (accepts.settings as readonly string[]).includes(name));
  const line = readLine(argv, taken, [...accepts.options, ...commonOptions], accepts.words ?? 0);
  refuseMisspeltEnvironment(from.env);
  const file = readFileSettings(line.options.config, from);
  const values: Record<string, string | readonly string[]> = {};
  for (const setting of taken) {
    const value =
      line.values[setting.name] ?? environmentValue(setting, from) ?? file[setting.name] ?? setting.default;
    if (value !== undefined) values[setting.name] = value;
  }
  return { values, options: line.options, words: line.words };
}

function readLine(
  argv: readonly string[],
  taken: readonly Setting[],
  options: readonly Option[],
  wordsAllowed: number,
) {
  const known = new Map<string, Setting | Option>();
  for (const setting of taken) if (setting.flag !== undefined) known.set(setting.flag, setting);
  for (const option of options) known.set(option.flag, option);
  const types: NonNullable<ParseArgsConfig['options']> = {};
  for (const [flag, { kind }] of known) types[flag] = { type: kind === 'switch' ? 'boolean' : 'string' };
  const values: Record<string, string | readonly string[]> = {};
  const given: Record<string, string | true> = {};
  const words: string[] = [];
  const { tokens } = parseArgs({
    args: [...argv],
    options: types,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (words.push(token.value) > wordsAllowed) throw new UsageError(`unexpected word ${token.value}`);
      continue;
    }
    const found = known.get(token.name);
    if (found === undefined) {
      throw new UsageError(`unknown option ${token.rawName}${suggest(token.name, [...known.keys()], '--')}`);
    }
    const value = givenValue(token, found);
    if (!('name' in found)) given[token.name] = value;
    else if (found.kind !== 'list') values[found.name] = String(value);
    else values[found.name] = [...(values[found.name] ?? []), ...splitList(String(value))];
  }
  return { values, options: given, words };
}

/** The text an option was given, or true for a switch. */
function givenValue(
  { value, inlineValue }: { value?: string | undefined; inlineValue?: boolean | undefined },
  found: Setting | Option,
): string | true {
  if (found.kind === 'switch') {
    if (value !== undefined) throw new UsageError(`--${found.flag} takes no value`);
    return true;
  }
  if (value === undefined || (!inlineValue && value.startsWith('--'))) {
    throw new UsageError(`--${found.flag} needs a value: --${found.flag} ${found.value ?? 'VALUE'}`);
  }
  return value;
}

function environmentValue(setting: Setting, from: Surroundings): string | readonly string[] | undefined {
  const direct = from.env[setting.env];
  const fileVariable = `${setting.env}_FILE`;
  const path = setting.secret ? from.env[fileVariable] : undefined;
  if (direct !== undefined && path !== undefined) {
    throw new UsageError(`${setting.env} and ${fileVariable} are both set; set one`);
  }
  if (path !== undefined) {
    const text = from.readFile(path)?.trim();
    if (text === undefined) throw new UsageError(`${fileVariable} names a file that cannot be read: ${path}`);
    if (text === '') throw new UsageError(`${fileVariable} names an empty file: ${path}`);
    return text;
  }
  if (direct === undefined || direct === '') return undefined;
  return setting.kind === 'list' ? splitList(direct) : direct;
}

/** A variable one slip away from a known one is an error; others that begin with CAIRN_ belong to somebody else. */
function refuseMisspeltEnvironment(env: Surroundings['env']): void {
  const all: readonly Setting[] = settings;
  const known = all.flatMap(({ env: name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  for (const name of Object.keys(env)) {
    if (!name.startsWith('CAIRN_') || known.includes(name)) continue;
    const meant = nearest(name, known, Math.floor(name.length / 6));
    if (meant !== undefined) throw new UsageError(`unknown variable ${name}; did you mean ${meant}?`);
  }
}

function readFileSettings(
  named: string | true | undefined,
  from: Surroundings,
): Readonly<Record<string, string | readonly string[]>> {
  const path = typeof named === 'string' ? named : configFile;
  const text = from.readFile(path);
  if (text === undefined) {
    if (named !== undefined) throw new UsageError(`cannot read the file ${path} named by --config`);
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`${path} must hold one JSON object of settings`);
  }
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [key, fileValue(path, key, value)] as const),
  );
}

function fileValue(path: string, key: string, value: unknown): string | readonly string[] {
  const all: readonly Setting[] = settings;
  const setting = all.find(({ name }) => name === key);
  if (setting === undefined) {
    const names = all.filter(({ secret }) => !secret).map(({ name }) => name);
    throw new UsageError(`${path}: unknown setting ${key}${suggest(key, names, '')}`);
  }
  if (setting.secret) {
    throw new UsageError(`${path}: ${key} is a secret; set ${setting.env} or ${setting.env}_FILE instead`);
  }
  if (setting.kind === 'list') {
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  } else if (setting.kind === 'integer' ? Number.isInteger(value) : typeof value === 'string') {
    return String(value);
  }
  const wanted = { integer: 'a whole number', list: 'a list of texts', text: 'a text' };
  throw new UsageError(`${path}: ${key} must be ${wanted[setting.kind]}`);
}

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function suggest(wrong: string, known: readonly string[], prefix: string): string {
  const meant = nearest(wrong, known);
  return meant === undefined ? '' : `; did you mean ${prefix}${meant}?`;
}

/** Our reading of MLflow's language against what the released server made of the same texts (search-grammar.record.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Field, Filter, Order } from '../../domain/search/index.ts';
import { CairnError } from '../../kernel/errors.ts';
import {
  parseMlflowExperimentFilter,
  parseMlflowExperimentOrder,
  parseMlflowRunFilter,
  parseMlflowRunOrder,
} from './search-grammar.ts';

type Language = 'run filter' | 'experiment filter' | 'run order' | 'experiment order';
type Recorded =
  | readonly [Language, string | string[], 'accepted', readonly (readonly unknown[])[]]
  | readonly [Language, string | string[], 'refused', string];

const recorded = readFileSync(
  fileURLToPath(new URL('search-grammar.recorded.jsonl', import.meta.url)),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

/** Accepted here and refused there, or the other way round. A row that is no longer true fails. */
const differences: Readonly<Record<string, string>> = {
  "tags.x != 'y' or tags.z = 'q'": 'OR',
  "tags.x != 'y' OR tags.z = 'q'": 'OR',
  "name = 'a' OR name = 'b'": 'OR',
  "(tags.x != 'y')": 'parentheses',
  "(tags.x != 'y') AND params.x = '1'": 'parentheses',
  "(name = 'a')": 'parentheses',
  "NOT tags.x = 'y'": 'NOT',
  'params.x is not  null': 'any white space between words',
  'metrics.a > 1e+5': 'an exponent with a plus',
  "tags.from = 'a'": 'a word of SQL is a key like any other',
  "tags.in = 'a'": 'a word of SQL is a key like any other',
  'metrics.from': 'a word of SQL is a key like any other',
  "name like 'a%'": 'operators in any case, as for runs',
  "name ilike 'a%'": 'operators in any case, as for runs',
  "tags.a like 'x'": 'operators in any case, as for runs',
  "attributes.run_id = ('a')": 'a list with = is refused here; there the database fails',
  "run_id IN ('a' 'b')": 'two texts side by side are no text',
  'metrics. a > 1': 'a key does not begin with white space',
};

/** Refused by both, in words that differ by more than the part of the text they show. */
const otherWords: Readonly<Record<string, string>> = {
  'max(metrics.a) > 1': 'a function is no name',
  'metrics . a > 1': 'white space within a name',
  'metrics.a > -inf': 'a number of the native language',
  'metrics.a = 1_000': 'Python spells numbers so',
  'metrics.a = TRUE': 'a word like any other',
  'params.a = TRUE': 'a word like any other',
  'timestamp > 5': 'a word like any other',
  user: 'a word like any other',
  key: 'a word like any other',
};

const readers: Readonly<Record<Language, (text: never) => unknown>> = {
  'run filter': (text: string) => clausesOf(parseMlflowRunFilter(text), runAttributes),
  'experiment filter': (text: string) => clausesOf(parseMlflowExperimentFilter(text), experimentAttributes),
  'run order': (keys: string[]) => parseMlflowRunOrder(keys).map((order) => keyOf(order, runAttributes)),
  'experiment order': (keys: string[]) =>
    parseMlflowExperimentOrder(keys).map((order) => keyOf(order, experimentAttributes)),
};

const runAttributes: Readonly<Record<string, string>> = {
  id: 'run_id',
  name: 'run_name',
  user: 'user_id',
  status: 'status',
  artifactUri: 'artifact_uri',
  started: 'start_time',
  ended: 'end_time',
};
const experimentAttributes: Readonly<Record<string, string>> = {
  id: 'experiment_id',
  name: 'name',
  created: 'creation_time',
  updated: 'last_update_time',
};
const aliases: Readonly<Record<string, string>> = {
  created: 'start_time',
  Created: 'start_time',
  'run name': 'run_name',
  'Run name': 'run_name',
  'Run Name': 'run_name',
};

/** A conjunction as MLflow lists it; texts of numbers as numbers. */
function clausesOf(filter: Filter | undefined, names: Readonly<Record<string, string>>): unknown[] {
  if (filter === undefined) return [];
  switch (filter.kind) {
    case 'and':
      return filter.terms.flatMap((term) => clausesOf(term, names));
    case 'or':
    case 'not':
      return [filter.kind];
    case 'compare':
      return [[...nameOf(filter.field, names), filter.operator.toUpperCase(), spelled(filter.value)]];
    case 'in':
      return [[...nameOf(filter.field, names), filter.negated ? 'NOT IN' : 'IN', filter.values]];
    case 'null-test':
      return [[...nameOf(filter.field, names), filter.negated ? 'IS NOT NULL' : 'IS NULL', null]];
  }
}

function nameOf(field: Field, names: Readonly<Record<string, string>>): string[] {
  if (field.kind === 'attribute') return ['attribute', names[field.name] ?? '?'];
  if (field.kind === 'dataset') return ['dataset', field.name];
  return [field.kind === 'param' ? 'parameter' : field.kind, field.key];
}

function keyOf({ field, descending }: Order, names: Readonly<Record<string, string>>): unknown[] {
  return [...nameOf(field, names), !descending];
}

/** Metrics and attributes are compared with numbers; MLflow keeps some as text until it asks the database. */
function spelled(value: unknown): string {
  return typeof value === 'string' && value.trim() === ''
    ? value
    : String(Number.isNaN(Number(value)) ? value : Number(value));
}

function expectedClauses(clauses: readonly (readonly unknown[])[], isOrder: boolean): unknown[] {
  return clauses.map(([type, key, comparator, value]) => {
    const name = type === 'attribute' ? (aliases[String(key)] ?? key) : key;
    if (isOrder) return [type, name, comparator];
    const right = value === null || Array.isArray(value) ? value : spelled(value);
    return [type, name, String(comparator).toUpperCase(), right];
  });
}

/** What clients match: all of it, save the offending part of the text and the list of valid words. */
function beginning(message: string): string {
  return (
    /^Invalid clause\(s\) in filter string|^Invalid comparator/.exec(message)?.[0] ?? message.split('{')[0]!
  );
}

function attempt(language: Language, text: string | string[]): { clauses?: unknown; message?: string } {
  try {
    return { clauses: readers[language](text as never) };
  } catch (error) {
    assert.ok(error instanceof CairnError && error.code === 'invalid_argument', String(error));
    assert.equal(
      error.field,
      language.endsWith('order') && error.message.includes('order') ? 'order_by' : error.field,
    );
    return { message: error.message };
  }
}

describe("MLflow's filters and orders", () => {
  const unused = new Set([...Object.keys(differences), ...Object.keys(otherWords)]);
  for (const [language, text, verdict, detail] of recorded) {
    const name = Array.isArray(text) ? text.join(' | ') : text;
    it(`${language}: ${name || '(empty)'}`, () => {
      const ours = attempt(language, text);
      if (differences[name] !== undefined) {
        assert.notEqual(ours.message === undefined, verdict === 'accepted', 'no difference any more');
        unused.delete(name);
      } else if (verdict === 'accepted') {
        assert.deepEqual(ours.clauses, expectedClauses(detail, language.endsWith('order')), ours.message);
      } else if (otherWords[name] !== undefined) {
        assert.notEqual(beginning(ours.message ?? ''), beginning(detail), 'no difference any more');
        unused.delete(name);
      } else {
        assert.equal(beginning(ours.message ?? JSON.stringify(ours.clauses)), beginning(detail));
      }
    });
  }

  it('has no difference that nothing shows', () => assert.deepEqual([...unused], []));

  it('answers a filter beyond the limits at once', () => {
    for (const [text, why] of [
      ["params.a = '1' AND ".repeat(1_000_000), /at most \d+ characters/],
      ["params.a = '1' AND ".repeat(10_000), /at most \d+ comparisons/],
      [`${'('.repeat(100_000)}params.a = '1'`, /levels deep/],
      [`params.a = '${'x'.repeat(300_000)}'`, /at most \d+ characters/],
      ['`'.repeat(200_001), /Invalid clause/],
      ["'".repeat(200_001), /Invalid clause/],
      ['a.'.repeat(100_000), /Invalid entity type|Invalid clause/],
      ["params.a = '\ud800'", /unpaired surrogate/],
    ] as const) {
      assert.throws(() => parseMlflowRunFilter(text), why);
    }
  });
});

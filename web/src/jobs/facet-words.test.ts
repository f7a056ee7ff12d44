import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facet } from '../api/jobs.ts';
import {
  amountsOf,
  codesOf,
  descriptionOf,
  errorOf,
  jobFacts,
  runFacts,
  transformationText,
} from './facet-words.ts';

const facets = (values: Readonly<Record<string, unknown>>): Facet[] =>
  Object.entries(values).map(([key, value]) => ({ key, at: 0, event: 1, value }));

test('standard facets of a job are told in words', () => {
  const job = facets({
    documentation: { description: 'Builds the features.' },
    ownership: { owners: [{ name: 'team:data', type: 'MAINTAINER' }, { name: 'eve' }, {}] },
    sourceCodeLocation: {
      type: 'git',
      url: 'https://git.example/etl',
      path: 'etl/churn.py',
      version: 'a1b2',
    },
    sql: { query: 'SELECT 1', dialect: 'postgres' },
    sourceCode: { language: 'PYTHON', sourceCode: 'print(1)' },
    tags: { tags: [{ key: 'pii', value: 'true' }] },
  });
  assert.equal(descriptionOf(job), 'Builds the features.');
  assert.deepEqual(jobFacts(job), [
    { name: 'Owner', text: 'team:data (maintainer)' },
    { name: 'Owner', text: 'eve' },
    { name: 'Source', text: 'etl/churn.py', href: 'https://git.example/etl' },
    { name: 'Commit', text: 'a1b2' },
    { name: 'pii', text: 'true' },
  ]);
  assert.deepEqual(
    codesOf(job).map(({ title, language }) => `${title} ${language}`),
    ['SQL postgres', 'Source code PYTHON'],
  );
});

test('facets of a run are told in words, its error first of all', () => {
  const run = facets({
    processing_engine: { name: 'spark', version: '3.5.1' },
    nominalTime: { nominalStartTime: '2026-11-01T00:00:00Z' },
    errorMessage: { message: 'no such column', programmingLanguage: 'JVM', stackTrace: 'at a\nat b' },
  });
  assert.deepEqual(
    runFacts(run).map(({ name, text }) => `${name}: ${text}`),
    ['For: 2026-11-01T00:00:00Z', 'Engine: spark 3.5.1'],
  );
  const ml = facets({
    cairn_training: { name: 'weekly', experiment: { id: '7', name: 'churn' }, source: { name: 'train.py' } },
    cairn_deployment: { endpoint: 'prod/churn', model: 'models:/churn/1', traffic: 25, platform: 'odd' },
  });
  assert.deepEqual(
    runFacts(ml).map(({ name, text }) => `${name}: ${text}`),
    [
      ...['Training: weekly', 'Experiment: churn', 'Script: train.py'],
      ...['Serves: models:/churn/1', 'At: prod/churn', 'Traffic: 25 %'],
    ],
  );
  assert.deepEqual(errorOf(run), { message: 'no such column', language: 'JVM', trace: 'at a\nat b' });
  assert.equal(errorOf([]), undefined);
});

test('what is of another shape, or hostile, says nothing', () => {
  const odd = facets({
    documentation: 'text',
    ownership: { owners: 'eve' },
    sourceCodeLocation: { url: 'javascript:alert(1)' },
    sql: { query: 7 },
    errorMessage: [],
    tags: { tags: [null, 'x', { value: 1 }] },
  });
  assert.deepEqual(jobFacts(odd), [{ name: 'Source', text: 'javascript:alert(1)' }]);
  assert.equal(descriptionOf(odd), undefined);
  assert.equal(errorOf(odd), undefined);
  assert.deepEqual(runFacts(odd), []);
});

test('amounts and transformations', () => {
  assert.deepEqual(amountsOf(facets({ outputStatistics: { rowCount: 7, size: 40 } })), {
    rows: 7,
    bytes: 40,
  });
  assert.deepEqual(amountsOf(facets({ inputStatistics: { rowCount: 'many' } })), {
    rows: undefined,
    bytes: undefined,
  });
  assert.equal(
    transformationText([
      { type: 'DIRECT', subtype: 'AGGREGATION', masking: true },
      { type: 'INDIRECT', description: 'where it was filtered' },
    ]),
    'direct aggregation (masked), indirect: where it was filtered',
  );
  assert.equal(transformationText(null), '');
});

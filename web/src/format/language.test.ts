import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownLanguage, mendLanguage } from './language.ts';

test('a language that formatters refuse becomes the one it stands for, or English', () => {
  const rows: [string, string][] = [
    ['de-DE', 'de-DE'],
    ['en-US@posix', 'en-US'],
    ['pt_BR.UTF-8', 'pt-BR'],
    ['C', 'en-US'],
    ['', 'en-US'],
  ];
  for (const [language, known] of rows) {
    assert.equal(knownLanguage(language), known);
    const browser = { language };
    mendLanguage(browser);
    new Intl.NumberFormat(browser.language);
    assert.equal(browser.language, known);
  }
});

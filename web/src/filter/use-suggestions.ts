/** What the filter box offers at the caret: words of the grammar, names from the server, values of loaded rows, history. */
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { columnsQuery } from '../api/queries.ts';
import type { KnownColumn } from '../api/types.ts';
import { runsText } from '../format/numbers.ts';
import { aggregateWords, attributeWords, type Entity, wantedAt } from './completion.ts';
import { fieldText, literalText } from './field-text.ts';
import { filterHistory } from './history.ts';

export interface Suggestion {
  /** What is shown. */
  readonly text: string;
  readonly detail: string;
  /** What replaces `from`–`to` of the filter. */
  readonly insert: string;
  readonly from: number;
  readonly to: number;
}

/** Values of a param or tag among the rows in memory, most frequent first. */
export type ValuesOf = (entity: Entity, key: string) => readonly string[];

const shown = 12;
const states = ['RUNNING', 'FINISHED', 'FAILED', 'SCHEDULED', 'KILLED'];
const scopes = { metrics: 'metric', params: 'param', tags: 'tag' } as const;

export function useSuggestions(options: {
  project: string;
  experiment: string;
  text: string;
  caret: number;
  open: boolean;
  valuesOf: ValuesOf;
}): readonly Suggestion[] {
  const { project, experiment, text, caret, open, valuesOf } = options;
  const wanted = useMemo(() => (open ? wantedAt(text, caret) : undefined), [open, text, caret]);
  // Names are looked for on the server: there may be 12,000 of them.
  const search = useDeferredValue(
    wanted?.kind === 'key' || wanted?.kind === 'field' ? wanted.typed : undefined,
  );
  const names = useQuery({
    ...columnsQuery(project, experiment, search ?? ''),
    enabled: search !== undefined && wanted?.entity !== 'attributes',
  });

  return useMemo(() => {
    if (wanted === undefined) return [];
    const { from, to, typed, kind, entity } = wanted;
    const starts = (word: string) => word.toLowerCase().startsWith(typed.toLowerCase());
    const words = (list: readonly string[], detail: string, after = ' '): Suggestion[] =>
      list.filter(starts).map((word) => ({ text: word, detail, insert: word + after, from, to }));
    // The answer may be to what was typed a moment ago.
    const part = typed.toLowerCase();
    const known = (scope?: KnownColumn['scope']) =>
      (names.data?.items ?? [])
        .filter((column) => scope === undefined || column.scope === scope)
        .filter(({ key }) => key.toLowerCase().includes(part))
        .sort((a, b) => Number(starts(b.key)) - Number(starts(a.key)));

    switch (kind) {
      case 'field':
        return [
          ...(text.trim() === '' ? historySuggestions(to) : []),
          ...words(['metrics.', 'params.', 'tags.', 'attributes.'], 'field', ''),
          ...known()
            .filter((column) => typed !== '' || column.varies)
            .map((column) => nameSuggestion(column, names.data?.runsLimit, true, from, to)),
          ...(typed === '' ? [] : words(['not'], 'word')),
        ].slice(0, shown);
      case 'key':
        if (entity === 'attributes') return words(attributeWords, 'attribute');
        return known(entity && scopes[entity])
          .map((column) => nameSuggestion(column, names.data?.runsLimit, false, from, to))
          .slice(0, shown);
      case 'aggregate':
        return words(aggregateWords, 'of the metric');
      case 'operator':
        return words(
          ['=', '!=', '<', '<=', '>', '>=', 'like', 'ilike', 'in (', 'is null', 'is not null'],
          'compare',
        );
      case 'join':
        return words(['and', 'or'], 'word');
      case 'value': {
        if (entity === undefined || wanted.key === undefined || entity === 'metrics') return [];
        const values =
          entity === 'attributes' && wanted.key === 'status' ? states : valuesOf(entity, wanted.key);
        return values
          .filter(starts)
          .flatMap((value) => {
            const literal = literalText(value);
            if (literal === undefined) return [];
            return [{ text: value, detail: 'value', insert: `${literal} `, from, to }];
          })
          .slice(0, shown);
      }
    }
  }, [wanted, names.data, valuesOf, text]);
}

function historySuggestions(to: number): Suggestion[] {
  return filterHistory()
    .slice(0, 5)
    .map((filter) => ({ text: filter, detail: 'used before', insert: filter, from: 0, to }));
}

function nameSuggestion(
  column: KnownColumn,
  limit: number | undefined,
  whole: boolean,
  from: number,
  to: number,
): Suggestion {
  const plural = { metric: 'metrics', param: 'params', tag: 'tags' } as const;
  const field = fieldText(plural[column.scope], column.key);
  const key = field.slice(field.indexOf('.') + 1);
  return {
    text: whole ? field : column.key,
    detail: `${column.scope}, ${runsText(column.runs, limit)}`,
    insert: whole ? field : key,
    from,
    to,
  };
}

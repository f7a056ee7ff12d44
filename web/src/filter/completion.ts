/**
 * What could stand at the caret. Pure: the names themselves are looked up elsewhere (on the server, because there may
 * be 12,000 of them).
 */
import { type Token, tokensOf } from './tokens.ts';

export type Entity = 'metrics' | 'params' | 'tags' | 'attributes';

/** The piece of text to replace, and what may replace it. */
export interface Wanted {
  readonly from: number;
  readonly to: number;
  /** What is typed of it so far. */
  readonly typed: string;
  readonly kind: 'field' | 'key' | 'aggregate' | 'operator' | 'value' | 'join';
  readonly entity?: Entity;
  /** The key whose aggregate or value is wanted. */
  readonly key?: string;
}

const entityWords: Readonly<Record<string, Entity>> = {
  metric: 'metrics',
  metrics: 'metrics',
  param: 'params',
  params: 'params',
  parameter: 'params',
  parameters: 'params',
  tag: 'tags',
  tags: 'tags',
  attribute: 'attributes',
  attributes: 'attributes',
};

export const attributeWords = [
  'run_name',
  'status',
  'start_time',
  'end_time',
  'user_id',
  'run_id',
  'artifact_uri',
];
export const aggregateWords = ['last', 'min', 'max', 'first', 'mean', 'count'];

export function wantedAt(text: string, caret: number): Wanted | undefined {
  const tokens = tokensOf(text.slice(0, caret)).filter((token) => token.kind !== 'space');
  const last = tokens.at(-1);
  const touching = last !== undefined && last.end === caret;
  // A piece that touches the caret is being typed; otherwise something new begins.
  if (touching && (last.kind === 'field' || last.kind === 'word'))
    return ofField(last, tokens.slice(0, -1), caret);
  if (touching && last.kind === 'open') return ofOpenQuote(last, tokens.slice(0, -1), caret);
  if (touching && (last.kind === 'number' || last.kind === 'text' || last.kind === 'other')) return undefined;
  return ofGap(tokens, caret);
}

function ofField(token: Token, before: readonly Token[], caret: number): Wanted | undefined {
  const whole = { from: token.start, to: caret, typed: token.text };
  const expects = expectation(before);
  if (expects !== 'field') return { ...whole, kind: expects === 'operator' ? 'operator' : 'join' };
  const dot = token.text.indexOf('.');
  if (dot < 0) return { ...whole, kind: 'field' };
  const entity = entityWords[token.text.slice(0, dot).toLowerCase()];
  if (entity === undefined) return undefined;
  const rest = token.text.slice(dot + 1);
  const from = token.start + dot + 1;
  const aggregate = entity === 'metrics' ? /^(.+)\.([a-z]*)$/s.exec(rest) : null;
  if (aggregate !== null) {
    const typed = aggregate[2]!;
    const key = unquoted(aggregate[1]!);
    if (aggregateWords.some((word) => word.startsWith(typed)))
      return { from: caret - typed.length, to: caret, typed, kind: 'aggregate', entity, key };
  }
  return { from, to: caret, typed: unquoted(rest), kind: 'key', entity };
}

function ofOpenQuote(token: Token, before: readonly Token[], caret: number): Wanted | undefined {
  const typed = token.text.slice(1);
  const last = before.at(-1);
  // metrics.`val  – the quote belongs to the key.
  if (
    token.text[0] !== "'" &&
    last?.kind === 'field' &&
    last.end === token.start &&
    last.text.endsWith('.')
  ) {
    const entity = entityWords[last.text.slice(0, -1).toLowerCase()];
    return entity && { from: token.start, to: caret, typed, kind: 'key', entity };
  }
  const field = fieldOfValue(before);
  return field && { from: token.start, to: caret, typed, kind: 'value', ...field };
}

function ofGap(tokens: readonly Token[], caret: number): Wanted | undefined {
  const here = { from: caret, to: caret, typed: '' };
  switch (expectation(tokens)) {
    case 'field':
      return { ...here, kind: 'field' };
    case 'operator':
      return { ...here, kind: 'operator' };
    case 'join':
      return { ...here, kind: 'join' };
    case 'value': {
      const field = fieldOfValue(tokens);
      return field && { ...here, kind: 'value', ...field };
    }
  }
}

/** What the grammar wants after these tokens. */
function expectation(tokens: readonly Token[]): 'field' | 'operator' | 'value' | 'join' {
  const last = tokens.at(-1);
  if (last === undefined) return 'field';
  const word = last.text.toLowerCase();
  if (last.kind === 'field') return tokens.length > 1 && isComparison(tokens.at(-2)!) ? 'join' : 'operator';
  if (last.kind === 'operator' || (last.kind === 'word' && /^(i?like|in|is)$/.test(word))) return 'value';
  if (last.kind === 'bracket' && last.text !== ')') {
    return tokens.at(-2)?.text.toLowerCase() === 'in' || last.text === ',' ? 'value' : 'field';
  }
  if (last.kind === 'word' && word !== 'null') {
    const after = tokens.at(-2);
    return word === 'not' && after?.kind === 'field' ? 'operator' : 'field';
  }
  return 'join';
}

function isComparison(token: Token): boolean {
  return token.kind === 'operator' || /^(i?like|in|is)$/i.test(token.text);
}

/** The param or tag that the value at the end of these tokens is compared with. */
function fieldOfValue(tokens: readonly Token[]): { entity: Entity; key: string } | undefined {
  for (let index = tokens.length - 1; index >= 0; index--) {
    const token = tokens[index]!;
    if (token.kind === 'field') {
      const dot = token.text.indexOf('.');
      const entity = entityWords[token.text.slice(0, Math.max(0, dot)).toLowerCase()];
      if (entity !== undefined) return { entity, key: unquoted(token.text.slice(dot + 1)) };
      return attributeWords.includes(token.text) ? { entity: 'attributes', key: token.text } : undefined;
    }
    if (token.kind === 'word' && !/^(not|in|i?like|is)$/i.test(token.text)) return undefined;
    if (token.text === ')') return undefined;
  }
  return undefined;
}

function unquoted(text: string): string {
  return text.replace(/^([`"])(.*?)\1?$/s, '$2');
}

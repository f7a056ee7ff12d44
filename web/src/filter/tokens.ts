/**
 * The filter text cut into coloured pieces. Generous: it never fails, because it reads what is still being typed. The
 * server's parser alone decides what is right.
 */
export type TokenKind =
  | 'space'
  | 'field'
  | 'word'
  | 'operator'
  | 'text'
  | 'number'
  | 'bracket'
  | 'open'
  | 'other';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const pieces: readonly [TokenKind, RegExp][] = [
  ['space', /\s+/y],
  ['text', /'(?:''|[^'])*'/y],
  ['number', /-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/uy],
  ['word', /(?:and|or|not|is|null|in|i?like)(?![\p{L}\p{N}_.$#@:/-])/iuy],
  [
    'field',
    /(?:[\p{L}_][\p{L}\p{N}\p{M}_$#@]*|`[^`]*`|"[^"]*")(?:\.(?:[\p{L}\p{N}\p{M}_$#@:/-]+|`[^`]*`|"[^"]*")?)*/uy,
  ],
  ['operator', /[<>=~!]+/y],
  ['bracket', /[(),]/y],
  // A quote that is opened and not closed runs to the end.
  ['open', /['"`].*/suy],
  ['other', /./suy],
];

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    for (const [kind, pattern] of pieces) {
      pattern.lastIndex = start;
      if (!pattern.test(text)) continue;
      const end = pattern.lastIndex;
      tokens.push({
        kind:
          kind === 'field' && text[start] === '"' && !text.slice(start, end).includes('.') ? 'text' : kind,
        text: text.slice(start, end),
        start,
        end,
      });
      start = end;
      break;
    }
  }
  return tokens;
}

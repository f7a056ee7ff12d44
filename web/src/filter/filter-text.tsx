import type { Span } from '../api/client.ts';
import { tokensOf } from './tokens.ts';

/** A filter in colours. `wrong` is underlined; at the very end of the text it is a mark after it. */
export function FilterText({ text, wrong }: { text: string; wrong?: Span | undefined }) {
  const pieces = tokensOf(text).flatMap((token) => {
    if (wrong === undefined) return [{ ...token, bad: false }];
    const cuts = [token.start, wrong.start, wrong.end, token.end]
      .filter((at) => at >= token.start && at <= token.end)
      .sort((a, b) => a - b);
    return cuts.slice(1).map((end, index) => {
      const start = cuts[index]!;
      const bad = start >= wrong.start && end <= wrong.end;
      return { kind: token.kind, text: text.slice(start, end), start, end, bad };
    });
  });
  return (
    <span className="filter-text">
      {pieces
        .filter((piece) => piece.text !== '')
        .map((piece) => (
          <span key={piece.start} className={piece.bad ? `fl-${piece.kind} fl-wrong` : `fl-${piece.kind}`}>
            {piece.text}
          </span>
        ))}
      {wrong !== undefined && wrong.start >= text.length && <span className="fl-wrong"> </span>}
    </span>
  );
}

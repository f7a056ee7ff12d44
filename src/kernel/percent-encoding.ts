/** Every valid escape decoded, whatever stands beside it; bytes that are no UTF-8 become U+FFFD. Unlike `decodeURIComponent` it never throws. */
export function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

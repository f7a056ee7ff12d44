/** Bytes as text, when they are text. */

export type Encoding = 'utf-8' | 'windows-1252';

/** Undefined for what is no text: it holds zeros or mostly control characters. `bytes` may end inside a character. */
export function encodingOf(bytes: Uint8Array): Encoding | undefined {
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return undefined;
    // What a terminal uses (tab, line ends, form feed, escape, backspace) is text, as logs hold it.
    if (byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27) controls++;
  }
  if (controls > bytes.length / 50) return undefined;
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // `stream`: a character that is cut at the end is no mistake.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

export function decode(bytes: Uint8Array, encoding: Encoding = 'utf-8'): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** Colours and cursor moves of terminals (progress bars in logs) are left out. */
export function withoutEscapes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}

/** Rules of text that becomes a name or a location. Lengths are UTF-16 units, as clients count them. */
import path from 'node:path';
import { invalid } from '../../kernel/errors.ts';
import { percentDecoded } from '../../kernel/percent-encoding.ts';

export const nameLimits = {
  project: 100,
  projectDescription: 10_000,
  experiment: 500,
  artifactLocation: 2048,
} as const;

/** A name people see: not blank, no U+0000 (which no store keeps in text), within its limit. */
export function checkName(field: string, name: string, limit: number): void {
  if (name.trim() === '') throw invalid(field, `${field} must not be blank`);
  if (name.length > limit) throw invalid(field, `${field} is longer than ${limit} characters`);
  if (name.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
}

/** Keys are interned as text, which holds no U+0000; values may. `field` names the list, or the tag where there is only one. */
export function checkTagKeys(field: 'tags' | 'key', tags: readonly { readonly key: string }[]): void {
  for (const [index, { key }] of tags.entries()) {
    if (!key.includes('\0')) continue;
    const where = field === 'key' ? field : `${field}[${index}].key`;
    throw invalid(where, `${where} must not contain U+0000`);
  }
}

/**
 * A place for artifacts that a client chose: stored and handed back to clients; the server opens it only under the roots
 * its operator allowed. What has led servers of this kind astray is refused outright: query, fragment and parameters,
 * dot segments and control characters in any encoding, backslashes, `file:` of another host.
 */
export function checkArtifactLocation(field: string, location: string): void {
  const refuse = (why: string) => invalid(field, `${field} ${why}`);
  if (location.length > nameLimits.artifactLocation) {
    throw refuse(`is longer than ${nameLimits.artifactLocation} characters`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\\]/.test(location))
    throw refuse('must not contain backslashes or control characters');
  if (/^file:\/\/(?!\/|$|(?:localhost|127\.0\.0\.1)(?:\/|$))/i.test(location))
    throw refuse('must not be a folder of another host: name the protocol by which it is reached');
  if (/[?#;]/.test(location)) throw refuse('must not contain a query, fragment or parameters');
  if (hasDotSegment(location)) throw refuse('must not contain dot segments');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(percentDecoded(percentDecoded(location))))
    throw refuse('must not contain encoded control characters');
}

/**
 * A relative folder, plain or `file:`, as an absolute one below the server's folder; anything else as it was written. As
 * MLflow stores it: whoever reads the location later stands in another folder.
 */
export function absoluteLocation(location: string, serverFolder: string): string {
  const file = /^file:(?:\/\/$)?/i.exec(location);
  const rest = location.slice(file?.[0].length ?? 0);
  const otherScheme = file === null && /^[a-z][a-z0-9+.-]*:/i.test(rest);
  if (otherScheme || rest.startsWith('/') || path.isAbsolute(rest)) return location;
  const folder = path.join(serverFolder, percentDecoded(rest)).replace(/(?<=.)[/\\]$/, '');
  if (path.sep === '\\') return `file:///${folder.replaceAll('\\', '/')}`;
  return file === null ? folder : `file://${folder}`;
}

/** True for `.` or `..` as a path segment, the first one after a scheme too, also after any number of percent-decodings. */
function hasDotSegment(text: string): boolean {
  let decoded = text.replace(/^[a-z][a-z0-9+.-]*:/i, '');
  for (let round = 0; round < 8; round++) {
    if (decoded.split(/[/\\]/).some((part) => part === '..' || part === '.')) return true;
    const next = percentDecoded(decoded);
    if (next === decoded) return false;
    decoded = next;
  }
  return true;
}

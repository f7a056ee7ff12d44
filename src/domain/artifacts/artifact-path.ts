/**
 * The one place where a path that a client wrote becomes a path of ours. Paths are relative, of segments joined by `/`, in
 * any script, kept exactly as written. What has led artifact servers out of their folder is refused, as it stands and
 * after any number of percent-decodings: a path that passed here cannot be read as another one further on.
 */
import { type CairnError, invalid } from '../../kernel/errors.ts';
import { percentDecoded } from '../../kernel/percent-encoding.ts';

declare const brand: unique symbol;
/** At least one segment; no slash at either end. */
export type ArtifactPath = string & { readonly [brand]: 'artifact-path' };

/** Bytes of UTF-8. The whole path is what object stores allow in a key, a segment what file systems allow in a name. */
export const pathLimits = { path: 1_024, segment: 255 } as const;

/** Decodings of a path that still change it; no name is escaped that often. */
const maxDecodings = 8;

/** A path of a file or folder. `field` is how the client called it. */
export function artifactPath(field: string, written: string): ArtifactPath {
  const problem = problemOf(written);
  if (problem !== undefined) throw badPath(field, problem);
  return written as ArtifactPath;
}

/** A folder: a path that may end with one slash, or nothing at all, which is the root. */
export function folderPath(field: string, written: string): ArtifactPath | '' {
  const path = written.endsWith('/') ? written.slice(0, -1) : written;
  return path === '' && written === path ? '' : artifactPath(field, path);
}

/** Also checked as a whole: what is joined may be too long. */
export function joinPath(field: string, root: ArtifactPath | '', path: ArtifactPath | ''): ArtifactPath | '' {
  if (root === '' || path === '') return root || path;
  if (Buffer.byteLength(root) + 1 + Buffer.byteLength(path) > pathLimits.path) throw badPath(field, tooLong);
  return `${root}/${path}` as ArtifactPath;
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const tooLong = `it is longer than ${pathLimits.path} bytes`;

function badPath(field: string, why: string): CairnError {
  return invalid(field, `Invalid path: ${why}.`);
}

/** Why the path is refused. */
function problemOf(written: string): string | undefined {
  if (Buffer.byteLength(written) > pathLimits.path) return tooLong;
  const count = written.split('/').length;
  let text = written;
  for (let round = 0; round <= maxDecodings; round++) {
    const problem = problemAsItStands(text);
    if (problem !== undefined) return round === 0 ? problem : `decoded, ${problem}`;
    if (text.split('/').length !== count) return 'it holds an encoded slash';
    const decoded = percentDecoded(text);
    if (decoded === text) return undefined;
    text = decoded;
  }
  return 'it is percent-encoded many times over';
}

function problemAsItStands(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (!text.isWellFormed() || text.includes('\ufffd')) return 'it is not valid UTF-8';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return 'it holds a control character';
  if (text.includes('\\')) return 'it holds a backslash';
  if (text.includes('#')) return 'it holds a #, which clients cannot send';
  for (const segment of text.split('/')) {
    if (segment === '') return 'it begins or ends with a slash, or holds two in a row';
    // Also `...` and `.. `, which some file systems take for `..`, and dots of other widths.
    if (/^[. ]*$/.test(segment.normalize('NFKC'))) return 'a segment of it is nothing but dots or blanks';
    // `..;x` is `..` with a parameter for some proxies; MLflow's server stores no folder of that name either.
    if (/^ *\.[. ]*;/.test(segment.normalize('NFKC'))) return 'a segment of it is dots with a parameter';
    // Wherever it stands: what is below a run is a path of its own for the client that downloads it.
    if (/^[a-z]:|^file:|^[a-z][a-z0-9+.-]*:$/i.test(segment)) return 'a segment of it is a drive or a scheme';
    if (Buffer.byteLength(segment) > pathLimits.segment) {
      return `a segment of it is longer than ${pathLimits.segment} bytes`;
    }
  }
  return undefined;
}

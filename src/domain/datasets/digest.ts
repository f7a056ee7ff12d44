/** Digests of dataset versions: as they were given, and what each of them proves. */
import { invalid } from '../../kernel/errors.ts';

/** Over what it was made. */
export type DigestOf = 'content' | 'sample';

export interface Digest {
  /** `sha256`, `md5`, … or `mlflow`, whose clients hash a sample of the rows. */
  readonly algorithm: string;
  readonly value: string;
  readonly of: DigestOf;
  /** Equal ones suggest the same bytes; nobody can build on it. */
  readonly weak: boolean;
}

/** Hex digits of each algorithm. Those of the first group prove equal content, the best first; what others give only suggests it. */
const strong: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128, blake3: 64 };
const weak: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  xxh64: 16,
  xxh128: 32,
  crc32: 8,
  crc32c: 8,
};

/** Texts of no fixed form: MLflow's, and what an object store answers. */
const free = ['mlflow', 'etag'] as const;

export const digestAlgorithms = [...Object.keys(strong), ...Object.keys(weak), ...free] as const;

/** Characters of a digest of no fixed form. */
const longest = 256;

export interface GivenDigest {
  readonly algorithm: string;
  readonly value: string;
  readonly of?: DigestOf | undefined;
}

/** `invalid_argument` naming the digest that is none. */
export function readDigests(field: string, given: readonly GivenDigest[]): Digest[] {
  const seen = new Set<string>();
  return given.map(({ algorithm, value, of: told }, index) => {
    const path = `${field}[${index}]`;
    const digits = strong[algorithm] ?? weak[algorithm];
    if (digits === undefined) {
      if (value === '' || value.length > longest || value.includes('\0')) {
        throw invalid(
          `${path}.value`,
          `${path}.value must have 1 to ${longest} characters, none of them U+0000`,
        );
      }
    } else if (value.length !== digits || !/^[0-9a-f]+$/i.test(value)) {
      throw invalid(
        `${path}.value`,
        `${path}.value must be ${digits} hexadecimal digits: it is a digest by ${algorithm}`,
      );
    }
    const of = told ?? (algorithm === 'mlflow' ? 'sample' : 'content');
    if (seen.has(`${algorithm} ${of}`)) {
      throw invalid(`${path}.algorithm`, `${path}.algorithm is given twice`);
    }
    seen.add(`${algorithm} ${of}`);
    return {
      ...{ algorithm, of, value: digits === undefined ? value : value.toLowerCase() },
      weak: isWeak(algorithm, of),
    };
  });
}

const isWeak = (algorithm: string, of: DigestOf): boolean =>
  of === 'sample' || strong[algorithm] === undefined;

/** What of them identity follows from: the best that proves, the best that suggests. */
export function digestClaims(digests: readonly Digest[]): { strong?: string; weak?: string } {
  const order = [...Object.keys(strong), ...free, ...Object.keys(weak)];
  const best = (wanted: boolean) =>
    digests
      .filter((digest) => digest.weak === wanted)
      .sort((a, b) => order.indexOf(a.algorithm) - order.indexOf(b.algorithm))[0];
  const [proof, hint] = [best(false), best(true)];
  return {
    ...(proof !== undefined && { strong: `${proof.algorithm}:${proof.value}` }),
    // MLflow's clients say theirs without a name: only so do the two meet.
    ...(hint !== undefined && {
      weak: hint.algorithm === 'mlflow' ? hint.value : `${hint.algorithm}:${hint.of}:${hint.value}`,
    }),
  };
}

/** The digest that MLflow's client made of an input. */
export const mlflowDigest = (value: string): Digest => ({
  ...{ algorithm: 'mlflow', value, of: 'sample', weak: true },
});

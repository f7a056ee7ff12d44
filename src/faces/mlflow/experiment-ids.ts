import { invalid } from '../../kernel/errors.ts';

/** Digits of an id: one that is longer than an int64 names nothing, but is no error of form. */
const longest = 64;

/** The canonical form of an experiment id; clients of MLflow may write `007`. */
export function experimentId(field: string, written: string): string {
  if (!/^[+-]?\d+$/.test(written) || written.length > longest) {
    throw invalid(field, `Invalid experiment ID '${written}'. Experiment ID must be a valid integer.`);
  }
  return String(BigInt(written));
}

import { CairnError } from '../../kernel/errors.ts';

/** A blob that cannot be what this engine wrote: damaged, cut, forged, or of a version it does not know. */
export class CorruptPointsError extends CairnError {
  /** Where in the blob the reader stood. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super('internal', `stored metric points are damaged: ${what} (at byte ${offset})`);
    this.name = 'CorruptPointsError';
    this.offset = offset;
  }
}

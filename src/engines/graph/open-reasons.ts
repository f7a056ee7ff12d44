/** Why a walk ends without having come to an end. */
export const openReasons = [
  /** An artifact that nothing made and nobody declared to be a source. */
  'no-producer',
  /** An execution that made something, and recorded nothing it learned from. */
  'no-input',
  /** A read, or an explicit edge, that names a thing and not which version of it. */
  'unbound',
  /** As deep as was asked. */
  'depth',
  /** As many nodes or edges as a walk may have. */
  'limit',
  /** The reader may not see it. */
  'masked',
  'purged',
  /** An edge that counts does not tell since when it holds, and an instant was asked about. */
  'untimed',
  /** An edge ended before it began. */
  'contradictory',
] as const;
export type OpenReason = (typeof openReasons)[number];

export interface OpenEnd {
  readonly node: number;
  readonly reason: OpenReason;
}

/** One recorded change: who, when, what. The log is append-only; bodies can be erased, digests stay. */
import { hash } from 'node:crypto';
import type { EventId, NodeId, ProjectId } from '../../kernel/ids.ts';
import type { Face } from '../../kernel/request-context.ts';

/** Numbers of the faces in the store. Never reused; add at the end. */
export const faceCodes: Readonly<Record<Face, number>> = {
  native: 1,
  mlflow: 2,
  mlmd: 3,
  openlineage: 4,
  import: 5,
  system: 6,
};

/** What a use case says of a change; the journal adds who, when, position and digest. */
export interface Change {
  /** The node the change is about. */
  readonly node: NodeId;
  /** Other nodes it touched. */
  readonly touched?: readonly NodeId[];
  /** What was sent, or the change, as JSON. */
  readonly body?: unknown;
  /** The same as text, where it is kept byte for byte as it was sent. */
  readonly bodyText?: string;
  /** The node begins with it: nobody knows an earlier revision. */
  readonly isFirst?: boolean;
  /** An event of its own beside those that the write was begun for: its id, and its action. */
  readonly own?: { readonly id: EventId; readonly action: string };
  /** ms; also becomes `updated` of the node. */
  readonly updated?: number;
}

export interface RecordedEvent {
  readonly id: EventId;
  /** Dense; the only order by which anyone pages or streams. Absent until the sequencer has given it. */
  readonly position: number | undefined;
  readonly project: ProjectId;
  /** ms */
  readonly recorded: number;
  readonly actor: string;
  readonly face: Face;
  /** `run.create`, `run.log`, … */
  readonly action: string;
  readonly node: NodeId;
  /** SHA-256 of salt ‖ body, hex. */
  readonly digest: string;
  /** Undefined when it was erased. */
  readonly body: unknown;
}

/** Commitment to a body that tells nothing about it once salt and body are erased. */
export function bodyDigest(salt: Uint8Array, body: string): Buffer {
  return hash('sha256', Buffer.concat([salt, Buffer.from(body)]), 'buffer');
}

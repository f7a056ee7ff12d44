/**
 * Who is storing: one process on one machine, by a name from which another process can tell whether it still lives. Each
 * has a folder under `incoming/` for what it has under way; the folder of a dead one is what dead uploads left.
 */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { errorCode } from './file-calls.ts';

/** ms without a change after which an uploader of another machine, which cannot be asked, counts as dead. */
export const strangerPatience = 24 * 60 * 60 * 1000;

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 12);
/** ms at which this process began: in a container, the next one has the same number. */
const begun = Math.round(performance.timeOrigin).toString(36);

/** `machine-process-begun` of the process that runs this. */
export const thisUploader = `${machine}-${process.pid}-${begun}`;

/** `unknown` for an uploader on another machine, and for a name that is none. */
export function stateOf(uploader: string): 'alive' | 'dead' | 'unknown' {
  if (uploader === thisUploader) return 'alive';
  const match = /^([0-9a-f]{12})-(\d{1,10})-([0-9a-z]+)$/.exec(uploader);
  if (match === null || match[1] !== machine) return 'unknown';
  const id = Number(match[2]);
  if (id === process.pid) return 'dead'; // an earlier process that had our number
  try {
    process.kill(id, 0);
    return 'alive';
  } catch (error) {
    return errorCode(error) === 'ESRCH' ? 'dead' : 'alive';
  }
}

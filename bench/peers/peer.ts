/** A server to measure: how it is started on an empty folder, and what it offers. */
import type { Launch } from '../../test/conformance/child-server.ts';
import type { Feature } from '../load/workload.ts';

export interface Peer {
  readonly name: string;
  readonly features: readonly Feature[];
  /** As it names itself: `mlflow 3.17.2`. */
  version(): Promise<string>;
  /** A start on an empty store in that folder, with the peer's own defaults on SQLite. */
  launchIn(folder: string): Promise<Launch>;
}

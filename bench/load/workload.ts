/**
 * What a row of the table measures. A workload makes its requests ahead, for one server at a time, so that while the clock
 * runs the client only sends bytes and reads them.
 */
import type { Connection, Wire } from './connection.ts';
import type { Session } from './session.ts';

export interface Workload {
  /** As it stands in the table. */
  readonly name: string;
  /** `tracking` runs unless told otherwise; `scale` needs minutes to fill the stores. */
  readonly group: 'tracking' | 'scale';
  readonly connections: number;
  /** What is counted, `requests` or `points`, and how many one request (or scenario) holds. */
  readonly unit: string;
  readonly units: number;
  /** What the server must offer beyond MLflow's tracking. */
  readonly needs?: Feature;
  /** Fills the store as far as this needs it, untimed, once per server. */
  open(session: Session): Promise<Job>;
}

/** What not every peer has; `fast-fill`: 100,000 runs are made within minutes; `native`: Cairn's own API. */
export type Feature = 'artifacts' | 'bulk-interval' | 'fast-fill' | 'native';

export type Job = RequestJob | ScenarioJob;

/** Requests that do not depend on the answers before. */
export interface RequestJob {
  /** The next `count` requests of a connection, which are sent once each. Untimed. */
  requests(connection: number, count: number): Promise<readonly Wire[]>;
  /** The same bytes put through what no server can do without; resolves to ms. Measured alone, as a floor. */
  floor?(requests: readonly Wire[]): number;
}

/** Steps that depend on each other, such as the pages of a list. Timed as a whole. */
export interface ScenarioJob {
  /** Resolves to how many units it did. */
  scenario(connection: Connection, index: number): Promise<number>;
}

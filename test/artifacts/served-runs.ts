/** A served store for tests of artifacts: runs with short words for their routes. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import { type Served, servedFor } from '../fixtures/served-domain.ts';
import { temporaryBlobs } from '../fixtures/temporary-blobs.ts';
import type { OpenStore } from '../stores/stores.ts';
import { type RawAnswer, send } from './raw-http.ts';

/** Where the tree is served. */
export const proxied = '/api/2.0/mlflow-artifacts/artifacts';

export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

export interface ServedRun {
  readonly id: string;
  readonly uri: string;
  /** Route of its artifacts in the tree. */
  readonly tree: string;
  /** Route of its artifacts in the native API. */
  readonly native: string;
  put(name: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<RawAnswer>;
  get(name: string, headers?: Record<string, string>): Promise<RawAnswer>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes
  list(directory?: string): Promise<any[]>;
  /** Its events about artifacts. */
  events(): Promise<{ action: string; body: unknown }[]>;
}

export interface ServedRuns {
  served(): Served;
  newRun(): Promise<ServedRun>;
  /** Files of uploads that are under way. */
  workFiles(): string[];
}

/** Ask for it in a describe block, use it inside of tests. */
export function servedRuns(open: OpenStore): ServedRuns {
  const { blobs, folder, remove } = temporaryBlobs();
  after(remove);
  const served = servedFor(open, { blobs });
  return {
    served,
    workFiles: () =>
      readdirSync(path.join(folder, 'incoming'), { recursive: true })
        .map(String)
        .filter((name) => /\.\w+$/.test(name)),
    async newRun() {
      const { call, url, domain } = served();
      const { id, artifactUri } = (await call('POST', '/api/v1/runs', { experiment: '0' })).body;
      const tree = `${proxied}/0/${id}/artifacts`;
      const native = `/api/v1/runs/${id}/artifacts`;
      return {
        id,
        uri: artifactUri,
        tree,
        native,
        put: (name, body, headers = {}) =>
          send(url, { method: 'PUT', path: `${tree}/${name}`, body, headers }),
        get: (name, headers = {}) => send(url, { method: 'GET', path: `${tree}/${name}`, headers }),
        list: async (directory = '') =>
          (await call('GET', `${native}?path=${encodeURIComponent(directory)}`)).body.items,
        async events() {
          await domain.events.placed();
          const { items } = (await call('GET', `/api/v1/events?run=${id}`)).body;
          return items
            .filter(({ action }: { action: string }) => action.startsWith('artifact.'))
            .map(({ action, body }: { action: string; body: unknown }) => ({ action, body }));
        },
      };
    },
  };
}

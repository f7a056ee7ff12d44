/** The operations of the server as it would be built, on a store of its own that is gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { facesOf, nativeOperations, openDomain } from '../../src/app.ts';
import { openDb } from '../../src/db/open-db.ts';
import { LocalBlobs } from '../../src/engines/blobs/index.ts';
import { openApi, RequestFigures, type ServerFacts } from '../../src/faces/http/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import type { HttpOperation, Operation } from '../../src/kernel/operation.ts';
import { systemClock } from '../../src/kernel/time.ts';

export interface ServerOperations {
  /** The native API. */
  readonly native: readonly Operation[];
  /** Every route of every face. */
  readonly routes: readonly HttpOperation[];
  readonly openApi: Record<string, unknown>;
}

export async function operationsOfServer(version: string): Promise<ServerOperations> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-docs-'));
  const db = await openDb({
    address: path.join(folder, 'cairn.db'),
    clock: systemClock,
    random: systemRandom,
  });
  const blobs = new LocalBlobs({
    folder: path.join(folder, 'artifacts'),
    clock: systemClock,
    random: systemRandom,
  });
  const domain = await openDomain(db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs });
  try {
    const facts: ServerFacts = {
      version,
      store: 'sqlite',
      authentication: false,
      readiness: async () => undefined,
    };
    const native = nativeOperations(domain, facts);
    const figures = new RequestFigures(() => ({}));
    const routes = facesOf(domain, facts, figures).flatMap(({ operations }) => operations);
    return { native, routes, openApi: openApi(native, version) };
  } finally {
    await domain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

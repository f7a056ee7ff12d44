/** Every operation that the server registers, from the same list that the server is made of. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { facesOf, openDomain } from '../../src/app.ts';
import { openDb } from '../../src/db/open-db.ts';
import { LocalBlobs } from '../../src/engines/blobs/index.ts';
import { RequestFigures } from '../../src/faces/http/index.ts';
import { systemRandom } from '../../src/kernel/ids.ts';
import type { HttpFace, HttpOperation } from '../../src/kernel/operation.ts';
import { systemClock } from '../../src/kernel/time.ts';

/** One path of one operation: its own, or an alias. */
export interface Route {
  readonly face: HttpFace;
  readonly operation: HttpOperation;
  /** With `{name}` parameters, or `*` for any rest. */
  readonly path: string;
}

export interface Registered {
  readonly faces: readonly HttpFace[];
  readonly routes: readonly Route[];
  close(): Promise<void>;
}

export async function registeredOperations(): Promise<Registered> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-operations-'));
  const db = await openDb({ address: join(folder, 'cairn.db'), clock: systemClock, random: systemRandom });
  const blobs = new LocalBlobs({
    folder: join(folder, 'artifacts'),
    clock: systemClock,
    random: systemRandom,
  });
  const domain = await openDomain(db, { defaultArtifactRoot: 'mlflow-artifacts:/', blobs });
  const facts = {
    version: '0',
    store: 'sqlite',
    authentication: false,
    readiness: async () => undefined,
  } as const;
  const faces = facesOf(domain, facts, new RequestFigures(() => ({})));
  const routes = faces.flatMap((face) =>
    face.operations.flatMap((operation) =>
      [operation.path, ...(operation.aliases ?? [])].map((path) => ({ face, operation, path })),
    ),
  );
  return {
    faces,
    routes,
    async close() {
      await domain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Listed as not built: answers 501, or 404 where clients then take an older way. */
export const isGap = (operation: HttpOperation): boolean => operation.id.startsWith('mlflow.gap.');

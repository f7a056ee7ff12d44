/** Files through the server, both ways. Uploads differ in their first bytes, so that no store can say it has them already. */
import { randomBytes } from 'node:crypto';
import { type Wire, wireOf } from '../load/connection.ts';
import type { Session } from '../load/session.ts';
import type { Job, Workload } from '../load/workload.ts';

const smallFile = 64 * 1024;
const root = '/api/2.0/mlflow-artifacts/artifacts/0/bench/artifacts';

const both = { group: 'tracking', needs: 'artifacts' } as const;
const small = { ...both, connections: 8, unit: 'files', units: 1 } as const;
/** Counted in MiB. */
const large = { ...both, connections: 1, unit: 'MiB' } as const;

export const artifactWorkloads = (largeFile: number): readonly Workload[] => {
  const units = largeFile / 2 ** 20;
  const size = units >= 1 ? `${units} MiB` : `${largeFile / 1024} KiB`;
  return [
    { ...small, name: 'artifact up, 64 KiB', open: async () => upload(smallFile) },
    { ...small, name: 'artifact down, 64 KiB', open: (session) => download(session, smallFile) },
    { ...large, units, name: `artifact up, ${size}`, open: async () => upload(largeFile) },
    { ...large, units, name: `artifact down, ${size}`, open: (session) => download(session, largeFile) },
  ];
};

function upload(size: number): Job {
  const shared = randomBytes(size - markLength);
  let number = 0;
  return {
    requests: async (connection, count) =>
      Array.from({ length: count }, () =>
        put(`${root}/up-${size}-${connection}-${number % 100}`, number++, shared),
      ),
  };
}

/** Characters that make one upload unlike another. */
const markLength = 16;

function put(path: string, number: number, shared: Uint8Array): Wire {
  const mark = number.toString(16).padStart(markLength, '0');
  return wireOf('PUT', path, mark, 'application/octet-stream', shared);
}

async function download(session: Session, size: number): Promise<Job> {
  const path = `${root}/down-${size}`;
  await session.send([put(path, 0, randomBytes(size - markLength))]);
  const request = wireOf('GET', path);
  return { requests: async (_connection, count) => new Array<Wire>(count).fill(request) };
}

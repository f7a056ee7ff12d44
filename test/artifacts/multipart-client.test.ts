/** Uploads and downloads in parts by the untouched MLflow client, on a server that asks for its token. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ChildServer } from '../conformance/child-server.ts';
import { missingPython } from '../conformance/python-env.ts';
import { runScenario } from '../conformance/scenario.ts';
import { startCairn } from '../conformance/servers.ts';

const skip = (await missingPython()) ?? false;
const token = 'sesame-0123456789';
const size = 5_000_011;
const chunk = 300_000;
const parts = Math.ceil(size / chunk);

describe('the untouched client', { skip }, () => {
  let cairn: ChildServer;
  before(async () => {
    cairn = await startCairn({ CAIRN_TOKEN: token });
  });
  after(() => cairn?.stop());

  /** Requests that were answered 200 so far, by operation. */
  async function answered(): Promise<(operation: string) => number> {
    const figures = await fetch(`${cairn.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const text = await figures.text();
    return (operation) => {
      const line = new RegExp(
        `^cairn_requests_total\\{operation="mlflow.artifacts.${operation}",status="20[06]"\\} (\\d+)`,
        'm',
      );
      return Number(line.exec(text)?.[1] ?? 0);
    };
  }

  async function transferred(env: NodeJS.ProcessEnv): Promise<(operation: string) => number> {
    const before = await answered();
    const told = (await runScenario(
      'parts_client',
      cairn.url,
      {
        MLFLOW_TRACKING_TOKEN: token,
        MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: '1000000',
        MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: String(chunk),
        MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE: String(chunk),
        FILE_BYTES: String(size),
        ...env,
      },
      import.meta.dirname,
    )) as { run: string; sha256: string };
    const listed = await fetch(`${cairn.url}/api/v1/runs/${told.run}/artifacts?path=deep/er`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { items } = (await listed.json()) as { items: { size: number; sha256: string }[] };
    assert.deepEqual(
      items.map((item) => [item.size, item.sha256]),
      [[size, told.sha256]],
    );
    const now = await answered();
    return (operation) => now(operation) - before(operation);
  }

  it('uploads a large file in parts because the server says that it takes them', async () => {
    const count = await transferred({});
    assert.deepEqual(
      ['multipart-create', 'multipart-part', 'multipart-complete', 'multipart-abort', 'upload'].map(count),
      [1, parts, 1, 0, 1],
    );
    assert.deepEqual([count('download-version'), count('download')], [0, 2]);
  });

  it('downloads in parts when it is told to', async () => {
    const count = await transferred({
      MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'true',
      MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: 'true',
    });
    assert.deepEqual([count('multipart-part'), count('multipart-complete')], [parts, 1]);
    assert.deepEqual([count('presigned'), count('download-version'), count('download')], [2, parts + 1, 0]);
  });

  it('sends one stream when it is told to', async () => {
    const count = await transferred({ MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'false' });
    assert.deepEqual([count('multipart-create'), count('upload')], [0, 2]);
  });
});

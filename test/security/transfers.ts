/** What an upload in parts and a handed-out address are to the requests about them. */
import type { Wire } from './wire.ts';

export interface Transfer {
  readonly upload: string;
  readonly etag: string;
  readonly partTicket: string;
  readonly sha256: string;
  readonly versionTicket: string;
}

export function inTree({ experiment, run }: { experiment: string; run: string }, name: string): string {
  return `${experiment}/${run}/artifacts/folder/${name}`;
}

/** Operations whose subject needs an upload in parts, or an address that was handed out. */
export const aboutTransfers = /multipart|version$/;
export const noTransfer: Transfer = { upload: '', etag: '', partTicket: '', sha256: '', versionTicket: '' };

export async function newTransfer(wire: Wire, experiment: string, run: string): Promise<Transfer> {
  const tree = '/api/2.0/mlflow-artifacts';
  const folder = inTree({ experiment, run }, 'deeper');
  const wanted = { path: '/mnt/files/large.bin', num_parts: 1 };
  const { upload_id: upload, credentials } = await postTo(wire, `${tree}/mpu/create/${folder}`, wanted);
  const [{ url, headers }] = credentials;
  const sent = await wire.send({ method: 'PUT', path: new URL(url).pathname, headers, body: 'first part' });
  const file = await wire.send({
    method: 'GET',
    path: `${tree}/presigned/${inTree({ experiment, run }, 'a.txt')}`,
  });
  const version = JSON.parse(file.text);
  return {
    upload,
    etag: String(sent.headers.etag),
    partTicket: headers['x-cairn-ticket'],
    sha256: /versions\/([0-9a-f]{64})\//.exec(version.url)![1]!,
    versionTicket: version.headers['x-cairn-ticket'],
  };
}

export async function postTo(wire: Wire, path: string, body: unknown) {
  const answer = await wire.send({ method: 'POST', path, body: JSON.stringify(body) });
  if (answer.status > 204) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.text === '' ? undefined : JSON.parse(answer.text);
}

/**
 * Addresses of our own that are handed out. Clients send bytes to them as they stand, so they must be addresses under which
 * those clients reach this server: the one its operator tells, else the Host by which it was just reached.
 */
import { CairnError } from '../../kernel/errors.ts';
import type { HttpRequest } from '../../kernel/operation.ts';
import { text } from './message-schema.ts';
import type { Workspace } from './services.ts';
import { defaultWorkspace } from './workspace-names.ts';

/** Carries the ticket of an address: in a URL it would stand in the logs of proxies. */
export const ticketHeader = 'x-cairn-ticket';

/** Names the workspace of a request. */
export const workspaceHeader = 'x-mlflow-workspace';

/** What clients are handed with an address, and send to it: nothing else, so the workspace is among it. */
export const handedHeaders = { [ticketHeader]: text, [workspaceHeader]: text };

export function headersOf(ticket: string, { name }: Workspace) {
  return { [ticketHeader]: ticket, [workspaceHeader]: name === defaultWorkspace ? undefined : name };
}

/** What proxies add to a request. Behind one, Host and scheme may be those of the last leg, and clients know others. */
const marksOfProxies = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** Where the server is for who sent the request, without a slash at its end. `way` is what needs to know. */
export function addressOf({ headers }: HttpRequest, publicUrl: string | undefined, way: string): string {
  if (publicUrl !== undefined) return publicUrl;
  const host = headers.host ?? '';
  const isPlain = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(host);
  if (isPlain && !marksOfProxies.some((name) => headers[name] !== undefined)) return `http://${host}`;
  throw unsupported(
    way,
    ': a proxy stands before the server, which does not know its own address then; --public-url tells it',
  );
}

/** Clients know the words by which this answer begins, and go on with one stream. */
export function unsupported(way: string, why = ''): CairnError {
  return new CairnError(
    'not_implemented',
    `${way} is not supported for the current artifact repository${why}`,
  );
}

/**
 * Uploads in parts: begun for a path, sent as numbered parts in any order and at once, completed or given up.
 *
 * Parts are blobs under their digests, named by rows until the upload is over; completing reads them one after the other into
 * a new blob and names that, in one transaction which also closes the upload. So a kill anywhere leaves an open upload whose
 * completion can be asked for again, or a closed one whose parts the next sweep removes. What was decided stays known until
 * the upload expires: a repeated request gets its first answer.
 */
import type { Db } from '../../db/db.ts';
import { type Blobs, type ByteSource, type Digest, digestOf } from '../../engines/blobs/index.ts';
import { CairnError, invalid, notFound } from '../../kernel/errors.ts';
import type { ProjectId } from '../../kernel/ids.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { ArtifactNaming } from './artifact-naming.ts';
import type { ArtifactPath } from './artifact-path.ts';
import { removeIfUnnamed } from './blob-upkeep.ts';
import type { TicketSubject, Tickets } from './tickets.ts';
import {
  closeUpload,
  currentParts,
  deleteUpload,
  findUpload,
  forgetParts,
  insertUpload,
  lockUpload,
  type PartRow,
  partListOf,
  putPart,
  spentParts,
  spentUploads,
  type UploadKey,
  type UploadRow,
  uploadStates,
} from './upload-store.ts';

/** docs/reference/limits.md shows them. */
export const uploadLimits = {
  /** Bytes of one file: 5 TiB, and parts of one upload and bytes of one part: what object stores allow. */
  file: 5 * 1024 ** 4,
  parts: 10_000,
  part: 5 * 1024 ** 3,
  /** ms until what was not completed is given up. */
  lifetime: 24 * 60 * 60 * 1000,
} as const;

/** Uploads that one sweep looks at between two statements. */
const sweepBatch = 100;

export interface BegunUpload {
  /** 32 hex digits. */
  readonly id: string;
  /** One for each part, in order. */
  readonly tickets: readonly string[];
}

/** A part as its sender knows it: what storing it was answered with. */
export interface SentPart {
  readonly number: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

interface Parts {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly tickets: Tickets;
  readonly naming: ArtifactNaming;
}

export class Uploads {
  readonly #db: Db;
  readonly #blobs: Blobs;
  readonly #tickets: Tickets;
  readonly #naming: ArtifactNaming;
  /** Completions under way in this process, so that a repeated request waits for the first one instead of doing it again. */
  readonly #completing = new Map<string, { readonly list: Uint8Array; readonly done: Promise<void> }>();

  readonly #closing = new AbortController();

  constructor({ db, blobs, tickets, naming }: Parts) {
    this.#db = db;
    this.#blobs = blobs;
    this.#tickets = tickets;
    this.#naming = naming;
  }

  /** Begins an upload of `parts` parts that will be the file at `path`. */
  async begin(
    context: RequestContext,
    project: ProjectId,
    path: ArtifactPath,
    parts: number,
  ): Promise<BegunUpload> {
    if (!Number.isInteger(parts) || parts < 1 || parts > uploadLimits.parts) {
      throw invalid(
        'num_parts',
        `num_parts must be a whole number from 1 to ${uploadLimits.parts}; larger parts make fewer of them.`,
      );
    }
    await this.#naming.check(project, path);
    const id = Buffer.from(context.random(16)).toString('hex');
    const created = context.clock.now();
    const expires = created + uploadLimits.lifetime;
    await this.#db.write((tx) => insertUpload(tx, { project, id, path, parts, created, expires }));
    const tickets = Array.from({ length: parts }, (_, index) =>
      this.#tickets.issue(partSubject(project, id, index + 1), expires),
    );
    return { id, tickets };
  }

  /** Stores one part, over what was sent as this part before. */
  async putPart(
    context: RequestContext,
    project: ProjectId,
    id: string,
    number: number,
    ticket: string | undefined,
    bytes: ByteSource,
  ): Promise<SentPart & { readonly size: number }> {
    this.#tickets.check(ticket, partSubject(project, id, number), context.clock.now());
    const check = (upload: UploadRow | undefined) => requireOpen(upload, context);
    check(await this.#db.read((queries) => findUpload(queries, project, id)));
    const held = await this.#blobs.put(bytes);
    const { digest, size } = held;
    const replaced = await this.#naming.keep(held, () =>
      this.#db.write(async (tx) =>
        putPart(tx, check(await lockUpload(tx, project, id)), { number, digest, size }),
      ),
    );
    if (replaced) await this.#removeSpent({ project, id });
    return { number, sha256: digest, size };
  }

  /** The parts, which must be all of them in order, become the file. Again with the same parts it changes nothing. */
  async complete(
    context: RequestContext,
    project: ProjectId,
    id: string,
    path: ArtifactPath,
    sent: readonly SentPart[],
  ): Promise<void> {
    for (const [index, { sha256 }] of sent.entries()) {
      const field = `parts[${index}].etag`;
      if (digestOf(sha256) === undefined)
        throw invalid(field, `${field} is none that a part was answered with.`);
    }
    const found = await this.#db.read((queries) => findUpload(queries, project, id));
    const upload = requireOf(found, path);
    const list = partListOf(sent.map(({ sha256 }) => sha256));
    if (upload.state === uploadStates.complete) return requireSame(upload, list);
    requireOpen(upload, context);
    const key = `${project}/${id}`;
    const running = this.#completing.get(key);
    if (running !== undefined) {
      if (Buffer.compare(running.list, list) === 0) return running.done;
      throw new CairnError('conflict', 'The upload is being completed from parts with other etags.', {
        field: 'parts',
      });
    }
    const done = this.#assemble(context, upload, list, sent).finally(() => this.#completing.delete(key));
    this.#completing.set(key, { list, done });
    return done;
  }

  /** Gives the upload up: its parts go. Again it changes nothing. */
  async abort(_context: RequestContext, project: ProjectId, id: string, path: ArtifactPath): Promise<void> {
    await this.#db.write(async (tx) => {
      const upload = requireOf(await lockUpload(tx, project, id), path);
      if (upload.state === uploadStates.complete) throw isComplete();
      if (upload.state === uploadStates.open) await closeUpload(tx, upload, uploadStates.abandoned);
    });
    await this.#removeSpent({ project, id });
  }

  /** Gives up what has expired and removes what is left of what is over; resolves to how many uploads it forgot. */
  async sweep(now: number, signal?: AbortSignal): Promise<number> {
    let forgotten = 0;
    for (;;) {
      const spent = await this.#db.read((queries) => spentUploads(queries, now, sweepBatch));
      for (const upload of spent) {
        signal?.throwIfAborted();
        const isOver = upload.expires <= now;
        if (isOver && upload.state === uploadStates.open) {
          await this.#db.write((tx) => closeUpload(tx, upload, uploadStates.abandoned));
        }
        await this.#remove(upload);
        if (!isOver) continue;
        await this.#db.write((tx) => deleteUpload(tx, upload));
        forgotten++;
      }
      if (spent.length < sweepBatch) return forgotten;
    }
  }

  /** Breaks off completions; what they were about stays open. */
  async close(): Promise<void> {
    this.#closing.abort(new CairnError('unavailable', 'The server is stopping.'));
    await Promise.allSettled([...this.#completing.values()].map(({ done }) => done));
  }

  async #assemble(
    context: RequestContext,
    upload: UploadRow,
    list: Uint8Array,
    sent: readonly SentPart[],
  ): Promise<void> {
    const { project, id, path } = upload;
    const parts = await this.#db.read((queries) => currentParts(queries, upload));
    checkParts(upload, parts, sent);
    await this.#naming.check(project, path);
    const held = await this.#blobs.put(this.#bytesOf(parts));
    try {
      await this.#naming.name(context, project, path, held, async (tx) => {
        const locked = requireOpen(await lockUpload(tx, project, id), context);
        await closeUpload(tx, locked, uploadStates.complete, list);
      });
    } catch (error) {
      // Another server may have completed it from the same parts meanwhile: then that is the answer.
      const now = await this.#db.read((queries) => findUpload(queries, project, id));
      if (now?.state !== uploadStates.complete) throw error;
      requireSame(now, list);
    }
    await this.#removeSpent(upload);
  }

  async *#bytesOf(parts: readonly PartRow[]): AsyncGenerator<Uint8Array> {
    for (const { number, digest, size } of parts) {
      const bytes = await this.#blobs.read(digest, 0, size, this.#closing.signal).catch((error: unknown) => {
        if (!(error instanceof CairnError) || error.code !== 'not_found') throw error;
        throw new CairnError('conflict', `Part ${number} was replaced or given up meanwhile.`, {
          field: 'parts',
          cause: error,
        });
      });
      yield* bytes;
    }
  }

  /** Never fails: what was decided stands, and what cannot be removed now is found by a sweep. */
  async #removeSpent(upload: UploadKey): Promise<void> {
    await this.#remove(upload).catch(() => {});
  }

  /** The bytes first: a kill in between leaves rows by which the next sweep finds them. */
  async #remove(upload: UploadKey): Promise<void> {
    const spent = await this.#db.read((queries) => spentParts(queries, upload));
    if (spent.parts.length === 0) return;
    for (const digest of new Set(spent.parts.map((part) => part.digest))) {
      const blob = await this.#blobs.find(digest);
      if (blob !== undefined) await removeIfUnnamed(this.#db, this.#blobs, blob);
    }
    await this.#db.write((tx) => forgetParts(tx, upload, spent));
  }
}

const partSubject = (project: ProjectId, id: string, number: number): TicketSubject => [
  'part',
  project,
  id,
  number,
];

/** The upload, which must be one of this path. */
function requireOf(upload: UploadRow | undefined, path: ArtifactPath): UploadRow {
  if (upload === undefined) throw noSuchUpload();
  if (upload.path !== path) throw invalid('path', 'The upload_id is of an upload of another path.');
  return upload;
}

function requireOpen(upload: UploadRow | undefined, { clock }: RequestContext): UploadRow {
  if (upload === undefined) throw noSuchUpload();
  if (upload.state === uploadStates.complete) throw isComplete();
  if (upload.state === uploadStates.abandoned) throw isOver('was given up');
  if (upload.expires <= clock.now()) throw isOver('has expired');
  return upload;
}

function requireSame(upload: UploadRow, list: Uint8Array): void {
  if (upload.part_list !== null && Buffer.compare(upload.part_list, list) === 0) return;
  throw new CairnError('conflict', 'The upload was completed from parts with other etags.', {
    field: 'parts',
  });
}

/** All parts, in order, with the bytes that their sender means. */
function checkParts(upload: UploadRow, stored: readonly PartRow[], sent: readonly SentPart[]): void {
  if (sent.length !== upload.parts) {
    throw invalid(
      'parts',
      `parts must name all ${upload.parts} parts of the upload, and names ${sent.length}.`,
    );
  }
  const digests = new Map<number, Digest>(stored.map(({ number, digest }) => [number, digest]));
  for (const [index, { number, sha256 }] of sent.entries()) {
    const field = `parts[${index}]`;
    if (number !== index + 1) {
      throw invalid(
        `${field}.part_number`,
        `${field}.part_number must be ${index + 1}: parts are named in order, each once.`,
      );
    }
    const digest = digests.get(number);
    if (digest === undefined)
      throw invalid(`${field}.part_number`, `${field}.part_number: part ${number} was not sent.`);
    if (digest !== sha256) {
      throw invalid(`${field}.etag`, `${field}.etag is not that of what was last stored as part ${number}.`);
    }
  }
  const size = stored.reduce((sum, part) => sum + part.size, 0);
  if (size > uploadLimits.file) {
    throw new CairnError('payload_too_large', `The parts are more than ${uploadLimits.file} bytes.`, {
      field: 'parts',
    });
  }
}

const noSuchUpload = (): CairnError =>
  notFound('No such upload: upload_id is not known (any more).', 'upload_id');
const isComplete = (): CairnError => isOver('is complete');
const isOver = (how: string): CairnError =>
  new CairnError('failed_precondition', `The upload of this upload_id ${how}.`, { field: 'upload_id' });

/** Writers of artifacts of runs: new files, files written over, files and folders deleted, equal bytes under many names. */
import type { Content, Owner } from './effect.ts';
import { contentOf, type Half, inTree, RunWriter, upload, type WriterKind } from './sequence.ts';

abstract class ArtifactWriter extends RunWriter {
  protected put(run: string, path: string, content: Content): Half {
    return upload(this.artifactRoot, { type: 'file', owner: ownerOf(run), path, content });
  }

  protected delete(run: string, path: string): Half {
    const effect = { type: 'unfile', owner: ownerOf(run), path } as const;
    return { method: 'DELETE', path: inTree(this.artifactRoot, path), body: '', effect };
  }
}

const ownerOf = (run: string): Owner => ({ kind: 'run', id: run });

/** A new file each time. */
class UploadArtifact extends ArtifactWriter {
  protected write(run: string): Half {
    const path = `${this.name}/ordner ${this.count % 3}/日本 ${this.id}.bin`;
    const isEmpty = this.random.chance(0.05);
    return this.put(run, path, isEmpty ? { text: '', size: 0 } : contentOf(this.random, this.id));
  }
}

/** Few files, over and over: each reader must see one of their contents whole. */
class OverwriteArtifact extends ArtifactWriter {
  protected write(run: string): Half {
    return this.put(run, `${this.name} ${this.random.below(3)}.txt`, contentOf(this.random, this.id));
  }
}

/** Two files, and then one of them, or their folder, is deleted. */
class DeleteArtifact extends ArtifactWriter {
  readonly #planned: ((run: string) => Half)[] = [];
  #plannedFor = '';

  protected write(run: string): Half {
    if (this.#plannedFor !== run) this.#planned.length = 0;
    this.#plannedFor = run;
    const next = this.#planned.shift();
    if (next !== undefined) return next(run);
    const folder = `kept briefly/${this.id}`;
    const content = contentOf(this.random, this.id);
    this.#planned.push((again) => this.put(again, `${folder}/b`, contentOf(this.random, this.id)));
    if (this.random.chance(0.5)) this.#planned.push((again) => this.delete(again, folder));
    else this.#planned.push((again) => this.delete(again, `${folder}/a`));
    return this.put(run, `${folder}/a`, content);
  }
}

/** Bytes that other writers store and let go at the same time. */
const pool: readonly Content[] = [0, 1, 70, 5_000, 300_000].map((size) => ({
  text: `pool of ${size}`,
  size,
}));

/** Natively; every content is one that others have too, so bytes lose their last name while they get a new one. */
class EqualArtifact extends ArtifactWriter {
  /** Path → which of the pool it holds. */
  readonly #held = new Map<string, number>();
  #heldIn = '';

  protected write(run: string): Half {
    if (this.#heldIn !== run) this.#held.clear();
    this.#heldIn = run;
    const path = `${this.name}/${this.random.below(4)}`;
    const url = `/api/v1/runs/${run}/artifacts?path=${encodeURIComponent(path)}`;
    const held = this.#held.get(path);
    if (held !== undefined && this.random.chance(0.4)) {
      this.#held.delete(path);
      return { method: 'DELETE', path: url, body: '', effect: { type: 'unfile', owner: ownerOf(run), path } };
    }
    // Another one than it has: equal bytes again are no change.
    const next = ((held ?? 0) + 1 + this.random.below(pool.length - 1)) % pool.length;
    this.#held.set(path, next);
    const content = pool[next]!;
    const effect = { type: 'file', owner: ownerOf(run), path, content } as const;
    return { method: 'PUT', path: url, body: '', content, effect };
  }
}

export const artifactWriters: readonly WriterKind[] = [
  ['upload-artifact', UploadArtifact],
  ['upload-artifact-shared', UploadArtifact],
  ['overwrite-artifact', OverwriteArtifact],
  ['overwrite-artifact-shared', OverwriteArtifact],
  ['delete-artifact', DeleteArtifact],
  ['native-equal-artifact', EqualArtifact],
  ['second-native-equal-artifact', EqualArtifact],
];

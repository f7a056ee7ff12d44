/** A Parquet file opened in a worker of its own, which ends with the preview, or when it takes too long. */
import { useEffect, useState } from 'react';
import { authorization } from '../api/token.ts';
import type { ArtifactFile } from './file.ts';
import type { ParquetAnswer, ParquetFacts, ParquetRequest, ParquetRows } from './parquet-worker.ts';

/** ms */
const patience = 30_000;

class ParquetReader {
  readonly #worker = new Worker(new URL('./parquet-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, (answer: ParquetAnswer) => void>();
  #next = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<ParquetAnswer>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    });
    this.#worker.addEventListener('error', () => this.#fail('its reader broke down'));
  }

  async open({ url, size, tag }: ArtifactFile): Promise<ParquetFacts> {
    const answer = await this.#ask({ kind: 'open', url, size, tag, headers: authorization() });
    if ('facts' in answer) return answer.facts;
    throw new Error('problem' in answer ? answer.problem : 'unexpected');
  }

  async rows(from: number, to: number, columns: readonly [number, number]): Promise<ParquetRows> {
    const answer = await this.#ask({ kind: 'rows', from, to, columns });
    if ('rows' in answer) return answer.rows;
    throw new Error('problem' in answer ? answer.problem : 'unexpected');
  }

  dispose(): void {
    this.#worker.terminate();
    this.#fail('it was closed');
  }

  async #ask(request: ParquetRequest): Promise<ParquetAnswer> {
    const id = this.#next++;
    const late = setTimeout(() => {
      this.#worker.terminate();
      this.#fail(`it took longer than ${patience / 1000} seconds`);
    }, patience);
    try {
      return await new Promise<ParquetAnswer>((resolve) => {
        this.#waiting.set(id, resolve);
        this.#worker.postMessage({ id, ...request });
      });
    } finally {
      clearTimeout(late);
    }
  }

  #fail(problem: string): void {
    for (const [id, resolve] of this.#waiting) resolve({ id, problem });
    this.#waiting.clear();
  }
}

export type OpenedParquet =
  | { readonly state: 'opening' }
  | { readonly state: 'broken'; readonly reason: string }
  | { readonly state: 'open'; readonly reader: ParquetReader; readonly facts: ParquetFacts };

export function useParquet(file: ArtifactFile): OpenedParquet {
  const [opened, setOpened] = useState<OpenedParquet>({ state: 'opening' });
  useEffect(() => {
    let current = true;
    setOpened({ state: 'opening' });
    const reader = new ParquetReader();
    reader.open(file).then(
      (facts) => current && setOpened({ state: 'open', reader, facts }),
      (error: Error) => current && setOpened({ state: 'broken', reason: error.message }),
    );
    return () => {
      current = false;
      reader.dispose();
    };
  }, [file]);
  return opened;
}

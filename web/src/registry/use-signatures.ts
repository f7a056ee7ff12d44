/** What the MLmodel files of versions say, by the uid of the version; absent where there is none. */
import { type QueryClient, useQueries } from '@tanstack/react-query';
import { load } from 'js-yaml';
import type { ModelVersion } from '../api/registry.ts';
import { fileQuery, readBytes } from '../artifacts/file.ts';
import { type Mlmodel, mlmodelOf } from '../artifacts/mlmodel.ts';
import { decode } from '../artifacts/text.ts';

/** Larger ones are not compared: a signature of ten thousand columns is a few hundred kB. */
const limit = 4_000_000;

export function useSignatures(
  project: string,
  versions: readonly ModelVersion[],
): ReadonlyMap<string, Mlmodel> {
  const answers = useQueries({
    queries: versions.map(({ uid, model, version }) => ({
      queryKey: ['artifacts', project, uid, 'signature'],
      queryFn: async ({ client, signal }: { client: QueryClient; signal: AbortSignal }) => {
        const file = await client.fetchQuery(
          fileQuery(project, { kind: 'version', id: uid, uri: `models:/${model}/${version}` }, 'MLmodel'),
        );
        if (file.size > limit) return null;
        return mlmodelOf(load(decode(await readBytes(file, 0, file.size, signal))));
      },
      retry: false,
      // A version never changes in what it is.
      staleTime: 60_000,
    })),
  });
  return new Map(
    versions.flatMap(({ uid }, index) => {
      const data = answers[index]?.data;
      return data === undefined || data === null ? [] : [[uid, data] as const];
    }),
  );
}

/** The files of a run that may be its evaluation: its folders looked through, as far as is reasonable, in the background. */
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ArtifactEntry, ArtifactOwner } from '../api/types.ts';
import { artifactsKey } from '../artifacts/file.ts';
import { folderQuery } from '../artifacts/use-folders.ts';

/** Folders that are listed, and how deep they may lie. */
const folderLimit = 24;
const depthLimit = 4;

export interface RunFiles {
  readonly files: readonly ArtifactEntry[];
  /** False when folders or parts of long ones were left out. */
  readonly complete: boolean;
}

export function useRunFiles(project: string, owner: ArtifactOwner, enabled: boolean) {
  const queries = useQueryClient();
  return useQuery({ ...runFilesQuery(queries, project, owner), enabled });
}

function runFilesQuery(queries: QueryClient, project: string, owner: ArtifactOwner) {
  return queryOptions({
    queryKey: [...artifactsKey(project, owner), 'all files'],
    queryFn: async (): Promise<RunFiles> => {
      const files: ArtifactEntry[] = [];
      let complete = true;
      let level = [''];
      let listed = 0;
      for (let depth = 0; level.length > 0 && depth <= depthLimit; depth++) {
        const chosen = level.slice(0, folderLimit - listed);
        complete &&= chosen.length === level.length;
        listed += chosen.length;
        const listings = await Promise.all(
          chosen.map((folder) =>
            queries.fetchQuery({ ...folderQuery(project, owner, folder), staleTime: 1000 }),
          ),
        );
        level = [];
        for (const listing of listings) {
          complete &&= listing.complete;
          // A model has files of its own, which say nothing of this run's evaluation.
          if (listing.entries.some(({ name }) => name === 'MLmodel')) continue;
          for (const entry of listing.entries) {
            if (!entry.directory) files.push(entry);
            else if (entry.name !== 'table_images') level.push(entry.path);
          }
        }
      }
      return { files, complete: complete && level.length === 0 };
    },
    staleTime: 2000,
  });
}

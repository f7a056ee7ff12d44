/** The files of a run: a tree that opens as it is looked at, and beside it what a file holds. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { artifactList } from '../api/operations.ts';
import type { ArtifactEntry, Page, Run } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { useProject } from '../layout/use-project.ts';
import { Icon } from '../ui/icons.tsx';
import { ArtifactPreview } from './artifact-preview.tsx';

const route = getRouteApi('/runs/$run');
const pageSize = 1000;

function artifactsQuery(project: string, run: string, path: string) {
  return {
    queryKey: ['artifacts', project, run, path],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      artifactList(project, run, { path: path === '' ? undefined : path, limit: pageSize }, signal),
  };
}

export interface ArtifactRoot {
  /** False where this server, or where the run keeps its files, cannot list them. */
  readonly there: boolean;
  readonly page: Page<ArtifactEntry> | undefined;
}

export function useArtifacts(project: string, run: Run): ArtifactRoot {
  const root = useQuery(artifactsQuery(project, run.id, ''));
  const refused = root.error instanceof ApiProblem && root.error.status > 0;
  return { there: root.data !== undefined && !refused, page: root.data };
}

export function ArtifactsView({ run, root }: { run: Run; root: ArtifactRoot }) {
  const { file } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (path: string) =>
    void navigate({ replace: true, search: (before) => ({ ...before, file: path }) });
  const page = root.page;
  if (page === undefined) return null;
  if (page.items.length === 0) {
    return (
      <p className="quiet">
        This run stored no files. <code>mlflow.log_artifact("plot.png")</code> stores one.
      </p>
    );
  }
  return (
    <div className="artifacts">
      <nav className="files" aria-label="Artifacts">
        <Folder run={run} page={page} depth={0} file={file} onOpen={open} />
      </nav>
      <div className="preview">
        {file === undefined ? (
          <p className="quiet">Choose a file to look at it.</p>
        ) : (
          <ArtifactPreview key={file} run={run} path={file} />
        )}
      </div>
    </div>
  );
}

function Folder(props: {
  run: Run;
  page: Page<ArtifactEntry>;
  depth: number;
  file: string | undefined;
  onOpen: (path: string) => void;
}) {
  const { page, depth, file } = props;
  const entries = [...page.items].sort(
    (a, b) => Number(b.directory) - Number(a.directory) || (a.name < b.name ? -1 : 1),
  );
  return (
    <ul>
      {entries.map((entry) => (
        <li key={entry.path}>
          {entry.directory ? (
            <Directory {...props} entry={entry} />
          ) : (
            <button
              type="button"
              className="file"
              style={{ paddingLeft: 8 + depth * 14 }}
              aria-current={file === entry.path}
              title={entry.path}
              onClick={() => props.onOpen(entry.path)}
            >
              <Icon name="file" size={13} />
              <span className="file-name">{entry.name}</span>
              {entry.size !== null && <span className="file-size">{sizeText(entry.size)}</span>}
            </button>
          )}
        </li>
      ))}
      {page.cursor !== undefined && (
        <li className="quiet">The first {countText(page.items.length)} are listed.</li>
      )}
    </ul>
  );
}

function Directory(props: {
  run: Run;
  entry: ArtifactEntry;
  depth: number;
  file: string | undefined;
  onOpen: (path: string) => void;
}) {
  const { run, entry, depth, file } = props;
  const { project } = useProject();
  const [open, setOpen] = useState(file?.startsWith(`${entry.path}/`) === true);
  const inside = useQuery({ ...artifactsQuery(project, run.id, entry.path), enabled: open });
  return (
    <>
      <button
        type="button"
        className="file"
        style={{ paddingLeft: 8 + depth * 14 }}
        aria-expanded={open}
        title={entry.path}
        onClick={() => setOpen(!open)}
      >
        <Icon name="folder" size={13} />
        <span className="file-name">{entry.name}</span>
        <span className={open ? 'file-arrow open' : 'file-arrow'}>
          <Icon name="chevron" size={12} />
        </span>
      </button>
      {open && inside.data !== undefined && <Folder {...props} page={inside.data} depth={depth + 1} />}
      {open && inside.isError && <p className="quiet">It did not load: {inside.error.message}</p>}
    </>
  );
}

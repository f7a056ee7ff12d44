/** The right side of the browser: a file with its facts and what can be done with it, or a folder's entries. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import type { ArtifactOwner } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { copyAndTell } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { showToast } from '../ui/toasts.tsx';
import { fileQuery, nameOf } from './file.ts';
import { FolderView } from './folder-view.tsx';
import { kindOf, typeByName } from './kind.ts';
import { Preview } from './preview.tsx';
import { PreviewSkeleton } from './preview-parts.tsx';
import { saveFile } from './save-file.ts';
import { folderQuery } from './use-folders.ts';

interface Props {
  readonly project: string;
  readonly owner: ArtifactOwner;
  readonly path: string;
  /** As its parent's listing says; undefined where that is not read. */
  readonly directory: boolean | undefined;
  readonly onChoose: (path: string) => void;
}

export function ArtifactView(props: Props) {
  const { project, owner, path } = props;
  const file = useQuery({ ...fileQuery(project, owner, path), enabled: props.directory !== true });
  const noFile = file.error instanceof ApiProblem && [400, 404].includes(file.error.status);
  const isFolder = props.directory === true || noFile;
  const folder = useQuery({ ...folderQuery(project, owner, path), enabled: isFolder });
  const isThere = props.directory === true || (folder.data !== undefined && folder.data.entries.length > 0);

  if (isFolder && folder.isPending) return <PreviewSkeleton />;
  if (isFolder && isThere)
    return (
      <section className="preview" aria-label={path === '' ? 'All files' : path}>
        <div className="preview-head">
          <Crumbs path={path} onChoose={props.onChoose} />
        </div>
        {folder.isError && <ProblemView error={folder.error} onRetry={() => void folder.refetch()} />}
        {folder.data !== undefined && <FolderView listing={folder.data} onChoose={props.onChoose} />}
      </section>
    );
  return (
    <section className="preview" aria-label={path}>
      <div className="preview-head">
        <Crumbs path={path} onChoose={props.onChoose} />
        {file.data !== undefined && (
          <span className="preview-facts" title={`${countText(file.data.size)} bytes`}>
            {kindOf(path, file.data.size, file.data.head).type} · {sizeText(file.data.size)}
          </span>
        )}
        {!noFile && (
          <span className="preview-tools">
            <button
              type="button"
              className="icon-button small"
              aria-label="Copy the path"
              title="Copy the path"
              onClick={() => void copyAndTell(path)}
            >
              <Icon name="copy" size={13} />
            </button>
            <SaveButton {...props} size={file.data?.size} />
          </span>
        )}
      </div>
      {noFile ? (
        <p className="quiet">
          There is no “{path}” here. It may have been deleted, or not be logged yet: this page looks again by
          itself.
        </p>
      ) : file.isError ? (
        <ProblemView error={file.error} onRetry={() => void file.refetch()} />
      ) : file.data === undefined ? (
        <PreviewSkeleton />
      ) : (
        <Preview file={file.data} />
      )}
    </section>
  );
}

/** The path, every folder of it a way up. */
function Crumbs({ path, onChoose }: { path: string; onChoose: (path: string) => void }) {
  const parts = path.split('/');
  return (
    <h2 className="crumbs" title={path}>
      {path === '' && 'All files'}
      {parts.slice(0, -1).map((part, index) => {
        const folder = parts.slice(0, index + 1).join('/');
        return (
          <span key={folder}>
            <button type="button" onClick={() => onChoose(folder)}>
              {part}
            </button>
            <span className="faint"> / </span>
          </span>
        );
      })}
      <span className="crumb-last">{parts.at(-1)}</span>
    </h2>
  );
}

function SaveButton(props: Props & { size: number | undefined }) {
  const [saving, setSaving] = useState(false);
  async function save(): Promise<void> {
    setSaving(true);
    try {
      await saveFile(props.project, props.owner, props.path, props.size);
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' });
    } finally {
      setSaving(false);
    }
  }
  return (
    <button
      type="button"
      className="button small"
      disabled={saving}
      title={`Download ${nameOf(props.path)}, ${typeByName(props.path)}`}
      onClick={() => void save()}
    >
      <Icon name="save" size={13} />
      {saving ? 'Downloading…' : 'Download'}
    </button>
  );
}

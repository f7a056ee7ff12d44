import type { ArtifactOwner } from '../api/types.ts';
import { ArtifactBrowser, useArtifactRoot } from './artifact-browser.tsx';

/** All files of a model or a version, on its page; nothing where this server cannot list them. */
export function ArtifactSection(props: {
  project: string;
  owner: ArtifactOwner;
  chosen: string | undefined;
  onChoose: (path: string) => void;
}) {
  const root = useArtifactRoot(props.project, props.owner);
  if (!root.there) return null;
  return (
    <section className="model-section" aria-labelledby="files-title">
      <div className="panel-head">
        <h2 id="files-title">Artifacts</h2>
      </div>
      <ArtifactBrowser
        {...props}
        root={root}
        initial="folder"
        empty={<p className="quiet">No files are logged.</p>}
      />
    </section>
  );
}

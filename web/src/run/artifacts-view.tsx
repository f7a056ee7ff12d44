/** The files of a run, on its page. */
import { getRouteApi } from '@tanstack/react-router';
import type { Run } from '../api/types.ts';
import { ArtifactBrowser, type ArtifactRoot } from '../artifacts/artifact-browser.tsx';
import { useProject } from '../layout/use-project.ts';

const route = getRouteApi('/runs/$run');

export function ArtifactsView({ run, root }: { run: Run; root: ArtifactRoot }) {
  const { project } = useProject();
  const { file } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ArtifactBrowser
      project={project}
      owner={{ kind: 'run', id: run.id }}
      root={root}
      chosen={file}
      onChoose={(path) => void navigate({ replace: true, search: (before) => ({ ...before, file: path }) })}
      empty={
        <p className="quiet">
          {run.state === 'running'
            ? 'No file is logged yet. The first one appears here by itself. '
            : 'This run stored no files. '}
          <code>mlflow.log_artifact("plot.png")</code> stores one.
        </p>
      }
    />
  );
}

/** One logged model: what it is, where it came from, how good it was on which data, how to load it, its files. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { modelQuery } from '../api/queries.ts';
import type { LoggedModel } from '../api/types.ts';
import { ArtifactSection } from '../artifacts/artifact-section.tsx';
import { fileQuery } from '../artifacts/file.ts';
import { Preview } from '../artifacts/preview.tsx';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { KeyValues, ParamList } from '../run/param-list.tsx';
import { ModelHead } from './model-head.tsx';
import { ModelMetrics } from './model-metrics.tsx';
import { ModelOrigin } from './model-origin.tsx';

const route = getRouteApi('/models/$model');

export function ModelPage() {
  const { model: id } = route.useParams();
  const { project } = useProject();
  const model = useQuery(modelQuery(project, id));

  useEffect(() => {
    document.title = model.data === undefined ? 'Cairn' : `${model.data.name} · Cairn`;
  }, [model.data]);

  if (model.data === undefined) return <Absent query={model} none="There is no such model here" />;
  const tags = Object.entries(model.data.tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <>
      <ModelHead model={model.data} />
      <div className="run-page" key={id}>
        <div className="run-main">
          <ModelMetrics model={model.data} />
          <Description project={project} model={model.data} />
          <Files project={project} model={model.data} />
        </div>
        <aside className="run-side" aria-label="Origin and parameters">
          <ModelOrigin model={model.data} />
          <ParamList params={model.data.params} />
          <section className="side-section" aria-labelledby="tags-title">
            <div className="panel-head">
              <h2 id="tags-title">Tags</h2>
            </div>
            {tags.length === 0 && <p className="quiet">None set.</p>}
            <KeyValues pairs={tags} />
          </section>
        </aside>
      </div>
    </>
  );
}

/** What its MLmodel file says. */
function Description({ project, model }: { project: string; model: LoggedModel }) {
  const file = useQuery({ ...fileQuery(project, { kind: 'model', id: model.id }, 'MLmodel'), retry: false });
  return (
    <section className="model-section" aria-label="Description">
      {file.data !== undefined && <Preview file={file.data} />}
      {file.isError && (
        <p className="quiet">
          {model.status === 'pending'
            ? 'Its files are not logged yet.'
            : 'It has no MLmodel file: its client stored no description beside it.'}
        </p>
      )}
    </section>
  );
}

function Files({ project, model }: { project: string; model: LoggedModel }) {
  const { file } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ArtifactSection
      project={project}
      owner={{ kind: 'model', id: model.id }}
      chosen={file}
      onChoose={(path) => void navigate({ replace: true, search: (before) => ({ ...before, file: path }) })}
    />
  );
}

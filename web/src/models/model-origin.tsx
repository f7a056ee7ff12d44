/** Where a model came from: the run that made it, and the data that run used. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lineageQuery, runQuery } from '../api/queries.ts';
import type { LoggedModel } from '../api/types.ts';
import { useProject } from '../layout/use-project.ts';
import { RegisteredAs } from '../registry/registered-as.tsx';
import { KeyValues } from '../run/param-list.tsx';
import { swatchOf } from '../runs/swatch.ts';
import { runUrl } from '../urls.ts';
import { DatasetList } from './dataset-list.tsx';

export function ModelOrigin({ model }: { model: LoggedModel }) {
  const { project, site } = useProject();
  const id = model.sourceRun ?? '';
  const run = useQuery({
    ...runQuery(project, id),
    enabled: id !== '',
    refetchInterval: false,
    retry: false,
  });
  const lineage = useQuery({ ...lineageQuery(project, id), enabled: id !== '', retry: false });
  const inputs = lineage.data?.inputs ?? [];
  return (
    <section className="side-section" aria-labelledby="origin-title">
      <div className="panel-head">
        <h2 id="origin-title">Origin</h2>
      </div>
      <dl className="pairs">
        <div>
          <dt>Made by</dt>
          <dd>
            {id === '' ? (
              <span className="pair-value dim">no run is named</span>
            ) : run.isError ? (
              <span className="pair-value dim" title={id}>
                a run that is not here
              </span>
            ) : (
              <Link {...runUrl(id, site)} className="run-link" title={id}>
                <span className="swatch" style={{ background: swatchOf(id) }} aria-hidden="true" />
                <span className="run-name">{run.data?.name ?? id.slice(0, 8)}</span>
              </Link>
            )}
          </dd>
        </div>
      </dl>
      <KeyValues pairs={[['Artifacts', model.artifactUri]]} />
      {inputs.length > 0 && (
        <div className="children">
          <h3>Data of that run</h3>
          <dl className="pairs">
            <DatasetList inputs={inputs} />
          </dl>
        </div>
      )}
      <RegisteredAs run={id} loggedModel={model.id} />
    </section>
  );
}

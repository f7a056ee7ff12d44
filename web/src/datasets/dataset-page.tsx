/** One dataset: its versions by time, who reads and who writes it, what people and producers say of it, which records it is. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { datasetQuery } from '../api/datasets.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { DatasetFacets } from '../jobs/facet-list.tsx';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { LineageLink } from '../lineage/lineage-link.tsx';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { LineageMore, useDeclareWrong } from '../lineage/use-declare-wrong.tsx';
import { useLineageActions } from '../lineage/use-lineage-actions.ts';
import { usePaletteActions } from '../palette/palette-state.ts';
import { useRecent } from '../palette/recent.ts';
import { useKeys } from '../runs/use-keys.ts';
import { CopiedValue } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { runLatestAction } from '../ui/toasts.tsx';
import { datasetsUrl } from '../urls.ts';
import { DatasetHead } from './dataset-head.tsx';
import { Records } from './records.tsx';
import { useDatasetsLive } from './use-datasets-live.ts';
import { UseTable } from './use-table.tsx';
import { VersionList } from './version-list.tsx';
import { DatasetDescription, DatasetTags, EditedFact } from './words-editor.tsx';

const route = getRouteApi('/datasets/$dataset');

export function DatasetPage() {
  const { dataset: uid } = route.useParams();
  const { project, site } = useProject();
  const query = useQuery(datasetQuery(project, uid));
  const connection = useDatasetsLive(project);
  const dataset = query.data;
  useEffect(() => {
    document.title = dataset === undefined ? 'Cairn' : `${dataset.name} · Cairn`;
  }, [dataset]);
  useRecent(
    project,
    dataset === undefined ? undefined : { kind: 'dataset', id: dataset.uid, name: dataset.name },
  );
  useKeys({ u: runLatestAction });
  const wrong = useDeclareWrong({ uid, name: dataset?.name ?? '', type: 'dataset' });
  usePaletteActions(useLineageActions(uid, wrong.action));

  if (dataset === undefined)
    return (
      <Absent query={query} none="There is no such dataset here">
        <Link {...datasetsUrl(site)} className="button primary">
          All datasets
        </Link>
      </Absent>
    );
  const { name, versions, writers, readers, latest, created } = dataset;
  return (
    <>
      <DatasetHead
        title={name}
        connection={connection}
        tools={
          <>
            <LineageLink of={uid} />
            <LineageMore label={name} wrong={wrong} />
          </>
        }
      >
        <dl className="run-facts">
          <Fact name="versions">{countText(versions)}</Fact>
          <Fact name="writers">{countText(writers)}</Fact>
          <Fact name="readers">{countText(readers)}</Fact>
          {latest !== null && (
            <Fact name="latest">
              <Ago time={latest} />
            </Fact>
          )}
          <Fact name="first known">
            <Ago time={created} />
          </Fact>
        </dl>
        <TaintNotes uid={uid} />
      </DatasetHead>
      <div className="run-page" key={uid}>
        <div className="run-main">
          <VersionList dataset={dataset} />
          <UseTable dataset={dataset.uid} />
          <DatasetFacets of="datasets" uid={dataset.uid} />
        </div>
        <aside className="run-side" aria-label="About the dataset">
          <DatasetDescription dataset={dataset} />
          <section className="side-section" aria-labelledby="about-title">
            <div className="panel-head">
              <h2 id="about-title">About it</h2>
            </div>
            <dl className="pairs">
              {dataset.uri !== null && (
                <div>
                  <dt>Place</dt>
                  <dd>
                    <CopiedValue text={dataset.uri} />
                  </dd>
                </div>
              )}
              <EditedFact dataset={dataset} field="owner" name="Owner" />
              <EditedFact dataset={dataset} field="licence" name="Licence" />
              {dataset.facts.map((fact) => (
                <div key={fact.name}>
                  <dt>{fact.name}</dt>
                  <dd>
                    <CopiedValue text={fact.value} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
          <DatasetTags dataset={dataset} />
          <Records records={dataset.records} masked={dataset.masked} />
        </aside>
      </div>
    </>
  );
}

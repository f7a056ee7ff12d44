/** One version of a dataset: its columns and their figures, a preview, who made it and who read it, its digests and records. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { type DatasetVersion, datasetQuery, datasetVersionQuery } from '../api/datasets.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { exactTime } from '../format/times.ts';
import { VersionColumns } from '../jobs/column-table.tsx';
import { DatasetFacets } from '../jobs/facet-list.tsx';
import { Absent } from '../layout/absent.tsx';
import { useProject } from '../layout/use-project.ts';
import { DeployedLink, LineageLink } from '../lineage/lineage-link.tsx';
import { TaintNotes } from '../lineage/taint-notes.tsx';
import { LineageMore, useDeclareWrong } from '../lineage/use-declare-wrong.tsx';
import { useLineageActions } from '../lineage/use-lineage-actions.ts';
import { usePaletteActions } from '../palette/palette-state.ts';
import { CopiedValue } from '../ui/copy-button.tsx';
import { Fact } from '../ui/facts.tsx';
import { datasetsUrl } from '../urls.ts';
import { DatasetHead } from './dataset-head.tsx';
import { tookText, versionName } from './dataset-words.ts';
import { ExecutionLink } from './execution-link.tsx';
import { FieldTable } from './field-table.tsx';
import { Records } from './records.tsx';
import { useDatasetsLive } from './use-datasets-live.ts';
import { UseTable } from './use-table.tsx';

const route = getRouteApi('/dataset-versions/$version');

export function DatasetVersionPage() {
  const { version: uid } = route.useParams();
  const { project, site } = useProject();
  const query = useQuery(datasetVersionQuery(project, uid));
  const version = query.data;
  const dataset = useQuery({
    ...datasetQuery(project, version?.dataset ?? ''),
    enabled: version !== undefined,
  });
  const connection = useDatasetsLive(project);
  const title = version === undefined ? '' : versionName(version);
  const name = dataset.data?.name ?? version?.name ?? '';
  const wrong = useDeclareWrong({ uid, name: `${name} ${title}`, type: 'dataset-version' });
  usePaletteActions(useLineageActions(uid, wrong.action));
  useEffect(() => {
    document.title = version === undefined ? 'Cairn' : `${name} ${title} · Cairn`;
  }, [version, name, title]);

  if (version === undefined)
    return (
      <Absent query={query} none="There is no such version of a dataset here">
        <Link {...datasetsUrl(site)} className="button primary">
          All datasets
        </Link>
      </Absent>
    );
  const { rows, bytes, files, fields, statistics, schema } = version;
  return (
    <>
      <DatasetHead
        within={{ uid: version.dataset, name }}
        title={title}
        connection={connection}
        tools={
          <>
            <DeployedLink of={uid} />
            <LineageLink of={uid} />
            <LineageMore label={title} wrong={wrong} />
          </>
        }
      >
        <dl className="run-facts">
          <Fact name={version.makers.length > 0 ? 'written' : 'recorded'}>
            <Ago time={version.at} />
          </Fact>
          {rows !== null && <Fact name="rows">{countText(rows)}</Fact>}
          {bytes !== null && <Fact name="size">{sizeText(bytes)}</Fact>}
          {files !== null && <Fact name="files">{countText(files)}</Fact>}
          {fields !== null && <Fact name="columns">{countText(fields)}</Fact>}
          <Fact name="readers">{countText(version.readers)}</Fact>
        </dl>
        <TaintNotes uid={uid} />
      </DatasetHead>
      <div className="run-page" key={uid}>
        <div className="run-main">
          {schema === null && statistics.columns.length === 0 ? (
            <div>
              <div className="panel-head">
                <h2 id="columns-title">Columns</h2>
              </div>
              <p className="quiet">Nobody told its columns.</p>
            </div>
          ) : (
            <FieldTable fields={schema} columns={statistics.columns} />
          )}
          {version.preview !== null && <PreviewTable preview={version.preview} />}
          <UseTable dataset={version.dataset} version={version.uid} />
          <VersionColumns version={version.uid} />
          <DatasetFacets of="dataset-versions" uid={version.uid} />
        </div>
        <aside className="run-side" aria-label="About the version">
          <MadeBy version={version} />
          <Digests version={version} />
          <OtherFacts version={version} />
          <Records records={version.records} />
        </aside>
      </div>
    </>
  );
}

function MadeBy({ version }: { version: DatasetVersion }) {
  return (
    <section className="side-section" aria-labelledby="made-title">
      <div className="panel-head">
        <h2 id="made-title">Made by</h2>
      </div>
      {version.makers.length === 0 && <p className="quiet">No run is known to have written it.</p>}
      {version.makers.map((run) => {
        const took = tookText(run);
        const facts: readonly (readonly [string, string | null | undefined])[] = [
          [run.job === null ? 'Experiment' : 'Job of', run.job?.namespace ?? run.experiment?.name],
          ['By', run.user],
          ['Where', run.where === run.job?.namespace ? undefined : run.where],
          ['Took', took],
          ['State', run.state],
        ];
        return (
          <dl key={run.uid} className="pairs">
            <div>
              <dt>{run.job === null ? 'Run' : 'Job'}</dt>
              <dd>
                <ExecutionLink run={run} />
              </dd>
            </div>
            {facts.map(
              ([name, value]) =>
                value !== null &&
                value !== undefined && (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                      <CopiedValue text={value} />
                    </dd>
                  </div>
                ),
            )}
          </dl>
        );
      })}
    </section>
  );
}

function Digests({ version }: { version: DatasetVersion }) {
  return (
    <section className="side-section" aria-labelledby="digests-title">
      <div className="panel-head">
        <h2 id="digests-title">What it is known by</h2>
      </div>
      {version.version === null && version.digests.length === 0 && (
        <p className="quiet">Neither a version nor a digest was told.</p>
      )}
      <dl className="pairs known-by">
        {version.version !== null && (
          <div>
            <dt>Version</dt>
            <dd>
              <CopiedValue text={version.version} className="pair-value mono" />
            </dd>
          </div>
        )}
        {version.digests.map((digest) => (
          <div key={`${digest.algorithm} ${digest.value}`}>
            <dt>{digest.algorithm}</dt>
            <dd>
              <CopiedValue text={digest.value} className="pair-value mono" />
              {digest.weak && (
                <span
                  className="weak-mark"
                  title={
                    digest.of === 'sample'
                      ? 'Of a sample of the rows: equal ones may be different data'
                      : 'Equal ones suggest equal content, and prove nothing'
                  }
                >
                  weak
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function OtherFacts({ version }: { version: DatasetVersion }) {
  const { note, tags, facts, source, statistics } = version;
  const pairs = [
    ...facts.map(({ name, value }) => [name, value] as const),
    ...statistics.others.map(({ name, value }) => [name, value] as const),
    ...tags.map(({ key, value }) => [key, value] as const),
    ...(source === null
      ? []
      : ([
          ['Source type', source.type],
          ['Source', source.text],
        ] as const)),
    ['At', exactTime(version.at)] as const,
  ];
  return (
    <section className="side-section" aria-labelledby="other-title">
      <div className="panel-head">
        <h2 id="other-title">Told of it</h2>
      </div>
      {note !== null && <p className="version-text">{note}</p>}
      <dl className="pairs">
        {pairs.map(([name, value]) => (
          <div key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd>
              <CopiedValue text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function PreviewTable({ preview }: { preview: NonNullable<DatasetVersion['preview']> }) {
  const isNumber = (index: number) => preview.rows.some((row) => typeof row[index] === 'number');
  return (
    <div>
      <div className="panel-head">
        <h2 id="preview-title">
          Preview <span className="faint">{countText(preview.rows.length)} rows</span>
        </h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="table-frame preview-frame" tabIndex={0} role="region" aria-labelledby="preview-title">
        <table className="facts-table">
          <thead>
            <tr>
              {preview.columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move, and may share a name
                <th key={index} scope="col" className={isNumber(index) ? 'num' : undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
              <tr key={at}>
                {row.map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: nor do their cells
                  <td key={index} className={typeof value === 'number' ? 'num' : undefined}>
                    {value === null ? <span className="faint">null</span> : String(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

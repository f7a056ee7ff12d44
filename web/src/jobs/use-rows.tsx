/** What a run read, or wrote: datasets, in which versions and how that is known, how much. */
import { Link } from '@tanstack/react-router';
import type { DatasetUse } from '../api/jobs.ts';
import { countText, exactText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { useFirst } from '../ui/use-first.tsx';
import { datasetVersionUrl, siteOf } from '../urls.ts';
import { amountsOf } from './facet-words.ts';
import { DatasetLink } from './run-facts.tsx';
import { nameOf } from './set-and-measured.tsx';

export function UseList(props: { direction: 'inputs' | 'outputs'; uses: readonly DatasetUse[] }) {
  const { direction, uses } = props;
  const title = direction === 'inputs' ? 'Read' : 'Wrote';
  const id = `${direction}-title`;
  const { first, rest } = useFirst(uses);
  const hasRoles = uses.some(({ role, metrics }) => role !== null || metrics.length > 0);
  return (
    <div>
      <div className="panel-head">
        <h2 id={id}>
          {title} {uses.length > 0 && <span className="faint">{countText(uses.length)}</span>}
        </h2>
      </div>
      {uses.length === 0 ? (
        <p className="quiet">No dataset that it {direction === 'inputs' ? 'read' : 'wrote'} was told.</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div className="table-frame versions-frame" tabIndex={0} role="region" aria-labelledby={id}>
            <table className="facts-table versions-table uses-table">
              <thead>
                <tr>
                  <th scope="col">Dataset</th>
                  <th scope="col">Version</th>
                  {direction === 'inputs' && <th scope="col">Known by</th>}
                  {hasRoles && <th scope="col">For</th>}
                  <th scope="col" className="num">
                    Rows
                  </th>
                  <th scope="col" className="num">
                    Size
                  </th>
                </tr>
              </thead>
              <tbody>
                {first.map((use) => (
                  <UseRow
                    key={use.dataset.uid}
                    use={use}
                    written={direction === 'outputs'}
                    hasRole={hasRoles}
                  />
                ))}
              </tbody>
            </table>
          </div>
          {rest}
        </>
      )}
    </div>
  );
}

/** How the version that was read is known, in words. */
const ruleWords: Readonly<Record<string, string>> = {
  'explicit version': 'named by the run',
  'current at its time': 'current at its time',
};

function UseRow({ use, written, hasRole }: { use: DatasetUse; written: boolean; hasRole: boolean }) {
  const { dataset, version, named, role, metrics, facets } = use;
  const { rows, bytes } = amountsOf(facets);
  const rule = version?.rule ?? undefined;
  return (
    <tr>
      <th scope="row">
        <DatasetLink dataset={dataset} />
      </th>
      <td>
        {version === null ? (
          <span
            className="faint"
            title={
              use.masked ? 'One of a project that you may not see' : 'Nothing tells which version it was'
            }
          >
            {use.masked ? 'not for you to see' : 'not known'}
          </span>
        ) : (
          <Link
            {...datasetVersionUrl(version.uid, siteOf(version.project))}
            className="text-link plain mono"
            title={version.uid}
          >
            {named ?? version.uid.slice(-8)}
          </Link>
        )}
      </td>
      {!written && (
        <td className="dim">
          {version === null
            ? (named ?? <span className="faint">–</span>)
            : `${rule === undefined ? '' : (ruleWords[rule] ?? rule)}${version.known === 'inferred' ? ', inferred' : ''}`}
        </td>
      )}
      {hasRole && (
        <td
          className="dim"
          title={metrics.map((metric) => `${nameOf(metric)}: ${exactText(metric.value)}`).join('\n')}
        >
          {role ?? <span className="faint">–</span>}
          {metrics.length > 0 && (
            <span className="faint">
              {' '}
              {metrics
                .slice(0, 3)
                .map(({ key, value }) => `${key} ${exactText(value)}`)
                .join(', ')}
              {metrics.length > 3 && '…'}
            </span>
          )}
        </td>
      )}
      <td className="num">{rows === undefined ? <span className="faint">–</span> : countText(rows)}</td>
      <td className="num">{bytes === undefined ? <span className="faint">–</span> : sizeText(bytes)}</td>
    </tr>
  );
}

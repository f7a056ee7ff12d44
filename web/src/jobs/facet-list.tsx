/** Facets as they were told, each folded to its name: also those nobody knows are read here, to the last digit. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { datasetFacetsQuery, type Facet } from '../api/jobs.ts';
import { type Json, parseJson } from '../artifacts/exact-json.ts';
import { JsonTree } from '../artifacts/json-tree.tsx';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { useFirst } from '../ui/use-first.tsx';

export interface ShownFacet extends Pick<Facet, 'key' | 'at'> {
  /** What it is of, where that is not the thing of the page. */
  readonly of?: string;
  /** Where it stands in the answer. */
  readonly path: readonly (string | number)[];
}

export function FacetList({ facets, text }: { facets: readonly ShownFacet[]; text: string }) {
  const { first, rest } = useFirst(facets, 50);
  return (
    <section aria-labelledby="facets-title">
      <div className="panel-head">
        <h2 id="facets-title">
          Facets {facets.length > 0 && <span className="faint">{countText(facets.length)}</span>}
        </h2>
      </div>
      {facets.length === 0 && <p className="quiet">None was told.</p>}
      <ul className="facet-list">
        {first.map((facet) => (
          <li key={facet.path.join(' ')}>
            <OneFacet facet={facet} text={text} />
          </li>
        ))}
      </ul>
      {rest}
    </section>
  );
}

/** Of a dataset as it is now, or of one version; nothing where no producer told any. */
export function DatasetFacets(props: { of: 'datasets' | 'dataset-versions'; uid: string }) {
  const { project } = useProject();
  const { data } = useQuery(datasetFacetsQuery(project, props.of, props.uid));
  if (data === undefined || data.items.length === 0) return null;
  return (
    <FacetList
      text={data.text}
      facets={data.items.map(({ key, at }, index) => ({ key, at, path: ['items', index, 'value'] }))}
    />
  );
}

function OneFacet({ facet, text }: { facet: ShownFacet; text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="mono">{facet.key}</span>
        {facet.of !== undefined && <span className="dim"> of {facet.of}</span>}
        <span className="faint facet-when">
          said <Ago time={facet.at} />
        </span>
      </summary>
      {open && <ExactValue path={facet.path} text={text} label={`Facet ${facet.key}`} />}
    </details>
  );
}

function ExactValue(props: { path: readonly (string | number)[]; text: string; label: string }) {
  const { path, text } = props;
  const json = useMemo(() => memberAt(parseJson(text), path), [text, path]);
  return json === undefined ? null : <JsonTree json={json} label={props.label} />;
}

function memberAt(json: Json, path: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = json;
  for (const step of path) {
    if (at?.kind === 'object') at = at.members.find(([name]) => name === step)?.[1];
    else at = at?.kind === 'array' ? at.items[Number(step)] : undefined;
  }
  return at;
}

/** Data sets that a run used: what for, and on a click where they come from and what columns they have. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DatasetInput } from '../api/types.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import { CopiedValue } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { datasetVersionUrl } from '../urls.ts';

export function DatasetList({ inputs }: { inputs: readonly DatasetInput[] }) {
  const [open, setOpen] = useState<DatasetInput>();
  return (
    <>
      {inputs.map((input) => (
        <div key={`${input.uid} ${input.context}`}>
          <dt>{input.context ?? 'data set'}</dt>
          <dd>
            <button
              type="button"
              className="pair-value linked"
              title={`${input.name}\n${input.digest}\nShow its source and columns`}
              onClick={() => setOpen(input)}
            >
              {input.name}
            </button>
          </dd>
        </div>
      ))}
      {open !== undefined && <DatasetDialog input={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function DatasetDialog({ input, onClose }: { input: DatasetInput; onClose: () => void }) {
  const { site } = useProject();
  const { name, digest, context, sourceType, source, schema } = input;
  const facts: readonly (readonly [string, string])[] = [
    ['Digest', digest],
    ['Used for', context ?? 'not told'],
    ['Source', sourceType],
    ...sourceFacts(source),
    ...input.tags
      .filter(({ key }) => key !== 'mlflow.data.context')
      .map(({ key, value }) => [key, value] as const),
  ];
  return (
    <Dialog title={name} onClose={onClose}>
      <p>
        <Link {...datasetVersionUrl(input.uid, site)} className="text-link">
          Page of this version
        </Link>
      </p>
      <dl className="pairs dataset-facts">
        {facts.map(([key, value]) => (
          <div key={`${key} ${value}`}>
            <dt>{key}</dt>
            <dd>
              <CopiedValue text={value} />
            </dd>
          </div>
        ))}
        <div>
          <dt>Recorded</dt>
          <dd>
            <span className="pair-value">
              <Ago time={input.created} />
            </span>
          </dd>
        </div>
      </dl>
      {schema === null ? (
        <p className="quiet">Its client told no columns.</p>
      ) : (
        <>
          <h3 className="dataset-columns">
            Columns <span className="faint">{countText(schema.total)}</span>
          </h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div className="table-frame signature-frame" tabIndex={0} role="region" aria-label="Columns">
            <table className="facts-table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Type</th>
                </tr>
              </thead>
              <tbody>
                {schema.columns.map((column, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move, and may share a name
                  <tr key={index}>
                    <th scope="row" className="mono">
                      {column.name === '' ? '-' : column.name}
                    </th>
                    <td className="mono dim">{column.type}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {schema.total > schema.columns.length && (
            <p className="dim">The first {countText(schema.columns.length)} are listed.</p>
          )}
        </>
      )}
    </Dialog>
  );
}

/** The members of the source's JSON, one line each; what is no JSON as it is. */
function sourceFacts(source: string): (readonly [string, string])[] {
  try {
    const members = Object.entries(JSON.parse(source) as Record<string, unknown>);
    return members.flatMap(([key, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([inside, text]) => [inside, String(text)] as const)
        : [[key, String(value)] as const],
    );
  } catch {
    return source === '' ? [] : [['', source]];
  }
}

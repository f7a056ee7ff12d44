/** The records that are one thing, whose they are, and why they are believed to be the same. */
import type { DatasetRecord } from '../api/datasets.ts';
import { OfProject } from '../layout/of-project.tsx';
import { CopiedValue } from '../ui/copy-button.tsx';
import { EndText } from '../ui/end-text.tsx';
import { faceName, reasonText } from './dataset-words.ts';

export function Records({ records, masked = 0 }: { records: readonly DatasetRecord[]; masked?: number }) {
  return (
    <section className="side-section" aria-labelledby="records-title">
      <div className="panel-head">
        <h2 id="records-title">
          {records.length === 1 ? 'Record' : 'Same thing'}{' '}
          {records.length > 1 && <span className="faint">{records.length} records</span>}
        </h2>
      </div>
      <ul className="record-list">
        {records.map((record) => {
          const why = reasonText(record);
          const other = records.find(({ uid }) => uid === record.same?.as);
          return (
            <li key={`${record.project} ${record.uid}`}>
              <div className="record-name">
                <span className="face-mark">{faceName(record.face)}</span>
                <CopiedValue text={record.uid}>
                  <EndText text={record.name} />
                </CopiedValue>
                <OfProject project={record.project} />
              </div>
              {record.uri !== null && (
                <CopiedValue text={record.uri} className="pair-value mono dim">
                  <EndText text={record.uri} />
                </CopiedValue>
              )}
              {why !== undefined && (
                <p className="dim">
                  {why}
                  {other !== undefined && records.length > 2 && ` as ${faceName(other.face)}’s ${other.name}`}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      {masked > 0 && (
        <p className="quiet">{`${masked} ${masked === 1 ? 'record' : 'records'} in projects that you may not see.`}</p>
      )}
    </section>
  );
}

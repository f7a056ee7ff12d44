/** What lies in a folder, as a table. */
import { useState } from 'react';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { Icon } from '../ui/icons.tsx';
import { typeByName } from './kind.ts';
import { inOrder, type Listing } from './tree.ts';

const step = 200;

export function FolderView({ listing, onChoose }: { listing: Listing; onChoose: (path: string) => void }) {
  const [shown, setShown] = useState(step);
  const entries = inOrder(listing);
  const folders = entries.filter(({ directory }) => directory).length;
  const files = entries.length - folders;
  const bytes = entries.reduce((sum, { size }) => sum + (size ?? 0), 0);
  return (
    <>
      <div className="table-frame">
        <table className="facts-table folder-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">Size</th>
              <th scope="col">Changed</th>
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, shown).map((entry) => (
              <tr key={entry.path}>
                <th scope="row">
                  <button type="button" className="folder-entry" onClick={() => onChoose(entry.path)}>
                    <Icon name={entry.directory ? 'folder' : 'file'} size={13} />
                    {entry.name}
                  </button>
                </th>
                <td className="dim">{entry.directory ? 'Folder' : typeByName(entry.path)}</td>
                <td>{entry.size === null ? '' : sizeText(entry.size)}</td>
                <td className="dim">{entry.updated !== null && <Ago time={entry.updated} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="preview-foot">
        {!listing.complete && 'The first '}
        {countText(files)} {files === 1 ? 'file' : 'files'}, {sizeText(bytes)}
        {folders > 0 && `, ${countText(folders)} ${folders === 1 ? 'folder' : 'folders'}`}
        {shown < entries.length && (
          <>
            {` · ${countText(shown)} are shown · `}
            <button type="button" className="link-button" onClick={() => setShown(shown + 5 * step)}>
              Show more
            </button>
          </>
        )}
      </p>
    </>
  );
}

/** The tree of files: arrows move and open, letters jump, what is chosen is shown. Long folders are read and drawn in parts. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ArtifactEntry } from '../api/types.ts';
import { countText } from '../format/numbers.ts';
import { sizeText } from '../format/sizes.ts';
import { Icon } from '../ui/icons.tsx';
import { typeByName } from './kind.ts';
import type { TreeRow } from './tree.ts';

const rowHeight = 26;

export function ArtifactTree(props: {
  rows: readonly TreeRow[];
  /** Path of what is shown. */
  chosen: string | undefined;
  onChoose: (entry: ArtifactEntry) => void;
  onToggle: (folder: string, open: boolean) => void;
  onMore: (folder: string) => void;
}) {
  const { rows, chosen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const at = rows.findIndex((row) => row.kind === 'entry' && row.entry.path === chosen);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });

  // What is chosen by a key or by a link is brought into view; what a click chose is there already.
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);

  function choose(index: number): void {
    const row = rows[index];
    if (row?.kind === 'entry') props.onChoose(row.entry);
  }

  /** The nearest row that is an entry, in the direction of the step. */
  function move(from: number, step: 1 | -1): void {
    let index = from;
    while (rows[index] !== undefined && rows[index]!.kind !== 'entry') index += step;
    choose(index);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[at];
    const folder = row?.kind === 'entry' && row.entry.directory ? row.entry.path : undefined;
    const isOpen = row?.kind === 'entry' && row.open;
    if (event.key === 'ArrowDown') move(at + 1, 1);
    else if (event.key === 'ArrowUp') move(at < 0 ? 0 : at - 1, at < 0 ? 1 : -1);
    else if (event.key === 'Home') move(0, 1);
    else if (event.key === 'End') move(rows.length - 1, -1);
    else if (event.key === 'ArrowRight' && folder !== undefined) {
      if (isOpen) move(at + 1, 1);
      else props.onToggle(folder, true);
    } else if (event.key === 'ArrowLeft' && row !== undefined) {
      if (folder !== undefined && isOpen) props.onToggle(folder, false);
      else choose(rows.findLastIndex((other, index) => index < at && other.depth < row.depth));
    } else if ((event.key === 'Enter' || event.key === ' ') && folder !== undefined)
      props.onToggle(folder, !isOpen);
    else if (event.key.length === 1 && event.key !== ' ') jump(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** To the next name that begins with the letter. */
  function jump(letter: string): void {
    const begins = (row: TreeRow) =>
      row.kind === 'entry' && row.entry.name.toLowerCase().startsWith(letter.toLowerCase());
    const later = rows.findIndex((row, index) => index > at && begins(row));
    choose(later === -1 ? rows.findIndex(begins) : later);
  }

  return (
    <div
      ref={scroller}
      className="files"
      role="tree"
      aria-label="Artifacts"
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : 'artifact-chosen'}
      onKeyDown={onKeyDown}
    >
      <div role="none" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          const style = { transform: `translateY(${item.start}px)` };
          const indent = 8 + row.depth * 14;
          if (row.kind !== 'entry')
            return <Aside key={row.key} row={row} style={style} indent={indent} onMore={props.onMore} />;
          const { entry } = row;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the tree's
            <div
              key={row.key}
              id={item.index === at ? 'artifact-chosen' : undefined}
              className="file"
              style={{ ...style, paddingLeft: indent }}
              role="treeitem"
              aria-selected={item.index === at}
              aria-level={row.depth + 1}
              aria-posinset={row.place}
              aria-setsize={row.siblings}
              aria-expanded={entry.directory ? row.open : undefined}
              title={titleOf(entry)}
              onClick={() => {
                if (entry.directory) props.onToggle(entry.path, entry.path !== chosen || !row.open);
                props.onChoose(entry);
              }}
            >
              {entry.directory && (
                <span className={row.open ? 'file-arrow open' : 'file-arrow'}>
                  <Icon name="chevron" size={12} />
                </span>
              )}
              <Icon name={entry.directory ? 'folder' : 'file'} size={13} />
              <span className="file-name">{entry.name}</span>
              {entry.size !== null && <span className="file-size">{sizeText(entry.size)}</span>}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function titleOf(entry: ArtifactEntry): string {
  if (entry.size === null) return entry.path;
  return `${entry.path}\n${typeByName(entry.path)}, ${countText(entry.size)} bytes`;
}

function Aside(props: {
  row: Exclude<TreeRow, { kind: 'entry' }>;
  style: { transform: string };
  indent: number;
  onMore: (folder: string) => void;
}) {
  const { row, onMore } = props;
  const { kind, folder } = row;
  // The next part is read when its place comes into view.
  useEffect(() => {
    if (kind === 'more') onMore(folder);
  }, [kind, folder, onMore]);
  const text = {
    more: 'Reading more…',
    waiting: '',
    empty: 'Nothing in here',
    failed: 'It did not load',
  }[kind];
  return (
    <div
      className="file file-aside"
      style={{ ...props.style, paddingLeft: props.indent + 20 }}
      role="treeitem"
      aria-selected={false}
      aria-disabled="true"
      aria-level={row.depth + 1}
      tabIndex={-1}
    >
      {kind === 'waiting' ? <span className="bone" style={{ width: 96 }} /> : text}
    </div>
  );
}

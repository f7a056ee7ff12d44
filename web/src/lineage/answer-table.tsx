/** The answer beside the graph: its lists, and of each row how it is known, where it serves, and what stands in the way of knowing. */

import { Link } from '@tanstack/react-router';
import type { KeyboardEvent, ReactNode } from 'react';
import type { GraphNode } from '../api/lineage.ts';
import { countText } from '../format/numbers.ts';
import { useProject } from '../layout/use-project.ts';
import type { LineageList } from '../lineage-urls.ts';
import { Icon } from '../ui/icons.tsx';
import { endpointUrl } from '../urls.ts';
import type { Answer, AnswerList, AnswerRow } from './answer.ts';
import { Beginning, DataFacts } from './data-facts.tsx';
import { nodeName, nodeNote, reasonWords, strengthWords, typeIcon, typeWord } from './lineage-words.ts';

export function AnswerTable(props: {
  answer: Answer;
  list: AnswerList;
  names: ReadonlyMap<string, GraphNode>;
  /** uid of the row whose way is drawn. */
  chosen: string | undefined;
  tools: ReactNode;
  onList: (list: LineageList) => void;
  onRow: (row: AnswerRow) => void;
  onNode: (uid: string) => void;
  onPage: (uid: string) => void;
  onMore: (() => void) | undefined;
}) {
  const { answer, list, names, chosen } = props;
  return (
    <section className="lineage-answer" aria-label="Answer">
      <div className="lineage-answer-head">
        <div className="segments" role="tablist" aria-label="Lists of the answer">
          {answer.lists.map(({ name, title, count, meaning }) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === list.name}
              aria-controls="lineage-rows"
              className={`list-tab of-${name}${count === 0 ? ' empty' : ''}`}
              title={meaning}
              onClick={() => props.onList(name)}
            >
              {title} <b>{countText(count)}</b>
            </button>
          ))}
        </div>
        <p className="lineage-meaning">{list.meaning}</p>
        {props.tools}
      </div>
      <div
        className="lineage-rows"
        id="lineage-rows"
        role="tabpanel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={list.title}
        onKeyDown={moveRow}
      >
        {list.rows.length === 0 ? (
          <p className="quiet lineage-none">{noneText(answer, list)}</p>
        ) : (
          <table className="facts-table lineage-table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">{heads[list.name][0]}</th>
                <th scope="col" className="num">
                  Steps
                </th>
                <th scope="col" className="serves">
                  {list.name !== 'unknown' && list.rows.some(({ serving }) => serving.length > 0)
                    ? 'Serves at'
                    : heads[list.name][1]}
                </th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map((row, index) => (
                <tr
                  // biome-ignore lint/suspicious/noArrayIndexKey: a node may stand in a list more than once
                  key={`${row.uid} ${index}`}
                  className={row.uid === chosen ? 'cursor' : undefined}
                >
                  <th scope="row">
                    <RowName
                      row={row}
                      known={names.get(row.uid)}
                      chosen={row.uid === chosen}
                      onRow={props.onRow}
                      onPage={props.onPage}
                    />
                  </th>
                  <td>
                    <Known row={row} />
                  </td>
                  <td className="num">{countText(row.steps)}</td>
                  <td className="serves">
                    <Last row={row} names={names} onNode={props.onNode} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {list.rows.length < list.count && (
          <p className="quiet lineage-none">
            The first {countText(list.rows.length)} of {countText(list.count)} are listed.{' '}
            {props.onMore !== undefined && (
              <button type="button" className="link-button" onClick={props.onMore}>
                List up to 1,000
              </button>
            )}
          </p>
        )}
      </div>
    </section>
  );
}

/** Of each list the heads of the columns that tell most. */
const heads: Readonly<Record<LineageList, readonly [string, string]>> = {
  derives: ['Known', 'Which'],
  may: ['Known', 'Which'],
  unknown: ['Why nobody can say', 'Open end'],
  data: ['Begins', 'Told of it'],
  judged: ['Read for', 'Told of it'],
};

function noneText(answer: Answer, list: AnswerList): string {
  if (list.name === 'data') return 'No data is known that it learned from.';
  if (list.name === 'judged') return 'Nothing was read to judge what came out.';
  if (list.name === 'may') return 'Nothing that is in doubt.';
  if (list.name === 'unknown') return 'Of everything that serves it is known whether it derives from this.';
  return answer.ask === 'impact'
    ? 'Nothing is known to derive from it.'
    : 'Nothing is known that it comes from.';
}

function RowName(props: {
  row: AnswerRow;
  known: GraphNode | undefined;
  chosen: boolean;
  onRow: (row: AnswerRow) => void;
  onPage: (uid: string) => void;
}) {
  const { row, known, chosen } = props;
  const name = known === undefined ? (row.node.name ?? row.uid.slice(0, 8)) : nodeName(known);
  // Of a long name the number says most.
  const end = known?.type === 'model-version' ? (/ v\d+$/.exec(name)?.[0] ?? '') : '';
  const version = known?.type === 'dataset-version' ? known.version : null;
  return (
    <button
      type="button"
      className="lineage-row"
      data-row={row.uid}
      aria-pressed={chosen}
      title={
        row.path.length > 0
          ? 'Show the way in the graph (Enter); o opens its page'
          : 'Show it in the graph (Enter)'
      }
      onClick={() => props.onRow(row)}
      onKeyDown={(event) => {
        if (event.key !== 'o' || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        props.onPage(row.uid);
      }}
    >
      <Icon name={typeIcon(row.node.type)} size={14} />
      <span className="lineage-row-name">{name.slice(0, name.length - end.length)}</span>
      {end !== '' && <span className="lineage-row-end">{end}</span>}
      {version !== null && <span className="lineage-row-version mono">{version}</span>}
      <span className="faint">{typeWord(row.node.type)}</span>
    </button>
  );
}

function Known({ row }: { row: AnswerRow }) {
  if (row.doubt !== undefined) return <span className="lineage-why">{reasonWords[row.doubt.reason][0]}</span>;
  if (row.role !== undefined) return <>{row.role}</>;
  if (row.data !== undefined) return <Beginning data={row.data} />;
  if (row.strength === undefined) return null;
  return <StrengthMark strength={row.strength} />;
}

export function StrengthMark({ strength }: { strength: NonNullable<AnswerRow['strength']> }) {
  return (
    <span className={`strength ${strength}`} title={strengthWords[strength]}>
      <svg aria-hidden="true" width="22" height="6">
        <path d="M1 3h20" />
      </svg>
      {strength}
    </span>
  );
}

function Last(props: {
  row: AnswerRow;
  names: ReadonlyMap<string, GraphNode>;
  onNode: (uid: string) => void;
}) {
  const { row, names, onNode } = props;
  const { site } = useProject();
  if (row.data !== undefined) return <DataFacts data={row.data} />;
  if (row.doubt !== undefined) {
    const { at } = row.doubt;
    if (at === null) return <span className="faint">a node that you may not see</span>;
    const known = names.get(at.uid);
    return (
      <button type="button" className="link-button" onClick={() => onNode(at.uid)}>
        {known === undefined ? (at.name ?? at.uid.slice(0, 8)) : nodeName(known)}
      </button>
    );
  }
  const known = names.get(row.uid);
  if (row.serving.length === 0 && known !== undefined) return <span className="dim">{nodeNote(known)}</span>;
  const places = [...new Map(row.serving.map((one) => [`${one.endpoint} ${one.slot}`, one])).values()];
  return (
    <span className="lineage-places">
      {places.map(({ endpoint, slot, deployment }) =>
        endpoint === null ? null : (
          <Link key={deployment} {...endpointUrl(endpoint, site, { deployment })} className="text-link plain">
            {endpoint}
            {slot !== null && slot !== 'main' && <span className="faint"> {slot}</span>}
          </Link>
        ),
      )}
    </span>
  );
}

/** j and k, and the arrows, go through the rows. */
function moveRow(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to =
    step === undefined
      ? { Home: 0, End: rows.length - 1 }[event.key]
      : Math.max(0, Math.min(rows.length - 1, at + step));
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  rows[to]!.focus();
}

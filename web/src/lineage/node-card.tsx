/** A node in sight: what it is, and how much more there is on both sides of it. A fold: how many there are. */
import { Fragment, memo } from 'react';
import { countText } from '../format/numbers.ts';
import { exactTime } from '../format/times.ts';
import { OfProject } from '../layout/of-project.tsx';
import { Icon } from '../ui/icons.tsx';
import type { Item } from './graph.ts';
import { foldName, foldNote, nodeName, nodeNote, nodeTitle, typeIcon } from './lineage-words.ts';
import type { Direction } from './openings.ts';
import { leftOf, topOf } from './view.ts';

/** What the answer says of a node. */
export interface Mark {
  readonly kind: 'sure' | 'maybe' | 'unknown' | 'open';
  readonly text: string;
}

export interface CardProps {
  readonly item: Item;
  /** Changes when what is shown of it has. */
  readonly version: number;
  readonly hiddenUp: number;
  readonly hiddenDown: number;
  /** Of a fold: nodes that are not shown. */
  readonly rest: number;
  readonly isStart: boolean;
  readonly isChosen: boolean;
  readonly isOnWay: boolean;
  readonly isFaint: boolean;
  /** There is room for the name alone, on two lines. */
  readonly isSmall: boolean;
  readonly mark: Mark | undefined;
  readonly onChoose: (item: Item) => void;
  readonly onOpen: (item: Item, direction: Direction) => void;
  readonly onFold: (item: Item, all: boolean) => void;
  readonly onPage: (item: Item) => void;
}

export const NodeCard = memo(function NodeCard(props: CardProps) {
  const { item, isStart, isChosen, isOnWay, isFaint } = props;
  const classes = [
    ...['lineage-card', item.fold !== undefined && 'fold', isStart && 'start'],
    ...[isChosen && 'chosen', isOnWay && 'on-way', isFaint && 'faded'],
  ];
  return (
    <div
      className={classes.filter(Boolean).join(' ')}
      style={{ translate: `${leftOf(item)}px ${topOf(item)}px` }}
    >
      {item.fold === undefined ? <NodeFace {...props} /> : <FoldFace {...props} />}
      <Handle {...props} direction="up" hidden={props.hiddenUp} />
      <Handle {...props} direction="down" hidden={props.hiddenDown} />
    </div>
  );
});

function NodeFace(props: CardProps) {
  const { item, isStart, isChosen, isSmall, hiddenUp, hiddenDown, mark, onChoose, onPage } = props;
  const node = item.node!;
  const title = nodeTitle(node);
  const more = [
    ...(isStart ? ['asked about'] : []),
    ...(mark === undefined ? [] : [mark.text]),
    ...(hiddenUp > 0 ? [`${amount(hiddenUp)} more causes`] : []),
    ...(hiddenDown > 0 ? [`${amount(hiddenDown)} more effects`] : []),
    ...(node.deleted ? ['deleted'] : []),
  ];
  return (
    <button
      type="button"
      className="lineage-face"
      tabIndex={isChosen ? 0 : -1}
      data-node={item.key}
      aria-current={isChosen ? 'true' : undefined}
      title={`${title}${node.at > 0 ? `\n${exactTime(node.at)}` : ''}${mark === undefined ? '' : `\n${mark.text}`}`}
      onClick={() => onChoose(item)}
      onDoubleClick={() => onPage(item)}
    >
      <span className={`lineage-icon of-${node.kind}`}>
        <Icon name={typeIcon(node.type)} size={15} />
      </span>
      <span className="lineage-words">
        <span className={node.deleted ? 'lineage-name deleted' : 'lineage-name'}>
          {isSmall ? <Broken name={nodeName(node)} /> : nodeName(node)}
        </span>
        <span className="lineage-note">
          {nodeNote(node)} <OfProject project={node.project} />
        </span>
      </span>
      {more.length > 0 && <span className="visually-hidden">, {more.join(', ')}</span>}
      {mark !== undefined && <span className={`lineage-mark ${mark.kind}`} aria-hidden="true" />}
    </button>
  );
}

/** May break after a mark in it, before it breaks anywhere. */
function Broken({ name }: { name: string }) {
  return name.split(/(?<=[._/-])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name do not move
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

function FoldFace({ item, rest, isChosen, onChoose, onFold }: CardProps) {
  const fold = item.fold!;
  const name = foldName(fold, rest);
  return (
    <button
      type="button"
      className="lineage-face"
      tabIndex={isChosen ? 0 : -1}
      data-node={item.key}
      aria-current={isChosen ? 'true' : undefined}
      title={fold.masked ? undefined : 'Click to show some of them; with Shift all'}
      onClick={(event) => {
        onChoose(item);
        if (!fold.masked && rest > 0) onFold(item, event.shiftKey);
      }}
    >
      <span className="lineage-icon">
        <Icon name={fold.masked ? 'dots' : typeIcon(fold.name.type)} size={15} />
      </span>
      <span className="lineage-words">
        <span className="lineage-name">{name}</span>
        <span className="lineage-note">{foldNote(fold)}</span>
      </span>
    </button>
  );
}

function Handle(props: CardProps & { direction: Direction; hidden: number }) {
  const { item, direction, hidden, onOpen } = props;
  if (hidden === 0 || item.node === undefined) return null;
  const what = direction === 'up' ? 'causes' : 'effects';
  return (
    <button
      type="button"
      className={`lineage-handle ${direction}`}
      tabIndex={-1}
      aria-label={`+${amount(hidden)} ${what} of ${nodeTitle(item.node)}: show`}
      title={`${amount(hidden)} more ${what}`}
      onClick={() => onOpen(item, direction)}
    >
      +{amount(hidden)}
    </button>
  );
}

/** Counting stops at a hundred. */
const amount = (count: number) => (count >= 100 ? '99+' : countText(count));

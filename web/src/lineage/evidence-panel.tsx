/** What is chosen in the graph: the node, and of each link why it is believed: who said so, by which rule, since when. */
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from '@tanstack/react-router';
import { useState } from 'react';
import { eventQuery, type GraphEdge, type GraphNode, type OpenReason } from '../api/lineage.ts';
import { Ago } from '../format/ago.tsx';
import { countText } from '../format/numbers.ts';
import { exactTime } from '../format/times.ts';
import { useProject } from '../layout/use-project.ts';
import { CopiedValue } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { lineageUrl } from '../urls.ts';
import { StrengthMark } from './answer-table.tsx';
import type { Item, LineageGraph, Link } from './graph.ts';
import {
  edgeWord,
  foldName,
  foldNote,
  nodeName,
  nodeNote,
  reasonWords,
  strengthWords,
  typeIcon,
  typeWord,
  wholeName,
} from './lineage-words.ts';
import { nodeUrl } from './node-url.ts';
import { type Direction, sideKey } from './openings.ts';
import { SourcePart } from './source-part.tsx';
import { TaintNotes } from './taint-notes.tsx';
import { useDeclareWrong } from './use-declare-wrong.tsx';

/** Links of one side that are listed. */
const mostListed = 50;

export function EvidencePanel(props: {
  graph: LineageGraph;
  item: Item | undefined;
  /** The other end of the link that was walked last: it is unfolded. */
  from: string | undefined;
  openEnd: OpenReason | undefined;
  isStart: boolean;
  onGo: (item: Item) => void;
  onOpen: (item: Item, direction: Direction) => void;
}) {
  const { graph, item } = props;
  return (
    <aside className="lineage-side" aria-label="Evidence" data-version={graph.items.size}>
      {item === undefined ? (
        <p className="quiet">Choose a node to see what it is, and why each of its links is believed.</p>
      ) : item.fold !== undefined ? (
        <section className="side-section">
          <h2 className="lineage-side-title">{foldName(item.fold, graph.rest(item.fold))}</h2>
          <p className="quiet">{foldNote(item.fold)}</p>
        </section>
      ) : (
        <NodePart {...props} item={item} />
      )}
    </aside>
  );
}

function NodePart(props: Parameters<typeof EvidencePanel>[0] & { item: Item }) {
  const { graph, item, openEnd } = props;
  const { site } = useProject();
  const node = item.node!;
  const own = node.project === '' ? site : node.project === 'default' ? {} : { project: node.project };
  const url = nodeUrl(node, own);
  const wrong = useDeclareWrong({ uid: node.uid, name: suspectName(node), type: node.type });
  return (
    <>
      <section className="side-section" aria-labelledby="chosen-title">
        <h2 className="lineage-side-title" id="chosen-title">
          <Icon name={typeIcon(node.type)} size={16} />
          <span>{wholeName(node)}</span>
        </h2>
        <p className="quiet">{nodeNote(node)}</p>
        {openEnd !== undefined && (
          <p className="lineage-open-end" role="note">
            <b>Open end.</b> {reasonWords[openEnd][0]}
          </p>
        )}
        <TaintNotes uid={node.uid} />
        {(node.kind === 'artifact' || node.kind === 'asset') && (
          <SourcePart
            key={node.uid}
            uid={node.uid}
            name={nodeName(node)}
            isOpen={openEnd === 'no-producer' || openEnd === 'unbound' || isBeginning(graph, item)}
          />
        )}
        <p className="lineage-side-actions">
          {url !== undefined && (
            <RouterLink {...(url as never as ReturnType<typeof lineageUrl>)} className="button small">
              Open its page <kbd>o</kbd>
            </RouterLink>
          )}
          {!props.isStart && (
            <RouterLink {...lineageUrl(node.uid, own)} className="button small">
              Ask about this
            </RouterLink>
          )}
          {mayBeWrong(node) && (
            <button type="button" className="button small" onClick={wrong.ask}>
              {wrong.text}
            </button>
          )}
        </p>
        {wrong.dialog}
        <dl className="pairs">
          <Pair name="Type">{typeWord(node.type)}</Pair>
          {node.version !== null && (
            <Pair name="Version">
              <CopiedValue text={node.version} className="pair-value mono" />
            </Pair>
          )}
          {node.group !== null && node.group.name !== null && (
            <Pair name={groupWord(node.group.type)}>
              <CopiedValue text={node.group.name} />
            </Pair>
          )}
          {node.state !== null && <Pair name="State">{node.state}</Pair>}
          {node.at > 0 && (
            <Pair name={node.kind === 'execution' ? 'Started' : 'Recorded'}>
              <Ago time={node.at} />
            </Pair>
          )}
          <Pair name="uid">
            <CopiedValue text={node.uid} className="pair-value mono">
              {node.uid.slice(0, 12)}…
            </CopiedValue>
          </Pair>
        </dl>
      </section>
      <Links
        {...props}
        title="Comes from"
        links={item.causes}
        direction="up"
        hidden={graph.hidden(item, 'up')}
      />
      <Links
        {...props}
        title="Leads to"
        links={item.effects}
        direction="down"
        hidden={graph.hidden(item, 'down')}
      />
    </>
  );
}

/** What is there, and neither a place where things serve nor what only leads to things. */
const mayBeWrong = ({ kind, type }: GraphNode) =>
  (kind === 'artifact' || kind === 'asset' || kind === 'execution') &&
  type !== 'deployment' &&
  type !== 'endpoint';

const suspectName = (node: GraphNode) =>
  node.type === 'dataset-version' ? `${nodeName(node)} ${node.version ?? ''}`.trim() : nodeName(node);

/** Data that nothing is known to have made. */
function isBeginning(graph: LineageGraph, { key, node, causes }: Item): boolean {
  const isOpened = graph.sides.has(sideKey(key, 'up')) || node?.causes === 0;
  return isOpened && causes.length === 0 && (node?.type === 'dataset' || node?.type === 'dataset-version');
}

const groupWord = (type: string) =>
  type === 'project' ? 'Project' : `${typeWord(type)[0]?.toUpperCase()}${typeWord(type).slice(1)}`;

function Pair({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Links(props: {
  title: string;
  links: readonly Link[];
  direction: Direction;
  hidden: number;
  item: Item;
  from: string | undefined;
  onGo: (item: Item) => void;
  onOpen: (item: Item, direction: Direction) => void;
}) {
  const { title, links, direction, hidden, item, from, onGo, onOpen } = props;
  const told = links.filter(({ edges }) => edges.length > 0);
  if (told.length === 0 && hidden === 0) return null;
  const id = `links-${direction}`;
  const walked = told.findIndex((link) => otherEnd(link, direction).key === from);
  const first = told.slice(0, mostListed);
  const shown = walked >= mostListed ? [told[walked]!, ...first] : first;
  return (
    <section className="side-section" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>
          {title} <span className="faint">{countText(told.length)}</span>
        </h2>
        {hidden > 0 && (
          <button type="button" className="link-button" onClick={() => onOpen(item, direction)}>
            show {hidden >= 100 ? '99+' : countText(hidden)} more
          </button>
        )}
      </div>
      {shown.map((link) => (
        <LinkEvidence
          key={link.key}
          link={link}
          direction={direction}
          open={told.length === 1 || otherEnd(link, direction).key === from}
          onGo={onGo}
        />
      ))}
      {told.length > shown.length && (
        <p className="quiet">and {countText(told.length - shown.length)} more in the graph</p>
      )}
    </section>
  );
}

const otherEnd = (link: Link, direction: Direction) => (direction === 'up' ? link.from : link.to);

function LinkEvidence(props: {
  link: Link;
  direction: Direction;
  open: boolean;
  onGo: (item: Item) => void;
}) {
  const { link, direction, open, onGo } = props;
  const other = otherEnd(link, direction);
  const name = other.node === undefined ? '' : nodeName(other.node);
  return (
    <details className="lineage-link" open={open}>
      <summary data-evidence={open ? '' : undefined}>
        <span className="lineage-link-name">{name}</span>
        <StrengthMark strength={link.strength} />
      </summary>
      {!link.conducts && <p className="lineage-still">{stillText(link)}</p>}
      <ol>
        {link.edges.map((edge) => (
          <Assertion key={edge.edge} edge={edge} link={link} />
        ))}
      </ol>
      <button type="button" className="link-button" onClick={() => onGo(other)}>
        Go to {name}
      </button>
    </details>
  );
}

function stillText({ edges }: Link): string {
  return edges.some(({ kind }) => kind === 'generated')
    ? 'No way leads over it: what was made tells by explicit links what it comes from.'
    : 'No way leads over it: it was read to judge what came out, and nothing was learned from it.';
}

function Assertion({ edge, link }: { edge: GraphEdge; link: Link }) {
  const word = (item: Item) => (item.node === undefined ? '' : nodeName(item.node));
  const { strength, known, rule, face, principal, validFrom, validTo, knownFrom, knownTo, event } = edge;
  return (
    <li className={knownTo === null ? 'assertion' : 'assertion over'}>
      <p>
        <b>{word(link.from)}</b> {edgeWord(edge)} <b>{word(link.to)}</b>
      </p>
      <dl className="lineage-facts">
        <Pair name="How">
          <span title={strengthWords[strength]}>{known.replace('-', ' ')}</span>
          {strength === 'assumed' && known !== 'assumed-cartesian' && (
            <span className="faint">; on this way assumed, for it made several things</span>
          )}
        </Pair>
        {rule !== null && <Pair name="Rule">{rule}</Pair>}
        <Pair name="Said by">
          {principal} <span className="faint">through {faceWord(face)}</span>
        </Pair>
        <Pair name="Held">{interval(validFrom, validTo)}</Pair>
        <Pair name="Known">{interval(knownFrom, knownTo)}</Pair>
      </dl>
      {event !== null && <EventBody position={event} ends={[link.from, link.to]} />}
    </li>
  );
}

const faces: Readonly<Record<string, string>> = {
  ...{ native: 'the API', mlflow: 'MLflow', openlineage: 'OpenLineage', mlmd: 'ML Metadata' },
  ...{ import: 'an import', system: 'Cairn itself' },
};
const faceWord = (face: string) => faces[face] ?? face;

const shortFormat = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
});

function interval(from: number | null, to: number | null) {
  return (
    <span title={[from, to].flatMap((time) => (time === null ? [] : exactTime(time))).join(' to ')}>
      {from === null ? 'nobody said since when' : `since ${shortFormat.format(from)}`}
      {to !== null && `, until ${shortFormat.format(to)}`}
    </span>
  );
}

/** The event that said so, unfolded when it is asked for: of the project of the page, or of what the link joins. */
function EventBody({ position, ends }: { position: number; ends: readonly Item[] }) {
  const { project } = useProject();
  const [open, setOpen] = useState(false);
  const projects = [project, ...ends.map(({ node }) => node?.project ?? '')].filter((name) => name !== '');
  const event = useQuery({ ...eventQuery([...new Set(projects)], position), enabled: open });
  return (
    <div className="lineage-event">
      <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        Event {countText(position)}
      </button>
      {open && event.data !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre tabIndex={0}>
          {event.data === null
            ? 'This event is not to be had.'
            : `${event.data.action} by ${event.data.actor}\n${exactTime(event.data.recorded)}\n${JSON.stringify(event.data.body, undefined, 2) ?? 'Its body was erased.'}`}
        </pre>
      )}
    </div>
  );
}

/** The lineage explorer: the graph around a node, the answer to a question about it, and why each part of that is believed. */
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { answerUrl } from '../api/lineage.ts';
import { download } from '../compare/compare-csv.ts';
import { NavOpener } from '../layout/nav-opener.tsx';
import { ThemeButton } from '../layout/theme-button.tsx';
import { useProject } from '../layout/use-project.ts';
import type { LineageSearch } from '../lineage-urls.ts';
import { usePaletteActions } from '../palette/palette-state.ts';
import { dayText } from '../registry/timeline.ts';
import { ConnectionMark } from '../runs/page-head.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { changedSearch } from '../urls.ts';
import { type AnswerRow, answerCsv } from './answer.ts';
import { AnswerTable } from './answer-table.tsx';
import { EvidencePanel } from './evidence-panel.tsx';
import { LineageKeys } from './lineage-keys.tsx';
import { nodeNote, typeIcon, wholeName } from './lineage-words.ts';
import { NothingAsked } from './nothing-asked.tsx';
import { Stage, type StageHandle, StageTools } from './stage.tsx';
import { instantOf, momentsOf, TimeBar } from './time-bar.tsx';
import { useAnswer } from './use-answer.ts';
import { useEndpoint } from './use-endpoint.ts';
import { useExplorer } from './use-explorer.ts';
import { type Change, useGraphHands } from './use-graph-hands.ts';
import { useMarks } from './use-marks.ts';
import { useNews } from './use-news.ts';
import { useWay } from './use-way.ts';
import { Verdict } from './verdict.tsx';

const route = getRouteApi('/lineage');

export function LineagePage() {
  const search = route.useSearch();
  const { of } = search;
  if (of === '') return <NothingAsked key="none" />;
  return <Lineage key={`${search.project} ${of}`} search={search} />;
}

function Lineage({ search }: { search: LineageSearch }) {
  const { of, asOf, knownAt, at, way: wayTo, view } = search;
  const { project } = useProject();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const change: Change = (part, replace = true) =>
    void navigate({ replace, search: (before) => changedSearch<LineageSearch>(before, part) });

  const [all, setAll] = useState(false);
  const [preview, setPreview] = useState<number | undefined>();
  const [keys, setKeys] = useState(false);
  const [now] = useState(() => Date.now());
  const when = useMemo(() => ({ asOf: instantOf(asOf), knownAt: instantOf(knownAt) }), [asOf, knownAt]);

  const { question, ask, answer, names, query } = useAnswer(project, search, when, all);
  const list =
    answer?.lists.find(({ name }) => name === search.list) ??
    answer?.lists.find(({ count }) => count > 0) ??
    answer?.lists[0];
  const way = useWay(project, answer, list, wayTo, when, question);
  const explorer = useExplorer(queries, project, search, when, way);
  const { graph, version, busy, progress, error } = explorer.state;
  const news = useNews({ project, when, explorer, ask, question });
  const start = graph.item(of)?.node;
  const stage = useRef<StageHandle>(null);
  const isPlace = useEndpoint({ project, start, search, when, change, explorer, stage });
  const marks = useMarks(answer);
  const { links, items } = useMemo(
    () => wayParts(way?.steps ?? [], graph, version, way?.serves === true),
    [way, graph, version],
  );
  // Of a large graph this is much: it is done when there are more links, not at every step of opening them.
  const settled = useRef(0);
  if (!busy) settled.current = graph.links.size;
  const size = settled.current;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number stands for the links
  const moments = useMemo(() => momentsOf(graph), [graph, size]);
  const hands = useGraphHands({
    ...{ search, graph, version, stage, change, explorer, names, moments, asOf: when.asOf },
    onKeys: () => setKeys(true),
    onNews: news.text === '' ? undefined : news.take,
  });
  const drawn = items.size > 0 ? wayTo : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: that a way is drawn is the trigger
  useEffect(() => {
    if (drawn !== undefined) stage.current?.fit([...items].flatMap((key) => graph.item(key) ?? []));
  }, [drawn, items.size]);
  const name = start === undefined ? '' : wholeName(start);
  useEffect(() => {
    document.title = name === '' ? 'Lineage · Cairn' : `Lineage of ${name} · Cairn`;
  }, [name]);
  usePaletteActions([
    {
      text: 'What derives from it',
      icon: 'right',
      also: 'impact effects',
      run: () => change({ ask: undefined, list: undefined }),
    },
    {
      text: 'What it comes from',
      icon: 'left',
      also: 'ancestry causes',
      run: () => change({ ask: 'ancestry', list: undefined }),
    },
    {
      text: 'Which deployed models derive from it?',
      icon: 'deploy',
      also: 'impact serving',
      run: () => change({ ask: undefined, deployed: 'yes', list: undefined }),
    },
    { text: 'Show the whole graph', icon: 'expand', also: 'fit zoom', run: () => stage.current?.fit() },
  ]);

  if (error !== undefined)
    return error === 'absent' ? (
      <NothingAsked why="There is no such node here: the link may belong to another server or project, or the thing was removed for good." />
    ) : (
      <ProblemView alone error={error} onRetry={() => location.reload()} />
    );

  const chosen = graph.item(at ?? of) ?? graph.item(of);
  const showRow = (row: AnswerRow) => {
    change(
      {
        way: wayTo === row.uid ? undefined : row.uid,
        at: row.uid,
        ...(view === 'table' ? { view: undefined } : {}),
      },
      false,
    );
  };
  const goTo = (uid: string) => {
    const found = answer?.lists.some(({ rows }) =>
      rows.some((row) => row.uid === uid && row.path.length > 0),
    );
    hands.reveal(uid);
    change({ at: uid, ...(found ? { way: uid } : {}) }, false);
  };
  const openEnd = answer?.openEnds.find(({ node }) => node?.uid === chosen?.key)?.reason;
  return (
    <>
      <header className="run-head lineage-head">
        <div className="head">
          <NavOpener />
          <span className="crumb-type">
            {start !== undefined && <Icon name={typeIcon(start.type)} size={15} />}
            <span>Lineage of</span>
          </span>
          <h1 title={name}>{name === '' ? <span className="bone" style={{ width: 160 }} /> : name}</h1>
          {start !== undefined && <span className="lineage-of-note">{nodeNote(start)}</span>}
          <div className="head-tools">
            {when.knownAt === undefined && <ConnectionMark connection={news.connection} />}
            <button
              type="button"
              className="icon-button keys-opener"
              aria-label="Keys"
              title="Keys (?)"
              onClick={() => setKeys(true)}
            >
              <Icon name="keyboard" />
            </button>
            <ThemeButton />
          </div>
        </div>
        <div className="lineage-question">
          <fieldset className="segments" aria-label="Question">
            <button
              type="button"
              aria-pressed={ask === 'impact'}
              disabled={isPlace}
              title={isPlace ? 'Nothing derives from a place: ask about what it serves' : undefined}
              onClick={() => change({ ask: undefined, list: undefined, way: undefined })}
            >
              What derives from it
            </button>
            <button
              type="button"
              aria-pressed={ask === 'ancestry'}
              onClick={() => change({ ask: 'ancestry', list: undefined, way: undefined })}
            >
              What it comes from
            </button>
          </fieldset>
          {ask === 'impact' && (
            <label className="lineage-check">
              <input
                type="checkbox"
                checked={search.deployed === 'yes'}
                onChange={(event) =>
                  change({
                    deployed: event.target.checked ? 'yes' : undefined,
                    list: undefined,
                    way: undefined,
                  })
                }
              />
              only what is deployed
            </label>
          )}
          {answer !== undefined && (
            <Verdict
              {...{ answer, names }}
              judged={search.judged === 'yes'}
              onNode={goTo}
              onJudged={(judged) => change({ judged: judged ? 'yes' : undefined })}
            />
          )}
          <fieldset className="segments lineage-views" aria-label="Shown">
            {(['table', 'graph'] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={(view === 'graph') === (name === 'graph')}
                onClick={() => change({ view: name })}
              >
                {name === 'table' ? 'Answer' : 'Graph'}
              </button>
            ))}
          </fieldset>
        </div>
      </header>
      <div className={`lineage-page view-${view ?? 'both'}`}>
        <div className="lineage-main">
          <div className="lineage-graph">
            <Stage
              {...{ graph, version, busy, marks, preview, start: of, chosen: chosen?.key }}
              isComing={progress !== undefined}
              wayLinks={links}
              wayItems={items}
              handle={stage}
              onChoose={hands.choose}
              onOpen={hands.open}
              onFold={hands.unfold}
              onPage={hands.page}
              onKeyDown={hands.onKeyDown}
            />
            <StageTools handle={stage} />
            <Legend progress={progress} />
            <div className="lineage-news" role="status">
              {news.text !== '' && (
                <>
                  <span>{news.text}</span>
                  <button type="button" className="button small" onClick={news.take}>
                    Take it in <kbd>r</kbd>
                  </button>
                </>
              )}
            </div>
          </div>
          <TimeBar
            {...{ moments, now, asOf: when.asOf, knownAt: when.knownAt }}
            onPreview={setPreview}
            onAsOf={(time) => change({ asOf: time === undefined ? undefined : new Date(time).toISOString() })}
            onKnownAt={(day) => change({ knownAt: day })}
          />
          {query.isError && answer === undefined ? (
            <section className="lineage-answer" aria-label="Answer">
              <ProblemView error={query.error} onRetry={() => void query.refetch()} />
            </section>
          ) : answer === undefined || list === undefined ? (
            <AnswerBones />
          ) : (
            <AnswerTable
              {...{ answer, list, names, chosen: wayTo }}
              tools={
                <div className="lineage-exports">
                  <button
                    type="button"
                    className="button small"
                    onClick={() =>
                      download(
                        `lineage-${name || of}-${dayText(when.asOf ?? now)}.csv`,
                        answerCsv(answer, names),
                      )
                    }
                  >
                    <Icon name="save" size={13} /> CSV
                  </button>
                  <a
                    className="button small"
                    href={answerUrl(project, ask, question)}
                    target="_blank"
                    rel="noreferrer"
                  >
                    JSON
                  </a>
                </div>
              }
              onList={(next) => change({ list: next })}
              onRow={showRow}
              onNode={goTo}
              onPage={hands.pageOf}
              onMore={all ? undefined : () => setAll(true)}
            />
          )}
        </div>
        <EvidencePanel
          {...{ graph, item: chosen, openEnd }}
          from={hands.cameFrom}
          isStart={chosen?.key === of}
          onGo={(item) => hands.go(item)}
          onOpen={hands.open}
        />
      </div>
      {keys && <LineageKeys onClose={() => setKeys(false)} />}
    </>
  );
}

/** Links and nodes of the way, as the graph knows them. */
function wayParts(
  steps: readonly { readonly from: { readonly uid: string }; readonly to: { readonly uid: string } }[],
  graph: ReturnType<typeof useExplorer>['state']['graph'],
  _version: number,
  serves: boolean,
): { readonly links: ReadonlySet<string>; readonly items: ReadonlySet<string> } {
  const [links, items] = [new Set<string>(), new Set<string>()];
  for (const { from, to } of steps) {
    for (const key of [`${from.uid} ${to.uid}`, `${to.uid} ${from.uid}`])
      if (graph.links.has(key)) links.add(key);
    items.add(from.uid).add(to.uid);
  }
  const last = graph.item(steps.at(-1)?.to.uid ?? '');
  if (serves && last !== undefined)
    for (const link of last.effects) {
      if (!link.edges.some(({ kind }) => kind === 'serves')) continue;
      links.add(link.key);
      items.add(link.to.key);
    }
  return { links, items };
}

function Legend({ progress }: { progress: number | undefined }) {
  return (
    <div className="lineage-legend">
      {progress === undefined ? (
        <>
          {(['observed', 'inferred', 'assumed'] as const).map((strength) => (
            <span key={strength} className={`strength ${strength}`}>
              <svg aria-hidden="true" width="22" height="6">
                <path d="M1 3h20" />
              </svg>
              {strength === 'observed' ? 'observed or declared' : strength}
            </span>
          ))}
          <span className="strength still">
            <svg aria-hidden="true" width="22" height="6">
              <path d="M1 3h20" />
            </svg>
            does not conduct
          </span>
        </>
      ) : (
        <span role="status">{progress.toLocaleString('en')} nodes read…</span>
      )}
    </div>
  );
}

function AnswerBones() {
  return (
    <section className="lineage-answer" aria-label="Answer" aria-busy="true">
      <div className="lineage-answer-head">
        <span className="bone" style={{ width: 220 }} />
      </div>
    </section>
  );
}

/**
 * Keeps the opened part of the graph as a link asks for it: reads what is missing, adds it, and tells who looks. What is opened after
 * the rest is added to what stands; anything else is put together anew, each thing where it stood, and shown when it is whole.
 */
import type { QueryClient } from '@tanstack/react-query';
import {
  type GraphNode,
  type Neighbours,
  neighboursQuery,
  nodesQuery,
  type PathStep,
  type When,
} from '../api/lineage.ts';
import { LineageGraph } from './graph.ts';
import { type Direction, type Opening, openingsText } from './openings.ts';

/** Nodes of one page of a fold. */
const foldPage = 20;
/** Nodes that one request brings, and that a fold shows at most. */
const requestNodes = 1_000;
export const mostOfFold = 100_000;
/** Nodes after which a large fold is drawn again as far as it came. */
const tellAfter = 5_000;
/** Names asked for at once. */
const namesAtOnce = 100;

export interface Way {
  /** Where it begins. */
  readonly from: string;
  readonly steps: readonly PathStep[];
  readonly direction: Direction;
  /** It serves: where is shown too. */
  readonly serves: boolean;
}

export interface Wanted {
  readonly of: string;
  readonly openings: readonly Opening[];
  readonly when: When;
  readonly way: Way | undefined;
  /** Nodes that are shown by themselves: open ends that no way leads to. */
  readonly loose: readonly string[];
}

export interface ExplorerState {
  readonly graph: LineageGraph;
  /** Changes whenever the graph has. */
  readonly version: number;
  readonly busy: boolean;
  /** Nodes read so far of a large fold. */
  readonly progress: number | undefined;
  /** Why there is no graph. */
  readonly error: unknown;
}

export class Explorer {
  readonly #queries: QueryClient;
  readonly #project: string;
  readonly #onFailed: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  #state: ExplorerState = {
    ...{ graph: new LineageGraph(), version: 0, busy: true, progress: undefined, error: undefined },
  };
  #base = '';
  #applied: string[] = [];
  #turn = 0;
  #wanted: Wanted | undefined;
  /** What was read is old: everything is put together anew, each thing where it stands. */
  #isOld = false;

  constructor(queries: QueryClient, project: string, onFailed: (error: unknown) => void) {
    this.#queries = queries;
    this.#project = project;
    this.#onFailed = onFailed;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = () => this.#state;

  /** Makes the graph what is wanted; what was wanted before and is not there yet is given up. */
  async show(wanted: Wanted): Promise<void> {
    this.#wanted = wanted;
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    const base = JSON.stringify([wanted.of, wanted.when]);
    const tokens = wanted.openings.map((opening) => openingsText([opening]));
    const isMore =
      !this.#isOld &&
      base === this.#base &&
      this.#applied.every((token) => tokens.some((next) => extendsOpening(token, next)));
    const isSameNode = JSON.parse(this.#base || '[""]')[0] === wanted.of;
    const graph = isMore
      ? this.#state.graph
      : new LineageGraph(isSameNode ? this.#state.graph.places : new Map());
    const openings = isMore
      ? wanted.openings.filter((_, index) => !this.#applied.includes(tokens[index]!))
      : wanted.openings;
    this.#set({ busy: true });
    try {
      if (!isMore) {
        const [start] = await this.#queries.fetchQuery(nodesQuery(this.#project, [wanted.of], wanted.when));
        if (!isCurrent()) return;
        if (start === undefined) return this.#set({ error: 'absent', busy: false });
        graph.addNode(start);
      }
      // Asked for together, added in the order of the link.
      const answers = openings.map((opening) => this.#answers(opening, wanted.when, isCurrent));
      // Where nothing stands yet, or this is added to what stands, the pages of a large fold are shown as they come.
      const isShown = isMore || this.#state.graph.items.size === 0;
      let [read, told] = [0, 0];
      for (const [index, opening] of openings.entries()) {
        for (;;) {
          const page = await answers[index]!.next().catch((error: unknown) => this.#failed(error, isCurrent));
          if (!isCurrent()) return;
          if (page === undefined) break;
          add(graph, opening, page);
          read += page.edges.length;
          if (read < requestNodes || read < told) continue;
          told = read + tellAfter;
          this.#set({ progress: read, ...(isShown ? { graph } : {}) });
        }
        if (isMore) this.#set({});
      }
      const { way } = wanted;
      if (way !== undefined) {
        await this.#addLoose(graph, [way.from], wanted.when, isCurrent);
        await this.#addWay(graph, way, wanted.when, isCurrent);
      }
      await this.#addLoose(graph, wanted.loose, wanted.when, isCurrent);
      if (!isCurrent()) return;
      this.#base = base;
      this.#applied = tokens;
      if (!isMore) this.#isOld = false;
      this.#set({ graph, busy: false, progress: undefined, error: undefined });
    } catch (error) {
      if (isCurrent()) this.#set({ error, busy: false, progress: undefined });
    }
  }

  /** The same again, with what was recorded since. */
  readAgain(): void {
    this.#isOld = true;
    if (this.#wanted !== undefined) void this.show(this.#wanted);
  }

  /** Of nodes that are there what is known by now. */
  update(nodes: readonly GraphNode[]): void {
    for (const node of nodes) {
      const item = this.#state.graph.item(node.uid);
      if (item !== undefined) item.node = node;
    }
    this.#set({});
  }

  /** The pages of an opening: the next is read while the last is put in place. */
  #answers(opening: Opening, when: When, isCurrent: () => boolean): Pages {
    const { of, direction, fold, pages = 1 } = opening;
    const near = { of, direction, ...(fold === undefined ? {} : { type: fold.type, group: fold.group }) };
    const most = fold === undefined ? 100 : pages === 0 ? mostOfFold : pages * foldPage;
    return new Pages(most, (limit, cursor) =>
      isCurrent()
        ? this.#queries.fetchQuery(neighboursQuery(this.#project, near, when, { limit, cursor }))
        : undefined,
    );
  }

  async #addWay(graph: LineageGraph, way: Way, when: When, isCurrent: () => boolean): Promise<void> {
    graph.addWay(way.steps, way.direction);
    const last = way.steps.at(-1)?.to.uid;
    if (way.serves && last !== undefined && graph.item(last) !== undefined) {
      const answer = await this.#queries.fetchQuery(
        neighboursQuery(this.#project, { of: last, direction: 'down' }, when, { limit: 100 }),
      );
      if (isCurrent()) graph.openSide(last, 'down', answer);
    }
    const unnamed = way.steps.map(({ to }) => to.uid).filter((uid) => graph.item(uid)?.node?.project === '');
    for (const node of await this.#names(unnamed, when)) if (isCurrent()) graph.addNode(node);
  }

  async #addLoose(graph: LineageGraph, loose: readonly string[], when: When, isCurrent: () => boolean) {
    const missing = loose.filter((uid) => graph.item(uid) === undefined);
    for (const node of await this.#names(missing, when))
      if (isCurrent()) graph.addNode(node, 0, graph.columns.extent.slots[1] + 2);
  }

  async #names(uids: readonly string[], when: When): Promise<GraphNode[]> {
    const found: GraphNode[] = [];
    for (let from = 0; from < uids.length; from += namesAtOnce)
      found.push(
        ...(await this.#queries.fetchQuery(
          nodesQuery(this.#project, uids.slice(from, from + namesAtOnce), when),
        )),
      );
    return found;
  }

  #failed(error: unknown, isCurrent: () => boolean): undefined {
    if (isCurrent()) this.#onFailed(error);
  }

  #set(change: Partial<ExplorerState>): void {
    this.#state = { ...this.#state, ...change, version: this.#state.version + 1 };
    for (const listener of this.#listeners) listener();
  }
}

/** Whether an opening that was added is still wanted, perhaps with more pages. */
function extendsOpening(applied: string, next: string): boolean {
  if (applied === next) return true;
  const [before, after] = [applied.split('.'), next.split('.')];
  const [pages, more] = [Number(before.at(-1)), Number(after.at(-1))];
  return (
    before.length === 5 &&
    after.length === 5 &&
    before.slice(0, 4).join() === after.slice(0, 4).join() &&
    (more === 0 || (pages !== 0 && more >= pages))
  );
}

function add(graph: LineageGraph, { of, direction, fold }: Opening, page: Neighbours): void {
  if (fold === undefined) graph.openSide(of, direction, page);
  else graph.openFold(of, direction, fold, page);
}

/** Pages one after the other, each asked for as soon as the one before is there. */
class Pages {
  readonly #most: number;
  readonly #ask: (limit: number, cursor: string | undefined) => Promise<Neighbours> | undefined;
  #read = 0;
  #coming: Promise<Neighbours> | undefined;

  constructor(
    most: number,
    ask: (limit: number, cursor: string | undefined) => Promise<Neighbours> | undefined,
  ) {
    this.#most = most;
    this.#ask = ask;
    this.#begin(undefined);
  }

  /** Undefined after the last. */
  async next(): Promise<Neighbours | undefined> {
    const page = await this.#coming;
    this.#coming = undefined;
    if (page === undefined) return undefined;
    this.#read += page.edges.length;
    if (page.cursor !== undefined && this.#read < this.#most && page.edges.length > 0)
      this.#begin(page.cursor);
    return page;
  }

  #begin(cursor: string | undefined): void {
    this.#coming = this.#ask(Math.min(requestNodes, this.#most - this.#read), cursor);
    // Who asks for the page is told.
    this.#coming?.catch(() => {});
  }
}

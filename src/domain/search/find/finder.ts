/** Finds experiments and runs by what somebody typed or pasted: an id, a name, the beginning or the words of one. */
import { foldAscii } from '../../../engines/search/pattern.ts';
import type { ProjectId } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Graph } from '../../graph/index.ts';
import { candidates, type FoundNode, foundNodes, latestRuns } from './find-store.ts';

export interface Found {
  readonly experiments: readonly FoundNode[];
  readonly runs: readonly FoundNode[];
  /** False when names of older runs were not looked through for the middle of the text. */
  readonly complete: boolean;
}

export class Finder {
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** The best matches of each kind, at most `limit`; of an empty text the latest. Deleted ones only by their whole id. */
  async find(context: RequestContext, project: ProjectId, text: string, limit: number): Promise<Found> {
    const { projects } = context.scope;
    if (projects !== 'all' && !projects.includes(project))
      return { experiments: [], runs: [], complete: true };
    return this.#graph.db.scan(async (queries) => {
      const wanted = text.trim();
      if (wanted === '') {
        const runs = await foundNodes(queries, this.#graph, await latestRuns(queries, this.#graph, project));
        return { experiments: [], runs: runs.filter(isActive).sort(byAge).slice(0, limit), complete: true };
      }
      const { nodes, complete } = await candidates(queries, this.#graph, project, wanted);
      const found = await foundNodes(queries, this.#graph, [...nodes]);
      const ranked = found
        .map((node) => ({ node, rank: rankOf(node, wanted) }))
        .filter(({ node, rank }) => rank < none && (isActive(node) || rank === 0))
        .sort((a, b) => a.rank - b.rank || byAge(a.node, b.node))
        .map(({ node }) => node);
      const of = (kind: FoundNode['kind']) => ranked.filter((node) => node.kind === kind).slice(0, limit);
      return { experiments: of('experiment'), runs: of('run'), complete };
    }, context.signal);
  }
}

function isActive(node: FoundNode): boolean {
  return !node.deleted;
}

/** The latest first. */
function byAge(a: FoundNode, b: FoundNode): number {
  return (b.started ?? b.created) - (a.started ?? a.created) || b.node - a.node;
}

const none = 6;

/** 0: its id; 1: its name; 2: its id begins so; 3: its name does; 4: a word of it does; 5: it holds every word. */
function rankOf({ id, name }: FoundNode, text: string): number {
  const [typed, folded] = [foldAscii(text), foldAscii(name)];
  if (id === typed) return 0;
  if (folded === typed) return 1;
  if (typed.length >= 4 && id.length === 32 && id.startsWith(typed)) return 2;
  if (folded.startsWith(typed)) return 3;
  const words = typed.split(/\s+/);
  if (!words.every((word) => folded.includes(word))) return none;
  return words.every((word) => folded.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) ? 4 : 5;
}

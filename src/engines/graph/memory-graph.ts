/**
 * A graph in memory, as columns: some 85 bytes an edge and 40 a node. Edges are added one by one; those of a node hang together in both
 * directions, newest first, so one more costs the same however many there are. Who may see what is decided by each walk (`seenBy`).
 */
import type { Edge } from './edge.ts';
import {
  type EdgeRequest,
  type GraphStore,
  type NodeFacts,
  type NodeKind,
  nodeKinds,
} from './graph-store.ts';
import { IdIndex, larger } from './id-index.ts';

export interface KnownEdge extends Edge {
  /** ms: when it became known. */
  readonly knownFrom: number;
  /** ms, exclusive; null while it is believed. */
  readonly knownTo: number | null;
}

/** A node with whom it belongs to, a number of the store's. */
export interface OwnedFacts extends NodeFacts {
  readonly owner?: number;
}

/** What of the graph depends on who asks, and when. */
export interface Sight {
  /** Whose nodes are masked. */
  readonly isHidden?: (owner: number) => boolean;
  /** Which are origins to this question. */
  readonly isOrigin?: (node: NodeFacts) => boolean;
}

export class MemoryGraph implements GraphStore {
  readonly #nodes = new IdIndex();
  readonly #edges = new IdIndex();
  readonly #roles = new Map<string | null, number>([[null, 0]]);
  readonly #roleTexts: (string | null)[] = [null];
  #facts = new Uint8Array(1024);
  #types = new Float64Array(1024);
  #owners = new Float64Array(1024);
  /** First edge of a node in either direction, plus one. */
  #first = { source: new Int32Array(1024), target: new Int32Array(1024) };
  /** Kinds of its edges in either direction: most nodes have none of what is asked for, and their edges are not looked at. */
  #kinds = { source: new Uint8Array(1024), target: new Uint8Array(1024) };
  /** Eight of each edge, by `at`. */
  #links = new Int32Array(8 * 1024);
  /** Four of each edge: valid from and to, known from and to; NaN for none, of the last Infinity. */
  #times = new Float64Array(4 * 1024);
  #room = 1024;

  /** Bytes of all columns, the room for more included. */
  get bytes(): number {
    const columns = [this.#facts, this.#types, this.#owners, this.#first.source, this.#first.target];
    columns.push(this.#kinds.source, this.#kinds.target);
    const ofGraph = [...columns, this.#links, this.#times].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
    return ofGraph + this.#nodes.bytes + this.#edges.bytes;
  }

  get edgeCount(): number {
    return this.#edges.size;
  }

  /** Whether the node and what it is are known; one that only edges named is not. */
  has(id: number): boolean {
    const index = this.#nodes.find(id);
    return index >= 0 && this.#facts[index] !== 0;
  }

  setNode({ id, kind, type, masked, purged, origin, owner = 0 }: OwnedFacts): void {
    const index = this.#node(id);
    this.#types[index] = type;
    this.#owners[index] = owner;
    this.#facts[index] =
      0x80 | nodeKinds.indexOf(kind) | (masked ? 0x10 : 0) | (purged ? 0x20 : 0) | (origin ? 0x40 : 0);
  }

  /** One whose id is there already takes its place; its ends and kind never change. */
  setEdge(edge: KnownEdge): void {
    const isNew = this.#edges.find(edge.id) < 0;
    const index = this.#edges.add(edge.id);
    if (index === this.#room) this.#growEdges();
    const [source, target] = [this.#node(edge.source), this.#node(edge.target)];
    const explains = edge.explains === null ? 0 : this.#node(edge.explains) + 1;
    const { validFrom, validTo, knownFrom, knownTo } = edge;
    this.#times.set(
      [validFrom ?? Number.NaN, validTo ?? Number.NaN, knownFrom, knownTo ?? Infinity],
      index * 4,
    );
    const base = index * 8;
    const links = this.#links;
    links[base + at.kind] = edge.kind | (edge.how << 8);
    links[base + at.role] = this.#role(edge.role);
    links[base + at.explains] = explains;
    if (!isNew) return;
    links[base + at.source] = source;
    links[base + at.target] = target;
    links[base + at.nextOfSource] = this.#first.source[source]!;
    links[base + at.nextOfTarget] = this.#first.target[target]!;
    this.#first.source[source] = index + 1;
    this.#first.target[target] = index + 1;
    this.#kinds.source[source]! |= edge.kind;
    this.#kinds.target[target]! |= edge.kind;
  }

  edges(
    { end, nodes, kinds, knownAt, mostOfNode = Infinity, limit }: EdgeRequest,
    take: (edge: Edge) => void,
  ): void {
    const edge = new ReusedEdge();
    const { ids } = this.#nodes;
    const [links, times, first] = [this.#links, this.#times, this.#first[end]];
    const next = end === 'source' ? at.nextOfSource : at.nextOfTarget;
    const kindsAt = this.#kinds[end];
    let left = limit;
    for (const id of nodes) {
      const node = this.#nodes.find(id);
      if (node < 0 || (kindsAt[node]! & kinds) === 0) continue;
      let ofNode = mostOfNode;
      for (let place = first[node]!; place > 0; ) {
        const base = (place - 1) * 8;
        const index = place - 1;
        place = links[base + next]!;
        const kind = links[base + at.kind]!;
        if ((kind & kinds) === 0) continue;
        const time = index * 4;
        const knownTo = times[time + 3]!;
        if (times[time + 2]! > knownAt || (knownTo <= knownAt && knownTo !== Infinity)) continue;
        if (left-- <= 0) return;
        edge.id = this.#edges.ids[index]!;
        edge.source = ids[links[base + at.source]!]!;
        edge.target = ids[links[base + at.target]!]!;
        edge.kind = kind & 0xff;
        edge.how = kind >> 8;
        edge.role = this.#roleTexts[links[base + at.role]!]!;
        const explains = links[base + at.explains]!;
        edge.explains = explains === 0 ? null : ids[explains - 1]!;
        edge.validFrom = orNull(times[time]!);
        edge.validTo = orNull(times[time + 1]!);
        take(edge);
        if (--ofNode <= 0) break;
      }
    }
  }

  /** The graph as somebody sees it. */
  seenBy(sight: Sight): GraphStore {
    return {
      edges: (request, take) => this.edges(request, take),
      nodes: (ids, take) => this.nodes(ids, take, sight),
    };
  }

  nodes(ids: readonly number[], take: (node: NodeFacts) => void, { isHidden, isOrigin }: Sight = {}): void {
    const node = new ReusedNode();
    for (const id of ids) {
      const index = this.#nodes.find(id);
      const facts = index < 0 ? 0 : this.#facts[index]!;
      if (facts === 0) continue;
      node.id = id;
      node.kind = nodeKinds[facts & 3]!;
      node.type = this.#types[index]!;
      node.masked = (facts & 0x10) !== 0 || isHidden?.(this.#owners[index]!) === true;
      node.purged = (facts & 0x20) !== 0;
      node.origin = isOrigin === undefined ? (facts & 0x40) !== 0 : isOrigin(node);
      take(node);
    }
  }

  #node(id: number): number {
    const index = this.#nodes.add(id);
    if (index < this.#facts.length) return index;
    const capacity = this.#facts.length * 2;
    this.#facts = larger(this.#facts, new Uint8Array(capacity));
    this.#types = larger(this.#types, new Float64Array(capacity));
    this.#owners = larger(this.#owners, new Float64Array(capacity));
    this.#first = {
      source: larger(this.#first.source, new Int32Array(capacity)),
      target: larger(this.#first.target, new Int32Array(capacity)),
    };
    this.#kinds = {
      source: larger(this.#kinds.source, new Uint8Array(capacity)),
      target: larger(this.#kinds.target, new Uint8Array(capacity)),
    };
    return index;
  }

  #role(text: string | null): number {
    let role = this.#roles.get(text);
    if (role === undefined) {
      role = this.#roleTexts.push(text) - 1;
      this.#roles.set(text, role);
    }
    return role;
  }

  #growEdges(): void {
    this.#room *= 2;
    this.#links = larger(this.#links, new Int32Array(8 * this.#room));
    this.#times = larger(this.#times, new Float64Array(4 * this.#room));
  }
}

/** What stands where in `#links`. Edges of a node hang together, newest first: the next one, plus one. */
const at = { nextOfSource: 0, nextOfTarget: 1, source: 2, target: 3, kind: 4, role: 5, explains: 6 } as const;

class ReusedNode implements NodeFacts {
  id = 0;
  kind: NodeKind = 'other';
  type = 0;
  masked = false;
  purged = false;
  origin = false;
}

class ReusedEdge implements Edge {
  id = 0;
  source = 0;
  target = 0;
  kind = 0;
  how = 0;
  role: string | null = null;
  explains: number | null = null;
  validFrom: number | null = null;
  validTo: number | null = null;
}

const orNull = (time: number): number | null => (Number.isNaN(time) ? null : time);

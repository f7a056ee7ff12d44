/** What is opened stands in columns, and nothing that stands moves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GraphEdge, GraphNode, Neighbours, PathStep } from '../api/lineage.ts';
import { LineageGraph } from './graph.ts';
import { askedFor, newsOf, newsText } from './news.ts';
import { openingsOf, openingsText, sideKey, withOpening, withoutSide } from './openings.ts';
import { overscan, shifted, zoomed } from './view.ts';

const node = (uid: string, type = 'run', group = 'a'): GraphNode => ({
  ...{
    uid,
    type,
    project: 'default',
    kind: type === 'run' ? 'execution' : 'artifact',
    name: uid,
    version: null,
  },
  ...{ group: { uid: group, type: 'experiment', name: group }, state: null, at: 0, deleted: false },
  ...{ causes: 1, effects: 3 },
});
let edges = 0;
const edge = (from: string, to: string, more: Partial<GraphEdge> = {}): GraphEdge => ({
  ...{ edge: ++edges, kind: 'used', from, to, strength: 'observed', conducts: true, known: 'observed' },
  ...{ rule: null, role: null, face: 'native', principal: 'local', validFrom: 1, validTo: null },
  ...{ knownFrom: 1, knownTo: null, event: 1 },
  ...more,
});
const near = (of: string, uids: readonly string[], more: Partial<Neighbours> = {}): Neighbours => ({
  ...{ of: node(of, 'dataset-version'), count: uids.length, masked: 0 },
  groups: [
    {
      type: 'run',
      group: { uid: 'a', type: 'experiment', name: 'a' },
      strength: 'observed',
      count: uids.length,
    },
  ],
  nodes: uids.map((uid) => node(uid)),
  edges: uids.map((uid) => edge(of, uid)),
  ...more,
});
const placeOf = (graph: LineageGraph, key: string) => {
  const item = graph.item(key)!;
  return [item.layer, item.slot];
};

test('effects stand to the right, causes to the left, and what stands keeps its place', () => {
  const graph = new LineageGraph();
  graph.addNode(node('of', 'dataset-version'));
  graph.openSide('of', 'down', near('of', ['x', 'y', 'z']));
  const before = ['of', 'x', 'y', 'z'].map((key) => placeOf(graph, key));
  assert.deepEqual(before, [
    [0, 0],
    [1, -1],
    [1, 0],
    [1, 1],
  ]);
  graph.openSide('y', 'down', { ...near('y', ['m', 'n']), of: node('y') });
  const up = near('of', []);
  graph.openSide('of', 'up', { ...up, nodes: [node('c')], edges: [edge('c', 'of')], count: 1 });
  assert.deepEqual(
    ['of', 'x', 'y', 'z'].map((key) => placeOf(graph, key)),
    before,
  );
  assert.deepEqual([placeOf(graph, 'c'), graph.item('m')!.layer], [[-1, 0], 2]);
  assert.equal(graph.hidden(graph.item('x')!, 'down'), 3);
  assert.equal(graph.hidden(graph.item('x')!, 'up'), 0, 'its only cause is shown');
  // Put together anew, each thing where it stood.
  const again = new LineageGraph(graph.places);
  again.addNode(node('of', 'dataset-version'));
  again.openSide('of', 'down', near('of', ['z', 'new', 'x']));
  assert.deepEqual([placeOf(again, 'z'), placeOf(again, 'x')], [before[3], before[1]]);
  assert.deepEqual(placeOf(again, 'new'), [1, 0]);
});

test('many are folded by their groups, and unfold page by page until nothing is left', () => {
  const graph = new LineageGraph();
  graph.addNode(node('of', 'dataset-version'));
  const uids = Array.from({ length: 40 }, (_, index) => `r${index}`);
  const all = near('of', uids);
  graph.openSide('of', 'down', all);
  const fold = sideKey('of', 'down', { type: 'run', group: 'a' });
  assert.deepEqual([...graph.items.keys()], ['of', fold]);
  const name = { type: 'run', group: 'a' };
  const page = (from: number, to: number) => ({
    ...all,
    nodes: all.nodes.slice(from, to),
    edges: all.edges.slice(from, to),
  });
  graph.openFold('of', 'down', name, page(0, 20));
  assert.equal(graph.rest(graph.item(fold)!.fold!), 20);
  graph.openFold('of', 'down', name, page(20, 40));
  assert.equal(graph.item(fold), undefined);
  assert.deepEqual([graph.items.size, graph.columns.size, graph.item('of')!.effects.length], [41, 41, 40]);
});

test('of many groups the folds are by type; those that may not be seen are a fold of their own', () => {
  const graph = new LineageGraph();
  graph.addNode(node('of', 'dataset-version'));
  const groups = Array.from({ length: 30 }, (_, index) => ({
    ...{
      type: 'run',
      group: { uid: `g${index}`, type: 'experiment', name: null },
      strength: 'observed' as const,
    },
    count: 10,
  }));
  graph.openSide('of', 'down', near('of', [], { groups, count: 300, masked: 7, cursor: 'more' }));
  const folds = [...graph.items.values()].flatMap(({ fold }) => fold ?? []);
  assert.deepEqual(
    folds.map(({ name, total, masked }) => [name.type, name.group, total, masked]),
    [
      ['run', undefined, 300, false],
      ['', undefined, 7, true],
    ],
  );
});

test('a way is laid step by step with its evidence, in either direction', () => {
  const step = (from: string, to: string, kind: string): PathStep => {
    const { conducts: _, ...evidence } = edge(from, to, { kind });
    const view = (uid: string) => ({ uid, kind: 'artifact', type: 'run', name: uid });
    return { ...evidence, from: view(from), to: view(to) } as PathStep;
  };
  const graph = new LineageGraph();
  graph.addNode(node('model'));
  graph.addWay(
    [step('model', 'run', 'generated'), step('run', 'data', 'used'), step('data', 'twin', 'same')],
    'up',
  );
  assert.deepEqual(
    ['model', 'run', 'data', 'twin'].map((key) => graph.item(key)!.layer),
    [0, -1, -2, -2],
  );
  const [link] = graph.item('run')!.effects;
  assert.deepEqual([link!.to.key, link!.edges[0]!.from, link!.edges[0]!.to], ['model', 'run', 'model']);
});

test('a picture is moved as far as it covers the screen, and scaled a little, and not farther', () => {
  const size = { width: 1000, height: 400 };
  const drawn = { x: 10, y: 20, scale: 1 };
  assert.deepEqual(shifted(drawn, drawn, size), { x: 0, y: 0, by: 1 });
  assert.deepEqual(shifted(drawn, { x: 110, y: -80, scale: 1 }, size), { x: 100, y: -100, by: 1 });
  assert.equal(shifted(drawn, { x: 10 + overscan + 1, y: 20, scale: 1 }, size), undefined);
  assert.equal(shifted(drawn, { x: 10, y: 20 - overscan - 1, scale: 1 }, size), undefined);
  // A place of the graph comes to where the new view has it: its old place on the picture, scaled and moved.
  const now = zoomed(drawn, 1.2, { x: 500, y: 200 });
  const shift = shifted(drawn, now, size)!;
  const onPicture = { x: overscan + drawn.x + 300, y: overscan + drawn.y + 50 };
  assert.ok(Math.abs(shift.x - overscan + shift.by * onPicture.x - (now.x + 300 * now.scale)) < 1e-9);
  assert.ok(Math.abs(shift.y - overscan + shift.by * onPicture.y - (now.y + 50 * now.scale)) < 1e-9);
  assert.equal(shifted(drawn, zoomed(drawn, 1.5, { x: 500, y: 200 }), size), undefined);
});

test('what is opened survives its link', () => {
  const openings = openingsOf('a1.d,a1.d.my%2Etype..3,b-2.u,b-2.d.run.g9.0,nonsense,x.q,c.d.run.g.-1');
  assert.deepEqual(openings, [
    { of: 'a1', direction: 'down' },
    { of: 'a1', direction: 'down', fold: { type: 'my.type', group: undefined }, pages: 3 },
    { of: 'b-2', direction: 'up' },
    { of: 'b-2', direction: 'down', fold: { type: 'run', group: 'g9' }, pages: 0 },
  ]);
  assert.equal(openingsText(openings), 'a1.d,a1.d.my%2Etype..3,b-2.u,b-2.d.run.g9.0');
  const more = withOpening(openings, {
    of: 'a1',
    direction: 'down',
    fold: { type: 'my.type', group: undefined },
    pages: 4,
  });
  assert.deepEqual([more.length, more[1]!.pages], [4, 4]);
  assert.deepEqual(withoutSide(openings, 'a1', 'down').length, 2);
});

test('what is recorded later is told where it would move something, and put in place elsewhere', () => {
  const graph = new LineageGraph();
  const [start, closed] = [node('start'), { ...node('closed'), effects: 1 }];
  graph.addNode(start);
  graph.openSide('start', 'down', {
    ...{ of: start, count: 1, masked: 0, groups: [], nodes: [closed], edges: [edge('start', 'closed')] },
  });
  assert.deepEqual(askedFor(graph, 10), ['start', 'closed']);
  assert.deepEqual(newsOf(graph, [start, closed]), { links: 0, nodes: [] });
  const other = { ...closed, effects: 3, state: 'finished' };
  const { links, nodes } = newsOf(graph, [{ ...start, effects: start.effects + 2 }, other]);
  assert.deepEqual([links, nodes], [2, [other]]);
  assert.equal(newsText(2, true), '2 links have changed here, and so has the answer');
  assert.equal(newsText(0, true), 'The answer has changed');
  assert.equal(newsText(0, false), '');
});

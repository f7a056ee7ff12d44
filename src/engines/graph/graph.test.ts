/** The rule, one sentence of README.md after the other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commonAncestors } from './ancestors-of-all.ts';
import { edgeBits, isEvaluation, type Strength, type WalkedKind, weaknessOf } from './edge.ts';
import type { NodeFacts, NodeKind } from './graph-store.ts';
import { MemoryGraph } from './memory-graph.ts';
import type { Traversal } from './traversal.ts';
import { type TraversalRequest, traverse } from './traverse.ts';

const limits = { nodes: 1_000_000, edges: 10_000_000 };

interface EdgeOptions {
  readonly how?: Strength;
  readonly role?: string;
  readonly explains?: string;
  readonly from?: number | null;
  readonly to?: number;
  readonly knownFrom?: number;
  readonly knownTo?: number;
}

/** A graph told in names: `train` and what begins with `run` are executions, `s3` begins an asset, the others are artifacts. */
class Story {
  readonly store = new MemoryGraph();
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, string>();
  #edges = 1_000_000;

  node(name: string, facts: Partial<NodeFacts> = {}): number {
    const known = this.#ids.get(name);
    if (known !== undefined && Object.keys(facts).length === 0) return known;
    const id = known ?? this.#ids.size + 1;
    this.#ids.set(name, id);
    this.#names.set(id, name);
    const kind: NodeKind = /^(train|run|serve)/.test(name)
      ? 'execution'
      : name.startsWith('s3')
        ? 'asset'
        : 'artifact';
    this.store.setNode({ id, kind, type: 0, masked: false, purged: false, origin: false, ...facts });
    return id;
  }

  /** `raw used train`. */
  edge(text: string, options: EdgeOptions = {}): this {
    const [source, kind, target] = text.split(' ') as [string, WalkedKind, string];
    this.store.setEdge({
      ...{ id: this.#edges++, source: this.node(source), target: this.node(target), kind: edgeBits[kind] },
      ...{ how: weaknessOf(options.how ?? 'observed'), role: options.role ?? null },
      explains: options.explains === undefined ? null : this.node(options.explains),
      validFrom: options.from === undefined ? 0 : options.from,
      ...{ validTo: options.to ?? null, knownFrom: options.knownFrom ?? 0, knownTo: options.knownTo ?? null },
    });
    return this;
  }

  walk(direction: 'down' | 'up', start: string, options: Partial<TraversalRequest> = {}): Promise<Traversal> {
    return traverse(this.store, { starts: [this.node(start)], direction, limits, ...options });
  }

  /** `model observed 2`, without the start, by name. */
  async found(direction: 'down' | 'up', start: string, options: Partial<TraversalRequest> = {}) {
    return this.told(await this.walk(direction, start, options));
  }

  told(traversal: Traversal): string[] {
    return [...traversal.found()]
      .filter((found) => !found.start)
      .map(({ node, strength, hops }) => `${this.name(node)} ${strength} ${hops}`)
      .sort();
  }

  ends(traversal: Traversal): string[] {
    return [...traversal.openEnds()].map(({ node, reason }) => `${this.name(node)} ${reason}`).sort();
  }

  path(traversal: Traversal, node: string): string[] {
    return traversal
      .path(this.node(node))!
      .map(({ kind, to, strength }) => `${kind} ${this.name(to)} ${strength}`);
  }

  name(id: number): string {
    return this.#names.get(id)!;
  }
}

describe('derivation', () => {
  it('goes through an execution from what it used to what it generated', async () => {
    const story = new Story().edge('raw used train').edge('train generated model');
    assert.deepEqual(await story.found('down', 'raw'), ['model observed 2', 'train observed 1']);
    assert.deepEqual(await story.found('up', 'model'), ['raw observed 2', 'train observed 1']);
  });

  it('does not go through what was used to evaluate, says so, and does if it is asked to', async () => {
    const story = new Story().edge('holdout used train', { role: 'Test' }).edge('train generated model');
    const walk = await story.walk('down', 'holdout');
    assert.deepEqual([story.told(walk), walk.leftOut.evaluation.size, walk.complete], [[], 1, true]);
    assert.equal((await story.walk('up', 'model')).leftOut.evaluation.size, 1);
    const all = { includeEvaluation: true };
    assert.deepEqual(await story.found('down', 'holdout', all), ['model observed 2', 'train observed 1']);
  });

  it('takes the explicit edges of an output instead of all inputs', async () => {
    const story = new Story().edge('a used run').edge('b used run').edge('run generated out');
    story.edge('a derived out', { how: 'declared' });
    assert.deepEqual(await story.found('down', 'a'), ['out declared 1', 'run observed 1']);
    assert.deepEqual(await story.found('down', 'b'), ['run observed 1']);
    const up = await story.walk('up', 'out');
    assert.deepEqual(story.told(up), ['a declared 1', 'run observed 1']);
    assert.equal(up.reached(story.node('run'))?.aside, true);
    assert.equal(up.leftOut.replaced.size, 1);
    assert.deepEqual(await story.found('down', 'run'), ['out observed 1'], 'it made it all the same');
  });

  it('assumes that every output of several comes from every input, and leaves that out if asked for better', async () => {
    const story = new Story().edge('raw used run').edge('run generated one').edge('run generated two');
    assert.deepEqual(await story.found('down', 'raw'), ['one assumed 2', 'run observed 1', 'two assumed 2']);
    assert.deepEqual(await story.found('up', 'one'), ['raw assumed 2', 'run observed 1']);
    const strict = await story.walk('down', 'raw', { weakest: 'inferred' });
    assert.deepEqual([story.told(strict), strict.leftOut.weaker.size], [['run observed 1'], 2]);
    assert.deepEqual(await story.found('down', 'run'), ['one observed 1', 'two observed 1']);
  });

  it('counts outputs that are the same thing as one', async () => {
    const story = new Story().edge('raw used run').edge('run generated mine').edge('run generated yours');
    story.edge('mine same hub').edge('yours same hub');
    const expected = ['hub observed 2', 'mine observed 2', 'run observed 1', 'yours observed 2'];
    assert.deepEqual(await story.found('down', 'raw'), expected);
  });

  it('goes to what is the same at no cost, as strong as that is known', async () => {
    const story = new Story().edge('mine same yours', { how: 'inferred' }).edge('yours used train');
    assert.deepEqual(await story.found('down', 'mine'), ['train inferred 1', 'yours inferred 0']);
  });
});

describe('a read of a thing without a version', () => {
  const bound = () =>
    new Story()
      .edge('v1 version-of s3://raw')
      .edge('v2 version-of s3://raw')
      .edge('s3://raw used train')
      .edge('v1 binds train', { how: 'inferred', explains: 's3://raw' })
      .edge('train generated model');

  it('is of the version that it is bound to', async () => {
    const story = bound();
    assert.deepEqual(await story.found('down', 'v1'), ['model inferred 2', 'train inferred 1']);
    assert.deepEqual(await story.found('down', 'v2'), []);
    const up = await story.walk('up', 'model');
    assert.deepEqual(story.told(up), ['train observed 1', 'v1 inferred 2']);
    assert.deepEqual(story.ends(up), ['v1 no-producer']);
  });

  it('may be of any version where it is bound to none, and is an open end on the way up', async () => {
    const story = new Story()
      .edge('v1 version-of s3://raw')
      .edge('s3://raw used train')
      .edge('train generated model');
    const down = await story.walk('down', 'v1');
    assert.deepEqual(story.told(down), ['model assumed 2', 'train assumed 1']);
    const expected = ['version-of s3://raw assumed', 'used train observed', 'generated model observed'];
    assert.deepEqual(story.path(down, 'model'), expected);
    assert.deepEqual(story.ends(await story.walk('up', 'model')), ['s3://raw unbound']);
  });

  it('does not conduct through a binding when it was for a test', async () => {
    const story = new Story()
      .edge('s3://raw used train', { role: 'validation' })
      .edge('train generated model');
    story.edge('v1 binds train', { explains: 's3://raw' });
    const walk = await story.walk('down', 'v1');
    assert.deepEqual([story.told(walk), walk.leftOut.evaluation.size], [[], 1]);
  });

  it('leaves no open end at the record of the read once a binding explains it', async () => {
    const story = new Story().edge('seen used train').edge('train generated model');
    story.edge('written binds train', { explains: 'seen', how: 'inferred' });
    story.node('written', { origin: true });
    const walk = await story.walk('up', 'model');
    assert.deepEqual(story.told(walk), ['seen observed 2', 'train observed 1', 'written inferred 2']);
    assert.equal(walk.complete, true);
  });
});

describe('the best way', () => {
  it('is the one whose weakest step is strongest, then the shortest', async () => {
    const story = new Story().edge('raw derived model', { how: 'inferred' });
    story
      .edge('raw derived a')
      .edge('a derived b')
      .edge('b derived model')
      .edge('model derived copy', { how: 'inferred' });
    const walk = await story.walk('down', 'raw');
    assert.deepEqual(story.path(walk, 'model'), [
      'derived a observed',
      'derived b observed',
      'derived model observed',
    ]);
    assert.deepEqual(
      story.path(walk, 'copy'),
      ['derived model inferred', 'derived copy inferred'],
      'no longer than it must',
    );
    assert.deepEqual(walk.path(story.node('raw')), []);
    assert.equal(walk.path(999), undefined);
  });
});

describe('time', () => {
  const late = () =>
    new Story()
      .edge('raw used train', { from: 100, knownFrom: 500 })
      .edge('train generated model', { from: 110, knownFrom: 120 });

  it('shows what held at an instant, as it was known at another', async () => {
    const story = late();
    const both = ['model observed 2', 'train observed 1'];
    assert.deepEqual(await story.found('down', 'raw', { asOf: 110 }), both);
    assert.deepEqual(await story.found('down', 'raw', { asOf: 109 }), ['train observed 1']);
    assert.deepEqual(await story.found('down', 'raw', { asOf: 99 }), []);
    assert.deepEqual(await story.found('down', 'raw', { asOf: 200, knownAt: 499 }), []);
    assert.deepEqual(await story.found('down', 'raw', { asOf: 200, knownAt: 500 }), both);
  });

  it('is in doubt where an edge does not tell when it began, or ended before it began', async () => {
    const story = new Story()
      .edge('raw used train', { from: null })
      .edge('raw used run', { from: 20, to: 10 });
    assert.equal((await story.walk('down', 'raw')).openEndCounts.untimed, 0, 'no instant was asked about');
    const walk = await story.walk('down', 'raw', { asOf: 15 });
    assert.deepEqual(story.told(walk), ['train observed 1']);
    assert.deepEqual(story.ends(walk), ['raw contradictory', 'raw untimed']);
    const same = new Story().edge('raw same copy', { from: null }).edge('copy used train');
    assert.deepEqual(story.ends(await same.walk('down', 'raw', { asOf: 15 })), []);
  });
});

describe('completeness', () => {
  it('names where the ancestry is not told, and is reached when sources are declared', async () => {
    const story = new Story().edge('raw used run1').edge('run1 generated mid').edge('mid used train');
    story.edge('train generated model').edge('run2 generated extra').edge('extra used train');
    assert.deepEqual(story.ends(await story.walk('up', 'model')), ['raw no-producer', 'run2 no-input']);
    story.node('raw', { origin: true });
    story.node('run2', { origin: true });
    assert.equal((await story.walk('up', 'model')).complete, true);
  });

  it('tells of many starts which are in doubt, and by what', async () => {
    const story = new Story().edge('raw used run1').edge('run1 generated sure').edge('run2 generated other');
    story.node('raw', { origin: true });
    const starts = [story.node('sure'), story.node('other')];
    const walk = await traverse(story.store, { starts, direction: 'up', limits, trace: true });
    const doubts = [...walk.doubts()].map(([start, doubt]) => [
      story.name(start),
      story.name(doubt.node),
      doubt.reason,
      doubt.steps,
    ]);
    assert.deepEqual(doubts, [['other', 'run2', 'no-input', 1]]);
  });

  it('does not pass through what the reader may not see, and counts it', async () => {
    const story = new Story().edge('raw used run').edge('run generated model');
    story.node('run', { masked: true });
    const walk = await story.walk('down', 'raw');
    assert.deepEqual([story.told(walk), story.ends(walk)], [['run observed 1'], ['run masked']]);
    assert.equal(walk.reached(story.node('run'))?.masked, true);
  });

  it('passes through what was purged, and says so', async () => {
    const story = new Story().edge('raw used run').edge('run generated model');
    story.node('run', { purged: true });
    const walk = await story.walk('down', 'raw');
    assert.deepEqual([story.told(walk).length, story.ends(walk)], [2, ['run purged']]);
  });

  it('ends at the depth it is given, without a hop among what is the same', async () => {
    const story = new Story().edge('raw same copy').edge('copy used run').edge('run generated model');
    const walk = await story.walk('down', 'raw', { depth: 1 });
    assert.deepEqual(
      [story.told(walk), story.ends(walk)],
      [['copy observed 0', 'run observed 1'], ['run depth']],
    );
    assert.deepEqual(await story.found('down', 'raw', { depth: 0 }), ['copy observed 0']);
  });
});

describe('extremes', () => {
  it('walks cycles once', async () => {
    const story = new Story()
      .edge('a used run')
      .edge('run generated b')
      .edge('b used run2')
      .edge('run2 generated a');
    assert.equal((await story.found('down', 'a')).length, 3);
    story.edge('a same a').edge('b same a');
    assert.equal((await story.found('up', 'a')).length, 3);
  });

  it('stops at a hub within its limits, and says that it did', async () => {
    const story = new Story();
    const hub = story.node('hub');
    for (let reader = 10; reader < 200_010; reader++) {
      story.store.setNode({
        ...{ id: reader, kind: 'execution', type: 0, masked: false },
        purged: false,
        origin: false,
      });
      story.store.setEdge({
        ...{ id: 1e6 + reader, source: hub, target: reader, kind: edgeBits.used, how: 1, role: null },
        ...{ explains: null, validFrom: 0, validTo: null, knownFrom: 0, knownTo: null },
      });
    }
    const few = await story.walk('down', 'hub', { limits: { nodes: 1_000, edges: 1e6 } });
    assert.deepEqual([[...few.found()].length, few.complete, few.openEndCounts.limit], [1_000, false, 1]);
    const read = await story.walk('down', 'hub', { limits: { nodes: 1e6, edges: 5_000 } });
    assert.deepEqual([[...read.found()].length, read.complete], [5_001, false]);
    const all = await story.walk('down', 'hub');
    assert.deepEqual([[...all.found()].length, all.complete], [200_001, true]);
    assert.deepEqual(await story.found('up', 'hub'), [], 'what reads it is no matter on the way up');
  });

  it('lets others have the thread between batches, and gives up when they say so', async () => {
    const story = new Story().edge('a derived b');
    let pauses = 0;
    await story.walk('down', 'a', { pause: () => void pauses++ });
    assert.ok(pauses > 1);
    const gone = new Error('the caller has gone');
    const given = story.walk('down', 'a', {
      pause: () => {
        throw gone;
      },
    });
    await assert.rejects(given, gone);
  });

  it('filters what it tells, not what it walks', async () => {
    const story = new Story().edge('a used run').edge('run generated b');
    story.node('b', { type: 7 });
    const walk = await story.walk('down', 'a');
    const names = (filter: Parameters<Traversal['found']>[0]) =>
      [...walk.found(filter)].map(({ node }) => story.name(node));
    assert.deepEqual(names({ kinds: ['artifact'] }), ['a', 'b']);
    assert.deepEqual(names({ types: [7] }), ['b']);
    assert.deepEqual(names({ weakest: 'observed' }), ['a', 'run', 'b']);
  });
});

describe('common ancestors', () => {
  it('are those of all, the nearest first', async () => {
    const story = new Story()
      .edge('raw derived clean')
      .edge('clean derived left')
      .edge('clean derived right');
    story.edge('left derived model').edge('other derived model');
    const up = (name: string) => story.walk('up', name, { trace: true });
    const walks = [await up('model'), await up('right')];
    const { ancestors, count } = commonAncestors(walks, 10);
    const told = ancestors.map(({ node, nearest, ways }) =>
      [story.name(node), nearest, ...ways.map(({ hops }) => hops)].join(' '),
    );
    assert.deepEqual(told, ['clean true 2 1', 'raw false 3 2']);
    assert.equal(count, 2);
    assert.deepEqual(commonAncestors(walks, 1), { count: 2, ancestors: ancestors.slice(0, 1) });
    const own = commonAncestors([await up('clean'), await up('left')], 10).ancestors;
    assert.deepEqual([story.name(own[0]!.node), own.length], ['clean', 2], 'a node is its own ancestor');
  });
});

it('knows what inputs are for', () => {
  for (const role of [
    'test',
    'Test',
    ' eval ',
    'evaluation',
    'validation-set',
    'val_2024',
    'holdout',
    'TESTING',
  ])
    assert.equal(isEvaluation(role), true, role);
  for (const role of [
    null,
    '',
    'train',
    'training',
    'latest',
    'testament',
    'valuable',
    'evaluator model',
    'reference',
  ])
    assert.equal(isEvaluation(role), false, String(role));
});

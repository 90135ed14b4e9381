import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { aggregated, chainRun, delivered, ending, lived, queued, sent, started, trained } from './runs.mjs';

const { StoryOfRun, followBack, cut, onlyFrom, rowsOf, sourcesOf, coneHeat } = await load('story.ts', 'time/ribbons.ts', 'time/sources.ts', 'time/cone.ts');

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test('the example of the guide: a quarter ann, a quarter ben, half carl; her training counts a quarter', () => {
  const way = chainRun(StoryOfRun).way(7);
  const ribbons = followBack(way, 2);
  assert.ok(ribbons.exact);
  assert.deepEqual([...ribbons.initial].sort(), [[0, 0.25], [1, 0.25], [2, 0.5]]);
  assert.deepEqual([...ribbons.messages].sort(), [[0, 0.25], [1, 0.5]]);
  assert.deepEqual([...ribbons.trainings.values()], [0.25]);
  assert.deepEqual(sourcesOf(way, ribbons, (k) => 'abc'[k]).sort((x, y) => (x.node < y.node ? -1 : 1)), [
    { node: 'a', initial: 0.25, trained: 0.25, trainings: 1 },
    { node: 'b', initial: 0.25, trained: 0, trainings: 0 },
    { node: 'c', initial: 0.5, trained: 0, trainings: 0 },
  ]);
});

test('at every cut the weights sum to 1', () => {
  const way = chainRun(StoryOfRun).way(7);
  const ribbons = followBack(way, 2);
  for (let seq = -1; seq < way.lastSeq; seq++) near(cut(way, ribbons, seq), 1);
});

/** A random linear run: floods on a ring, some lost, records used again, weights that sum to 1. */
function randomRun(seed) {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const nodes = ['a', 'b', 'c', 'd', 'e'];
  let message = 0;
  const records = nodes.map(() => new Map());
  const commands = [];
  for (let round = 0; round < 6; round++) {
    const events = [];
    for (const node of nodes) if (random() < 0.5) events.push(started(node), trained(node));
    for (let k = 0; k < nodes.length; k++) {
      const to = (k + 1 + Math.floor(random() * 2)) % nodes.length;
      const [from, goal] = [nodes[k], nodes[to]];
      events.push(queued(message, from, goal), sent(message, from, goal));
      if (random() < 0.8) {
        events.push(delivered(message, from, goal));
        records[to].set(from, message);
      }
      message++;
    }
    nodes.forEach((node, k) => {
      if (random() < 0.3) return;
      const peers = [...records[k].keys()];
      const raw = [random() + 0.1, ...peers.map(() => random() + 0.1)];
      const sum = raw.reduce((x, y) => x + y);
      const weights = raw.map((w) => w / sum);
      events.push(aggregated(node, peers, weights[0], weights.slice(1), peers.map((p) => records[k].get(p))));
      if (random() < 0.5) records[k].clear();
    });
    commands.push([`round ${round}`, [round + 1, round], events]);
  }
  return lived(StoryOfRun, nodes, ...commands).way(6);
}

test('at every cut of random linear runs the weights sum to 1, and what is left at the start too', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const way = randomRun(seed);
    for (let node = 0; node < 5; node++) {
      const ribbons = followBack(way, node);
      near([...ribbons.initial.values()].reduce((x, y) => x + y, 0), 1);
      for (let seq = -1; seq < way.lastSeq; seq++) near(cut(way, ribbons, seq), 1);
    }
  }
});

test('what is queued while a training goes on does not have it', () => {
  const story = lived(StoryOfRun, ['a', 'b'],
    ['run 1s', [1, 0], [started('a'), queued(0, 'a', 'b'), sent(0, 'a', 'b'), delivered(0, 'a', 'b'), trained('a', 9)]],
    ['ag b', [2, 1], [aggregated('b', ['a'], 0, [1], [0], 9)]]);
  assert.equal(followBack(story.way(2), 1).trainings.size, 0);
});

test('a rule without weights makes an estimate that counts alike', () => {
  const story = lived(StoryOfRun, ['a', 'b', 'c'],
    ['flood', [1, 0], [queued(0, 'a', 'c'), queued(1, 'b', 'c')]],
    ['nstep', [2, 1], [sent(0, 'a', 'c'), sent(1, 'b', 'c'), delivered(0, 'a', 'c'), delivered(1, 'b', 'c')]],
    ['ag c', [3, 2], [aggregated('c', ['a', 'b'], null, null, [0, 1])]]);
  const ribbons = followBack(story.way(3), 2);
  assert.equal(ribbons.exact, false);
  for (const share of ribbons.initial.values()) near(share, 1 / 3);
});

test('only what is due to one source: its share of initial parameters and trainings in what is carried', () => {
  const way = chainRun(StoryOfRun).way(7);
  const ribbons = followBack(way, 2);
  const ann = onlyFrom(way, ribbons, 0);
  // ann's message is all hers: 0.25. ben's model holds of her 1/2 · (1 initial + 1 training) = 1, of all 1/2 · 2 + 1/2 · 1 = 3/2:
  // two thirds of his message, which is worth a half.
  near(ann.messages.get(0), 0.25);
  near(ann.messages.get(1), 1 / 3);
  assert.equal(ann.trainings.size, 1);
  const others = [1, 2].map((node) => onlyFrom(way, ribbons, node));
  assert.deepEqual(others.map((r) => r.trainings.size), [0, 0]);
  // The sources together are the whole ribbon.
  for (const [message, weight] of ribbons.messages)
    near([ann, ...others].reduce((sum, r) => sum + (r.messages.get(message) ?? 0), 0), weight);
});

test('sources below 2 % become one row, a single one stays', () => {
  const source = (node, initial, trained = 0) => ({ node, initial, trained, trainings: trained > 0 ? 1 : 0 });
  const of = (...sources) => rowsOf(sources, (a) => 'abcd'.indexOf(a)).map((r) => [r.node, r.count, r.initial]);
  assert.deepEqual(of(source('a', 0.5), source('b', 0.481), source('c', 0.019)), [[0, 1, 0.5], [1, 1, 0.481], [2, 1, 0.019]]);
  assert.deepEqual(of(source('a', 0.97), source('b', 0.015), source('c', 0.015)), [[0, 1, 0.97], [-1, 2, 0.03]]);
  assert.deepEqual(of(source('a', 0.99), source('b', 0.005, 0.5), source('c', 0.005)).map((r) => r[0]), [0, 1, 2]);
});

test('where all sources are small the largest twelve are named', () => {
  const sources = Array.from({ length: 100 }, (_, k) => ({ node: String(k), initial: 0.01, trained: 0, trainings: 0 }));
  const rows = rowsOf(sources, Number);
  assert.deepEqual(rows.map((r) => r.node), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1]);
  assert.equal(rows.at(-1).count, 88);
});

test('with many nodes the cone is a map: the share of each node at the end of each moment, by the square root', () => {
  const way = chainRun(StoryOfRun).way(7);
  const heat = coneHeat(way, followBack(way, 2), 3, 100, 100);
  // Moments 0 to 7. carl holds a half until he aggregates. ann holds a quarter until she queues her model in moment 2; ben his own
  // quarter, with hers a half from moment 4 on, until he queues it in moment 5.
  assert.deepEqual(heat.order, [2, 1, 0]);
  const root = (share) => Math.round(1000 * Math.sqrt(share));
  assert.deepEqual(heat.mean[0], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1].map(root));
  assert.deepEqual(heat.mean[1], [0.25, 0.25, 0.25, 0.25, 0.5, 0, 0, 0].map(root));
  assert.deepEqual(heat.mean[2], [0.25, 0.25, 0, 0, 0, 0, 0, 0].map(root));
});

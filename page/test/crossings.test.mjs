// The order of lanes in which few messages cross.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { pairRun } from './runs.mjs';

const { StoryOfRun, crossings, edgesOf, fewestCrossings } = await load('story.ts', 'time/crossings.ts');

const edges = (...pairs) => pairs.map(([from, to, weight = 1]) => ({ from, to, weight }));

test('Two messages cross if senders and receivers lie in different orders; weights multiply', () => {
  assert.equal(crossings([0, 1, 2, 3], edges([0, 2], [1, 3])), 0);
  assert.equal(crossings([0, 1, 2, 3], edges([0, 3, 2], [1, 2, 3])), 6); // 2 · 3
  assert.equal(crossings([1, 0, 2, 3], edges([0, 3, 2], [1, 2, 3])), 0);
  assert.equal(crossings([0, 1], edges([0, 1], [1, 0])), 1); // there and back: always
  assert.equal(crossings([0, 1, 2], edges([0, 1], [0, 2])), 0); // one sender
});

test('Of a few nodes the best order is found, or one nearly as good; never a worse one', () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const orders = (rest) => (rest.length === 0 ? [[]] : rest.flatMap((x, k) => orders(rest.filter((_, i) => i !== k)).map((o) => [x, ...o])));
  const all = orders([0, 1, 2, 3, 4, 5]);
  let best = 0;
  for (let k = 0; k < 12; ++k) {
    const list = edges(...Array.from({ length: 7 }, () => [random(6), random(6), 1 + random(3)]).filter(([a, b]) => a !== b));
    const found = crossings(fewestCrossings([0, 1, 2, 3, 4, 5], list), list);
    const least = Math.min(...all.map((order) => crossings(order, list)));
    assert.ok(found >= least && found <= crossings([0, 1, 2, 3, 4, 5], list));
    if (found === least) ++best;
  }
  assert.ok(best >= 8, `${best} of 12`);
});

test('A ring whose nodes were numbered at random is unwound, and the same again gives the same', () => {
  // 0-4-2-6-1-5-3-7-0: neighbours in the ring lie far from each other in the given order.
  const ring = [0, 4, 2, 6, 1, 5, 3, 7];
  const list = edges(...ring.map((node, k) => [node, ring[(k + 1) % 8]]));
  const start = [0, 1, 2, 3, 4, 5, 6, 7];
  const order = fewestCrossings(start, list);
  assert.ok(crossings(order, list) < crossings(start, list));
  assert.deepEqual(fewestCrossings(start, list), order);
  assert.deepEqual([...order].sort(), start);
});

test('Messages that were sent count; before the first one the links do', () => {
  const story = pairRun(StoryOfRun);
  assert.deepEqual(edgesOf(story.way(4), null), edges([0, 1], [1, 0]));
  assert.deepEqual(edgesOf(story.way(2), { pairs: [[0, 1]], one_way: [] }), edges([0, 1]));
});

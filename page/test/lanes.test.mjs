import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { orderLanes, layLanes, laneHeight, isNamed, pick, cell, binOf, columnOf, lensRows, placeAt, barOf, title, logPlace } = await load(
  'time/lanes.ts', 'time/picture.ts', 'time/heat.ts', 'time/consensus.ts');

const state = {
  groups: [{ group: 'east', nodes: [3, 1] }, { group: 'west', nodes: [0, 1] }], last_scope: 'local',
  nodes: { index: [0, 1, 2, 3], tests: { local: { accuracy: [0.5, null, 0.9, 0.7] } } },
};

test('order of the lanes: as given, by the first group, by accuracy with the untested last', () => {
  assert.deepEqual(orderLanes(4, 'given', state), [0, 1, 2, 3]);
  assert.deepEqual(orderLanes(4, 'group', state), [1, 3, 0, 2]);
  assert.deepEqual(orderLanes(4, 'accuracy', state), [2, 3, 0, 1]);
  assert.deepEqual(orderLanes(3, 'accuracy', null), [0, 1, 2]);
});

test('lanes are 2 to 34 px high', () => {
  assert.deepEqual([1, 12, 40, 200].map((count) => laneHeight(count, 264)), [34, 22, 6.6, 2]);
});

test('low lanes are named as far apart as can be read; the selected one always, and none that its name would cover', () => {
  const named = (height, chosen = 3) => [0, 1, 2, 3, 4].filter((k) => isNamed(k, height, chosen, 12));
  assert.deepEqual(named(12), [0, 1, 2, 3, 4]);
  assert.deepEqual(named(6), [0, 3]); // every second one, but 2 and 4 lie beside it
  assert.deepEqual(named(6, -1), [0, 2, 4]);
  assert.deepEqual(named(4), [0, 3]);
});

test('two or more quiet nodes share a lane, one does not', () => {
  const lanes = layLanes([2, 0, 1, 3], new Set([0, 3]), 4, 60);
  assert.deepEqual(lanes.map((l) => [l.node, l.quiet, l.y]), [[2, 0, 14], [1, 0, 34], [-1, 2, 54]]);
  assert.equal(layLanes([0, 1], new Set([1]), 0, 40).length, 2);
});

test('the mark below the pointer is the one whose edge is nearest; what was painted last wins', () => {
  const hit = (message, x0, y0, x1, y1, reach) => ({ mark: { kind: 'message', message }, x0, y0, x1, y1, reach });
  const hits = [hit(1, 0, 0, 100, 0, 3), hit(2, 50, 2, 50, 2, 3), hit(3, 0, 0, 100, 0, 3)];
  assert.equal(pick(hits, 20, 2).message, 3);
  assert.equal(pick(hits, 50, 3).message, 2);
  assert.equal(pick(hits, 20, 9), null);
});

const heat = {
  columns: [[0, 0], [1, 2]], rows: [[0, 4], [5, 9]], order: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], scale: [0, 1],
  mean: [[800, 700], [null, 650]], min: [[600, 650], [null, 600]], max: [[900, 800], [null, 700]], sent: [12, 0], lost: [3, 0],
};

test('a cell is the mean, the worst by what is bad, or the spread; null where nothing is known', () => {
  assert.equal(cell(heat, 'accuracy', 'mean', 0, 1), 0.7);
  assert.equal(cell(heat, 'accuracy', 'worst', 0, 1), 0.65);
  assert.equal(cell(heat, 'loss', 'worst', 0, 1), 0.8);
  assert.equal(cell(heat, 'loss', 'spread', 0, 0), 0.3);
  assert.equal(cell(heat, 'loss', 'mean', 1, 0), null);
  assert.equal(cell({ ...heat, min: null, max: null }, 'loss', 'spread', 0, 0), null);
});

test('bins by value, columns by moment', () => {
  assert.deepEqual([0, 4, 5, 9, 10].map((v) => binOf(heat.rows, v)), [0, 0, 1, 1, -1]);
  assert.deepEqual([0, 1, 2, 7].map((m) => columnOf(heat, m)), [0, 1, 1, 1]);
});

test('the lens has nine rows around a place, at the ends the first or last nine', () => {
  assert.deepEqual(lensRows([...Array(20).keys()], 10), [6, 7, 8, 9, 10, 11, 12, 13, 14]);
  assert.deepEqual(lensRows([...Array(20).keys()], 0), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(lensRows([...Array(20).keys()], 19), [11, 12, 13, 14, 15, 16, 17, 18, 19]);
  assert.deepEqual(lensRows([5, 3], 1), [5, 3]);
});

test('a height is a place in the order, within its bin too', () => {
  assert.deepEqual([0, 0.25, 0.5, 0.99, 1].map((share) => placeAt(heat, share)), [0, 2, 5, 9, 9]);
});

test('bars of messages by the logarithm, their lost part in proportion', () => {
  assert.deepEqual(barOf(0, 0, 99), { height: 0, lost: 0 });
  assert.deepEqual(barOf(99, 33, 99), { height: 1, lost: 1 / 3 });
  assert.ok(Math.abs(barOf(9, 0, 99).height - 0.5) < 1e-12); // log 10 of log 100
});

test('the title says what is shown, on which scale, and how many rows stand for the nodes', () => {
  assert.equal(title(heat, 'accuracy', 'worst', 10), 'accuracy of the last test: lowest, from 0 (dark) to 1 (light); 2 rows for 10 nodes');
});

test('places on a logarithmic scale', () => {
  assert.deepEqual([0.01, 0.1, 1, 100, 0].map((v) => logPlace([0.01, 0.1, 1], v)), [0, 0.5, 1, 1, 0]);
});

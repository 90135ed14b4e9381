// The map of a recorded run, out of its events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { pairRun } from './runs.mjs';

const { binsOf, recordedHeat, StoryOfRun } = await load('recorded_heat.ts', 'story.ts');

const hello = { nodes: [{ node: 'a' }, { node: 'b' }] };
const heat = (metric, columns, rows, sort = 'given', state = null) =>
  recordedHeat({ hello, state, look: { metric, sort } }, pairRun(StoryOfRun).way(4), columns, rows);

test('Bins cover all places once', () => {
  assert.deepEqual(binsOf(5, 2), [[0, 1], [2, 4]]);
  assert.deepEqual(binsOf(2, 9), [[0, 0], [1, 1]]);
  assert.deepEqual(binsOf(1, 1), [[0, 0]]);
});

test('Accuracies stand where they were tested and after it; messages where they were sent', () => {
  const { columns, rows, mean, sent, lost, scale } = heat('accuracy', 9, 9);
  assert.deepEqual(columns, [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]);
  assert.deepEqual(rows, [[0, 0], [1, 1]]);
  assert.deepEqual(scale, [0, 1]);
  assert.deepEqual(mean, [[null, null, null, null, 500], [null, null, null, null, 750]]); // 0.5 and 0.75, at the end
  assert.deepEqual([sent, lost], [[0, 0, 0, 2, 0], [0, 0, 0, 0, 0]]); // nstep is moment 3
});

test('Bins have the mean, the least and the most of their nodes and moments', () => {
  const { mean, min, max, sent } = heat('accuracy', 1, 1);
  // Two known values, 0.5 and 0.75: their mean is 0.625.
  assert.deepEqual([mean, min, max, sent], [[[625]], [[500]], [[750]], [2]]);
});

test('Losses are told on a scale to the largest; what was not recorded is not known', () => {
  const { mean, scale } = heat('loss', 9, 9);
  assert.deepEqual(scale, [0, 0.5]);
  assert.deepEqual(mean[0], [null, 1000, 1000, 1000, 1000]); // both trained in moment 1, with loss 0.5
  assert.deepEqual(heat('distance', 9, 1).mean, [[null, null, null, null, null]]);
});

test('Rows are ordered as lanes are', () => {
  const state = { nodes: { index: [0, 1], tests: { local: { accuracy: [0.5, 0.75] } } }, groups: [], last_scope: 'local' };
  const { order, mean } = heat('accuracy', 1, 2, 'accuracy', state);
  assert.deepEqual([order, mean], [[1, 0], [[750], [500]]]);
});

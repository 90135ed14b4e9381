// Which points of a curve are measurements.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { lived, pairRun, started, trained } from './runs.mjs';

const { measured, carried, measuredOf, momentsOf, valuesAt, xValues, StoryOfRun } = await load('curve_points.ts', 'story.ts');

// Tested at moments 1 and 3; 0 is before the first test, 2 and 4 repeat.
const tested = [0, 1, 0, 1, 0];
const mean = [null, 0.2, 0.2, 0.6, 0.6];

test('A point stands only where somebody was tested', () => {
  assert.deepEqual(measured(mean, tested), [null, 0.2, null, 0.6, null]);
  assert.deepEqual(measured(mean, undefined), mean);
});

test('What is repeated after the last test goes on to the end, and nothing where the last moment was tested', () => {
  assert.deepEqual(carried(mean, tested), [null, null, null, 0.6, 0.6]);
  assert.deepEqual(carried(mean.slice(0, 4), tested.slice(0, 4)), [null, null, null, null]);
  assert.deepEqual(carried([null, null], [0, 0]), [null, null]);
});

test('A node has a point where its own value is new, or where all were tested again with the same result', () => {
  const [ann, ben] = [[null, 0.2, 0.2, 0.2, 0.2], [null, 0.2, 0.2, 1, 1]];
  // Moment 3: only ben has another value, so ann was not tested as far as one can see.
  assert.deepEqual(measuredOf(0, [ann, ben], tested), [null, 0.2, null, null, null]);
  assert.deepEqual(measuredOf(1, [ann, ben], tested), [null, 0.2, null, 1, null]);
  // Nobody has another value: the same models were tested again.
  assert.deepEqual(measuredOf(0, [ann, ann], tested), [null, 0.2, null, 0.2, null]);
});

test('Events tell in which moments a node was measured', () => {
  const way = pairRun(StoryOfRun).way(4); // train is moment 1, `test local` looks at moment 4
  assert.deepEqual([...momentsOf(way, 0, 'test_acc:local')], [4]);
  assert.deepEqual([...momentsOf(way, 0, 'test_loss:local')], [4]);
  assert.deepEqual([...momentsOf(way, 0, 'test_acc')], []); // the general test set: never
  assert.deepEqual([...momentsOf(way, 1, 'train_loss')], [1]);
  assert.equal(momentsOf(way, 0, 'staleness'), null);
});

test('A training counts in the moment in which it ends', () => {
  const story = lived(StoryOfRun, ['a', 'b'], ['run 1s', [1, 0], [started('a')]], ['run 1s', [2, 1], [trained('a'), started('b'), trained('b')]]);
  assert.deepEqual([...momentsOf(story.way(2), 0, 'train_loss')], [2]);
});

test('The same result again is a point of its own; a point stands for all moments since the one before', () => {
  assert.deepEqual(valuesAt([null, 0.5, 0.5, 0.5], [0, 1, 2, 3], new Set([1, 3])), [null, 0.5, null, 0.5]);
  assert.deepEqual(valuesAt([null, 0.5, 0.7], [0, 10, 20], new Set([4, 17])), [null, 0.5, 0.7]);
});

test('Points at which time or bytes stand still lie beside each other, none on another one', () => {
  const answer = { moment: [0, 1, 2, 5], t: [0, 0, 1e9, 1e9], bytes: [0, 0, 0, 0] };
  assert.deepEqual(xValues(answer, 'moment'), [0, 1, 2, 5]);
  const seconds = xValues(answer, 't');
  assert.deepEqual(seconds.map((s) => Math.round(s)), [0, 0, 1, 1]);
  for (const values of [seconds, xValues(answer, 'bytes')]) values.forEach((v, k) => assert.ok(k === 0 || v > values[k - 1]));
});

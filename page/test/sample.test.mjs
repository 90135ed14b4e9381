// The sample of many nodes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { sampleOf, rowsOfSample, sampleTitle } = await load('time/sample.ts');

const nodes = (accuracies) => accuracies.map((accuracy, node) => ({ node, accuracy }));

test('Four best, four worst and four others, each once, the same each time', () => {
  // Node k of 100 has accuracy k/100: 99 is best, 0 is worst.
  const all = nodes(Array.from({ length: 100 }, (_, k) => k / 100));
  const sample = sampleOf(all);
  assert.deepEqual(sample.best, [99, 98, 97, 96]);
  assert.deepEqual(sample.worst, [3, 2, 1, 0]);
  assert.equal(sample.drawn.length, 4);
  assert.ok(sample.drawn.every((node) => node > 3 && node < 96));
  assert.equal(new Set(rowsOfSample(sample)).size, 12);
  assert.deepEqual(sampleOf(all), sample);
  assert.equal(sampleTitle(sample, 1000), '12 of 1,000: 4 best, 4 drawn, 4 worst (seed 1)');
});

test('Who was not tested is only drawn; of few tested nodes nobody is best and worst', () => {
  const none = sampleOf(nodes(Array(50).fill(null)));
  assert.deepEqual([none.best.length, none.worst.length, none.drawn.length], [0, 0, 12]);
  assert.equal(sampleTitle(none, 50), '12 of 50: 12 drawn (seed 1)');
  // Three were tested: one best, one worst, and the third is drawn or not, like the others.
  const some = sampleOf(nodes([0.5, 0.9, 0.1, ...Array(47).fill(null)]));
  assert.deepEqual([some.best, some.worst, some.drawn.length], [[1], [2], 10]);
});

test('Of fewer nodes than rows all are there', () => {
  assert.deepEqual([...rowsOfSample(sampleOf(nodes([0.1, 0.2, 0.3])))].sort(), [0, 1, 2]);
});

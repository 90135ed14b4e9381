// Of a long table only the rows in view are in the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { inView } = await load('nodes.ts');

test('Up to 200 rows are all there', () => assert.deepEqual(inView(200, 5000, 400, 20), [0, 200]));

test('Of more those in view, and twelve above and below', () => {
  assert.deepEqual(inView(1000, 0, 400, 20), [0, 32]); // 400 / 20 + 12
  assert.deepEqual(inView(1000, 10_000, 400, 20), [488, 532]); // 500 - 12, 520 + 12
  assert.deepEqual(inView(1000, 19_600, 400, 20), [968, 1000]);
  assert.deepEqual(inView(1000, 99_000, 400, 20), [988, 1000]); // the table has become shorter
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { makeAxis, columnAt, ticks } = await load('time/axis.ts');

const at = (...times) => times.map((t, k) => ({ moment: k, t, first: k }));

test('in order each column has the same width, whatever the clock says', () => {
  const axis = makeAxis(at(0, 0, 5, 1000), 'order', 20);
  assert.deepEqual(axis.left, [0, 20, 40, 60]);
  assert.equal(axis.width, 80);
  assert.deepEqual(axis.still, []);
  assert.equal(axis.x({ column: 2, part: 0.5, t: 5 }), 50);
});

test('with all at t = 0 the axes of time are those of order, on grey ground', () => {
  const axis = makeAxis(at(0, 0, 0), 'time', 20);
  assert.deepEqual(axis.left, [0, 12, 24]); // 0.6 of 20 each
  assert.deepEqual(axis.still, [{ from: 0, to: 36 }]);
});

test('in time the gaps are in proportion', () => {
  // Gaps 4, 10, 30: the median 10 is two columns wide, 40 px; so 4 is 16 px and 30 is 120 px. Columns take 12 px each.
  const axis = makeAxis(at(0, 4, 14, 44), 'time', 20);
  assert.deepEqual(axis.left, [0, 28, 80, 212]);
});

test('the longest gap is at most 60 columns wide', () => {
  const axis = makeAxis(at(0, 1, 2, 100_002), 'time', 20);
  assert.equal(axis.left[3] - axis.right[2], 1200);
});

test('compressed: the median gap is 1.2 columns, a thousand of it about 10', () => {
  const axis = makeAxis(at(0, 10, 20, 10_020), 'compressed', 20);
  assert.equal(axis.left[1] - axis.right[0], 20 * (0.2 + Math.log2(2)));
  assert.equal(axis.left[3] - axis.right[2], 20 * (0.2 + Math.log2(1 + 1000)));
});

test('a time between two columns lies between them', () => {
  const axis = makeAxis(at(0, 100), 'time', 20); // one gap of 40 px, from 12 to 52
  assert.equal(axis.x({ column: 1, part: 1, t: 25 }), 22);
  assert.equal(axis.x({ column: 1, part: 1, t: 100 }), 64);
});

test('the column below the pointer', () => {
  const axis = makeAxis(at(0, 0, 0), 'order', 20);
  assert.deepEqual([-5, 0, 19.9, 20, 59, 500].map((x) => columnAt(axis, x)), [0, 0, 0, 1, 2, 2]);
  assert.equal(columnAt(makeAxis([], 'order', 20), 3), -1);
});

test('labels keep their distance: moments in order, the clock in time', () => {
  const columns = at(0, 0, 20e6, 40e6);
  assert.deepEqual(ticks(makeAxis(columns, 'order', 30), columns, 44).map((t) => t.text), ['m0', 'm2']);
  assert.deepEqual(ticks(makeAxis(columns, 'time', 40), columns, 44).map((t) => t.text), ['0ns', '20ms', '40ms']);
});

test('inside a long command the order has the clock, three times as far apart', () => {
  const columns = Array.from({ length: 10 }, (_, k) => ({ moment: 1, t: k * 1e9, first: k }));
  assert.deepEqual(ticks(makeAxis(columns, 'order', 30), columns, 30).map((t) => t.text), ['m1', '3s', '6s', '9s']);
});

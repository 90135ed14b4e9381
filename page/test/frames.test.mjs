// Drawing is spread over frames: what waits is drawn in order, no longer than the budget of a frame.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

/** A clock and frames that go on only by hand. */
function fakeFrames() {
  let now = 0;
  let due = [];
  globalThis.performance = { now: () => now };
  globalThis.requestAnimationFrame = (then) => due.push(then);
  return {
    spend: (ms) => (now += ms),
    frame: () => {
      const these = due;
      due = [];
      for (const then of these) then();
      return these.length;
    },
    waits: () => due.length,
  };
}

test('Small draws share a frame, large ones take one each, and nothing is drawn twice', async () => {
  const frames = fakeFrames();
  const { perFrame } = await load('dom.ts');
  const drawn = [];
  const draw = (name, ms) => perFrame(() => {
    drawn.push(name);
    frames.spend(ms);
  });
  const [a, b, c, d] = [draw('a', 1), draw('b', 1), draw('c', 20), draw('d', 1)];
  for (const ask of [a, b, a, c, d, a]) ask();
  assert.equal(frames.waits(), 1);
  frames.frame();
  assert.deepEqual(drawn, ['a', 'b', 'c']); // after c the budget of 6 ms is spent
  frames.frame();
  assert.deepEqual(drawn, ['a', 'b', 'c', 'd']);
  assert.equal(frames.waits(), 0);
});

test('What is asked for while drawing comes with the next frame, and a draw that fails does not stop the others', async () => {
  const frames = fakeFrames();
  const { perFrame } = await load('dom.ts');
  let times = 0;
  const again = perFrame(() => {
    if (++times < 3) again();
  });
  const fails = perFrame(() => {
    throw new Error('no');
  });
  let other = 0;
  const good = perFrame(() => ++other);
  again();
  fails();
  good();
  assert.throws(() => frames.frame(), /no/);
  assert.deepEqual([times, other, frames.waits()], [1, 0, 1]);
  frames.frame();
  assert.deepEqual([times, other], [2, 1]);
  frames.frame();
  assert.deepEqual([times, frames.waits()], [3, 0]);
});

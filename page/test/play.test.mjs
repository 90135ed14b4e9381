// Going on by itself: one loop, however often it is paused and begun again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { Player } = await load('play.ts');

/** A page at the present moment, whose commands are answered when the test says so; timers wait for the test too. */
function fake() {
  const commands = [];
  const timers = [];
  globalThis.window = { setTimeout: (then) => timers.push(then) };
  const page = {
    playing: false, look: { gear: 'fast' }, present: { next: 'something', queued: 0 }, state: null,
    past: () => false, mayNot: () => null, say: () => {}, remark: () => {}, loadState: () => {},
    sendNow: (cmd) => new Promise((answer) => commands.push({ cmd, answer })),
  };
  return { page, commands, timers, settled: () => new Promise((done) => setImmediate(done)) };
}

// Begun again while a command still ran, two loops went on side by side, and time passed twice as fast.
test('Play, pause, play while a command runs is one loop', async () => {
  const { page, commands, timers, settled } = fake();
  const player = new Player(page, () => {});
  for (let k = 0; k < 3; ++k) player.toggle();
  assert.equal(page.playing, true);
  assert.equal(commands.length, 2); // of the first loop, which is over, and of the one that goes on
  for (const { answer } of commands) answer({ ok: true, code: 0, answers: [{ result: {} }] });
  await settled();
  assert.equal(timers.length, 1);
});

test('What an earlier loop is told does not stop the one that goes on', async () => {
  const { page, commands, settled } = fake();
  const player = new Player(page, () => {});
  for (let k = 0; k < 3; ++k) player.toggle();
  commands[0].answer({ ok: false, code: 130, answers: [{ error: { message: 'stopped' } }] });
  await settled();
  assert.equal(page.playing, true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { begin, nextDoing, announce, ran, back, leftAt, unfold, minutes, checksAlong, checked } = await load('lesson/steps.ts');

const plain = (cmd, more = {}) => ({ line: 1, cmd, say: [], note: [], ask: null, scene: '', ...more });
const step = (cmd, more = {}) => plain(cmd, { say: ['Look.'], ...more });

test('each step is shown, then run; at the end there is nothing more', () => {
  let at = begin([step('train'), step('flood')]);
  const doings = [];
  for (let moment = 0; nextDoing(at) !== 'end'; ) {
    doings.push(`${nextDoing(at)} ${at.next}`);
    if (nextDoing(at) === 'announce') at = announce(at);
    else at = ran(at, moment, ++moment);
  }
  assert.deepEqual(doings, ['announce 0', 'run 0', 'announce 1', 'run 1']);
  assert.equal(at.ended, 2);
});

test('a command alone is run at once; a check runs along and is no stop', () => {
  let at = begin([plain('train'), plain('expect lost == 0'), plain('expect sent > 0', { note: ['Ask.'] }), plain('ag')]);
  assert.equal(nextDoing(at), 'run');
  at = ran(at, 0, 1);
  assert.ok(checksAlong(at));
  at = checked(at);
  assert.equal(checksAlong(at), false); // it has a note for the speaker
  assert.equal(nextDoing(at), 'announce');
  assert.deepEqual([back(at).moment, back(at).progress.next], [0, 0]);
});

test('what is only said is passed by with the next key', () => {
  let at = announce(begin([step('train'), step('')]));
  at = announce(ran(at, 0, 1));
  assert.equal(nextDoing(at), 'announce');
  assert.equal(nextDoing(announce(at)), 'end');
});

test('back takes the last step back to where it began, and it is shown again', () => {
  let at = ran(announce(begin([step('train'), step('repeat 3 { train }'), step('ag')])), 0, 1);
  at = ran(announce(at), 1, 4);
  const once = back(at);
  assert.deepEqual([once.moment, once.progress.next, nextDoing(once.progress)], [1, 1, 'run']);
  const twice = back(once.progress);
  assert.deepEqual([twice.moment, twice.progress.next], [0, 0]);
  assert.equal(back(twice.progress), null);
});

test('the way back to the script after something else', () => {
  const at = ran(announce(begin([step('train')])), 0, 1);
  assert.equal(leftAt(at, 1), null);
  assert.equal(leftAt(at, 5), 1);
  assert.equal(leftAt(begin([]), 5), null);
});

test('a loop unfolds into its commands; words are said with the first only', () => {
  const loop = step('repeat 2 {\n  train # all; of them\n  flood; nstep\n  at 5s { ag; test }\n}', { say: ['Look.'] });
  assert.deepEqual(unfold(loop).map((s) => s.cmd), ['train', 'flood', 'nstep', 'at 5s { ag; test }', 'train', 'flood', 'nstep', 'at 5s { ag; test }']);
  assert.deepEqual(unfold(loop).map((s) => s.say.length), [1, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(unfold(step('train')), null);
  assert.equal(unfold(step('repeat 300 { train }')), null);
  assert.deepEqual(unfold(step('repeat 1 { echo "a; b" }')).map((s) => s.cmd), ['echo "a; b"']);
});

test('minutes and seconds', () => {
  assert.deepEqual([0, 65, 2700, -30].map(minutes), ['0:00', '1:05', '45:00', '-0:30']);
});

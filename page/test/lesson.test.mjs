import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { begin, nextDoing, announce, ran, back, leftAt, unfold, minutes, checksAlong, passed, failed, endsAgain, runBefore, isWhole, shellWord, wayTo } =
  await load('lesson/steps.ts', 'lesson/places.ts');

const plain = (cmd, more = {}) => ({ line: 1, cmd, say: [], note: [], ask: null, scene: '', ...more });
const step = (cmd, more = {}) => plain(cmd, { say: ['Look.'], ...more });
const on = (branch) => (moment) => ({ moment, branch });
const main = on('main');

test('each step is shown, then run; at the end there is nothing more', () => {
  let at = begin([step('train'), step('flood')]);
  const doings = [];
  for (let moment = 0; nextDoing(at) !== 'end'; ) {
    doings.push(`${nextDoing(at)} ${at.next}`);
    if (nextDoing(at) === 'announce') at = announce(at);
    else at = ran(at, main(moment), main(++moment));
  }
  assert.deepEqual(doings, ['announce 0', 'run 0', 'announce 1', 'run 1']);
  assert.deepEqual(at.ended, main(2));
});

test('a command alone is run at once; a check runs along and is no stop', () => {
  let at = begin([plain('train'), plain('expect lost == 0'), plain('expect sent > 0', { note: ['Ask.'] }), plain('ag')]);
  assert.equal(nextDoing(at), 'run');
  at = ran(at, main(0), main(1));
  assert.ok(checksAlong(at));
  at = passed(at);
  assert.equal(checksAlong(at), false); // it has a note for the speaker
  assert.equal(nextDoing(at), 'announce');
  assert.deepEqual([back(at).to, back(at).progress.next], [main(0), 0]);
});

test('what is only said is passed by with the next key', () => {
  let at = announce(begin([step('train'), step('')]));
  at = announce(ran(at, main(0), main(1)));
  assert.equal(nextDoing(at), 'announce');
  assert.equal(nextDoing(announce(at)), 'end');
});

test('back takes the last step back to where it began, and it is shown again', () => {
  let at = ran(announce(begin([step('train'), step('repeat 3 { train }'), step('ag')])), main(0), main(1));
  at = ran(announce(at), main(1), main(4));
  const once = back(at);
  assert.deepEqual([once.to, once.progress.next, nextDoing(once.progress)], [main(1), 1, 'run']);
  const twice = back(once.progress);
  assert.deepEqual([twice.to, twice.progress.next], [main(0), 0]);
  assert.equal(back(twice.progress), null);
});

test('the way back to the script after something else, a branch of somebody included', () => {
  const at = ran(announce(begin([step('train')])), main(0), main(1));
  assert.equal(leftAt(at, main(1)), null);
  assert.deepEqual(leftAt(at, main(5)), main(1));
  assert.deepEqual(leftAt(at, on('mine')(1)), main(1));
  assert.equal(leftAt(begin([]), main(5)), null);
});

test('a step that failed is left out by the next key, or shown again by going back', () => {
  const at = failed(announce(begin([step('frobnicate'), step('ag')])));
  assert.equal(nextDoing(at), 'leave out');
  assert.deepEqual([passed(at).next, nextDoing(passed(at)), passed(at).stops.length], [1, 'announce', 0]);
  const again = back(at);
  assert.deepEqual([again.to, again.progress.next, nextDoing(again.progress)], [null, 0, 'run']);
});

// 0 – 1 – 2 – 3 is main; at 1 lossy begins, with 4 and 5, and at 1 too sound, which has no moment of its own.
const history = (present, branch) => ({
  present, branch, branches: [{ branch: 'main', last: 3 }, { branch: 'lossy', last: 5 }, { branch: 'sound', last: 1 }],
  moments: [[0, null, 'main'], [1, 0, 'main'], [2, 1, 'main'], [3, 2, 'main'], [4, 1, 'lossy'], [5, 4, 'lossy']]
    .map(([moment, parent, made]) => ({ moment, parent, branch: made })),
});

test('the way to a place goes to its branch, not only to its moment', () => {
  const [lossy, sound] = [on('lossy'), on('sound')];
  assert.equal(wayTo(main(2), history(2, 'main')), '');
  assert.equal(wayTo(main(1), history(3, 'main')), 'undo 2');
  assert.equal(wayTo(main(3), history(1, 'main')), 'goto 3');
  assert.equal(wayTo(main(1), history(1, 'lossy')), 'goto 1');
  assert.equal(wayTo(lossy(4), history(3, 'main')), 'goto 4');
  assert.equal(wayTo(lossy(1), history(5, 'lossy')), 'undo 2'); // 5 and 4
  assert.equal(wayTo(lossy(1), history(3, 'main')), 'switch lossy; undo 2');
  assert.equal(wayTo(sound(1), history(3, 'main')), 'switch sound');
  assert.equal(wayTo(lossy(2), history(3, 'main')), null); // lossy does not pass there
  assert.equal(wayTo(on('gone')(1), history(3, 'main')), null);
});

test('gone over again, a branch that is there is not made, and one that has grown is not gone to the end of', () => {
  const was = (cmd, from, to) => ({ ...step(cmd), run: { from, to } });
  assert.deepEqual(endsAgain(was('branch lossy', main(1), on('lossy')(1)), history(1, 'main')), on('lossy')(1));
  assert.deepEqual(endsAgain(was('switch lossy', main(3), on('lossy')(4)), history(3, 'main')), on('lossy')(4));
  assert.deepEqual(endsAgain(was('goto 1', main(3), main(1)), history(3, 'main')), main(1));
  // These are run as ever: one leads to the moment that is kept, one only looks, one began elsewhere.
  assert.equal(endsAgain(was('flood', main(1), main(2)), history(1, 'main')), null);
  assert.equal(endsAgain(was('status', main(1), main(1)), history(1, 'main')), null);
  assert.equal(endsAgain(was('switch lossy', main(3), on('lossy')(4)), history(2, 'main')), null);
  // In a tab that has not run it: the branch that is there is gone to.
  assert.deepEqual(endsAgain(step('branch lossy'), history(1, 'main')), on('lossy')(1));
  assert.equal(endsAgain(step('branch other'), history(1, 'main')), null);
});

test('a script that is opened again knows what its steps did', () => {
  const before = ran(begin([step('train'), step('ag')]), main(0), main(1)).steps;
  const again = runBefore([step('train'), step('flood')], before);
  assert.deepEqual(again.map((s) => s.run ?? null), [{ from: main(0), to: main(1) }, null]);
  assert.equal(unfold({ ...before[0], cmd: 'repeat 2 { train }' })[0].run, undefined);
});

test('a script has run whole from the start to its end, with nothing between and nothing left out', () => {
  const script = [step('train'), plain('expect lost == 0'), step('goto 0'), step('')];
  let at = passed(ran(begin(script), main(0), main(1)));
  assert.equal(isWhole(at, main(1)), false); // not at its end
  at = ran(announce(at), main(1), main(0));
  const played = announce(announce(at));
  assert.equal(isWhole(played, main(0)), true);
  assert.equal(isWhole(played, main(4)), false); // somebody has gone on
  assert.equal(isWhole(ran(begin(script.slice(0, 1)), main(3), main(4)), main(4)), false); // from another moment
  const between = ran(ran(begin([step('train'), step('ag')]), main(0), main(1)), main(2), main(3));
  assert.equal(isWhole(between, main(3)), false);
  assert.equal(isWhole(passed(ran(begin([step('train'), step('ag')]), main(0), main(1))), main(1)), false); // ag was left out
});

test('words as a shell reads them', () => {
  assert.deepEqual(['seed=9', 'my lesson.del', 'nodes.names=["a"]', "it's", ''].map(shellWord),
    ['seed=9', "'my lesson.del'", `'nodes.names=["a"]'`, "'it'\\''s'", "''"]);
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

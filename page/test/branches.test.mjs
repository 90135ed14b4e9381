import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { aggregated, branched, delivered, ending, lived, lost, pairRun, queued, sent, started, trained, wentTo } from './runs.mjs';

const { StoryOfRun, layStrip, endOfTrack, trackOf, stripScale, momentAt, forks, sibling, difference, follow, sameNode, goalOf, beside, withoutIt } = await load(
  'story.ts', 'time/branches.ts', 'time/compare.ts', 'time/causes.ts', 'time/goal.ts', 'time/menu.ts');

/** main: 0–4; back at 2 a link loses what a sends: main-2 with 5, 6, 7. */
function forked() {
  const story = pairRun(StoryOfRun);
  story.events([...wentTo(2, 4), ...ending('undo 2', null)]);
  story.events([branched('main-2', 2), ...ending('link a b loss 1', [5, 2, 'main-2'])]);
  story.events([sent(0, 'a', 'b'), sent(1, 'b', 'a'), lost(0, 'a', 'b', 'loss'), delivered(1, 'b', 'a'), ...ending('nstep', [6, 5, 'main-2'])]);
  story.events([aggregated('a', ['b'], 0.5, [0.5], [1]), aggregated('b', [], 1, [], []), ...ending('ag', [7, 6, 'main-2'])]);
  return story;
}
const app = (story, moment) => ({ story, shown: () => moment ?? story.present, present: { moment: story.present } });

test('a branch has a lane and begins at its fork', () => {
  const strip = layStrip(forked(), 7);
  assert.deepEqual(strip.tracks.map((t) => [t.branch, t.moments, t.fork, t.first, t.bold]), [
    ['main', [0, 1, 2, 3, 4], 0, 0, false], ['main-2', [5, 6, 7], 2, 3, true],
  ]);
  assert.equal(strip.deepest, 5); // 0 1 2 5 6 7
});

test('a branch that made no moment yet has a lane, and the present moment stands in it', () => {
  const story = forked();
  story.events([branched('ours', 7), ...ending('branch ours', null)]);
  const strip = layStrip(story, 7);
  const ours = strip.tracks.at(-1);
  assert.deepEqual([ours.branch, ours.moments, ours.fork, ours.bold], ['ours', [], 7, true]);
  assert.equal(ours.first, 6); // 0 1 2 5 6 7 are at depths 0 to 5
  assert.equal(endOfTrack(ours), 7);
  assert.equal(trackOf(strip, 7, true).branch, 'ours');
  assert.equal(trackOf(strip, 7, false).branch, 'main-2');
  assert.deepEqual([0, 4, 9].map((depth) => momentAt(strip, 2, depth)), [0, 6, 7]);
});

// Its moments had no lane, as the events still call them by the name that is gone.
test('what another branch still leads to stays when its branch is deleted, and belongs to that one', () => {
  const story = forked();
  story.events([branched('ours', 6), ...ending('branch ours', null)]);
  story.events(ending('train', [8, 6, 'ours']));
  story.events([{ type: 'branch_deleted', t: 0, cycle: 0, branch: 'main-2' }, ...ending('branch delete main-2', null)]);
  // 7 was main-2's alone, and is gone.
  assert.deepEqual([5, 6, 7, 8].map((moment) => story.segments.get(moment)?.branch), ['ours', 'ours', undefined, 'ours']);
  assert.deepEqual(story.children(6), [8]);
  const strip = layStrip(story, 6);
  assert.deepEqual(strip.tracks.map((t) => [t.branch, t.moments, t.fork]), [['main', [0, 1, 2, 3, 4], 0], ['ours', [5, 6, 8], 2]]);
  assert.equal(trackOf(strip, 5, true).branch, 'ours');
});

test('a moment with a mark stays when its branch is deleted', () => {
  const story = forked();
  story.events([{ type: 'mark_set', t: 0, cycle: 0, mark: 'here', moment: 6 }, ...wentTo(4, 7), ...ending('switch main', null)]);
  story.events([{ type: 'branch_deleted', t: 0, cycle: 0, branch: 'main-2' }, ...ending('branch delete main-2', null)]);
  assert.deepEqual([...story.segments.keys()], [0, 1, 2, 3, 4, 5, 6]);
});

test('beyond the most, old branches are folded; main, the present and the looked at stay', () => {
  const story = pairRun(StoryOfRun);
  for (let k = 0; k < 8; k++) {
    story.events([...wentTo(1, story.present), ...ending('goto 1', null)]);
    story.events([branched(`b${k}`, 1), ...ending('train', [10 + k, 1, `b${k}`])]);
  }
  const strip = layStrip(story, 11, 5);
  assert.deepEqual(strip.tracks.map((t) => t.branch), ['main', 'b1', 'b5', 'b6', 'b7']);
  assert.deepEqual(strip.folded, ['b0', 'b2', 'b3', 'b4']);
});

test('the pointer over a lane finds its moment, before the fork that of the parent', () => {
  const strip = layStrip(forked(), 7);
  assert.deepEqual([-3, 1.4, 2.6, 9].map((depth) => momentAt(strip, 0, depth)), [0, 1, 3, 4]);
  assert.deepEqual([1, 3, 5, 9].map((depth) => momentAt(strip, 1, depth)), [1, 5, 7, 7]);
});

test('steps are 3 to 30 px wide, and what is looked at is in view', () => {
  assert.deepEqual(stripScale(10, 1024, 10), { step: 30, scroll: 0 });
  assert.deepEqual(stripScale(100, 1024, 100), { step: 10, scroll: 0 });
  assert.deepEqual(stripScale(1000, 1024, 1000), { step: 3, scroll: 2000 });
  assert.deepEqual(stripScale(1000, 1024, 0), { step: 3, scroll: 0 });
});

test('forks, and the sibling as far from the start', () => {
  const story = forked();
  assert.deepEqual(forks(story, story.path(7)), [2]);
  const strip = layStrip(story, 7);
  assert.equal(sibling(strip, 4, 1), 6); // depth 4 on main-2
  assert.equal(sibling(strip, 7, -1), 4); // main ends before depth 5
  assert.equal(sibling(strip, 4, -1), null);
});

test('the way that is drawn goes on to the present, or to the end of the branch that is looked at', () => {
  const story = forked();
  assert.equal(goalOf(app(story, 1)), 7);
  assert.equal(goalOf(app(story, 3)), 4);
  assert.equal(beside(app(story, 2), 1), 5);
  assert.equal(beside(app(story, 3), 1), 4);
  assert.equal(beside(app(story, 0), -1), null);
});

test('two branches differ by the loss and what came of it, and by nothing else', () => {
  const story = forked();
  const [main, other] = [story.way(4), story.way(7)];
  const { fork, onlyA, onlyB } = difference(main, other);
  assert.equal(fork, 2);
  const told = (way, seqs) => way.happenings.filter((h) => seqs.has(h.seq)).map((h) => `${h.kind} ${h.node}`);
  // Only here: the delivery to b, what b made of it, and its test; a's are the same in both but for the tests.
  assert.deepEqual(told(main, onlyA), ['delivered 1', 'aggregated 1', 'tested 0', 'tested 1']);
  assert.deepEqual(told(other, onlyB), ['lost 0', 'aggregated 1']);
});

test('a way does not differ from itself', () => {
  const way = pairRun(StoryOfRun).way(4);
  assert.equal(difference(way, way).onlyA.size, 0);
});

test('from a message to who sent it and to who used it; from a node to what weighed most', () => {
  const way = pairRun(StoryOfRun).way(4);
  assert.deepEqual(follow(way, { moment: 4, node: null, message: 0 }, -1), { moment: 2, node: 0, message: null });
  assert.deepEqual(follow(way, { moment: 4, node: null, message: 0 }, 1), { moment: 4, node: 1, message: null });
  assert.deepEqual(follow(way, { moment: 4, node: 1, message: null }, -1), { moment: 4, node: 1, message: 0 });
  assert.deepEqual(follow(way, { moment: 1, node: 1, message: null }, 1), { moment: 2, node: 1, message: 1 });
  assert.equal(follow(way, { moment: 3, node: 1, message: null }, -1), null);
});

test('the moments of one node', () => {
  const story = lived(StoryOfRun, ['a', 'b'], ['train a', [1, 0], [started('a'), trained('a')]],
    ['train b', [2, 1], [started('b'), trained('b')]], ['train a', [3, 2], [started('a'), trained('a')]]);
  const way = story.way(3);
  assert.equal(sameNode(way, 0, 3, -1), 1);
  assert.equal(sameNode(way, 1, 1, 1), 2);
  assert.equal(sameNode(way, 1, 2, 1), null);
});

test('branch without it: to the moment before it was used, drop it, the same again', () => {
  const story = pairRun(StoryOfRun);
  const life = story.way(4).messages.get(0);
  assert.equal(withoutIt(app(story), life).cmd, 'goto 3; branch no-0; drop 0; ag');
  story.events([branched('no-0', 4), ...ending('branch no-0', null), started('a'), trained('a'), ...ending('train a', [5, 4, 'no-0'])]);
  assert.equal(withoutIt(app(story), story.way(5).messages.get(0)).cmd, 'goto 3; branch no-0-2; drop 0; ag; train a');
});

test('branch without it says why it cannot be: lost, not used, used within its command', () => {
  const story = forked();
  assert.match(withoutIt(app(story), story.way(7).messages.get(0)).why, /lost/);
  const waiting = lived(StoryOfRun, ['a', 'b'], ['flood', [1, 0], [queued(0, 'a', 'b')]]);
  assert.match(withoutIt(app(waiting), waiting.way(1).messages.get(0)).why, /not been used/);
  const run = lived(StoryOfRun, ['a', 'b'], ['run 1s', [1, 0], [
    queued(0, 'a', 'b'), sent(0, 'a', 'b'), delivered(0, 'a', 'b'), aggregated('b', ['a'], 0.5, [0.5], [0])]]);
  assert.match(withoutIt(app(run), run.way(1).messages.get(0)).why, /within one command/);
});

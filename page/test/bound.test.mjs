// A story has a bound: a fast loop makes more events than can be kept or drawn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { aggregated, delivered, ending, queued, sent, wentTo } from './runs.mjs';

const { StoryOfRun, keptShare, layStrip, StripBook, Columns, Scene } = await load('story.ts', 'time/branches.ts', 'time/columns.ts', 'time/scene.ts');

const nodes = ['a', 'b'].map((node) => ({ type: 'node_added', t: 0, cycle: 0, node, name: node }));
/** Three messages of this moment are sent and arrive: 9 events and that it was made. */
const round = (moment) => [0, 1, 2].flatMap((k) => {
  const message = 3 * moment + k;
  return [queued(message, 'a', 'b', moment), sent(message, 'a', 'b', moment), delivered(message, 'a', 'b', moment, moment)];
});
const weight = 10 + 9 + 1; // of such a moment: itself, its events, and the command that is told of

function loop(story, from, to) {
  for (let moment = from; moment <= to; ++moment) story.events([...round(moment), ...ending('flood', [moment, moment - 1, 'main', moment])]);
}
/** Beside the start, which is the two nodes. */
const held = (story) => [...story.segments.values()].slice(1).reduce((sum, s) => sum + s.events.length + s.after.length, 0);

test('However long a loop goes on, only the newest events are kept, and its ways begin with them', () => {
  const most = 100 * weight;
  const story = new StoryOfRun(most);
  story.events(nodes);
  for (let moment = 1; moment <= 2000; ++moment) {
    loop(story, moment, moment);
    assert.ok(held(story) <= most);
    assert.ok(story.way(moment).happenings.length <= most);
  }
  const way = story.way(2000);
  assert.equal(way.moments[0], story.from);
  assert.equal(way.moments.at(-1), 2000);
  assert.ok(way.moments.length >= keptShare * 100, `${way.moments.length} moments`);
  assert.equal(story.complete, false);
  assert.equal(story.path(2000).length, 2001); // all moments can be looked at
  assert.deepEqual(story.way(5).moments, [5]);
  assert.deepEqual(story.way(5).happenings, []);
});

test('A way is folded anew once per many moments, not at each', () => {
  const story = new StoryOfRun(100 * weight);
  story.events(nodes);
  const ways = new Set();
  for (let moment = 1; moment <= 2000; ++moment) {
    loop(story, moment, moment);
    ways.add(story.way(moment));
  }
  assert.ok(ways.size <= 2 + 2000 / (100 * (1 - keptShare) - 1), `${ways.size} ways`);
});

test('A recorded run keeps all: nobody else has its events', () => {
  const story = new StoryOfRun(Infinity);
  story.events(nodes);
  loop(story, 1, 300);
  assert.equal(story.way(300).messages.size, 900);
});

test('After events that were left out the story goes on with the next moment that is made', () => {
  const story = new StoryOfRun();
  story.events(nodes);
  loop(story, 1, 3);
  story.complete = true;
  story.miss();
  assert.equal(held(story), 0);
  assert.deepEqual(story.way(3).happenings, []);
  // The middle of moment 50, and all of 51: of 50 nobody knows how it began.
  story.events([delivered(151, 'a', 'b', 50, 50), ...ending('nstep', [50, 49, 'main', 50])]);
  loop(story, 51, 51);
  const way = story.way(51);
  assert.deepEqual([story.from, story.present, story.complete, way.moments], [50, 51, false, [50, 51]]);
  assert.deepEqual([...way.messages.keys()], [153, 154, 155]);
  // What was sent before is used: nothing is known of it.
  story.events([aggregated('b', ['a'], 0.5, [0.5], [151], 52), ...ending('ag', [52, 51, 'main', 52])]);
  assert.equal(story.way(52).happenings.at(-1).kind, 'aggregated');
});

test('The history fills in the moments that were left out', () => {
  const story = new StoryOfRun();
  story.events(nodes);
  loop(story, 1, 3);
  story.miss();
  loop(story, 50, 51);
  const moment = (number) => ({ moment: number, parent: number - 1, branch: 'main', t: number, cycle: 0, cmd: 'flood', kept: true });
  const moments = Array.from({ length: 46 }, (_, k) => moment(k + 4));
  story.history({ version: 1, present: 51, branch: 'main', oldest: 0, goes_back: true, why_not: null, branches: [{ branch: 'main', last: 51 }], marks: [], moments });
  assert.deepEqual(story.path(51), Array.from({ length: 52 }, (_, k) => k));
  assert.deepEqual(layStrip(story, 51).tracks[0].moments, story.path(51));
  assert.deepEqual(story.way(51).moments, [50, 51]);
});

test('One command that has more than is kept, and one that never ends, have a bound too', () => {
  const story = new StoryOfRun(200);
  story.events(nodes);
  loop(story, 1, 2);
  for (let k = 0; k < 100; ++k) story.events(round(k));
  assert.equal(held(story), 0);
  story.events(ending('run', [3, 2]));
  loop(story, 4, 4);
  assert.deepEqual(story.way(4).moments, [3, 4]);
});

test('Tests without end at one moment have a bound', () => {
  const story = new StoryOfRun(200);
  story.events(nodes);
  loop(story, 1, 1);
  for (let k = 0; k < 1000; ++k) {
    story.events([{ type: 'evaluated', t: 1, cycle: 0, node: 'a', scope: 'local', accuracy: 0.5, loss: 1 }, ...ending('test', null)]);
    assert.ok(held(story) <= 200);
  }
});

test('Going back before what is kept gives a way of its own', () => {
  const story = new StoryOfRun(20 * weight);
  story.events(nodes);
  loop(story, 1, 100);
  assert.ok(story.from > 10);
  story.events([...wentTo(10, 100), ...ending('goto 10', null)]);
  assert.deepEqual(story.way(10).moments, [10]);
  story.events([...round(101), ...ending('flood', [101, 10, 'main-2', 101])]);
  assert.equal(story.way(101).moments.at(-1), 101);
  assert.equal(story.way(101).messages.size, 3);
});

test('Drawing the strip looks at each moment once, and the path to the present one grows', () => {
  const story = new StoryOfRun();
  story.events(nodes);
  const book = new StripBook();
  let path = story.path(0);
  for (let moment = 1; moment <= 500; ++moment) {
    loop(story, moment, moment);
    layStrip(story, moment, 5, book);
    assert.equal(story.path(moment), path);
  }
  assert.equal(book.taken, 501);
  assert.deepEqual(layStrip(story, 500, 5, book), layStrip(story, 500));
});

test('The diagram takes in what is kept alone', () => {
  const most = 100 * weight;
  const story = new StoryOfRun(most);
  story.events(nodes);
  loop(story, 1, 1000);
  const [columns, scene, way] = [new Columns(), new Scene(), story.way(1000)];
  columns.update(way);
  scene.update(way);
  assert.ok(columns.columns.length <= most);
  assert.equal(columns.columns[0].moment, story.from);
});

test('A moment that is asked for before it is here has its path once it is', () => {
  const story = new StoryOfRun();
  story.events(nodes);
  loop(story, 1, 2);
  assert.deepEqual(story.path(3), [3]);
  loop(story, 3, 3);
  assert.deepEqual(story.path(3), [0, 1, 2, 3]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { aggregated, delivered, ending, lived, pairRun, queued, sent, started, tested, trained, wentTo } from './runs.mjs';

const { StoryOfRun, Columns, Scene, placesOf } = await load('story.ts', 'time/columns.ts', 'time/scene.ts');

const columnsOf = (story, moment = story.present) => {
  const columns = new Columns();
  const way = story.way(moment);
  columns.update(way);
  return { columns, way };
};

test('train; flood; nstep; ag make a column each, and the start one of its own', () => {
  const { columns } = columnsOf(pairRun(StoryOfRun));
  assert.deepEqual(columns.columns.map((c) => c.moment), [0, 1, 2, 3, 4]);
  assert.deepEqual(columns.spans.get(3), [3, 3]);
});

test('a message leaves at the left edge of its network step and arrives at the right one', () => {
  const { columns, way } = columnsOf(pairRun(StoryOfRun));
  const life = way.messages.get(0);
  assert.deepEqual(columns.place(life.sent, 0, life.sentAt), { column: 3, part: 0, t: 0 });
  assert.deepEqual(columns.place(life.arrived, 1, life.arrivedAt), { column: 3, part: 1, t: 0 });
});

test('a test stands in the column of the moment that it looked at', () => {
  const { columns, way } = columnsOf(pairRun(StoryOfRun));
  const tests = way.happenings.filter((h) => h.kind === 'tested');
  assert.deepEqual(tests.map((h) => columns.placeOf(h).column), [4, 4]);
});

test('within one command a node that does an earlier kind of thing again begins a new column, another node does not', () => {
  // At one instant: a receives and sends on; b does so independently. a sends after it aggregated: a new column.
  const story = lived(StoryOfRun, ['a', 'b'], ['run 1s', [1, 0], [
    queued(0, 'a', 'b'), sent(0, 'a', 'b'), queued(1, 'b', 'a'), sent(1, 'b', 'a'), delivered(0, 'a', 'b'), delivered(1, 'b', 'a'),
    aggregated('a', ['b'], 0.5, [0.5], [1]), queued(2, 'a', 'b'),
  ]]);
  const { columns, way } = columnsOf(story);
  const last = way.happenings.at(-1);
  assert.equal(columns.columns.length, 3); // the start, the round, what a sent then
  assert.equal(columns.placeOf(last).column, 2);
});

test('another time is another column', () => {
  const story = lived(StoryOfRun, ['a', 'b'], ['run 1s', [1, 0], [
    queued(0, 'a', 'b', 5), sent(0, 'a', 'b', 5), delivered(0, 'a', 'b', 5, 9),
  ]]);
  const { columns } = columnsOf(story);
  assert.deepEqual(columns.columns.map((c) => c.t), [0, 5, 9]);
});

test('a moment in which nothing happens has a column', () => {
  const story = lived(StoryOfRun, ['a'], ['set training.lr 1', [1, 0], []], ['train', [2, 1], [started('a'), trained('a')]]);
  assert.deepEqual(columnsOf(story).columns.columns.map((c) => c.moment), [0, 1, 2]);
});

test('columns grow with a command that runs, and belong to its moment once it has ended', () => {
  const story = lived(StoryOfRun, ['a', 'b'], ['flood', [1, 0], [queued(0, 'a', 'b')]]);
  const columns = new Columns();
  columns.update(story.way(1));
  assert.equal(columns.columns.length, 2);
  story.events([sent(0, 'a', 'b', 3)]);
  columns.update(story.way(1));
  assert.deepEqual(columns.columns.map((c) => c.moment), [0, 1, -1]);
  story.events([delivered(0, 'a', 'b', 3, 8), ...ending('run 1s', [2, 1])]);
  columns.update(story.way(2));
  assert.deepEqual(columns.columns.map((c) => [c.moment, c.t]), [[0, 0], [1, 0], [2, 3], [2, 8]]);
});

test('going on with updates gives the same columns as all at once', () => {
  const story = pairRun(StoryOfRun);
  const grown = new Columns();
  grown.update(story.way(4));
  story.events([tested('a', 0.6), ...ending('test local', null), queued(2, 'a', 'b'), ...ending('flood a', [5, 4])]);
  grown.update(story.way(5));
  const fresh = new Columns();
  fresh.update(story.way(5));
  assert.deepEqual(grown.columns, fresh.columns);
  assert.deepEqual(grown.spans, fresh.spans);
});

test('a way has the same numbers whether it grew or was folded at once', () => {
  const story = lived(StoryOfRun, ['a', 'b'], ['train', [1, 0], [started('a'), trained('a')]]);
  const grown = story.way(1);
  story.events([queued(0, 'a', 'b'), ...ending('flood a', [2, 1]), sent(0, 'a', 'b'), delivered(0, 'a', 'b'), ...ending('nstep', [3, 2])]);
  const seqs = grown.happenings.map((h) => h.seq);
  story.events([...wentTo(1, 3), ...ending('undo 2', null)]);
  assert.equal(seqs.length, 6); // two nodes, a training, a message with three happenings
  assert.deepEqual(story.way(3).happenings.map((h) => h.seq), seqs);
});

test('after undo the columns are those of the way, not of the file', () => {
  const story = pairRun(StoryOfRun);
  story.events([...wentTo(2, 4), ...ending('undo 2', null)]);
  assert.deepEqual(columnsOf(story, 2).columns.columns.map((c) => c.moment), [0, 1, 2]);
});

test('a training that takes time begins in its column and ends in that of its end', () => {
  const story = lived(StoryOfRun, ['a', 'b'], ['run 1s', [1, 0], [
    started('a', 0), queued(0, 'b', 'a', 4), trained('a', 9, 0.25), queued(1, 'a', 'b', 9),
  ]]);
  const { columns, way } = columnsOf(story);
  const scene = new Scene();
  scene.update(way);
  const [training] = scene.longTrainings;
  assert.equal(training.loss, 0.25);
  const { begun, ended } = placesOf(training, columns);
  assert.equal(begun.column, 1);
  assert.deepEqual(ended, { column: 3, part: 1, t: 9 });
});

test('an aggregation remembers where a message had been used before', () => {
  const story = pairRun(StoryOfRun);
  story.events([aggregated('a', ['b'], 0.5, [0.5], [1]), aggregated('b', [], 1, [], []), ...ending('ag', [5, 4])]);
  const { way } = columnsOf(story);
  const scene = new Scene();
  scene.update(way);
  const mixed = way.happenings.filter((h) => h.kind === 'aggregated');
  assert.deepEqual(mixed.map((a) => scene.remembering.has(a.seq)), [false, false, true, false]);
});

test('a node that has left is not down, and one that came later was not there before', () => {
  const scene = new Scene();
  const node = (type, name) => ({ type, t: 0, cycle: 0, node: name, name });
  scene.update(lived(StoryOfRun, ['a', 'b'],
    ['node down b', [1, 0], [node('node_went_down', 'b')]], ['node remove b', [2, 1], [node('node_removed', 'b')]],
    ['node add', [3, 2], [node('node_added', 'c')]]).way(3));
  const told = (spans) => spans.map((s) => [s.nodes[0], s.begun?.moment ?? null, s.ended?.moment ?? null]);
  assert.deepEqual(told(scene.downs), [[1, 1, 2]]);
  assert.deepEqual(told(scene.absences), [[1, 2, null], [2, null, 3]]);
});

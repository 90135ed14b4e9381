// What groups send to each other, and the marks of it in the network and on the map.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { lived, lost, queued, sent } from './runs.mjs';

const { anchorsOf, bandsOf, chevronWidth, columnsFor, flowsOf, flowWords, GroupBook, heatMarks, marksOf, StoryOfRun, withoutTraffic } =
  await load('flows.ts', 'network/chevron.ts', 'network/traffic.ts', 'time/heat-flows.ts', 'story.ts');

const joined = (node, group) => ({ type: 'group_joined', t: 0, cycle: 0, node, group });
const left = (node, group) => ({ type: 'group_left', t: 0, cycle: 0, node, group });
const created = (group) => ({ type: 'group_created', t: 0, cycle: 0, group, emptied: false });
const start = [{ group: 'east', nodes: [0, 1] }, { group: 'west', nodes: [1, 2] }];

/** a and b are in east, b and c in west, d in none. */
const story = lived(StoryOfRun, ['a', 'b', 'c', 'd'],
  ['send', [1, 0], [sent(0, 'a', 'c'), sent(1, 'a', 'c'), lost(1, 'a', 'c', 'loss'), sent(2, 'c', 'b')]],
  ['inside', [2, 1], [sent(3, 'a', 'b'), sent(4, 'd', 'a')]],
  ['group west remove c', [3, 2], [left('c', 'west')]],
  ['again', [4, 3], [sent(5, 'a', 'c'), sent(6, 'b', 'a')]]);
const index = (address) => story.nodeIndex(address);
const flows = (moment, columns, names = ['east', 'west']) => flowsOf(story.way(moment), new GroupBook(start, index), names, columns);

test('Messages from group to group, per moment; a node counts for the first of its groups', () => {
  const each = flows(4, 9);
  assert.deepEqual(each.columns, [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]);
  // c to b: from west to east, as b counts for east. Column, from, to, sent, lost.
  assert.deepEqual(each.flows, [[1, 0, 1, 2, 1], [1, 1, 0, 1, 0]]);
  // In moment 4 c is in no group any more.
  assert.deepEqual(flows(4, 1).flows, [[0, 0, 1, 2, 1], [0, 1, 0, 1, 0]]);
  assert.deepEqual(flows(4, 2).columns, [[0, 1], [2, 4]]);
  assert.deepEqual(flows(4, 9, ['west']).flows, []);
});

test('Groups follow the events: made, emptied, joined, left, deleted', () => {
  const book = new GroupBook(start, index);
  for (const e of [created('north'), joined('d', 'north'), joined('a', 'north'), left('a', 'east'), created('west'), joined('c', 'west')]) book.take(e);
  assert.deepEqual(book.list(), [{ group: 'east', nodes: [1] }, { group: 'west', nodes: [2] }, { group: 'north', nodes: [3, 0] }]);
  assert.deepEqual([...book.first()], [[1, 'east'], [2, 'west'], [3, 'north'], [0, 'north']]);
  book.take({ type: 'group_deleted', group: 'east' });
  assert.deepEqual(book.list().map((g) => g.group), ['west', 'north']);
});

test('Groups that a recorded run has made are there at the moments after it', () => {
  const run = lived(StoryOfRun, ['a', 'b'], ['train', [1, 0], [queued(0, 'a', 'b')]], ['group create g', [2, 1], [created('g')]], ['group g add b', [3, 2], [joined('b', 'g')]]);
  run.start = { state: { nodes: { index: [0, 1], up: [1, 1], examples: [1, 1], trained: [0, 0], loss: [null, null], tests: {}, guestbook: [0, 0] }, groups: [], messages: [], counts: {}, last_scope: null, autonet: false }, links: null };
  assert.deepEqual([1, 2, 3].map((moment) => run.stateAt(moment).groups), [[], [{ group: 'g', nodes: [] }], [{ group: 'g', nodes: [1] }]]);
});

test('In words', () => {
  assert.equal(flowWords(['east', 'west'], 0, 1, 24, 3), 'east → west: 24 messages, 3 lost');
  assert.equal(flowWords(['east', 'west'], 1, 0, 1, 0), 'west → east: 1 message');
});

test('A mark is as wide as the logarithm of its messages, whatever the others are', () => {
  // 10 + 7 · log10(1 + sent)
  assert.deepEqual([0, 9, 99].map(chevronWidth), [10, 17, 24]);
});

const square = (x, y) => [[-5, -5], [5, -5], [5, 5], [-5, 5]].map(([dx, dy]) => ({ x: x + dx, y: y + dy }));

test('One mark per pair and direction, side by side, each pointing to its receiver', () => {
  const outlines = new Map([['east', square(300, 100)], ['west', square(100, 100)]]);
  const [one, back, ...more] = marksOf({ groups: ['east', 'west'], columns: [[0, 1], [2, 3]], flows: [[0, 0, 1, 2, 1], [0, 1, 0, 1, 0], [1, 0, 1, 7, 0]] }, outlines, 600, 400);
  assert.equal(more.length, 0);
  assert.deepEqual([one.sent, one.lost, back.sent], [9, 1, 1]);
  assert.ok(Math.cos(one.angle) < -0.99 && Math.cos(back.angle) > 0.99); // to the left, to the right
  // Half way; 5 px and half its width (17 px for nine) to the right of its way, which is up for who goes to the left.
  assert.ok(Math.abs(one.x - 200) < 2 && Math.abs(one.y - (100 - 13.5)) < 2, JSON.stringify(one));
  assert.ok(back.y > 100);
  // Downwards, right is to the left on the screen.
  const [down] = marksOf({ groups: ['a', 'b'], columns: [[0, 0]], flows: [[0, 0, 1, 9, 0]] }, new Map([['a', square(300, 100)], ['b', square(300, 350)]]), 600, 600);
  assert.ok(Math.abs(down.x - (300 - 13.5)) < 2 && Math.abs(down.y - 225) < 2, JSON.stringify(down));
});

test('Groups that lie on each other have marks apart from each other', () => {
  const anchors = anchorsOf([square(200, 200), square(200, 200), square(210, 200)], 800, 800);
  for (const [k, a] of anchors.entries()) for (const b of anchors.slice(k + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 150, JSON.stringify(anchors));
  // Three that lie on each other do not end on one line: its area is that of a triangle with sides of 160 px, 11,085, more or less.
  const [a, b, c] = anchors;
  assert.ok(Math.abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) / 2 > 10_000, JSON.stringify(anchors));
  // Those that lie far enough stay where they are.
  const [far] = anchorsOf([square(100, 200), square(500, 200)], 800, 800);
  assert.ok(Math.hypot(far.x - 100, far.y - 200) < 1.5);
});

test('Many single messages between groups are not drawn too', () => {
  const dots = [{ from: 0, to: 1 }, { from: 0, to: 2 }, { from: 0, to: 3 }];
  const times = (count) => Array.from({ length: count }, () => dots).flat();
  assert.equal(withoutTraffic(times(20), { groups: start }).length, 60);
  assert.deepEqual(withoutTraffic(times(21), { groups: start }).slice(0, 2), [dots[0], dots[2]]); // within east, and to none
});

test('On the map a group has a band of rows, and a mark goes from band to band', () => {
  const bands = bandsOf([0, 1, 2, 3], start);
  assert.deepEqual(bands, [{ group: 'east', from: 0, to: 0.5 }, { group: 'west', from: 0.5, to: 0.75 }]);
  const marks = heatMarks({ groups: ['east', 'west'], columns: [[0, 0], [1, 1]], flows: [[1, 0, 1, 2, 1], [1, 1, 0, 1, 0]] }, bands, { x: 10, width: 80, height: 100 });
  // The second column is from 50 to 90; its two marks stand at a quarter and at three. Middles of the bands: 25 and 62.5.
  assert.deepEqual(marks.map((m) => [m.x, m.ends]), [[60, [25, 62.5]], [80, [62.5, 25]]]);
});

test('Each column has room for a mark per pair and direction', () => {
  assert.equal(columnsFor(2, 480), 10); // 2 marks of 24 px each
  assert.equal(columnsFor(3, 480), 3); // 6
  assert.equal(columnsFor(8, 400), 1);
  assert.equal(columnsFor(2, 9999), 40);
});

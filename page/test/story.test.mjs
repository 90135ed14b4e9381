// The story that the page makes of events: moments, branches, the life of messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { StoryOfRun, messagesAt } = await load('story.ts', 'recorded.ts');

const [ann, ben] = ['10.0.0.1', '10.0.0.2'];
const e = (type, more = {}, t = 0) => ({ v: 2, type, t, cycle: 0, ...more });
const done = (command, code = 0) => e('command_done', { command, code, message: '' });
const made = (moment, parent, branch = 'main', t = 0) => e('moment_made', { moment, parent, branch }, t);
const message = (type, number, more = {}, t = 0) => e(type, { message: number, from: ann, to: ben, bytes: 100, ...more }, t);

/** Two nodes; train (1), send (2), nstep of 20 ns (3), ag (4), test (no moment). */
function short() {
  const story = new StoryOfRun();
  story.events([
    e('node_added', { node: ann, name: 'ann' }), e('node_added', { node: ben, name: '' }),
    e('training_started', { node: ann, examples: 9 }), e('trained', { node: ann, examples: 9, loss: 0.5 }), made(1, 0), done('train'),
    message('queued', 0), made(2, 1), done('send 10.0.0.1 10.0.0.2'),
    message('sent', 0), message('delivered', 0, { sent: 0, arrived: 20 }, 20), made(3, 2, 'main', 20), done('nstep'),
    e('aggregated', { node: ben, peers: [ann], messages: [0], weights: [0.5], own_weight: 0.5, changed: true, rate: 1 }, 20), made(4, 3, 'main', 20), done('ag'),
    e('evaluated', { node: ben, scope: 'local', accuracy: 0.75, loss: 0.4 }, 20), done('test'),
  ]);
  return story;
}

test('A command that changes the world makes a moment, and has its events', () => {
  const story = short();
  assert.equal(story.present, 4);
  assert.deepEqual(story.path(4), [0, 1, 2, 3, 4]);
  assert.equal(story.segments.get(1).cmd, 'train');
  assert.deepEqual(story.segments.get(3).events.map((x) => x.type), ['sent', 'delivered']);
});

test('The first nodes are the start, not what the first command did', () => {
  const story = short();
  assert.deepEqual(story.way(0).happenings.map((h) => [h.kind, h.moment]), [['added', 0], ['added', 0]]);
  assert.deepEqual(story.segments.get(1).events.map((x) => x.type), ['training_started', 'trained']);
});

test('A test makes no moment; what it found belongs to the moment it looked at', () => {
  const way = short().way(4);
  const tested = way.happenings.filter((h) => h.kind === 'tested');
  assert.deepEqual(tested.map((h) => [h.node, h.moment, h.accuracy]), [[1, 4, 0.75]]);
});

test('A message is followed from its outbox to the aggregation that used it', () => {
  const life = short().way(4).messages.get(0);
  assert.ok(life.queued < life.sent && life.sent < life.arrived && life.arrived < life.used);
  assert.deepEqual([life.sentAt, life.arrivedAt, life.lost, life.uses.length], [0, 20, -1, 1]);
});

test('A training stands where it began and knows its end', () => {
  const [training] = short().way(1).happenings.filter((h) => h.kind === 'training');
  assert.equal(training.end, training.seq + 1);
  assert.equal(training.loss, 0.5);
});

test('After going back the other branch has its own messages under the same numbers', () => {
  const story = short();
  story.events([
    e('restored'), e('went_to', { moment: 2, from_moment: 4, branch: 'main' }), done('goto 2'),
    message('sent', 0), message('lost', 0, { ended: 7, reason: 'loss' }, 7), made(5, 2, 'main-2', 7), done('nstep'),
  ]);
  assert.equal(story.present, 5);
  assert.deepEqual(story.path(5), [0, 1, 2, 5]);
  assert.deepEqual(story.children(2), [3, 5]);
  assert.equal(story.way(5).messages.get(0).reason, 'loss');
  assert.equal(story.way(4).messages.get(0).reason, null);
  assert.deepEqual(story.branches.map((b) => [b.branch, b.last]), [['main', 4], ['main-2', 5]]);
});

test('Right after going back the way is that of the moment gone to', () => {
  const story = short();
  assert.equal(story.way(4).messages.get(0).arrived >= 0, true);
  story.events([e('restored'), e('went_to', { moment: 2, from_moment: 4, branch: 'main' }), done('undo 2')]);
  assert.deepEqual(story.way(2).moments, [0, 1, 2]);
  assert.equal(story.way(2).messages.get(0).sent, -1); // it waits in the outbox again
});

test('The same command after undo ends in the same moment and doubles nothing', () => {
  const story = short();
  const before = story.way(4).happenings.length;
  story.events([
    e('restored'), e('went_to', { moment: 3, from_moment: 4, branch: 'main' }), done('undo'),
    e('aggregated', { node: ben, peers: [ann], messages: [0], weights: [0.5], own_weight: 0.5, changed: true, rate: 1 }, 20), made(4, 3, 'main', 20), done('ag'),
  ]);
  assert.equal(story.present, 4);
  assert.equal(story.way(4).happenings.length, before);
});

test('A way that grows event by event is the way that is folded at once', () => {
  const whole = short();
  const grown = short();
  grown.way(4); // from now on it grows
  const more = [message('queued', 1), message('sent', 1), made(6, 4), done('send')];
  for (const event of more) grown.events([event]);
  whole.events(more);
  const plain = (way) => ({ h: way.happenings.map(({ kind, node, seq, moment }) => ({ kind, node, seq, moment })), moments: way.moments, firstSeq: way.firstSeq });
  assert.deepEqual(plain(grown.way(6)), plain(whole.way(6)));
});

test('What waits in an outbox and is dropped counts nowhere', () => {
  const story = new StoryOfRun();
  story.events([e('node_added', { node: ann }), e('node_added', { node: ben }), message('queued', 0), made(1, 0), done('send'), made(2, 1), done('drop 0')]);
  assert.equal(story.way(2).messages.get(0).dropped, true);
});

test('A recorded run has the state of each moment out of its start and its events', () => {
  const story = short();
  assert.equal(story.stateAt(3), null); // the start is not known
  story.start = {
    links: null,
    state: {
      moment: 0, branch: 'main', t: 0, cycle: 0, autonet: false, groups: [], last_scope: null, consensus: null, messages: [], messages_left_out: 0,
      counts: { sent: 0, delivered: 0, lost: 0, in_flight: 0, queued: 0, bytes: 0 },
      nodes: { index: [0, 1], up: [1, 1], examples: [9, 9], trained: [0, 0], outbox: [0, 0], in_flight_to: [0, 0], inbox: [0, 0], guestbook: [0, 0], loss: [null, null], tests: {} },
    },
  };
  assert.deepEqual(story.stateAt(2).nodes.outbox, [1, 0]); // ann's message waits
  const third = story.stateAt(3);
  assert.deepEqual(third.nodes.inbox, [0, 1]);
  assert.deepEqual(third.nodes.trained, [1, 0]);
  assert.deepEqual(third.counts, { sent: 1, delivered: 1, lost: 0, in_flight: 0, queued: 0, bytes: 100 });
  const last = story.stateAt(4);
  assert.deepEqual(last.nodes.tests.local.accuracy, [null, 0.75]);
  assert.deepEqual([last.last_scope, last.t], ['local', 20]);
});

test('Of two messages of one sender the newest is used, and the older leaves the inbox with it; one of another sender stays', () => {
  const story = short();
  const eve = '10.0.0.3';
  const other = { from: eve, to: ben, bytes: 100, message: 3 };
  story.events([
    e('node_added', { node: eve, name: '' }),
    ...[1, 2].flatMap((k) => [message('queued', k), message('sent', k), message('delivered', k, { sent: 20, arrived: 40 })]),
    e('queued', other), e('sent', other), e('delivered', { ...other, sent: 20, arrived: 40 }), made(5, 4), done('nstep'),
    e('aggregated', { node: ben, peers: [ann], messages: [2], weights: [0.5], own_weight: 0.5, changed: true, rate: 1 }), made(6, 5), done('ag ben'),
  ]);
  const way = story.way(6);
  assert.deepEqual([0, 1, 2, 3].map((k) => way.messages.get(k).superseded >= 0), [false, true, false, false]);
  assert.deepEqual(messagesAt(way).map((m) => [m.message, m.state]), [[3, 'inbox']]);
  // Before that aggregation all three lay there.
  assert.deepEqual(messagesAt(story.way(5)).map((m) => m.message), [1, 2, 3]);
});

test('The way to a moment whose events are not here yet ends at the last one that is known', () => {
  const story = short();
  assert.equal(story.way(5), story.way(4));
  story.events([message('queued', 1), made(5, 4), done('send')]);
  assert.equal(story.way(5).messages.size, 2);
});

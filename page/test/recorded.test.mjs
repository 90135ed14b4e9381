// What a recorded run's events tell where the server has only the start.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { recordedCurves, recordedLinks, percentile } = await load('recorded_answers.ts');
const { StoryOfRun } = await load('story.ts');
const { messagesAt } = await load('recorded.ts');

const [ann, ben, eve] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
const e = (type, more = {}, t = 0) => ({ v: 2, type, t, cycle: 0, ...more });
const tested = (node, accuracy) => e('evaluated', { node, scope: 'local', accuracy, loss: 1 });
const hello = { nodes: [ann, ben, eve].map((node) => ({ node, name: '' })) };

function run() {
  const story = new StoryOfRun();
  story.events([
    ...[ann, ben, eve].map((node) => e('node_added', { node })),
    e('training_started', { node: ann, examples: 1 }), e('trained', { node: ann, examples: 1, loss: 2 }), e('moment_made', { moment: 1, parent: 0, branch: 'main' }), e('command_done', { command: 'train', code: 0 }),
    tested(ann, 0.2), tested(ben, 0.4), e('command_done', { command: 'test', code: 0 }),
    e('queued', { message: 0, from: ann, to: ben, bytes: 70 }), e('sent', { message: 0, from: ann, to: ben, bytes: 70 }), e('moment_made', { moment: 2, parent: 1, branch: 'main' }, 5), e('command_done', { command: 'send', code: 0 }),
    tested(ben, 0.9), e('command_done', { command: 'test', code: 0 }),
  ]);
  return story;
}

test('Curves have a point per moment: the last test of each node until then', () => {
  const story = run();
  const answer = recordedCurves({ hello, story }, story.way(2));
  assert.deepEqual(answer.moment, [0, 1, 2]);
  assert.deepEqual(answer.bytes, [0, 0, 70]);
  const accuracy = answer.metrics['test_acc:local'];
  assert.deepEqual(accuracy.count, [0, 2, 2]);
  assert.deepEqual([accuracy.tested, answer.metrics.train_loss.tested], [[0, 1, 1], [0, 1, 0]]);
  assert.deepEqual(accuracy.nodes, [[null, 0.2, 0.2], [null, 0.4, 0.9], [null, null, null]]);
  // (0.2 + 0.4) / 2 = 0.3; (0.2 + 0.9) / 2 = 0.55
  assert.ok(Math.abs(accuracy.mean[1] - 0.3) < 1e-12 && Math.abs(accuracy.mean[2] - 0.55) < 1e-12);
  assert.deepEqual(answer.metrics.train_loss.mean, [null, 2, 2]);
});

test('An aggregation takes older messages of the same peer out of the inbox too', () => {
  const story = new StoryOfRun();
  const sent = (message, from, to) => [
    e('queued', { message, from, to, bytes: 70 }), e('sent', { message, from, to, bytes: 70 }), e('delivered', { message, from, to, bytes: 70, sent: 0, arrived: 0 }),
  ];
  const made = (moment) => [e('moment_made', { moment, parent: moment - 1, branch: 'main' }), e('command_done', { command: 'x', code: 0 })];
  story.events([
    ...[ann, ben, eve].map((node) => e('node_added', { node })),
    ...sent(0, ann, ben), ...sent(1, eve, ben), ...sent(2, ann, ben), ...sent(3, ann, eve), ...made(1),
    e('aggregated', { node: ben, peers: [ann], weights: [0.5], messages: [2], own_weight: 0.5, changed: true, rate: 1 }), ...made(2),
    ...sent(4, ann, ben), ...made(3),
  ]);
  const inboxes = (moment) => messagesAt(story.way(moment)).filter((m) => m.state === 'inbox').map((m) => m.message);
  assert.deepEqual(inboxes(1), [0, 1, 2, 3]);
  assert.deepEqual(inboxes(2), [1, 3]); // 2 was used, and 0 is older than it
  assert.deepEqual(inboxes(3), [1, 3, 4]);
});

test('A percentile lies on the straight line between its neighbours', () => {
  assert.equal(percentile([5], 0.9), 5);
  assert.equal(percentile([0, 10], 0.1), 1);
  assert.equal(percentile([0, 1, 2, 3, 4], 0.9), 3.6); // 0.9 · 4 = 3.6
});

test('Links are those of the start, and what was made, cut, met and parted since', () => {
  const story = run();
  story.events([
    e('link_changed', { from: ben, to: eve, made: true, up: true }), e('link_changed', { from: eve, to: ben, made: true, up: true }),
    e('link_changed', { from: ann, to: ben, made: false, up: false }), e('contact_began', { a: ann, b: eve }),
    e('moment_made', { moment: 3, parent: 2, branch: 'main' }), e('command_done', { command: 'link', code: 0 }),
    e('contact_ended', { a: ann, b: eve, began: 0 }), e('node_removed', { node: eve }),
    e('moment_made', { moment: 4, parent: 3, branch: 'main' }), e('command_done', { command: 'run', code: 0 }),
  ]);
  const start = { version: 0, pairs: [[0, 1]], one_way: [], down: [], default: { loss: 0, latency: '0s', bandwidth: null }, own: [] };
  const at = (moment) => recordedLinks(start, story.way(moment), (a) => story.nodeIndex(a));
  assert.deepEqual(at(2).pairs, [[0, 1]]);
  assert.deepEqual([at(3).pairs, at(3).down], [[[0, 1], [1, 2], [0, 2]], [[0, 1]]]);
  assert.deepEqual(at(4).pairs, [[0, 1]]);
});

// What a recorded run's events tell where the server has only the start.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { recordedCurves, percentile } = await load('recorded_answers.ts');
const { recordedLinks } = await load('recorded_links.ts');
const { StoryOfRun } = await load('story.ts');
const { messagesAt, recordedState } = await load('recorded.ts');

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
  const at = (moment) => recordedLinks(start, story.way(moment), (a) => story.nodeIndex(a), { present: [0, 1, 2], meshed: false });
  assert.deepEqual(at(2).pairs, [[0, 1]]);
  assert.deepEqual([at(3).pairs, at(3).down], [[[0, 1], [1, 2], [0, 2]], [[0, 1]]]);
  assert.deepEqual(at(4).pairs, [[0, 1]]);
});

// It had neither examples nor neighbours, and nobody knew its name.
test('A node that joins has the neighbours of a full mesh, or those of the one it is like, and examples', () => {
  const joined = (more) => {
    const story = new StoryOfRun(Infinity);
    for (const node of [ann, ben]) story.addNode(node);
    story.startEvents = 2;
    story.events([
      ...[ann, ben].map((node) => e('node_added', { node, examples: 20 })),
      e('node_added', { node: eve, examples: 40, like: null, ...more }), e('moment_made', { moment: 1, parent: 0, branch: 'main' }), e('command_done', { command: 'node add', code: 0 }),
      e('training_started', { node: eve, examples: 33 }), e('trained', { node: eve, examples: 33, loss: 2 }), e('moment_made', { moment: 2, parent: 1, branch: 'main' }), e('command_done', { command: 'train', code: 0 }),
    ]);
    return story;
  };
  const start = { pairs: [[0, 1]], one_way: [], down: [], default: { loss: 0, latency: '0s', bandwidth: null }, own: [] };
  const pairs = (story, meshed, moment) => recordedLinks(start, story.way(moment), (a) => story.nodeIndex(a), { present: [0, 1], meshed }).pairs;
  const story = joined({});
  assert.deepEqual(pairs(story, true, 0), [[0, 1]]);
  assert.deepEqual(pairs(story, true, 1), [[0, 1], [0, 2], [1, 2]]);
  assert.deepEqual(pairs(story, false, 1), [[0, 1]]);
  assert.deepEqual(pairs(joined({ like: ann }), true, 1), [[0, 1], [1, 2]]);
  const examples = (of, moment) => recordedState(startState(), of.way(moment), of.segments.get(moment), (a) => of.nodeIndex(a)).nodes.examples;
  assert.deepEqual(examples(story, 0), [17, 17]); // the first command's node is not of the start
  assert.deepEqual(examples(story, 1), [17, 17, 34]); // 40 · 34 / 40, as 17 of 20 are trained on
  assert.deepEqual(examples(story, 2), [17, 17, 33]); // what it did train on
  assert.deepEqual(examples(joined({ like: ann }), 1), [17, 17, 17]);
});

test('Links follow what is set for all of them', () => {
  const story = run();
  const made = (moment) => [e('moment_made', { moment, parent: moment - 1, branch: 'main' }), e('command_done', { command: 'link', code: 0 })];
  const link = { loss: 0.5, latency: '1s', bandwidth: null, up: true };
  story.events([
    e('link_changed', { from: ann, to: ben, made: false, ...link, loss: 0.1 }), ...made(3),
    e('default_link_changed', link), e('config_changed', { key: 'network.loss', value: '0.5' }), ...made(4),
    e('default_link_changed', { ...link, loss: 0.25, latency: '2s' }), ...made(5), e('config_changed', { key: 'training.momentum', value: '0.9' }), ...made(6),
    e('default_link_changed', { ...link, loss: 0.75 }), ...made(7),
  ]);
  const start = { pairs: [[0, 1]], one_way: [], down: [], default: { loss: 0, latency: '0s', bandwidth: null }, own: [] };
  const at = (moment) => recordedLinks(start, story.way(moment), (a) => story.nodeIndex(a), { present: [0, 1, 2], meshed: false });
  const losses = (moment) => [at(moment).default.loss, ...at(moment).own.map((own) => own.loss)];
  assert.deepEqual([losses(2), losses(3), losses(4), losses(5), losses(6)], [[0], [0, 0.1], [0.5, 0.1], [0.25, 0.25], [0.25, 0.25]]);
  assert.deepEqual(losses(7), [0.75]); // it is as all others are, and follows them
  assert.equal(at(4).default.latency, '1s');
});

function startState() {
  return {
    autonet: false, nodes: { index: [0, 1], up: [1, 1], examples: [17, 17], held_out: [3, 3], trained: [1, 1], guestbook: [1, 0], loss: [2, 3], tests: { local: { accuracy: [0.5, null], loss: [1, null], old: [0, null] } } },
    groups: [], counts: { sent: 3, delivered: 1, lost: 1, in_flight: 1, queued: 1, bytes: 300 }, last_scope: 'local',
    messages: [
      { message: 0, from: 0, to: 1, bytes: 100, state: 'flight', sent: 5, arrives: 9 }, { message: 1, from: 1, to: 0, bytes: 100, state: 'inbox', sent: 0, arrives: 5 },
      { message: 3, from: 0, to: 1, bytes: 100, state: 'outbox', sent: null, arrives: null },
    ],
  };
}

// All that start.json tells of it was forgotten: no mail, no tests, nothing sent.
test('A run that was resumed goes on with the mail, tests and counts of its start', () => {
  const story = new StoryOfRun(Infinity);
  for (const node of [ann, ben]) story.addNode(node);
  story.startEvents = 0;
  const made = (moment) => [e('moment_made', { moment, parent: moment - 1, branch: 'main' }), e('command_done', { command: 'x', code: 0 })];
  const mail = (message, from, to) => ({ message, from, to, bytes: 100 });
  story.events([
    e('cycle_advanced'), ...made(5),
    e('delivered', { ...mail(0, ann, ben), sent: 5, arrived: 9 }), e('sent', mail(3, ann, ben)), ...made(6),
    e('aggregated', { node: ann, peers: [ben], weights: [0.5], messages: [1], own_weight: 0.5, changed: true, rate: 1 }), ...made(7),
  ]);
  assert.deepEqual(story.path(7), [0, 5, 6, 7]); // of moments 1 to 4 nothing is told
  const at = (moment) => recordedState(startState(), story.way(moment), story.segments.get(moment), (a) => story.nodeIndex(a));
  const { nodes, counts, last_scope: scope } = at(5);
  assert.deepEqual([nodes.outbox, nodes.in_flight_to, nodes.inbox, nodes.guestbook], [[1, 0], [0, 1], [1, 0], [1, 0]]);
  assert.deepEqual(counts, startState().counts);
  assert.deepEqual([scope, nodes.tests.local.accuracy], ['local', [0.5, null]]);
  // Message 0 has come, and 3 is sent: four sent, two delivered, 400 bytes.
  assert.deepEqual(at(6).counts, { sent: 4, delivered: 2, lost: 1, in_flight: 1, queued: 0, bytes: 400 });
  assert.deepEqual(at(6).nodes.inbox, [1, 1]);
  assert.deepEqual(at(7).nodes.inbox, [0, 1]); // 1 was aggregated
  assert.deepEqual(at(7).nodes.tests.local.old, [1, null]);
});

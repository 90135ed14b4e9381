// What is grey: nothing that the program would do, and all that it would refuse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { messageNo, nodeNo, mailState } = await load('may.ts');

// ann (0) and ben (1) are up, carl (2) is down, dora (3) has left.
const app = {
  mayNot: () => null, hello: { backend: 'builtin' }, state: { nodes: { index: [0, 1, 2], up: [1, 1, 0] } },
  nodeName: (node) => ['ann', 'ben', 'carl', 'dora'][node],
};
const mail = (from, to, state) => ({ from, to, state });

test('a message to a node that is down or has left cannot arrive', () => {
  for (const state of ['outbox', 'flight', 'arrived']) {
    assert.equal(messageNo(app, 'deliver', mail(0, 1, state)), undefined); // from an outbox it is sent first
    assert.equal(messageNo(app, 'deliver', mail(0, 2, state)), 'It cannot arrive: carl is down.');
    assert.equal(messageNo(app, 'deliver', mail(0, 3, state)), 'It cannot arrive: dora has left.');
    assert.equal(messageNo(app, 'drop', mail(0, 2, state)), undefined);
  }
  assert.equal(messageNo(app, 'deliver', mail(0, 1, 'inbox')), 'It has arrived already.');
  assert.match(messageNo({ ...app, hello: { backend: 'ns3' } }, 'deliver', mail(0, 1, 'flight')), /built-in/);
});

test('who is down sends nothing; what is on its way arrives all the same', () => {
  assert.equal(messageNo(app, 'deliver', mail(2, 1, 'outbox')), 'It cannot be sent: carl is down.');
  assert.equal(messageNo(app, 'deliver', mail(2, 1, 'flight')), undefined);
  assert.equal(messageNo(app, 'resend', mail(2, 1, 'used')), 'carl is down, and cannot send.');
  assert.equal(messageNo(app, 'resend', mail(0, 2, 'used')), undefined);
  assert.deepEqual([0, 2, 3].map((node) => nodeNo(app, node)), [undefined, 'The node is down.', 'The node has left.']);
});

test('who may only look is told so first; what is over is over', () => {
  assert.equal(messageNo({ ...app, mayNot: () => 'Looking only.' }, 'deliver', mail(0, 2, 'flight')), 'Looking only.');
  assert.equal(nodeNo({ ...app, mayNot: () => 'Looking only.' }, 2), 'Looking only.');
  const life = { lost: -1, dropped: false, used: -1, superseded: -1, arrived: -1, sent: -1 };
  const states = [{}, { sent: 1 }, { sent: 1, arrived: 2 }, { arrived: 2, superseded: 3 }, { used: 3 }, { lost: 3 }, { dropped: true }];
  assert.deepEqual(states.map((more) => mailState({ ...life, ...more })), ['outbox', 'flight', 'inbox', 'superseded', 'used', 'lost', 'lost']);
  for (const state of ['superseded', 'used', 'lost']) for (const what of ['drop', 'deliver']) assert.notEqual(messageNo(app, what, mail(0, 1, state)), undefined);
});

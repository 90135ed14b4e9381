// Keys: each does what the list says, letters only outside of text, and by the setting.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, browse, sent, small, start, type } from './harness.mjs';

let run;
let web;
let tab;
before(async () => {
  run = await start([...small, 'topology.name=full']);
  web = await browse();
  tab = await web.open(run.address);
  await type(tab, 'train; flood; nstep; ag; mark done');
  await at(tab, 4);
  await tab.evaluate(() => document.activeElement.blur());
});
after(async () => {
  await web?.close();
  await run?.stop();
});

const look = (member) => tab.evaluate((m) => window.__delstep.look[m], member);
const shown = () => tab.evaluate(() => window.__delstep.shown());
const press = async (key) => tab.keyboard.press(key);

test('Arrows, Home, End and Escape look; nothing is sent', async () => {
  const before = (await sent(tab)).length;
  for (const [key, moment] of [['ArrowLeft', 3], ['ArrowLeft', 2], ['ArrowRight', 3], ['Home', 0], ['End', 4], ['ArrowLeft', 3], ['Escape', 4]]) {
    await press(key);
    assert.equal(await shown(), moment, key);
  }
  assert.equal((await sent(tab)).length, before);
});

test('Letters choose panels, the axis, the table, the list of keys', async () => {
  for (const [key, panel] of [['2', 'node'], ['3', 'why'], ['4', 'messages'], ['1', 'curves'], ['t', 'table'], ['?', 'help'], ['w', 'why']]) {
    await press(key);
    assert.equal(await look('panel'), panel, key);
  }
  await press('x');
  assert.equal(await look('axis'), 'time');
  await press('x');
  await press('x');
  assert.equal(await look('axis'), 'order');
});

test('Commands by key are typed like any other', async () => {
  const before = (await sent(tab)).length;
  await press('s');
  await tab.waitForFunction((n) => window.__delstep.sent.length > n, before);
  await press('Control+z');
  await tab.waitForFunction((n) => window.__delstep.sent.length > n + 1, before);
  assert.deepEqual((await sent(tab)).slice(before), ['nstep', 'undo']);
});

test('Cause and effect: from a node to the message that weighed most, to its sender, and back', async () => {
  await tab.evaluate(() => window.__delstep.set({ node: 0, message: null, panel: 'curves', moment: null }));
  await press('[');
  const message = await look('message');
  assert.notEqual(message, null);
  await press('[');
  assert.equal(await look('message'), null);
  assert.equal(await shown(), 2); // in moment 2 it was queued
  assert.notEqual(await look('node'), 0);
  await press('Escape');
});

test('In a text field letters are letters', async () => {
  await tab.focus('#console-input');
  await tab.keyboard.type('swx');
  assert.equal(await tab.inputValue('#console-input'), 'swx');
  assert.equal(await look('axis'), 'order');
  await tab.fill('#console-input', '');
  await tab.evaluate(() => document.activeElement.blur());
});

test('By the setting letters need Alt, or do nothing', async () => {
  await tab.evaluate(() => window.__delstep.set({ keys: 'alt', panel: 'curves' }));
  await press('w');
  assert.equal(await look('panel'), 'curves');
  await press('Alt+w');
  assert.equal(await look('panel'), 'why');
  await tab.evaluate(() => window.__delstep.set({ keys: 'off', panel: 'curves' }));
  await press('Alt+w');
  await press('w');
  assert.equal(await look('panel'), 'curves');
  await press('ArrowLeft');
  assert.equal(await shown(), 3);
  await press('Escape');
  await tab.evaluate(() => window.__delstep.set({ keys: 'on' }));
});

test('Every action with a key is in the list, with a button that does it', async () => {
  await press('?');
  const labels = await tab.locator('#panel-help table button').allTextContents();
  const actions = await tab.evaluate(() => window.__delstep.actions().filter((a) => a.keys !== '').map((a) => a.label));
  assert.deepEqual([...labels].sort(), [...actions].sort());
  assert.ok(actions.length > 40);
});

test('Every key has a button outside of the list too', async () => {
  const without = await tab.evaluate(() => window.__delstep.actions()
    .filter((a) => a.keys !== '' && !/presenting|^Page|^\.$|Shift\+P|^[1-5]$/.test(a.keys))
    .filter((a) => document.querySelector(`[data-action="${a.id}"]`) === null).map((a) => a.id));
  assert.deepEqual(without, []);
});

test('No word of complaint', () => assert.deepEqual(web.errors, []));

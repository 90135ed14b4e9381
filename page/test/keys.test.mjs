import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { keyOf } = await load('keymap.ts');

const press = (key, more = {}) => ({ key, code: '', shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more });

test('arrows and their like work in every setting', () => {
  for (const setting of ['on', 'alt', 'off']) {
    assert.equal(keyOf(press('ArrowLeft'), setting, false), 'look-back');
    assert.equal(keyOf(press('ArrowRight', { shiftKey: true }), setting, false), 'same-on');
    assert.equal(keyOf(press('Escape'), setting, false), 'now');
  }
});

test('letters work alone, with Alt, or not at all', () => {
  const [plain, alt] = [press('w', { code: 'KeyW' }), press('w', { code: 'KeyW', altKey: true })];
  assert.deepEqual(['on', 'alt', 'off'].map((s) => keyOf(plain, s, false)), ['why', null, null]);
  assert.deepEqual(['on', 'alt', 'off'].map((s) => keyOf(alt, s, false)), [null, 'why', null]);
  // Some keyboards print another sign with Alt.
  assert.equal(keyOf(press('∑', { code: 'KeyW', altKey: true }), 'alt', false), 'why');
});

test('brackets, plus and minus go by the place of the key', () => {
  assert.equal(keyOf(press('ü', { code: 'BracketLeft' }), 'on', false), 'cause');
  assert.equal(keyOf(press('´', { code: 'Equal' }), 'on', false), 'faster');
  assert.equal(keyOf(press('ß', { code: 'Minus', shiftKey: true }), 'on', false), 'zoom-out');
});

test('undo and redo have the keys that they have everywhere; other keys with Ctrl are the browser’s', () => {
  assert.equal(keyOf(press('z', { ctrlKey: true }), 'off', false), 'undo');
  assert.equal(keyOf(press('Z', { metaKey: true, shiftKey: true }), 'off', false), 'redo');
  assert.equal(keyOf(press('s', { ctrlKey: true }), 'on', false), null);
});

test('while a scene is shown numbers are scenes, and the pages turn the lesson', () => {
  assert.equal(keyOf(press('2'), 'on', false), 'panel-node');
  assert.equal(keyOf(press('2'), 'on', true), 'scene-time');
  assert.equal(keyOf(press('PageDown'), 'off', true), 'lesson-on');
  assert.equal(keyOf(press('PageDown'), 'on', false), null);
  assert.equal(keyOf(press('b'), 'on', true), 'blank');
  assert.equal(keyOf(press('b'), 'on', false), 'break');
});

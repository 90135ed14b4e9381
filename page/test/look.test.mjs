// What a tab looks at, in its address; numbers as people read them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { firstLook, fromHash, toHash } = await load('state.ts');
const format = await load('format.ts');
const { cividisColour } = await load('colours.ts');
const { shortAddress } = await load('app.ts').catch(() => ({ shortAddress: null }));

test('The address holds what differs from the first look, and gives it back', () => {
  assert.equal(toHash(firstLook), '');
  const look = { ...firstLook, moment: 23, node: 4, panel: 'why', follow: false };
  assert.equal(toHash(look), 'moment=23&node=4&panel=why&follow=false');
  assert.deepEqual(fromHash(`#${toHash(look)}`), look);
});

test('What cannot be read in an address is left out', () => {
  assert.deepEqual(fromHash('#moment=-1&panel=<b>&node=x&axis=time&what=1'), { ...firstLook, axis: 'time' });
});

test('Times have the unit that fits', () => {
  const list = [[0, '0ns'], [20_000_000, '20ms'], [1_500, '1.5us'], [12_437_000_000, '12.44s'], [999_960_000, '1s'], [3_723_400_000_000, '3723s'], [null, '–']];
  for (const [ns, said] of list) assert.equal(format.time(ns), said);
});

test('The clock is that of the prompt: one decimal', () => {
  // As the console writes them: 49.66 ms is 49.7ms, and 999.96 ms is 1s.
  const list = [[0, '0ns'], [49_660_000, '49.7ms'], [999_960_000, '1s'], [12_437_000_000, '12.4s'], [3_723_400_000_000, '3723.4s'], [null, '–']];
  for (const [ns, said] of list) assert.equal(format.clock(ns), said);
});

test('Bytes are counted in powers of 1024, as the console counts them', () => {
  for (const [n, said] of [[999, '999 B'], [101864, '99.5 KiB'], [33_216_000, '31.7 MiB']]) assert.equal(format.bytes(n), said);
});

test('The scale of colours is fixed: its ends are those of cividis', () => {
  assert.equal(cividisColour(0), 'rgb(0,34,78)'); // #00224e
  assert.equal(cividisColour(1), 'rgb(254,232,56)'); // #fee838
  assert.equal(cividisColour(2), cividisColour(1));
  assert.equal(cividisColour(null, 'none'), 'none');
});

test('Short addresses tell nodes apart', { skip: shortAddress === null }, () => {
  assert.equal(shortAddress('10.0.0.7'), '.7');
  assert.equal(shortAddress('10.0.1.7'), '1.7');
});

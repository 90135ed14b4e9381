// Going on by itself in each gear; the terminal and two pages at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, browse, posts, sent, small, start, type } from './harness.mjs';

let run;
let web;
let tab;
before(async () => {
  run = await start([...small, 'network.latency=20ms', 'behaviour.name=gossip', 'behaviour.period=1s']);
  web = await browse();
  tab = await web.open(run.address);
});
after(async () => {
  await web?.close();
  await run?.stop();
});

const act = (id) => tab.evaluate((action) => window.__delstep.run(action), id);
const gear = (name) => tab.selectOption('#bar select[aria-label=Gear]', name);
const playing = (on) => tab.waitForFunction((wanted) => window.__delstep.playing === wanted, on);

test('Step: one press is one happening', async () => {
  await tab.click('#bar [data-action=play]');
  await tab.waitForFunction(() => window.__delstep.present.moment === 1);
  assert.deepEqual(await sent(tab), ['next']);
  assert.equal(await tab.evaluate(() => window.__delstep.playing), false);
});

test('Watch: one happening after the other, until it is paused', async () => {
  await gear('watch');
  for (let k = 0; k < 3; ++k) await act('faster');
  await act('play');
  await tab.waitForFunction(() => window.__delstep.present.moment >= 4);
  await act('play');
  await playing(false);
  assert.ok((await sent(tab)).every((cmd) => cmd === 'next'));
});

test('Fast: pieces of a run, as long as the speed says', async () => {
  await gear('fast'); // the speed is 16 now: 2 · 2 · 2 · 2
  await act('play');
  await tab.waitForFunction(() => window.__delstep.sent.filter((cmd) => cmd === 'run 16s').length >= 2);
  await act('play');
  await playing(false);
});

test('Blind: the picture says that it is old, and is new at the end', async () => {
  await gear('blind');
  await act('play');
  await tab.waitForFunction(() => /picture of moment \d+; now \d+/.test(document.querySelector('#network .stale:not([hidden])')?.textContent ?? ''));
  await act('play');
  await playing(false);
  await tab.waitForFunction(() => window.__delstep.state.moment === window.__delstep.present.moment && !window.__delstep.present.busy);
  await tab.waitForFunction(() => document.querySelector('#network .stale').hidden);
});

test('In the past, playing only looks, and ends at the present moment', async () => {
  await gear('watch');
  await tab.evaluate(() => window.__delstep.set({ moment: 0 }));
  await at(tab, 0);
  const before = await posts(tab);
  const present = await tab.evaluate(() => window.__delstep.present.moment);
  await act('play');
  await playing(true);
  await tab.waitForFunction((m) => window.__delstep.shown() === m && !window.__delstep.past(), present);
  await playing(false);
  assert.equal(await posts(tab), before);
});

test('A break stops what plays', async () => {
  await type(tab, 'break deliver');
  await act('play');
  await playing(false);
  await type(tab, 'break delete 1');
});

test('The terminal and two pages see one session', async () => {
  const other = await web.open(run.address);
  run.type('mark typed-at-the-terminal');
  await type(other, 'echo from-a-page');
  for (const each of [tab, other]) {
    await each.waitForFunction(() => {
      const said = document.querySelector('#console .lines').textContent;
      return said.includes('mark typed-at-the-terminal') && said.includes('echo from-a-page');
    });
    await each.waitForFunction(() => window.__delstep.story.marks.some((m) => m.mark === 'typed-at-the-terminal'));
  }
});

test('Stop ends what runs', async () => {
  tab.evaluate(() => void window.__delstep.send('run 1000000s')).catch(() => {});
  await tab.waitForSelector('#console form button:has-text("Stop"):visible');
  await tab.click('#console form button:has-text("Stop")');
  await tab.waitForFunction(() => window.__delstep.present.busy === null);
});

test('No word of complaint', () => {
  // A run of a million seconds says more than a page can read; the server drops it then, and it comes again.
  const others = web.errors.filter((e) => !e.includes('ERR_INCOMPLETE_CHUNKED_ENCODING'));
  assert.deepEqual(others, []);
});

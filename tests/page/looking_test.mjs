// Look is not go: looking at the past sends nothing; acting there goes there first, and nothing is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, browse, posts, sent, start, type } from './harness.mjs';

const moments = 57;
let run;
let web;
before(async () => {
  run = await start();
  web = await browse();
});
after(async () => {
  await web?.close();
  await run?.stop();
});

test('Scrubbing over 57 moments sends no command', async () => {
  const tab = await web.open(run.address);
  await type(tab, `repeat ${moments} { lrate 0.5 ann }`);
  await at(tab, moments);
  const before = await posts(tab);
  for (let k = moments - 1; k >= 0; --k) await tab.evaluate(() => window.__delstep.run('look-back'));
  await at(tab, 0);
  assert.match(await tab.textContent('#looking'), new RegExp(`Looking at moment 0; the present one is ${moments}\\.`));
  for (let k = 0; k < moments; ++k) await tab.evaluate(() => window.__delstep.run('look-on'));
  await at(tab, moments);
  assert.equal(await posts(tab), before);
  assert.equal(await tab.isVisible('#looking'), false);
});

test('At the start of many moments the curves ask for no command', async () => {
  const tab = await web.open(run.address);
  await type(tab, 'test local');
  await tab.evaluate(() => window.__delstep.set({ moment: 0, panel: 'curves' }));
  await tab.waitForFunction(() => /The start is looked at/.test(document.querySelector('#panel-curves').textContent));
  assert.equal(await tab.locator('#panel-curves .empty button').count(), 0);
  assert.doesNotMatch(await tab.getAttribute('[data-action=goto]', 'title') ?? '', /time/); // `goto 4s` is refused
});

test('Two tabs look at different moments, and a reload keeps the look', async () => {
  const [one, two] = [await web.open(run.address), await web.open(run.address)];
  await one.evaluate(() => window.__delstep.set({ moment: 3 }));
  await two.evaluate(() => window.__delstep.set({ moment: 40 }));
  await at(one, 3);
  await at(two, 40);
  await one.reload();
  await at(one, 3);
});

test('Acting in the past goes there first, says so, and the tail stays', async () => {
  const tab = await web.open(run.address);
  await tab.evaluate(() => window.__delstep.set({ moment: 10 }));
  await at(tab, 10);
  await type(tab, 'lrate 0.25 ben');
  await tab.waitForFunction((m) => window.__delstep.present.moment === m + 1, moments);
  assert.deepEqual(await sent(tab), ['goto 10; lrate 0.25 ben']);
  await tab.waitForFunction(() => /Went to moment 10 first/.test(document.querySelector('#console .remark')?.textContent ?? ''));
  assert.deepEqual(await tab.evaluate((m) => window.__delstep.story.path(m + 1).length, moments), 12); // 0 … 10, and the new one
  await type(tab, `goto ${moments}`);
  await at(tab, moments);
});

test('The same command after undo ends in the same moment', async () => {
  const tab = await web.open(run.address);
  await type(tab, 'train ann');
  await tab.waitForFunction((m) => window.__delstep.present.moment === m + 2, moments);
  const branches = await tab.evaluate(() => window.__delstep.story.branches.length);
  await tab.click('#bar [data-action=undo]');
  await tab.waitForFunction((m) => window.__delstep.present.moment === m, moments);
  await type(tab, 'train ann');
  await tab.waitForFunction((m) => window.__delstep.present.moment === m + 2, moments);
  assert.equal(await tab.evaluate(() => window.__delstep.story.branches.length), branches);
});

test('What is typed in one tab is seen in the other', async () => {
  const [one, two] = [await web.open(run.address), await web.open(run.address)];
  await type(one, 'echo hello');
  await two.waitForFunction(() => document.querySelector('#console .lines').textContent.includes('echo hello'));
});

test('No word of complaint', () => assert.deepEqual(web.errors, []));

test('A moment that did not get through is asked for again, and is not taken for another', async () => {
  const own = await start();
  const tab = await web.open(own.address);
  await type(tab, 'cycle; cycle; cycle');
  await at(tab, 3);
  // As where the machine's network changes: each question fails twice, as the page asks twice at once.
  let failures = 0;
  await tab.route(/api\/state\?.*moment=1/, (route) => (++failures <= 2 ? route.abort('connectionfailed') : route.continue()));
  await tab.evaluate(() => window.__delstep.set({ moment: 1 }));
  await tab.waitForFunction(() => window.__delstep.state.moment === 1);
  assert.ok(failures > 2);
  web.errors.length = 0; // the browser complains of what was cut off
  await own.stop();
});

// Why: bars per source, ribbons in the diagram, the chain of messages walked by keys.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, posts, start, type } from './harness.mjs';

let run;
let web;
let tab;
before(async () => {
  // The example of docs/guide/why.md: ann to ben, ben to carl; all have as many examples.
  run = await start(['data.name=blobs', 'data.samples=300', 'nodes.count=3', 'nodes.names=["ann","ben","carl"]', 'topology.name=line', 'network.latency=20ms']);
  web = await browse();
  tab = await web.open(run.address);
  await type(tab, 'train ann; send ann ben; nstep; ag ben; send ben carl; nstep; ag carl');
  await tab.evaluate(() => window.__delstep.set({ panel: 'why', node: 2 }));
  await tab.waitForSelector('.why .bars');
});
after(async () => {
  await web?.close();
  await run?.stop();
});

test('A quarter ann, a quarter ben, half carl; the initial parameters sum to 1', async () => {
  await tab.waitForFunction(() => document.querySelectorAll('.why tbody tr').length === 3);
  const rows = await tab.locator('.why tbody tr').evaluateAll((all) => all.map((r) => [...r.cells].map((c) => c.textContent)));
  assert.deepEqual(rows, [['ann', '25 %', '25 %', '1'], ['carl', '50 %', '–', '0'], ['ben', '25 %', '–', '0']]);
  assert.match(await tab.textContent('.why'), /sum to 1\.000/);
  assert.doesNotMatch(await tab.textContent('.why'), /estimate/);
});

test('The ribbons of the diagram have these weights, and each cut of them is whole', async () => {
  const ribbons = await tab.evaluate(() => {
    const { picture } = window.__delstep.time.diagram;
    return { messages: [...picture.ribbons.messages], initial: [...picture.ribbons.initial] };
  });
  assert.deepEqual(ribbons.messages.sort(), [[0, 0.25], [1, 0.5]]);
  assert.deepEqual(ribbons.initial.sort(), [[0, 0.25], [1, 0.25], [2, 0.5]]);
});

test('The chain of a source is walked by ] and [, and nothing is sent', async () => {
  const before = await posts(tab);
  await tab.click('.why tbody tr:first-child button');
  await tab.waitForSelector('.why ol li');
  assert.equal(await tab.locator('.why ol li').count(), 2);
  await tab.evaluate(() => document.activeElement.blur());
  const walked = [];
  for (const key of [']', ']', '[']) {
    await tab.keyboard.press(key);
    walked.push(await tab.evaluate(() => window.__delstep.look.message));
  }
  assert.deepEqual(walked, [0, 1, 0]);
  assert.equal(await posts(tab), before);
});

test('At an earlier moment it is what it was then', async () => {
  await tab.evaluate(() => window.__delstep.set({ moment: 4, source: null, node: 1 }));
  await tab.waitForFunction(() => /At moment 4/.test(document.querySelector('.why').textContent) && document.querySelectorAll('.why tbody tr').length === 2);
  const rows = await tab.locator('.why tbody tr').evaluateAll((all) => all.map((r) => [...r.cells].map((c) => c.textContent)));
  assert.deepEqual(rows, [['ann', '50 %', '50 %', '1'], ['ben', '50 %', '–', '0']]);
  await tab.evaluate(() => window.__delstep.set({ moment: null }));
});

test('A rule that gives no weights makes an estimate, and says so', async () => {
  await type(tab, 'set aggregation.name median; send ann ben; send carl ben; nstep; ag ben');
  await tab.evaluate(() => window.__delstep.set({ node: 1 }));
  await tab.waitForFunction(() => /an estimate/.test(document.querySelector('.why h2').textContent));
});

test('No word of complaint', () => assert.deepEqual(web.errors, []));

// Each panel, driven as a person would: the console, the network, a node, messages, labels, curves, the table.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, sent, start, type } from './harness.mjs';

let run;
let web;
let tab;
before(async () => {
  run = await start();
  web = await browse();
  tab = await web.open(run.address);
});
after(async () => {
  await web?.close();
  await run?.stop();
});

const panel = async (id) => {
  await tab.click(`#tab-${id}`);
  await tab.waitForSelector(`#panel-${id}:not([hidden])`);
};
const lastText = () => tab.locator('#console .lines [data-answer]').last().textContent();

test('Each node stands in the text of the page by name and address', async () => {
  await tab.waitForFunction(() => document.querySelectorAll('#nodes-text li').length === 4);
  const list = await tab.locator('#nodes-text li').allTextContents();
  ['ann', 'ben', 'eve', 'tom'].forEach((name, k) => assert.ok(list[k].includes(name) && list[k].includes(`10.0.0.${k + 1}`), list[k]));
});

test('Empty panels say which command fills them, and type it', async () => {
  await panel('messages');
  await tab.click('#panel-messages .empty button');
  await tab.waitForFunction(() => window.__delstep.present.moment === 1);
  assert.deepEqual(await sent(tab), ['flood']);
  assert.match(await lastText(), /flood/);
});

test('A command that is typed is run, answered and kept for the arrow', async () => {
  await type(tab, 'nstep; ag; train; test local');
  await tab.press('#console-input', 'ArrowUp');
  assert.equal(await tab.inputValue('#console-input'), 'nstep; ag; train; test local');
  await tab.fill('#console-input', '');
});

test('The clock is written as the prompt writes it', async () => {
  await type(tab, 'run 12437ms');
  await tab.waitForFunction(() => window.__delstep.present.prompt.includes('t=12.4s'));
  await tab.waitForFunction(() => document.querySelector('#facts').textContent.endsWith('t=12.4s'));
});

test('An error is shown with what to do', async () => {
  await type(tab, 'tran');
  await tab.waitForFunction(() => document.querySelector('#console .bad'));
});

test('Tab completes: one word is taken, several are listed', async () => {
  await tab.fill('#console-input', 'floo');
  await tab.press('#console-input', 'Tab');
  await tab.waitForFunction(() => document.querySelector('#console-input').value === 'flood ');
  await tab.fill('#console-input', 't');
  await tab.press('#console-input', 'Tab');
  await tab.waitForSelector('#console-words [role=option]');
  await tab.press('#console-input', 'Escape');
  assert.equal(await tab.isVisible('#console-words'), false);
  await tab.fill('#console-input', '');
});

test('Accuracy is the colour of nodes, and stands in the text', async () => {
  await tab.waitForFunction(() => document.querySelector('#nodes-text li').textContent.includes('accuracy 0.'));
  const label = await tab.getAttribute('#network canvas[role=img]:not([aria-hidden])', 'aria-label');
  assert.match(label, /Network of 4 nodes \(0 down\), 6 links, mean accuracy 0\.\d+/);
});

test('Curves are drawn, and a click in them looks at that moment', async () => {
  await panel('curves');
  await tab.waitForSelector('#panel-curves .u-over');
  const titles = await tab.locator('#panel-curves .u-title').allTextContents();
  assert.ok(titles.includes('accuracy, local'), titles.join());
});

test('A curve counts measurements, not moments in which the last one is repeated', async () => {
  const own = await start();
  const page = await web.open(own.address, { hash: '#node=1' });
  await type(page, 'train; test local; flood; nstep; ag; test local; train; flood');
  const label = (of) => page.waitForFunction((words) => [...document.querySelectorAll('#panel-curves .curve')].some((c) => new RegExp(words).test(c.getAttribute('aria-label'))), of);
  await label('^accuracy, local: .* over 2 measurements$'); // two tests, in six moments
  await label('^train loss: .* over 2 measurements$');
  await page.context().close();
  await own.stop();
});

test('The panel Node has its tests, guestbook and buttons that type commands', async () => {
  await tab.fill('#find', 'ben');
  await tab.press('#find', 'Enter');
  await tab.waitForFunction(() => document.querySelector('#panel-node h2')?.textContent.includes('ben (10.0.0.2)'));
  assert.match(await tab.textContent('#panel-node'), /Guestbook \(3\)/);
  const before = (await sent(tab)).length;
  await tab.click('#panel-node [data-do=train]');
  await tab.click('#panel-node [data-do=fail]');
  await tab.waitForSelector('#panel-node [data-do=revive]');
  await tab.click('#panel-node [data-do=train]', { force: true }); // it is down: nothing is sent
  await tab.click('#panel-node [data-do=revive]');
  await tab.waitForSelector('#panel-node [data-do=fail]');
  assert.deepEqual((await sent(tab)).slice(before), ['train ben', 'node down ben', 'node up ben']);
});

test('Messages can be dropped and sent again; what cannot be done says why', async () => {
  await type(tab, 'send ann eve');
  await panel('messages');
  await tab.waitForFunction(() => document.querySelector('#message-table')?.textContent.includes('waits in the outbox'));
  const first = tab.locator('#message-table tbody tr').first();
  const number = (await first.locator('td').first().textContent()).slice(1);
  const says = (title) => tab.waitForSelector(`#message-table [data-do="deliver-${number}"][title="${title}"]`);
  await says(`deliver ${number}`); // out of the outbox: it is sent first
  await type(tab, 'node down eve');
  await says('It cannot arrive: eve is down.');
  await type(tab, 'node up eve');
  await says(`deliver ${number}`);
  await first.locator('button', { hasText: 'drop' }).click();
  await tab.waitForFunction(() => !document.querySelector('#message-table').textContent.includes('waits in the outbox'));
  assert.equal((await sent(tab)).at(-1), `drop ${number}`);
  await tab.selectOption('#panel-messages select', 'used');
  await tab.locator('#message-table button', { hasText: 'resend' }).first().click();
  await tab.waitForFunction(() => window.__delstep.state.counts.queued === 1);
});

test('Labels of each node, with their entropy', async () => {
  await panel('labels');
  await tab.waitForSelector('#panel-labels tbody tr');
  assert.equal(await tab.locator('#panel-labels tbody tr').count(), 4);
});

test('The table sorts, and selects the node', async () => {
  await panel('table');
  await tab.click('#node-table th:nth-child(3) button');
  await tab.waitForSelector('#node-table th:nth-child(3)[aria-sort=descending]');
  const values = await tab.locator('#node-table tbody td:nth-child(3)').allTextContents();
  assert.deepEqual(values, [...values].sort().reverse());
  await tab.locator('#node-table tbody button', { hasText: 'tom' }).click();
  assert.equal(await tab.evaluate(() => window.__delstep.look.node), 3);
});

test('Each panel is drawn without a word of complaint', async () => {
  for (const id of ['curves', 'node', 'why', 'messages', 'labels', 'table', 'help']) await panel(id);
  assert.deepEqual(web.errors, []);
});

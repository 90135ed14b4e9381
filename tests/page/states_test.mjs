// What is broken or not allowed: who may only look, a wrong token, a program that has gone, a recorded run; and access for all.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { at, axeSource, browse, record, sent, small, start, type, view } from './harness.mjs';

let web;
// A browser for each test: what it complains of when a program goes away is that test's own.
beforeEach(async () => {
  web = await browse();
});
afterEach(() => web?.close());

test('Who may only look sees all and sends nothing', async () => {
  const run = await start();
  const tab = await web.open(run.look);
  await tab.fill('#console-input', 'train');
  await tab.press('#console-input', 'Enter');
  await tab.waitForFunction(() => document.querySelector('#console .remark')?.textContent.includes('may only look'));
  assert.deepEqual(await sent(tab), []);
  assert.equal(await tab.getAttribute('#bar [data-action=nstep]', 'aria-disabled'), 'true');
  assert.deepEqual(web.errors, []); // nor does it ask what is refused
  await run.stop();
});

test('Another program on the same port does not know the token, and the page says so', async () => {
  const first = await start();
  const tab = await web.open(first.address);
  await first.stop();
  const second = await start(small, undefined, new URL(first.address).port);
  await tab.waitForFunction(() => document.querySelector('#looking').textContent.includes('Another session answers here'));
  await allGrey(tab);
  await second.stop();
});

/** What sends a command is grey. */
async function allGrey(tab) {
  for (const action of ['undo', 'redo', 'next', 'nstep', 'mark', 'goto'])
    await tab.waitForSelector(`[data-action="${action}"][aria-disabled="true"]`, { state: 'attached' });
}

test('A line that was cut is taken up again, and nothing is missed', async () => {
  const run = await start();
  const tab = await web.open(run.address);
  await type(tab, 'train ann');
  // The stream is cut off; what is asked meanwhile fails too.
  await tab.evaluate(() => {
    window.__delstep.api.stop();
    window.__delstep.connection = 'lost';
  });
  run.type('train ben; flood; nstep');
  const other = await web.open(run.address);
  await other.waitForFunction(() => window.__delstep.present.moment === 4);
  await tab.evaluate(() => window.__delstep.start());
  await tab.waitForFunction(() => window.__delstep.present.moment === 4 && window.__delstep.connection === 'open');
  // 4 nodes, all linked: 12 messages were sent while nobody listened here.
  await tab.waitForFunction(() => [...window.__delstep.story.way(4).messages.values()].filter((m) => m.arrived >= 0).length === 12);
  assert.deepEqual(await tab.evaluate(() => window.__delstep.story.path(4)), [0, 1, 2, 3, 4]);
  await run.stop();
});

test('A program that has gone leaves the last picture, and a countdown', async () => {
  const run = await start();
  const tab = await web.open(run.address);
  await type(tab, 'train; test local');
  run.type('repeat 1000000 { train }');
  await tab.waitForSelector('#console button:has-text("Stop")');
  await tab.waitForFunction(() => /accuracy 0\.\d+/.test(document.querySelector('#nodes-text').textContent));
  await run.stop();
  await tab.waitForFunction(() => /does not answer|has ended/.test(document.querySelector('#looking').textContent));
  await allGrey(tab);
  await tab.waitForSelector('#console button:has-text("Stop")', { state: 'hidden' });
  assert.match(await tab.textContent('#nodes-text'), /accuracy 0\.\d+/);
});

test('Stop ends the script and leaves the session; at its end nothing is told to run any more', async () => {
  const run = await start([...small, 'training.epochs=200', '-c', 'repeat 1000000 { train ann }']);
  const tab = await web.open(run.address);
  await tab.click('#console button:text-is("Stop")');
  await tab.waitForFunction(() => window.__delstep.present.busy === null);
  assert.equal(await tab.evaluate(() => window.__delstep.connection), 'open');
  await type(tab, 'train ben');
  assert.deepEqual(await tab.locator('#console [data-answer="train ben"] .bad').count(), 0);
  await tab.evaluate(() => void window.__delstep.sendNow('repeat 1000000 { train ann }'));
  await tab.waitForFunction(() => /train|repeat/.test(document.querySelector('#console-hint').textContent));
  run.child.kill('SIGTERM');
  await tab.waitForFunction(() => ['ended', 'lost'].includes(window.__delstep.connection));
  await tab.waitForFunction(() => document.querySelector('#console-hint').textContent === '');
  assert.equal(await tab.isVisible('#console button:text-is("Stop")'), false);
  assert.equal(await run.exit, 143);
});

test('A node that has left is told to be gone, in both of its panels', async () => {
  const run = await start();
  const tab = await web.open(run.address);
  await type(tab, 'train; node remove tom');
  await tab.waitForFunction(() => window.__delstep.present.moment === 2);
  for (const panel of ['node', 'why']) {
    await tab.evaluate((panel) => window.__delstep.set({ node: 3, panel }), panel);
    await tab.waitForFunction((panel) => /no node named/i.test(document.querySelector(`#panel-${panel}`).textContent), panel);
  }
  await tab.evaluate(() => window.__delstep.set({ moment: 1 })); // where tom was there
  await tab.waitForFunction(() => document.querySelectorAll('#panel-why tbody tr').length === 1);
  await run.stop();
});

test('A branch keeps its lane to the start when the one below it is deleted, also in a page that is opened then', async () => {
  const run = await start();
  const tab = await web.open(run.address);
  await type(tab, 'train; branch a; train; train; branch b; train; branch delete a');
  for (const seen of [tab, await web.open(run.address)]) {
    await seen.waitForFunction(() => window.__delstep.present.moment === 4);
    await seen.waitForFunction(() => window.__delstep.story.branches.length === 2);
    assert.deepEqual(await seen.evaluate(() => [1, 2, 3, 4].map((m) => window.__delstep.story.segments.get(m).branch)), ['main', 'b', 'b', 'b']);
  }
  await run.stop();
});

test('An answer that the page cannot read is not told as none', async () => {
  const run = await start();
  const context = await web.browser.newContext();
  await context.route('**/api/history', (route) => route.fulfill({ body: '[{"garbage' }));
  const tab = await context.newPage();
  await tab.goto(run.address);
  await tab.waitForSelector('[role=alert].empty');
  assert.match(await tab.textContent('[role=alert].empty'), /cannot show.*\/api\/history is no JSON/s);
  await run.stop();
});

test('A recorded run has its moments, and refuses commands', async () => {
  const run = await view(await record('train; flood; nstep; ag; test local; undo 2; train'));
  const tab = await web.open(run.address);
  assert.equal(await tab.evaluate(() => window.__delstep.hello.recorded), true);
  await tab.waitForFunction(() => window.__delstep.story.branches.length === 2);
  await tab.evaluate(() => window.__delstep.set({ moment: 4 }));
  await tab.waitForFunction(() => window.__delstep.state?.moment === 4);
  assert.match(await tab.textContent('#nodes-text li'), /accuracy 0\.\d+, trained 1 time/);
  await tab.waitForSelector('#panel-curves .u-over');
  await tab.evaluate(() => window.__delstep.set({ node: 1, panel: 'node' }));
  await tab.waitForFunction(() => document.querySelector('#panel-node h2')?.textContent.includes('ben'));
  await tab.fill('#console-input', 'train');
  await tab.press('#console-input', 'Enter');
  await tab.waitForFunction(() => document.querySelector('#console .remark')?.textContent.includes('Recorded run'));
  assert.deepEqual(web.errors, []); // nothing is asked that a recorded run does not have
  await run.stop();
});

// Whoever was added after an undo was called by the name that was undone, or by that of another node.
test('Nodes of two branches are not taken for each other', async () => {
  const run = await start([...small, 'partition.samples_per_node=20']);
  const tab = await web.open(run.address);
  const fifth = (is) => tab.waitForFunction((name) => window.__delstep.nodeName(window.__delstep.state.nodes.index[4]) === name, is);
  await type(tab, 'node add name xavier');
  await at(tab, 1);
  await fifth('xavier (10.0.0.5)');
  await type(tab, 'undo; node add name yvonne');
  await at(tab, 2);
  await fifth('yvonne (10.0.0.5)');
  await type(tab, 'undo; node add 10.0.0.9; train');
  await at(tab, 4);
  await fifth('10.0.0.9');
  const late = await web.open(run.address);
  await late.evaluate(() => window.__delstep.set({ moment: 1 }));
  await at(late, 1);
  assert.equal(await late.evaluate(() => window.__delstep.nodeName(window.__delstep.state.nodes.index[4])), 'xavier (10.0.0.5)');
  assert.deepEqual(web.errors, []);
  await run.stop();
});

// They seemed to be those of the moment.
test('Labels say that they are those of now, while the past is looked at', async () => {
  const run = await start();
  const tab = await web.open(run.address, { hash: '#panel=labels' });
  await type(tab, 'train');
  const told = (pattern) => tab.waitForFunction((text) => new RegExp(text).test(document.querySelector('#panel-labels p')?.textContent ?? ''), pattern);
  await told('trains on\\. Entropy');
  await tab.evaluate(() => window.__delstep.set({ moment: 0 }));
  await told('trains on, now and not at the moment that is looked at\\.');
  assert.deepEqual(web.errors, []);
  await run.stop();
});

// It was called "?", with no examples and no neighbours.
test('In a recorded run who joined has a name, neighbours and examples', async () => {
  const dealt = [...small, 'partition.samples_per_node=20'];
  const run = await view(await record('node add name zoe; train', dealt));
  const tab = await web.open(run.address);
  await at(tab, 2);
  await tab.waitForFunction(() => window.__delstep.links.version === -4);
  const { nodes, pairs, examples } = await tab.evaluate(() => {
    const { hello, links, state } = window.__delstep;
    return { nodes: hello.nodes, pairs: links.pairs, examples: state.nodes.examples };
  });
  assert.equal(nodes[4].name, 'zoe');
  assert.deepEqual(pairs.filter((pair) => pair.includes(4)), [[0, 4], [1, 4], [2, 4], [3, 4]]);
  assert.equal(examples[4], examples[0]);
  assert.match(await tab.textContent('#nodes-text'), /zoe/);
  assert.deepEqual(web.errors, []);
  await run.stop();
});

// It took the few events since for all, and said that nothing had been sent.
test('A page that is served later knows that it has missed the beginning', async () => {
  const checkpoint = join(mkdtempSync(join(tmpdir(), 'page-')), 'x.ckpt');
  await record(`train; flood; nstep; ag; checkpoint ${checkpoint}`);
  const run = await start(['--resume', checkpoint]);
  const tab = await web.open(run.address, { hash: '#panel=messages' });
  assert.equal(await tab.evaluate(() => window.__delstep.hasWholeStory()), false);
  await tab.waitForFunction(() => /12 messages sent/.test(document.querySelector('#panel-messages .empty')?.textContent ?? ''));
  await type(tab, 'flood; nstep');
  await tab.waitForFunction(() => document.querySelectorAll('#message-table tbody tr').length === 12);
  assert.deepEqual(web.errors, []);
  await run.stop();
});

test('A recorded run of many nodes has its map, made of the events', async () => {
  const run = await view(await record('train; flood; nstep; ag; test local', ['data.name=blobs', 'data.samples=1280', 'nodes.count=64', 'topology.name=ring', 'training.epochs=1', 'seed=3']));
  const tab = await web.open(run.address);
  await tab.waitForFunction(() => window.__delstep.time.heat?.heat?.order.length === 64);
  const { sent, columns } = await tab.evaluate(() => window.__delstep.time.heat.heat);
  assert.deepEqual(columns.map(([first]) => first), [0, 1, 2, 3, 4]);
  assert.deepEqual(sent, [0, 0, 0, 128, 0]); // each of 64 sends to two neighbours, in the third moment
  await tab.evaluate(() => window.__delstep.set({ metric: 'distance' }));
  await tab.waitForFunction(() => document.querySelector('.st-many .st-note').textContent === 'the distance was not recorded');
  assert.deepEqual(web.errors, []);
  await run.stop();
});

test('Nothing for axe, in light and dark: each panel, several branches, a menu, each scene', async () => {
  const run = await start();
  const tab = await web.open(run.address);
  await type(tab, 'train; flood; nstep; ag; test local; send ann ben; goto 1; train ann; branch ours; train; branch theirs');
  await tab.evaluate(readFileSync(axeSource, 'utf8'));
  const check = async (what) => {
    const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }));
    assert.deepEqual(found.violations.map((v) => `${what} ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`), []);
  };
  for (const theme of ['light', 'dark']) {
    for (const panel of ['curves', 'node', 'why', 'messages', 'labels', 'table', 'help']) {
      await tab.evaluate(([theme, panel]) => window.__delstep.set({ theme, panel, node: 1 }), [theme, panel]);
      await tab.waitForSelector(`#panel-${panel}:not([hidden]) > *`);
      await check(`${theme} ${panel}`);
    }
    await tab.locator('.st-name').first().click({ button: 'right' });
    await tab.waitForSelector('.menu');
    await check(`${theme} menu`);
    await tab.keyboard.press('Escape');
    for (const scene of ['network', 'time', 'curves', 'why']) {
      await tab.evaluate((scene) => window.__delstep.set({ scene }), scene);
      await tab.waitForSelector('#present:not([hidden])');
      await check(`${theme} scene ${scene}`);
    }
    await tab.evaluate(() => window.__delstep.set({ scene: null }));
  }
  assert.deepEqual(web.errors, []);
  await run.stop();
});

test('At 400 % zoom everything stands in one column and can be reached', async () => {
  const run = await start();
  const tab = await web.open(run.address, { width: 320, height: 256 });
  await tab.waitForFunction(() => window.__network.screen(3) && !window.__network.moving);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  // Tools and legend stand in several rows there, and cover no node.
  const [above, below, nodes] = await tab.evaluate(() => {
    const top = document.querySelector('#network').getBoundingClientRect().top;
    const box = (part) => document.querySelector(`#network ${part}`).getBoundingClientRect();
    return [box('.tools').bottom - top, box('.legend').top - top, [0, 1, 2, 3].map((node) => window.__network.screen(node).y)];
  });
  for (const y of nodes) assert.ok(y > above && y < below, `a node at ${y}, between ${above} and ${below}`);
  assert.ok(wide <= 320, `the page is ${wide} px wide`);
  await type(tab, 'echo reached');
  await run.stop();
});

test('Who wants no motion gets jumps', async () => {
  const run = await start([...small, 'network.latency=20ms']);
  const tab = await web.open(run.address, { reducedMotion: 'reduce' });
  await type(tab, 'flood; nstep');
  await tab.waitForFunction(() => window.__delstep.state.counts.delivered === 12);
  await tab.waitForFunction(() => !window.__network.moving);
  await run.stop();
});

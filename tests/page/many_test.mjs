// Past 40 nodes the heat map is the diagram: what it shows, how large it is, the lens, and that looking sends nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, posts, start, type } from './harness.mjs';

const nodes = 64; // more than 60: labels are a picture, too
let run;
let web;
let tab;
before(async () => {
  run = await start(['data.name=blobs', `data.samples=${nodes * 20}`, `nodes.count=${nodes}`, 'topology.name=ring', 'training.epochs=1', 'network.loss=0.5']);
  web = await browse();
  tab = await web.open(run.address, { width: 1500, height: 950 });
  await type(tab, 'train; flood; nstep; ag; test local');
  await tab.waitForFunction(() => window.__delstep.time.heat?.heat?.columns.at(-1)?.[1] === 4 && window.__delstep.time.heat.heat.mean[0].at(-1) !== null);
});
after(async () => {
  await web?.close();
  await run?.stop();
});

const map = () => tab.locator('.st-heat').boundingBox();

test('All nodes are in it, by moments; what it takes is far below 100 kB', async () => {
  const { heat, bytes } = await tab.evaluate(() => window.__delstep.time.heat);
  assert.equal(heat.order.length, nodes);
  assert.equal(heat.rows.at(-1)[1], nodes - 1);
  assert.deepEqual(heat.columns.map(([first]) => first), [0, 1, 2, 3, 4]);
  assert.ok(bytes > 100 && bytes <= 100_000, `${bytes}`);
  assert.match(await tab.textContent('.st-many .st-note'), /accuracy of the last test: mean, from 0 \(dark\) to 1 \(light\)/);
});

test('Each message is counted in the column of its moment, with those that were lost', async () => {
  const { sent, lost } = await tab.evaluate(() => window.__delstep.time.heat.heat);
  // On a ring each of 64 nodes sends to two others; half are lost, of 128 hardly ever none or all.
  assert.equal(sent.reduce((x, y) => x + y, 0), 2 * nodes);
  const gone = lost.reduce((x, y) => x + y, 0);
  assert.equal(gone, (await tab.evaluate(() => window.__delstep.state.counts)).lost);
});

test('The lens has nine lanes around the pointer; a click pins it and selects, nothing is sent', async () => {
  const before = await posts(tab);
  const box = await map();
  await tab.mouse.move(box.x + 200, box.y + 40);
  await tab.waitForFunction(() => document.querySelectorAll('.st-lens .st-name').length === 9);
  await tab.mouse.click(box.x + 200, box.y + 40);
  const node = await tab.evaluate(() => window.__delstep.look.node);
  assert.notEqual(node, null);
  const lanes = () => tab.evaluate(() => window.__delstep.time.heat.lens.diagram.only.join());
  const pinned = await lanes();
  assert.ok(pinned.split(',').includes(String(node)));
  await tab.mouse.move(box.x + 200, box.y + 5);
  assert.equal(await lanes(), pinned);
  assert.equal(await posts(tab), before);
});

test('Arrows walk over the rows while the map has the focus', async () => {
  await tab.locator('.st-heat').focus();
  await tab.keyboard.press('Home');
  const place = () => tab.evaluate(() => window.__delstep.time.heat.heat.order.indexOf(window.__delstep.look.node));
  const before = await place();
  await tab.keyboard.press('ArrowDown');
  assert.equal(await place(), before + 1);
  await tab.keyboard.press('End');
});

test('l shows a sample that says what it is: best, drawn, worst; nothing is sent', async () => {
  const before = await posts(tab);
  await tab.evaluate(() => document.activeElement.blur());
  await tab.keyboard.press('l');
  await tab.waitForFunction(() => document.querySelector('.st-sample').textContent === '12 of 64: 4 best, 4 drawn, 4 worst (seed 1)');
  await tab.waitForFunction(() => document.querySelectorAll('.st-lens .st-name').length === 12);
  const [lanes, values] = await tab.evaluate(() => {
    const { state, time } = window.__delstep;
    return [time.heat.lens.diagram.only, Object.fromEntries(state.nodes.index.map((node, k) => [node, state.nodes.tests.local.accuracy[k]]))];
  });
  const others = Object.entries(values).filter(([node]) => !lanes.includes(Number(node))).map(([, value]) => value);
  const told = lanes.map((node) => values[node]);
  assert.ok(Math.min(...told.slice(0, 4)) >= Math.max(...others), 'the best');
  assert.ok(Math.max(...told.slice(8)) <= Math.min(...others), 'the worst');
  await tab.click('.st-tools [data-action=sample]');
  await tab.waitForFunction(() => document.querySelectorAll('.st-lens .st-name').length === 9);
  assert.equal(await posts(tab), before);
});

test('Distances to the mean are drawn beside it', async () => {
  await tab.waitForFunction(() => /median [\d.e-]+, p90 [\d.e-]+/.test(document.querySelector('.st-side .st-note').textContent));
});

test('Why is a map of who held how much', async () => {
  await tab.evaluate(() => window.__delstep.set({ node: 3, panel: 'why', moment: null }));
  await tab.waitForFunction(() => /share of the model of/.test(document.querySelector('.st-many .st-note').textContent));
  const { order, mean, rows } = await tab.evaluate(() => window.__delstep.time.heat.heat);
  // At the end all of it is at node 3: in the last column only its bin is not 0, and is 1.
  const full = mean.map((row, k) => [k, row.at(-1)]).filter(([, value]) => value > 0);
  assert.equal(full.length, 1);
  assert.equal(full[0][1], 1000);
  const [first, last] = rows[full[0][0]];
  assert.ok(order.slice(first, last + 1).includes(3));
});

test('Labels have a scale of their colours, and each node its entropy', async () => {
  await tab.evaluate(() => window.__delstep.set({ panel: 'labels', node: 0 }));
  await tab.waitForSelector('#panel-labels canvas');
  const { nodes, classes } = await tab.evaluate(async () => (await fetch(`/api/labels${location.search}`)).json());
  const entropies = nodes.map((n) => n.entropy).sort((a, b) => a - b);
  const text = await tab.textContent('#panel-labels');
  assert.ok(text.includes(`median ${entropies[nodes.length >> 1].toFixed(2)} bits`), text);
  assert.ok(text.includes(`${Math.log2(classes.length).toFixed(2)} bits`), text); // all classes alike
  assert.equal(await tab.locator('#panel-labels .scale').count(), 2);
  // At the right end of a line lies the entropy.
  const box = await tab.locator('#panel-labels canvas').boundingBox();
  await tab.mouse.move(box.x + box.width - 8, box.y + 18);
  await tab.waitForFunction((bits) => document.querySelector('.tip').textContent.includes(`entropy ${bits} bits`), nodes[0].entropy.toFixed(2));
});

test('A long answer is folded, and whole when that is asked for', async () => {
  await type(tab, 'test local'); // a line per node
  const long = tab.locator('#console [data-answer] button', { hasText: /^… show \d+ more lines$/ });
  await tab.waitForFunction(() => [...document.querySelectorAll('#console [data-answer] button')].length > 0);
  const answer = long.first().locator('..');
  const lines = async () => (await answer.textContent()).split('\n').length;
  const more = Number(/\d+/.exec(await long.first().textContent())[0]);
  const before = await lines();
  await long.first().click();
  // The button's own line is replaced by the lines that it stood for.
  await tab.waitForFunction(([n]) => [...document.querySelectorAll('#console [data-answer]')].some((a) => a.textContent.split('\n').length === n), [before - 1 + more]);
});

test('No word of complaint', () => assert.deepEqual(web.errors, []));

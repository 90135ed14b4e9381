// The network by pointer: selecting, menus, links drawn by hand, nodes that are moved.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, sent, small, start, type } from './harness.mjs';

let run;
let web;
let tab;
before(async () => {
  run = await start([...small, 'topology.name=ring', 'network.latency=20ms']);
  web = await browse();
  tab = await web.open(run.address);
  await tab.waitForTimeout(0);
});
after(async () => {
  await web?.close();
  await run?.stop();
});

/** Where a node is on the screen, once it stands still. */
async function place(node) {
  await tab.waitForFunction(() => !window.__network.moving);
  return tab.evaluate((n) => {
    const p = window.__network.screen(n);
    const box = document.querySelector('#network').getBoundingClientRect();
    return { x: box.x + p.x, y: box.y + p.y };
  }, node);
}

test('A click selects a node and sends nothing; a second one lets it go', async () => {
  const ann = await place(0);
  await tab.mouse.click(ann.x, ann.y);
  assert.equal(await tab.evaluate(() => window.__delstep.look.node), 0);
  await tab.mouse.click(ann.x, ann.y);
  assert.equal(await tab.evaluate(() => window.__delstep.look.node), null);
  assert.deepEqual(await sent(tab), []);
});

test('The menu of a node types its command', async () => {
  const ben = await place(1);
  await tab.mouse.click(ben.x, ben.y, { button: 'right' });
  await tab.click('.menu >> text=Fail');
  await tab.waitForFunction(() => window.__delstep.state.nodes.up[1] === 0);
  await tab.mouse.click(ben.x, ben.y, { button: 'right' });
  await tab.click('.menu >> text=Revive');
  await tab.waitForFunction(() => window.__delstep.state.nodes.up[1] === 1);
  assert.deepEqual(await sent(tab), ['node down ben', 'node up ben']);
});

test('Shift and drag from node to node makes a link', async () => {
  const [ann, eve] = [await place(0), await place(2)];
  await tab.keyboard.down('Shift');
  await tab.mouse.move(ann.x, ann.y);
  await tab.mouse.down();
  await tab.mouse.move((ann.x + eve.x) / 2, (ann.y + eve.y) / 2 + 3);
  await tab.mouse.move(eve.x, eve.y);
  await tab.mouse.up();
  await tab.keyboard.up('Shift');
  // A ring of 4 has 4 links; this is the fifth.
  await tab.waitForFunction(() => window.__delstep.links.pairs.length === 5);
  assert.equal((await sent(tab)).at(-1), 'link ann eve up');
});

test('What a menu writes into the console for somebody to go on with is a command', async () => {
  const [ann, ben] = [await place(0), await place(1)];
  for (const [item, value] of [['Latency …', '20ms'], ['Bandwidth …', '1Mbps']]) {
    await tab.mouse.click((ann.x + ben.x) / 2, (ann.y + ben.y) / 2, { button: 'right' });
    await tab.click(`.menu >> text=${item}`);
    const line = await tab.inputValue('#console-input');
    assert.ok(line.endsWith(value), line);
    await type(tab, line);
    assert.equal(await tab.locator('#console .lines .bad').count(), 0, line);
  }
});

test('Who may only look sees the menus of network and diagram with every command grey', async () => {
  const student = await web.open(run.look);
  const enabled = async () => {
    const items = await student.locator('.menu [role=menuitem]').evaluateAll((all) => all.map((e) => [e.textContent, e.getAttribute('aria-disabled') === 'true']));
    await student.keyboard.press('Escape');
    return items.filter(([, is]) => !is).map(([text]) => text);
  };
  const ann = await place(0);
  await student.mouse.click(ann.x, ann.y, { button: 'right' });
  assert.deepEqual(await enabled(), ['Why is its model so?', 'Look at it']);
  await student.locator('.st-name').first().click({ button: 'right' });
  assert.deepEqual(await enabled(), ['Select', 'Why does it know that']);
  await student.context().close();
});

test('A link can be cut by its menu, and stays in the picture as cut', async () => {
  const [ann, ben] = [await place(0), await place(1)];
  await tab.mouse.click((ann.x + ben.x) / 2, (ann.y + ben.y) / 2, { button: 'right' });
  await tab.click('.menu >> text=Cut'); // in both directions
  await tab.waitForFunction(() => window.__delstep.links.down.length === 2);
  assert.match((await sent(tab)).at(-1), /^link (ann ben|ben ann) down$/);
});

test('A message in flight is seen and can be dropped', async () => {
  await tab.evaluate(() => window.__delstep.send('send tom eve; nstep 10ms'));
  await tab.waitForFunction(() => window.__delstep.state.counts.in_flight === 1);
  // The events come a little after the state; with them the short flight of what was just sent begins.
  await tab.waitForFunction(() => window.__delstep.story.way(window.__delstep.present.moment).messages.get(0)?.sent >= 0);
  await tab.waitForFunction(() => window.__network.dots.some((d) => d.state === 'flight' && d.at === 0.5)); // 10 of 20 ms
  await tab.waitForFunction(() => !window.__network.moving);
  const dot = await tab.evaluate(() => {
    const p = window.__network.dot(0);
    const box = document.querySelector('#network').getBoundingClientRect();
    return { x: box.x + p.x, y: box.y + p.y };
  });
  await tab.mouse.click(dot.x, dot.y, { button: 'right' });
  await tab.click('.menu >> text=Drop');
  await tab.waitForFunction(() => window.__delstep.state.counts.in_flight === 0 && window.__delstep.state.counts.lost === 1);
  assert.equal((await sent(tab)).at(-1), 'drop 0');
});

test('By keyboard: arrows go from node to node, the menu key opens its commands', async () => {
  await tab.focus('#network canvas[tabindex]');
  await tab.evaluate(() => window.__delstep.set({ node: null }));
  await tab.keyboard.press('ArrowRight');
  assert.equal(await tab.evaluate(() => window.__delstep.look.node), 0);
  // On a circle of four, ann is on top and eve at the bottom.
  await tab.keyboard.press('ArrowDown');
  const below = await tab.evaluate(() => window.__delstep.look.node);
  assert.ok(below !== 0 && (await place(below)).y > (await place(0)).y);
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('#panel-node h2');
  await tab.focus('#network canvas[tabindex]');
  await tab.keyboard.press('ContextMenu');
  await tab.waitForSelector('.menu button:focus');
  await tab.keyboard.press('Escape');
  assert.equal(await tab.locator('.menu').count(), 0);
});

test('Dragging a node where nodes have no places moves the picture only', async () => {
  const before = (await sent(tab)).length;
  const tom = await place(3);
  await tab.mouse.move(tom.x, tom.y);
  await tab.mouse.down();
  await tab.mouse.move(tom.x + 40, tom.y + 30, { steps: 4 });
  await tab.mouse.up();
  assert.equal((await sent(tab)).length, before);
  const now = await place(3);
  assert.ok(Math.abs(now.x - tom.x - 40) < 2 && Math.abs(now.y - tom.y - 30) < 2);
});

test('v makes it a matrix: what a cell holds, its menu, its row; nothing is sent but what is chosen', async () => {
  await tab.evaluate(() => {
    document.activeElement.blur();
    window.__delstep.set({ node: null });
  });
  const before = (await sent(tab)).length;
  await tab.keyboard.press('v');
  await tab.waitForFunction(() => window.__delstep.look.matrix && window.__network.matrix.matrix.order.length === 4);
  assert.equal(await tab.getAttribute('#network [data-action=matrix]', 'aria-pressed'), 'true');
  await tab.waitForFunction(() => /row sends to column/.test(document.querySelector('#network .legend').textContent));
  /** The middle of a cell, in pixels of the window. */
  const cell = (row, column) => tab.evaluate(([r, c]) => {
    const { view } = window.__network.scenery;
    const box = document.querySelector('#network').getBoundingClientRect();
    return { x: box.x + view.x + (c + 0.5) * view.scale, y: box.y + view.y + (r + 0.5) * view.scale };
  }, [row, column]);
  // ben (row 1) and tom (column 3) are opposite each other on the ring: no link. Its menu makes one.
  const at = await cell(1, 3);
  await tab.mouse.move(at.x, at.y);
  await tab.waitForFunction(() => document.querySelector('.tip').textContent === 'ben → tom: no link, no messages');
  await tab.mouse.click(at.x, at.y);
  assert.equal(await tab.evaluate(() => window.__delstep.look.node), 1);
  assert.equal((await sent(tab)).length, before);
  await tab.mouse.click(at.x, at.y, { button: 'right' });
  await tab.click('.menu >> text=Link them');
  await tab.waitForFunction(() => window.__network.matrix.matrix.link[1 * 4 + 3] === 1);
  assert.equal((await sent(tab)).at(-1), 'link ben tom up');
  // Rows are walked by keyboard in their order.
  await tab.focus('#network canvas[tabindex]');
  await tab.keyboard.press('ArrowDown');
  assert.equal(await tab.evaluate(() => window.__delstep.look.node), 2);
  await tab.click('#network [data-action=matrix]');
  await tab.waitForFunction(() => !window.__network.moving);
  assert.equal(await tab.evaluate(() => window.__delstep.look.matrix), false);
});

test('h outlines groups; without a group it says how to make one', async () => {
  await tab.evaluate(() => document.activeElement.blur());
  await tab.keyboard.press('h');
  await tab.waitForFunction(() => document.querySelector('.notice').textContent.includes('group create NAME'));
  assert.equal(await tab.evaluate(() => window.__delstep.look.outlines), false);
  await tab.evaluate(() => window.__delstep.send('group create east; group east add ann eve'));
  await tab.waitForFunction(() => window.__delstep.state.groups.length === 1);
  const painted = () => tab.evaluate(() => {
    const canvas = document.querySelector('#network canvas[aria-hidden]');
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((v, k) => k % 4 === 3 && v > 0).length;
  });
  await tab.waitForFunction(() => !window.__network.moving);
  const before = await painted();
  await tab.keyboard.press('h');
  await tab.waitForFunction(() => document.querySelector('#network [data-action=outlines]').getAttribute('aria-pressed') === 'true' && !window.__network.moving);
  assert.ok((await painted()) > before);
});

test('No word of complaint', () => assert.deepEqual(web.errors, []));

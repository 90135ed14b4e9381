// What groups send to each other: a mark per pair and direction, in the network and on the map; with events here, and counted by the server.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { browse, posts, record, start, type, view } from './harness.mjs';

let web;
// A browser for each test: what it complains of when a program goes away is that test's own.
beforeEach(async () => {
  web = await browse();
});
afterEach(() => web?.close());

/** On a ring of `nodes` the first half is east, the rest west: two links between them, so that a flood sends two messages each way. */
const ring = (nodes, ...more) => ['data.name=blobs', `data.samples=${nodes * 4}`, `nodes.count=${nodes}`, 'topology.name=ring', 'training.epochs=1', 'seed=3', ...more];
const halves = (nodes) => `group create east; group east add 10.0.0.[1-${nodes / 2}]; group create west; group west add 10.0.0.[${nodes / 2 + 1}-${nodes}]`;
const flows = (tab) => tab.evaluate(() => window.__network.scenery.marks.map(({ from, to, sent, lost }) => [from, to, sent, lost]));
const drawn = (tab, sent) => tab.waitForFunction((n) => window.__network.scenery.marks.length === 2 && window.__network.scenery.marks[0].sent === n, sent);

for (const [nodes, told] of [[64, 'the events tell'], [204, 'the server counts']]) {
  test(`Between two groups there are two marks: ${told}`, async () => {
    const run = await start(ring(nodes));
    const tab = await web.open(run.address, { width: 1500, height: 950, hash: '#outlines=true&sort=group' });
    const before = await posts(tab);
    await type(tab, halves(nodes)); // moments 1 to 4
    assert.deepEqual(await flows(tab), []);
    await type(tab, 'flood; nstep'); // 5, 6
    await drawn(tab, 2);
    await type(tab, 'link 10.0.0.1 10.0.0.' + nodes + ' loss 1 oneway; flood; nstep'); // to 9: one of four is lost
    await drawn(tab, 4);
    assert.deepEqual(await flows(tab), [[0, 1, 4, 1], [1, 0, 4, 0]]);
    // The past has what was sent until then.
    await tab.evaluate(() => window.__delstep.set({ moment: 6 }));
    await drawn(tab, 2);
    await tab.evaluate(() => window.__delstep.set({ moment: 5 }));
    await tab.waitForFunction(() => window.__network.scenery.marks.length === 0);
    await tab.evaluate(() => window.__delstep.set({ moment: null }));
    await drawn(tab, 4);
    // In words, for the pointer and for those who listen.
    const { x, y } = await tab.evaluate(() => {
      const box = document.querySelector('#network canvas').getBoundingClientRect();
      const [mark] = window.__network.scenery.marks;
      return { x: box.left + mark.x, y: box.top + mark.y };
    });
    await tab.waitForFunction(() => !window.__network.moving);
    assert.match(await tab.locator('#network canvas').nth(1).getAttribute('aria-label'), /Between groups: east → west: 4 messages, 1 lost; west → east: 4 messages\./);
    await tab.mouse.move(x, y);
    // On the map the moments of both have a mark per direction, between the bands of the groups.
    await tab.waitForFunction(() => window.__delstep.time.heat.marks.length === 4);
    const marks = await tab.evaluate(() => window.__delstep.time.heat.marks);
    assert.deepEqual(marks.map(({ from, to, sent, lost }) => [from, to, sent, lost]), [[0, 1, 2, 0], [1, 0, 2, 0], [0, 1, 2, 1], [1, 0, 2, 0]]);
    assert.ok(marks[0].ends[0] < marks[0].ends[1], 'east stands above west');
    assert.match(await tab.textContent('.st-many .st-note'), /^marks: messages between groups/);
    await tab.evaluate(() => window.__delstep.set({ sort: 'given' }));
    await tab.waitForFunction(() => window.__delstep.time.heat.marks.length === 0 && /^nodes by group \(o\)/.test(document.querySelector('.st-many .st-note').textContent));
    assert.equal(await posts(tab), before + 3); // what was typed
    assert.deepEqual(web.errors, []);
    await run.stop();
  });
}

test('A recorded run knows groups that were made in it, and where moving nodes were', async () => {
  const moving = ['topology.name=radio', 'radio.range=400', 'mobility.name=random-waypoint', 'mobility.area=1000x600', 'mobility.speed=20'];
  const run = await view(await record('group create east; group east add 10.0.0.1; run 10s; run 10s; undo; run 5s', ['data.name=blobs', 'nodes.count=4', 'training.epochs=1', 'seed=3', ...moving]));
  const tab = await web.open(run.address);
  const places = async (moment) => {
    await tab.evaluate((moment) => window.__delstep.set({ moment }), moment);
    await tab.waitForFunction((moment) => window.__delstep.state?.moment === moment, moment);
    return tab.evaluate(() => window.__delstep.state.nodes.x.map((x, k) => [x, window.__delstep.state.nodes.y[k]]));
  };
  const all = [];
  for (const moment of [0, 2, 3, 4]) all.push(await places(moment));
  const went = (from, to) => from.map(([x, y], k) => Math.hypot(to[k][0] - x, to[k][1] - y));
  // Moment 2 has the group, and no time has passed; 3 and 4 are after 10 s. At 20 m/s nobody goes further than 200 m, and all go somewhere.
  assert.deepEqual(went(all[0], all[1]), [0, 0, 0, 0]);
  for (const way of went(all[1], all[2])) assert.ok(way > 0 && way < 200.01, `${way}`);
  assert.deepEqual(await tab.evaluate(() => window.__delstep.state.groups), [{ group: 'east', nodes: [0] }]);
  // The branch after the undo begins where moment 3 was: five seconds are 100 m at most.
  const last = await places(5);
  for (const way of went(all[2], last)) assert.ok(way > 0 && way < 100.01, `${way}`);
  assert.deepEqual(web.errors, []);
  await run.stop();
});

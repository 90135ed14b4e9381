// Pictures of each panel, to be looked at: 12, 40 and 1,000 nodes, light and dark, on a desk (1500 x 950) and on a projector (1280 x 720),
// and each scene of Present. `node tests/page/pictures.mjs FOLDER [NODES…]` writes them into the folder. What can be said without eyes is
// said: texts that are cut off, and parts that lie outside of the window.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { at, browse, record, start, view } from './harness.mjs';

const folder = process.argv[2] ?? 'pictures';
const sizes = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [12, 40, 1000];
const screens = { desk: { width: 1500, height: 950 }, projector: { width: 1280, height: 720 } };
const panels = ['curves', 'node', 'why', 'messages', 'labels', 'table', 'help'];
mkdirSync(folder, { recursive: true });

const names = JSON.stringify(['ann', 'ben', 'carl', 'dora', 'eve', 'finn', 'gus', 'hana', 'ida', 'jon', 'kim', 'lea']);
const group = (name, from, to) => `group create ${name}; group ${name} add ${addresses(from, to)}`;
/** A range of addresses counts in the last number, from 1 to 254. */
function addresses(from, to) {
  const words = [];
  for (let block = Math.floor(from / 254); block * 254 < to; ++block) {
    const [first, last] = [Math.max(from, block * 254) - block * 254 + 1, Math.min(to, (block + 1) * 254) - block * 254];
    words.push(`10.0.${block}.[${first}-${last}]`);
  }
  return words.join(' ');
}

/** A session that has something to show in each panel. */
async function session(nodes) {
  const words = ['data.name=blobs', `data.samples=${nodes * 40}`, `nodes.count=${nodes}`, 'training.epochs=1', 'seed=3', 'network.loss=0.15', 'network.latency=20ms', 'partition.name=dirichlet', 'partition.alpha=1', 'partition.min_partition_size=4'];
  words.push(...(nodes === 12 ? [`nodes.names=${names}`] : ['topology.name=regular', `topology.degree=${nodes > 200 ? 10 : 4}`]));
  const run = await start(words);
  const third = Math.floor(nodes / 3);
  const commands = [
    [group('east', 0, third), group('mid', third, 2 * third), group('west', 2 * third, nodes)].join('; '),
    'test local; train; test local', 'repeat 4 { flood; nstep; ag; test local; train }', 'flood', 'mark here', 'nstep 10ms', 'undo; undo; node down 10.0.0.2; flood; nstep 10ms', 'test local',
  ];
  return { run, commands };
}

const web = await browse();
const complaints = [];

/** Texts that are wider than their place, and parts outside of the window. */
const faults = (tab) => tab.evaluate(() => {
  const found = [];
  for (const element of document.querySelectorAll('button, h1, h2, p, select, .st-note, .legend')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || element.closest('.unseen, [hidden]')) continue;
    const style = getComputedStyle(element);
    if (element.scrollWidth > element.clientWidth + 2 && style.overflow !== 'visible' && style.textOverflow !== 'ellipsis') found.push(`cut: ${element.textContent.slice(0, 60)}`);
    if (style.position !== 'absolute' && !element.closest('.panel, #side, #console, .st-lens') && box.right > innerWidth + 1) found.push(`outside: ${element.textContent.slice(0, 60)}`);
  }
  return [...new Set(found)];
});

async function picture(tab, name) {
  await tab.waitForFunction(() => !window.__network.moving, null, { timeout: 120_000 });
  // Two frames: what waits to be drawn is drawn.
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await tab.waitForTimeout(300);
  await tab.screenshot({ path: join(folder, `${name}.png`) });
  for (const fault of await faults(tab)) complaints.push(`${name}: ${fault}`);
}

for (const nodes of sizes) {
  const { run, commands } = await session(nodes);
  const first = await web.open(run.address, screens.desk);
  for (const line of commands) {
    const { ok, answers } = await first.evaluate((line) => window.__delstep.sendNow(line), line);
    if (!ok) throw new Error(answers.at(-1)?.error?.message);
  }
  const { present: moment } = await first.evaluate(() => window.__delstep.get('/api/history'));
  await at(first, moment);
  await first.context().close();
  for (const [screen, size] of Object.entries(screens)) {
    for (const theme of ['light', 'dark']) {
      const tab = await web.open(run.address, { ...size, hash: `#theme=${theme}&node=1` });
      await at(tab, moment);
      const name = (what) => `${nodes}-${screen}-${theme}-${what}`;
      for (const panel of panels) {
        await tab.evaluate((panel) => window.__delstep.set({ panel }), panel);
        await picture(tab, name(panel));
      }
      await tab.evaluate(() => window.__delstep.set({ panel: 'curves', outlines: true, sort: 'group', node: null }));
      await picture(tab, name('groups'));
      await tab.evaluate(() => window.__delstep.set({ outlines: false, matrix: true, axis: 'time', compare: true }));
      await picture(tab, name('matrix'));
      await tab.evaluate(() => window.__delstep.set({ matrix: false, axis: 'order', compare: false, sort: 'given', moment: 3, sample: true }));
      await picture(tab, name('past'));
      await tab.evaluate(() => window.__delstep.set({ moment: null, sample: false, node: 1 }));
      if (screen === 'projector') {
        for (const scene of ['network', 'time', 'curves', 'why']) {
          await tab.evaluate((scene) => window.__delstep.set({ scene }), scene);
          await picture(tab, name(`scene-${scene}`));
        }
      }
      await tab.context().close();
    }
  }
  await run.stop();
}

// A recorded run with nodes that move.
if (sizes.includes(40)) {
  const moving = ['data.name=blobs', 'data.samples=800', 'nodes.count=40', 'topology.name=radio', 'radio.range=200', 'mobility.name=random-waypoint', 'mobility.area=1000x600', 'mobility.speed=20', 'training.epochs=1', 'behaviour.name=gossip', 'behaviour.period=5s', 'seed=3'];
  const run = await view(await record('run 10s; test local; run 10s; test local; run 10s; test local', moving));
  const tab = await web.open(run.address, screens.desk);
  for (const moment of [0, 1, 2]) {
    await tab.evaluate((moment) => window.__delstep.set({ moment }), moment);
    await at(tab, moment);
    await picture(tab, `view-${moment}`);
  }
  await tab.context().close();
  await run.stop();
}
await web.close();
console.log([...new Set(complaints)].join('\n') || 'no text is cut');
if (web.errors.length > 0) console.error(web.errors.join('\n'));
process.exit(web.errors.length > 0 ? 1 : 0);

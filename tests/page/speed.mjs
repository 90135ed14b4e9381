// Frames a second with a thousand nodes in a real browser without a graphics card. It reports; only far below the aim it fails.
// Frames depend on what else the machine does. What the page itself costs is told too: the longest pieces of its work, each between
// two chances to draw, in time of the processor as the browser's trace has it.
import { browse, start, type } from './harness.mjs';
import { longestWork } from './work.mjs';

const nodes = Number(process.env.NODES ?? 1000);
const degree = 10; // so that there are 5,000 links
const seconds = Number(process.env.SECONDS ?? 10);
const least = 25; // frames a second; the aim is 50
const mostBytes = 100_000; // of a view

const run = await start([
  'data.name=blobs', `data.samples=${nodes * 20}`, `nodes.count=${nodes}`, 'topology.name=regular', `topology.degree=${degree}`, 'training.epochs=1',
  'network.latency=20ms', 'behaviour.name=gossip', 'behaviour.period=5s', 'behaviour.jitter=5s',
]);
const web = await browse();
const tab = await web.open(run.address, { width: 1500, height: 950, hash: '#gear=fast' });
await type(tab, 'group create east; group east add 10.0.0.[1-254]; group create west; group west add 10.0.1.[1-254]');
await type(tab, 'train; gossip 1; nstep; ag; test local');

/** Counts frames, and the longest time between two of them, while something goes on. */
const frames = (ms) => tab.evaluate((duration) => new Promise((done) => {
  const gaps = [];
  const began = performance.now();
  let last = began;
  const step = (now) => {
    gaps.push(now - last);
    last = now;
    if (now - began < duration) requestAnimationFrame(step);
    else done({ frames: gaps.length, ms: now - began, gaps: gaps.sort((a, b) => b - a).slice(0, 5), long: gaps.filter((g) => g > 50).length });
  };
  requestAnimationFrame(step);
}), ms);

const report = (what, f) => {
  const rate = (f.frames / f.ms) * 1000;
  console.log(`${what}: ${rate.toFixed(1)} frames a second; longest ${f.gaps.map((g) => g.toFixed(0)).join(' ')} ms; ${f.long} above 50 ms`);
  return rate;
};
await tab.waitForTimeout(3000); // the layout comes to rest
const rates = [report('at rest', await frames(3000))];
const play = () => tab.evaluate(() => window.__delstep.run('play'));
await play();
rates.push(report(`fast, ${nodes} nodes`, await frames(seconds * 1000)));
const looks = [['the network'], ['outlines and marks of groups', { outlines: true, sort: 'group' }], ['the matrix', { outlines: false, matrix: true }], ['the table', { matrix: false, panel: 'table' }], ['a sample', { panel: 'curves', sample: true }]];
for (const [what, look] of looks) {
  await tab.evaluate((look) => window.__delstep.set(look), look ?? {});
  const { pieces, above } = await longestWork(web.browser, tab, () => tab.waitForTimeout(seconds * 500));
  console.log(`work in fast, ${what}: longest ${pieces.map(({ ms, what }) => `${ms.toFixed(1)} ms (${what})`).join(', ')}; ${above} above 16 ms`);
}
await play();
const box = await tab.locator('#network').boundingBox();
await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
const moving = frames(3000);
for (let k = 0; k < 60; k++) await tab.mouse.wheel(0, k % 2 === 0 ? 60 : -60);
rates.push(report('zooming', await moving));

// What one view takes: the state, the links when they are new, and the heat map.
const bytes = await tab.evaluate(async () => {
  const size = async (path) => (await (await fetch(path + location.search)).arrayBuffer()).byteLength;
  return { state: await size('/api/state'), links: await size('/api/links'), heat: window.__delstep.time?.heat?.bytes ?? 0 };
});
console.log(`bytes of a view: state ${bytes.state}, heat map ${bytes.heat}; links, once: ${bytes.links}`);
await web.close();
await run.stop();
if (web.errors.length > 0) console.error(web.errors.join('\n'));
const slow = Math.min(...rates) < least;
if (slow) console.error(`fewer than ${least} frames a second`);
if (bytes.heat > mostBytes) console.error(`the heat map takes more than ${mostBytes} bytes`);
process.exit(slow || bytes.heat > mostBytes || web.errors.length > 0 ? 1 : 0);

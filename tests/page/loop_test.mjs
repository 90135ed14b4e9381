// A page opened into a loop that makes more than can be drawn: it keeps answering, and what it keeps has a bound.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, start } from './harness.mjs';

const most = 100_000; // events in a story
const behind = 10_000; // events, from which on a page is told less
let web;
before(async () => {
  web = await browse();
});
after(() => web?.close());

/** Waits until the program has made so many events. */
async function made(run, events) {
  const address = new URL(run.address);
  for (;;) {
    const hello = await fetch(new URL(`/api/hello${address.search}`, address.origin));
    if ((await hello.json()).next_event > events) return;
  }
}

test('A page opened into a loop can stop it, and ends with the present moment', async () => {
  const run = await start(['data.name=blobs', 'nodes.count=12', 'training.epochs=1']);
  run.type('repeat 1000000 { train; flood; nstep; ag }');
  await made(run, 3 * behind);
  const tab = await web.open(run.address);
  const counted = () => tab.evaluate(() => {
    const { story } = window.__delstep;
    const way = story.way(story.present);
    return {
      kept: [...story.segments.values()].reduce((sum, s) => sum + s.events.length + s.after.length, 0), happenings: way.happenings.length,
      columns: window.__delstep.time.diagram.picture?.columns.columns.length ?? 0, lines: document.querySelectorAll('#console .lines > *').length,
    };
  });
  const began = await tab.evaluate(() => window.__delstep.present.moment);
  await tab.waitForFunction((m) => window.__delstep.present.moment > m + 100, began);
  const { kept, happenings, columns, lines } = await counted();
  assert.ok(kept <= most && happenings <= most && columns <= most && lines <= 600, JSON.stringify({ kept, happenings, columns, lines }));
  await tab.click('#console button:text-is("Stop")');
  await tab.waitForFunction(() => window.__delstep.present.busy === null);
  // What was left out is not made up: the way begins with a later moment, and ends with the present one.
  await tab.waitForFunction(() => window.__delstep.story.present === window.__delstep.present.moment);
  const [from, present, path, moments] = await tab.evaluate(() => {
    const { story, present } = window.__delstep;
    return [story.from, present.moment, story.path(present.moment).length, story.way(present.moment).moments];
  });
  assert.ok(from > 0 && moments[0] >= from);
  assert.equal(moments.at(-1), present);
  await tab.waitForFunction((m) => window.__delstep.story.path(m).length === m + 1, present);
  assert.ok(path <= present + 1);
  await tab.waitForFunction((m) => document.querySelector('.st-tools').textContent.includes(`from moment ${m} on`), from);
  // The history has what was left out, and each moment of it can be looked at.
  await tab.evaluate(() => window.__delstep.set({ moment: 3 }));
  await tab.waitForFunction(() => window.__delstep.shown() === 3);
  assert.deepEqual(web.errors, []);
  await run.stop();
});

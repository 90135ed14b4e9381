// A lesson gone over again: back over branches and forth, a second class in the same session, a step that fails.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browse, sent, small, start } from './harness.mjs';

// Each command is a step: two branches that begin at the same moment, one of them gone on with later.
const commands = ['train', 'mark alone', 'flood', 'nstep', 'goto alone', 'branch lossy', 'link 0.5', 'flood', 'goto alone', 'branch sound', 'flood', 'switch lossy', 'nstep', 'ag'];
const wrong = ['# title: Wrong', 'frobnicate', '# say: It goes on.', 'train'];
let run;
let web;
let tab;
before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lesson-'));
  writeFileSync(join(folder, 'branches.del'), `# title: Branches\n${commands.join('\n')}\n`);
  writeFileSync(join(folder, 'wrong.del'), `${wrong.join('\n')}\n`);
  run = await start([...small, 'topology.name=full'], folder);
  web = await browse();
  tab = await web.open(run.address);
  await tab.keyboard.press('p');
});
after(async () => {
  await web?.close();
  await run?.stop();
});

async function open(where, script) {
  await where.locator('#present select').selectOption(script);
  await where.click('#present button:has-text("Open script")');
  await where.waitForSelector('#present button:has-text("Close script")');
  await where.evaluate(() => document.activeElement.blur());
}

const kept = (where) => where.evaluate(() => JSON.parse(sessionStorage.getItem('delstep-lesson')).progress);

/** A key, and until it has done what it does. */
async function press(where, key) {
  const was = await where.evaluate(() => sessionStorage.getItem('delstep-lesson'));
  await where.keyboard.press(key);
  await where.waitForFunction((w) => sessionStorage.getItem('delstep-lesson') !== w, was);
}

/** Every step by its key; where the session stood after each. */
async function toTheEnd(where) {
  const places = [];
  for (let step = (await kept(where)).next; step < commands.length; step++) {
    await press(where, 'PageDown');
    const { next, ended } = await kept(where);
    assert.equal(next, step + 1, `${commands[step]} has run`);
    places.push(`${ended.moment} ${ended.branch}`);
  }
  return places;
}

const history = () => tab.evaluate(() => window.__delstep.get('/api/history'));
const tree = async () => (await history()).moments.map((m) => [m.moment, m.parent, m.branch, m.cmd]);

let first;
test('PageUp over all branches, and PageDown goes over the same moments again', async () => {
  await open(tab, 'branches.del');
  first = await toTheEnd(tab);
  const moments = await tree();
  for (let step = commands.length; step > 0; step--) {
    await press(tab, 'PageUp');
    assert.equal((await kept(tab)).next, step - 1);
  }
  const { present, branch } = await history();
  assert.deepEqual([present, branch], [0, 'main']);
  assert.deepEqual(await toTheEnd(tab), first);
  assert.deepEqual(await tree(), moments);
  const made = await sent(tab);
  assert.equal(made.filter((cmd) => cmd === 'branch lossy').length, 1); // then it was gone to
});

test('a second class: after reset the script that is opened again leads the same way', async () => {
  const moments = await tree();
  await tab.click('#present button:has-text("Close script")');
  await tab.evaluate(() => window.__delstep.send('reset'));
  await open(tab, 'branches.del');
  assert.deepEqual(await toTheEnd(tab), first);
  assert.deepEqual(await tree(), moments);
});

test('a tab that has not made the branch goes to it', async () => {
  const other = await web.open(run.address);
  await other.evaluate(() => window.__delstep.send('reset'));
  await other.keyboard.press('p');
  await open(other, 'branches.del');
  for (let step = 0; step <= commands.indexOf('flood', commands.indexOf('branch sound')); step++) {
    await press(other, 'PageDown');
    assert.deepEqual(`${(await kept(other)).ended.moment} ${(await kept(other)).ended.branch}`, first[step], commands[step]);
  }
  await other.context().close();
});

test('a step that fails says so, and the next key leaves it out', async () => {
  await tab.click('#present button:has-text("Close script")');
  await open(tab, 'wrong.del');
  await press(tab, 'PageDown');
  assert.deepEqual([(await kept(tab)).next, (await kept(tab)).failed], [0, true]);
  await tab.waitForFunction(() => /frobnicate.*The next key leaves this step out/.test(document.querySelector('#present .caption').textContent));
  assert.equal(await tab.textContent('#present [data-action="lesson-on"]'), 'leave out ▶');
  await press(tab, 'PageDown');
  assert.equal(await tab.textContent('#present .caption'), 'Left out: frobnicate');
  await press(tab, 'PageDown');
  assert.equal(await tab.textContent('#present .caption'), 'It goes on.');
});

test('No word of complaint', () => assert.deepEqual(web.errors, []));

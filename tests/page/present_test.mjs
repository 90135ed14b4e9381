// Presenting: scenes, a lesson by PageDown and PageUp, votes of the class, the speaker's window, what is taken home.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, test } from 'node:test';
import { browse, program, sent, small, start } from './harness.mjs';

const lesson = `# title: A small lesson
# say: Four people.
# note: Wait for silence.
# scene: network
train
# say: They send.
# ask: Who learns? | ann | everybody | nobody
# scene: time
flood
nstep
repeat 2 { ag; test local }
expect delivered == 12
# say: The end is near.
# scene: curves
hash
`;
const args = [...small, 'topology.name=full'];
let folder;
let run;
let web;
let tab;
let students;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lesson-'));
  writeFileSync(join(folder, 'small lesson.del'), lesson);
  run = await start(args, folder);
  web = await browse();
  tab = await web.open(run.address);
});
after(async () => {
  await web?.close();
  await run?.stop();
});

const caption = () => tab.textContent('#present .caption');
const coming = () => tab.textContent('#present .coming');
/** A key, and until the lesson stands at this step, shown or not. */
async function page(key, next, shown) {
  await tab.keyboard.press(key);
  await tab.waitForFunction(([n, s]) => {
    const kept = JSON.parse(sessionStorage.getItem('delstep-lesson') ?? '{}').progress;
    return kept?.next === n && kept.shown === s;
  }, [next, shown]);
}

test('p presents: one scene fills the screen, words are at least 24 px high', async () => {
  await tab.keyboard.press('p');
  await tab.waitForSelector('#present:not([hidden])');
  assert.equal(await tab.isVisible('#bar'), false);
  assert.equal(await tab.isVisible('#network'), true);
  assert.equal(await tab.isVisible('#time'), false);
  for (const [key, visible] of [['2', '#time'], ['3', '#side'], ['1', '#network']]) {
    await tab.keyboard.press(key);
    await tab.waitForSelector(visible, { state: 'visible' });
  }
  await tab.keyboard.press('2');
  const sizes = await tab.evaluate(() => {
    const zoom = document.querySelector('#main').currentCSSZoom ?? 1;
    const size = (selector, scaled) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize) * (scaled ? zoom : 1);
    return [size('#present .caption', false), size('.st-name', true)];
  });
  for (const size of sizes) assert.ok(size >= 24, `${size} px`);
});

test('a lesson is opened, each step is shown and then run', async () => {
  // Choosing alone opens nothing: arrows walk over the list.
  await tab.locator('#present select').selectOption('small lesson.del');
  assert.equal(await tab.locator('#present select').count(), 1);
  await tab.click('#present button:has-text("Open script")');
  await tab.waitForFunction(() => document.querySelector('#present .caption').textContent === 'A small lesson');
  await tab.evaluate(() => document.activeElement.blur());
  await page('PageDown', 0, true);
  assert.equal(await caption(), 'Four people.'); // a step with words waits for one more key
  assert.equal(await coming(), 'train');
  assert.equal(await tab.evaluate(() => window.__delstep.look.scene), 'network');
  assert.deepEqual(await sent(tab), []);
  await page('PageDown', 1, false);
  assert.deepEqual(await sent(tab), ['train']);
});

test('the class votes on pages that may only look', async () => {
  const student = await web.open(run.look);
  await page('PageDown', 1, true);
  await student.waitForSelector('.votes:not([hidden])');
  // The question covers nothing: every tab can be clicked.
  for (const panel of ['help', 'curves', 'table']) {
    await student.click(`#tab-${panel}`);
    await student.waitForSelector(`#panel-${panel}:not([hidden])`);
  }
  await student.click('.votes .answer >> nth=1');
  await tab.waitForFunction(() => window.__delstep.votes?.counts.join() === '0,1,0');
  // Who votes again changes the vote.
  await student.click('.votes .answer >> nth=0');
  await tab.waitForFunction(() => window.__delstep.votes?.counts.join() === '1,0,0');
  assert.equal(await tab.textContent('.votes .answer >> nth=0 >> b'), '1');
  await page('PageDown', 2, false);
  // Nobody votes any more who may know the answer, and who comes late is not asked.
  for (const page of [tab, student]) await page.waitForSelector('.votes', { state: 'hidden' });
  const late = await web.open(run.look);
  await late.waitForFunction(() => window.__delstep.votes !== null);
  assert.equal(await late.isVisible('.votes'), false);
  await late.context().close();
  students = student;
});

test('back over a question it is asked anew, and over where its step is left or presenting ends', async () => {
  const asked = (visible) => Promise.all([tab, students].map((page) => page.waitForSelector('.votes', { state: visible ? 'visible' : 'hidden' })));
  await page('PageUp', 1, true);
  await asked(true);
  assert.deepEqual(await students.evaluate(() => window.__delstep.votes.counts), [0, 0, 0]);
  assert.equal(await students.locator('.votes [aria-pressed=true]').count(), 0);
  await page('PageUp', 0, true);
  await asked(false);
  for (const [next, shown] of [[1, false], [1, true]]) await page('PageDown', next, shown);
  await asked(true);
  await tab.keyboard.press('p');
  await asked(false);
  await tab.keyboard.press('p');
  await asked(true);
  await page('PageDown', 2, false);
  await asked(false);
  await students.context().close();
});

test('PageUp goes back to where the step began, and PageDown gives the same moment again', async () => {
  assert.equal(await tab.evaluate(() => window.__delstep.present.moment), 2);
  await page('PageUp', 1, true);
  await tab.waitForFunction(() => window.__delstep.present.moment === 1);
  await page('PageDown', 2, false);
  await tab.waitForFunction(() => window.__delstep.present.moment === 2);
  assert.equal(await tab.evaluate(() => window.__delstep.story.branches.length), 1);
});

test('in between one types: the console is there as long as it has the cursor, five lines of large letters', async () => {
  assert.equal(await tab.isVisible('#console'), false);
  await tab.keyboard.press(':');
  await tab.waitForSelector('#console-input:focus');
  const [lines, letters] = await tab.evaluate(() => {
    const style = getComputedStyle(document.querySelector('#console .lines'));
    return [(parseFloat(style.height) - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom)) / parseFloat(style.lineHeight), parseFloat(style.fontSize)];
  });
  assert.deepEqual([Math.round(lines), letters >= 24], [5, true]);
  const below = await tab.evaluate(() => document.querySelector('#console').getBoundingClientRect().bottom <= innerHeight);
  assert.ok(below, 'it is on the screen');
  await tab.keyboard.type('cycle');
  await tab.keyboard.press('Escape');
  await tab.waitForSelector('#console', { state: 'hidden' });
  await tab.keyboard.press('g'); // what begins a command shows it too
  await tab.waitForFunction(() => document.querySelector('#console-input:focus')?.value === 'goto ');
  await tab.keyboard.press('Escape');
  await tab.waitForSelector('#console', { state: 'hidden' });
});

test('after something else there is a way back to the script', async () => {
  await tab.evaluate(() => window.__delstep.send('train ann'));
  await tab.click('#present button:has-text("Back to the script")');
  await tab.waitForFunction(() => window.__delstep.present.moment === 2);
});

test('the speaker’s window has the notes and what comes next, and turns the page', async () => {
  // It belongs to the tab that opened it: another one of this browser, presenting too, hears it and is left alone.
  const other = await tab.context().newPage();
  await other.goto(`${run.address}#scene=network`);
  await other.waitForSelector('#present:not([hidden])');
  await other.evaluate(() => {
    window.heard = [];
    window.channel = new BroadcastChannel('delstep-lesson'); // made after the page's own: it hears last
    window.channel.onmessage = (e) => e.data.kind === 'do' && window.heard.push(e.data.id);
  });
  await tab.bringToFront();
  const [speaker] = await Promise.all([tab.context().waitForEvent('page'), tab.keyboard.press('Shift+P')]); // nstep comes next, without words
  await speaker.waitForFunction(() => /step 3 of 6/.test(document.querySelector('#speaker')?.textContent ?? ''));
  assert.match(await speaker.textContent('#speaker ol'), /nstep/);
  assert.match(await speaker.textContent('#speaker .clock'), /4[45]:\d\d left/);
  await speaker.keyboard.press('PageDown');
  await tab.waitForFunction(() => /^repeat 2/.test(document.querySelector('#present .coming').textContent));
  await speaker.keyboard.press('b');
  await tab.waitForSelector('.curtain:not([hidden])', { state: 'attached' });
  await other.waitForFunction(() => window.heard.includes('blank'));
  assert.equal(await other.locator('.curtain:not([hidden])').count(), 0);
  await other.close();
  await speaker.keyboard.press('.');
  await tab.waitForSelector('.curtain[hidden]', { state: 'attached' });
  await speaker.close();
});

test('to the end by PageDown: the hash is that of the script played alone', async () => {
  for (let k = 0; k < 10 && (await tab.textContent('#present .controls')).includes('the end') === false; k++) {
    const before = await tab.evaluate(() => sessionStorage.getItem('delstep-lesson'));
    await tab.keyboard.press('PageDown');
    await tab.waitForFunction((b) => sessionStorage.getItem('delstep-lesson') !== b, before);
  }
  const reply = await tab.evaluate(() => window.__delstep.send('hash'));
  const alone = await promisify(execFile)(program, [...args, '-f', 'small lesson.del', '--json'], { cwd: folder });
  const last = JSON.parse(alone.stdout.trim().split('\n').at(-1));
  assert.equal(last.cmd, 'hash');
  assert.equal(reply.answers[0].result.world, last.result.world);
});

test('one curve fills its scene, drawn as large as it is shown', async () => {
  await tab.keyboard.press('3');
  await tab.waitForSelector('#panel-curves .curve canvas');
  const [dots, shown, curves] = await tab.evaluate(() => {
    const canvas = document.querySelector('#panel-curves .curve canvas');
    return [canvas.width, canvas.getBoundingClientRect().width, document.querySelectorAll('#panel-curves .curve').length];
  });
  assert.equal(dots, Math.round(shown)); // a dot of the canvas per pixel of the screen
  assert.equal(curves, 1);
  // It fills what the choices above it leave.
  const [top, bottom, below] = await tab.evaluate(() => {
    const box = (part) => document.querySelector(part).getBoundingClientRect();
    return [box('#panel-curves .curve').top, box('#panel-curves .curve').bottom, box('#present').top];
  });
  assert.ok(bottom <= below && bottom - top > 0.8 * (below - top), `from ${top} to ${bottom}, of ${below}`);
});

test('what is taken home is a command line that ends with the same hash', async () => {
  await tab.click('#present button:has-text("Take home")');
  await tab.waitForFunction(() => /# here: [0-9a-f]+/.test(document.querySelector('#present .caption').textContent));
  const [, line, hash] = /^delstep (.*) {3}# here: ([0-9a-f]+)$/.exec(await caption());
  const home = await promisify(execFile)('sh', ['-c', `'${program}' --json ${line}`], { cwd: folder });
  assert.equal(JSON.parse(home.stdout.trim().split('\n').at(-1)).result.world, hash);
});

test('in the middle of a script the command is taken home without the hash', async () => {
  await tab.evaluate(() => document.activeElement.blur());
  await page('PageUp', 5, true);
  await tab.click('#present button:has-text("Take home")');
  await tab.waitForFunction(() => /-f 'small lesson\.del' – The hash comes/.test(document.querySelector('#present .caption').textContent));
});

test('p ends it', async () => {
  await tab.evaluate(() => document.activeElement.blur());
  await tab.keyboard.press('p');
  await tab.waitForSelector('#bar', { state: 'visible' });
  assert.equal(await tab.isVisible('#present'), false);
});

test('No word of complaint', () => assert.deepEqual(web.errors, []));

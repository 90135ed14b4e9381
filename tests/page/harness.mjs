// Drives the real program and a real browser. Each test starts its own program, on a port of its own.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(join(root, 'page', 'package.json'));
const { chromium } = require('playwright-core');
export const axeSource = require.resolve('axe-core/axe.min.js');

export const program = process.env.DELSTEP_PROGRAM ?? join(root, 'build', 'release', 'delstep');
const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const patience = 20_000; // ms; only a page that does not come at all fails by it

export const small = ['data.name=blobs', 'nodes.count=4', 'nodes.names=["ann","ben","eve","tom"]', 'training.epochs=1', 'seed=3'];

/** Starts the program with a page in a folder, a new one unless said; `address` and `look`: of who may do all, and of who may look. */
export async function start(args = small, folder = mkdtempSync(join(tmpdir(), 'page-')), port = 0) {
  const child = spawn(program, [...args, '--page', String(port)], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  return running(child);
}

/** Starts `delstep view DIR`. */
export async function view(directory) {
  return running(spawn(program, ['view', directory, '0'], { stdio: ['pipe', 'pipe', 'pipe'] }));
}

/** Runs commands to their end and leaves a run directory. */
export async function record(commands, args = small) {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const child = spawn(program, [...args, '--out', join(folder, 'run'), '-c', commands], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((done) => child.on('exit', done));
  if (code !== 0) throw new Error(`the recording ended with ${code}`);
  return join(folder, 'run');
}

async function running(child) {
  let said = '';
  const exit = new Promise((done) => child.on('exit', done));
  child.stdout.resume();
  const addresses = await new Promise((done, failed) => {
    child.stderr.on('data', (d) => {
      said += d;
      const found = [...said.matchAll(/http:\/\/\S+\/\?token=[0-9a-f]+/g)].map((m) => m[0]);
      if (/to look on:.*\n/.test(said) || (found.length > 0 && child.spawnargs.includes('view') && said.endsWith('\n'))) done(found);
    });
    child.on('exit', (code) => failed(new Error(`the program ended with ${code}: ${said}`)));
  });
  return {
    address: addresses[0], look: addresses[1], child, exit,
    type: (line) => child.stdin.write(`${line}\n`),
    stop: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** A browser; `open` gives a tab whose errors are collected, and `errors` must stay empty. */
export async function browse() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
  const errors = [];
  const open = async (address, { width = 1280, height = 720, hash = '', ...more } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, ...more });
    // While the page is worked on: from the file, without building the program anew.
    if (process.env.PAGE_HTML) await context.route((url) => url.pathname === '/', (route) => route.fulfill({ path: process.env.PAGE_HTML, contentType: 'text/html' }));
    const tab = await context.newPage();
    tab.setDefaultTimeout(patience);
    // A kept connection that the server has closed meanwhile is no fault: the page asks again.
    tab.on('console', (m) => m.type() === 'error' && !m.text().includes('ERR_SOCKET_NOT_CONNECTED') && errors.push(`${m.text()} ${m.location().url.replace(/token=\w+/, '')}`));
    tab.on('pageerror', (e) => errors.push(String(e.stack)));
    await tab.goto(address + hash);
    await tab.waitForFunction(() => window.__delstep?.time?.diagram || document.querySelector('[role=alert].empty'));
    await tab.waitForFunction(() => window.__delstep?.listening || document.querySelector('[role=alert].empty'));
    return tab;
  };
  return { browser, open, errors, close: () => browser.close() };
}

/** Types a command into the console's line and waits until its answer stands there. */
export async function type(tab, line) {
  const before = await tab.locator('#console .lines [data-answer]').count();
  await tab.fill('#console-input', line);
  await tab.press('#console-input', 'Enter');
  await tab.waitForFunction(([n]) => document.querySelectorAll('#console .lines [data-answer]').length > n, [before]);
}

/** Waits until the tab looks at a moment, and has its state. */
export function at(tab, moment) {
  return tab.waitForFunction((m) => window.__delstep.shown() === m && window.__delstep.state?.moment === m, moment);
}

export const sent = (tab) => tab.evaluate(() => window.__delstep.sent);
export const posts = (tab) => tab.evaluate(() => window.__delstep.api.counts.post);

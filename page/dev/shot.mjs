// node dev/shot.mjs URL OUT.png [WxH] [js to run in the page]…: a screenshot, with what the console of the browser said.
import { chromium } from 'playwright-core';
const [url, out, size = '1500x950', ...scripts] = process.argv.slice(2);
const [width, height] = size.split('x').map(Number);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const page = await browser.newPage({ viewport: { width, height } });
page.on('console', (m) => console.log(m.type(), m.text()));
page.on('pageerror', (e) => console.log('pageerror', e.stack));
await page.goto(url);
await page.waitForFunction(() => window.__delstep?.state, null, { timeout: 10000 }).catch((e) => console.log(String(e)));
for (const s of scripts) { await page.evaluate(s); await page.waitForTimeout(700); }
await page.waitForTimeout(800);
await page.screenshot({ path: out });
await browser.close();
